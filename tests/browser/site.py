"""The real site, served by gunicorn on this machine, with a worker beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import BASE_DIR as ROOT
from tests.processes import free_port, settings_for, start_web, start_worker

__all__ = ["ROOT", "free_port", "served", "settings_for", "working"]


@contextmanager
def served(folder: Path, settings: dict[str, str]) -> Iterator[str]:
    """Serve the site with those settings; hands out its address."""
    web = start_web(settings, folder / "web.log")
    try:
        yield settings["PUBLIC_URL"]
    finally:
        web.stop()


@contextmanager
def working(folder: Path, settings: dict[str, str]) -> Iterator[None]:
    """Do the background jobs of the site with those settings."""
    worker = start_worker(settings, folder / "worker.log")
    try:
        yield
    finally:
        worker.kill()
