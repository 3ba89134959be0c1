"""The real site, served by gunicorn on this machine for as long as somebody looks at it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
KEY = "a key for tests only, long enough to be live with"
STARTS_WITHIN = 20
STOPS_WITHIN = 10


def free_port() -> int:
    """Return a port that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def settings_for(folder: Path, port: int) -> dict[str, str]:
    """Return the whole environment of a site whose files are all in `folder`."""
    address = f"http://127.0.0.1:{port}"
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return inherited | {
        "DATABASE_URL": f"sqlite:///{folder / 'app.db'}",
        "SECRET_KEY": KEY,
        "PORT": str(port),
        "PUBLIC_URL": address,
        # Named so that a programmer's own .env does not reach in.
        "SITE_NAME": "Microblog",
        "REGISTRATION": "open",
        "LANGUAGES": "en,es",
        "POST_MAX_LENGTH": "500",
        "POSTS_PER_PAGE": "10",
        "WEB_CONCURRENCY": "1",
    }


@contextmanager
def served(folder: Path, settings: dict[str, str]) -> Iterator[str]:
    """Serve the site with those settings; hands out its address."""
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    log = folder / "gunicorn.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [*gunicorn, "microblog:app"], cwd=ROOT, env=settings, stdout=output, stderr=output
        )
        try:
            _wait_for_answer(process, settings["PUBLIC_URL"], log)
            yield settings["PUBLIC_URL"]
        finally:
            _stop(process)


def _wait_for_answer(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{address}/healthz", timeout=5):
                return
        except (URLError, ConnectionError):
            time.sleep(0.05)
    raise RuntimeError(f"The site does not answer. Its log:\n{log.read_text()[-4000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
