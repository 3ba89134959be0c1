"""Static files: what is built from them and the addresses they are served under.

Every static address carries a hash of the whole static tree (`/static/<hash>/js/main.js`), so that
files can be cached for a year, a change is seen at once, and modules that import each other by
relative paths need no rewriting. `build()` writes two files into static/dist/ (not in git): the
style sheet in one piece, and a sprite of the icons that the templates name. `publish()` lays the
whole tree where a web server in front finds it by the same addresses.
"""

import gzip
import hashlib
import re
import shutil
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask, Response, current_app, send_from_directory, url_for

STATIC = Path(__file__).parent / "static"
DIST = STATIC / "dist"
CSS = STATIC / "css"
TEMPLATES = Path(__file__).parent / "templates"
# Later files win over earlier ones where @layer does not say otherwise.
CSS_ORDER = (
    "tokens.css",
    "reset.css",
    "base.css",
    "layout.css",
    "components/*.css",
    "utilities.css",
)
SPRITE_SOURCE = files("flask_bootstrap") / "static/bootstrap5/icons/bootstrap-icons.svg"
RELEASE = re.compile(r"[0-9a-f]{12}")


def init_app(app: Flask) -> None:
    """Serve static files under hashed addresses and give templates `asset(path)`."""
    app.add_url_rule("/static/<version>/<path:filename>", "static", serve)
    app.jinja_env.globals["asset"] = asset


def asset(path: str) -> str:
    """Return the address of a file in app/static, for ever cacheable."""
    version = tree_hash.__wrapped__() if current_app.debug else tree_hash()
    return url_for("static", version=version, filename=path)


def serve(version: str, filename: str) -> Response:
    """Send a static file; one asked for by an outdated hash is sent without the long cache."""
    current = version == tree_hash() and not current_app.debug
    response = send_from_directory(STATIC, filename, max_age=None if current else 0)
    if current:
        response.cache_control.public = True
        response.cache_control.immutable = True
    return response


@cache
def tree_hash() -> str:
    """Return a short hash of every file below app/static."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(STATIC)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def build() -> list[Path]:
    """Write the files of static/dist/ and return their paths."""
    DIST.mkdir(exist_ok=True)
    sheets = [sheet for pattern in CSS_ORDER for sheet in sorted(CSS.glob(pattern))]
    outputs = {
        DIST / "site.css": "\n".join(sheet.read_text() for sheet in sheets),
        DIST / "icons.svg": sprite(icons_in_templates()),
    }
    for path, text in outputs.items():
        path.write_text(text)
    return list(outputs)


def icons_in_templates() -> list[str]:
    """Return the names that the templates hand to the `icon` macro, in order."""
    sources = (path.read_text() for path in TEMPLATES.rglob("*.html"))
    return sorted(
        {name for text in sources for name in re.findall(r'\bicon\("([a-z0-9-]+)"', text)}
    )


def sprite(names: list[str]) -> str:
    """Cut those symbols out of Bootstrap Icons. Raises KeyError for a name it does not have."""
    symbols = {
        match["id"]: match[0]
        for match in re.finditer(
            r'<symbol[^>]*\bid="(?P<id>[^"]+)".*?</symbol>', SPRITE_SOURCE.read_text(), re.DOTALL
        )
    }
    body = "\n".join(symbols[name] for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'


def publish(folder: Path, keep: int) -> Path:
    """Copy the static tree to `folder`/<hash>, with compressed copies beside; returns that folder.

    It appears as a whole. Of all releases the `keep` newest stay, so that pages of the one before
    still find their files.
    """
    if not folder.exists():
        folder.mkdir()
        folder.chmod(0o755)
    release = folder / tree_hash()
    if not release.exists():
        with TemporaryDirectory(dir=folder, prefix=".new-") as draft:
            shutil.copytree(STATIC, draft, dirs_exist_ok=True)
            _make_ready(Path(draft))
            Path(draft).rename(release)
    release.touch()  # the newest, also when it has come back
    releases = [path for path in folder.iterdir() if RELEASE.fullmatch(path.name)]
    for outdated in sorted(releases, key=lambda path: -path.stat().st_mtime_ns)[keep:]:
        shutil.rmtree(outdated)
    return release


def _make_ready(folder: Path) -> None:
    """Compress what becomes smaller by it, and let the web server's user read everything."""
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        content = path.read_bytes()
        compressed = gzip.compress(content, mtime=0)
        if len(compressed) < len(content):
            path.with_name(f"{path.name}.gz").write_bytes(compressed)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
