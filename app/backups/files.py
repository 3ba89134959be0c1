"""What of DATA_DIR belongs into a backup, and how it is put back."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from typing import IO

from flask import current_app

# Messages of a site without a mail server. Not: the database, the key, the log, the broker's
# messages, backups.
KEPT = {"outbox": "*.eml"}


def kept_files() -> Iterator[tuple[str, Path]]:
    """Yield the name in a backup and the path of every file to keep."""
    for folder, pattern in KEPT.items():
        for path in sorted((current_app.config["DATA_DIR"] / folder).glob(pattern)):
            yield f"{folder}/{path.name}", path


def is_kept(name: str) -> bool:
    """Tell whether a file of that name can be one of those: it must lead nowhere else."""
    path = PurePosixPath(name)
    return path.parent.as_posix() in KEPT and path.match(KEPT[path.parent.as_posix()])


def put_back(name: str, content: IO[bytes]) -> bool:
    """Write a file to its place. Returns False if there is one already, which stays as it is."""
    path = current_app.config["DATA_DIR"] / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}")
    if path.exists():
        return False
    draft.touch(mode=0o600)
    with draft.open("wb") as file:
        copyfileobj(content, file)
    draft.replace(path)
    return True
