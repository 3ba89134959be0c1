"""Files: what the site writes, what nobody else may read, and what is built before it starts."""

import os
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from flask import current_app

from app import assets
from app.cli.doctor.database import sqlite_file
from app.cli.doctor.findings import Finding, error, ok, warning
from app.cli.doctor.settings import ENV_FILE
from config import TRANSLATIONS

OTHERS = 0o007
BUILD = "Run `flask assets build` and `flask translate compile`, and restart web and worker."
MOST_FILES = 10_000


def check_data_dir() -> Iterator[Finding]:
    """See whether DATA_DIR can be written, by the user to whom it belongs."""
    folder = current_app.config["DATA_DIR"]
    there = next(path for path in (folder, *folder.parents) if path.is_dir())
    if not os.access(there, os.W_OK | os.X_OK):
        yield error(
            f"DATA_DIR, {folder}, cannot be written by {_name_of(os.geteuid())}.",
            f"Give it to the user whom web and worker run as: chown -R USER {folder}",
        )
        return
    if there != folder:
        yield ok(f"DATA_DIR, {folder}, will be made when it is needed.")
        return
    owner = _owner_of(folder)
    yield ok(f"DATA_DIR is {folder} and belongs to {owner}.")
    if folder.stat().st_uid != os.geteuid():
        yield warning(
            f"This command runs as {_name_of(os.geteuid())}: {owner} could not write its files.",
            f"Run commands as {owner}: sudo -u {owner} .venv/bin/flask …",
        )
    yield from _check_strays(folder)


def _check_strays(folder: Path) -> Iterator[Finding]:
    """Find files that belong to somebody else: most often to root, who once ran a command."""
    files = islice(chain(folder.glob("*"), folder.glob("*/*")), MOST_FILES)
    owner = folder.stat().st_uid
    strays = [path for path in files if path.exists() and path.stat().st_uid != owner]
    if strays:
        yield error(
            f"{len(strays)} files in DATA_DIR belong to somebody else, such as {strays[0]}.",
            f"chown -R {_owner_of(folder)} {folder}",
        )


def check_secrets() -> Iterator[Finding]:
    """See whether files with secrets can be read by everybody on this machine."""
    key = current_app.config["DATA_DIR"] / "secret_key"
    files = [path for path in (ENV_FILE, key, sqlite_file()) if path is not None and path.exists()]
    open_files = [path for path in files if path.stat().st_mode & OTHERS and _is_reachable(path)]
    for path in open_files:
        yield error(f"Everybody on this machine can read {path}.", f"chmod o-rwx {path}")
    if not open_files:
        yield ok("No file with secrets can be read by everybody on this machine.")


def _is_reachable(path: Path) -> bool:
    """Tell whether no folder on the way keeps others out."""
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


def check_built() -> Iterator[Finding]:
    """See whether style sheet, icons and catalogues are there, and newer than their sources."""
    sheets = [*assets.CSS.rglob("*.css"), *assets.TEMPLATES.rglob("*.html")]
    built = {assets.DIST / name: sheets for name in ("site.css", "icons.svg")}
    for language in current_app.config["LANGUAGES"]:
        source = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
        if source.exists():  # English needs none
            built[source.with_suffix(".mo")] = [source]
    missing = [path for path in built if not path.exists()]
    outdated = [path for path in built if path not in missing and _is_outdated(path, built[path])]
    if missing:
        yield error(f"Not built: {_names(missing)}.", BUILD)
    if outdated:
        yield warning(f"Older than what they are built from: {_names(outdated)}.", BUILD)
    if not (missing or outdated):
        yield ok("Style sheet, icons and catalogues are built.")


def _is_outdated(path: Path, sources: list[Path]) -> bool:
    return path.stat().st_mtime < max(source.stat().st_mtime for source in sources)


def _names(paths: Iterable[Path]) -> str:
    root = assets.STATIC.parent
    return ", ".join(str(path.relative_to(root)) for path in paths)


def _owner_of(path: Path) -> str:
    return _name_of(path.stat().st_uid)


def _name_of(uid: int) -> str:
    try:
        from pwd import getpwuid

        return getpwuid(uid).pw_name
    except (ImportError, KeyError):  # nobody by that number, as in containers
        return f"user {uid}"
