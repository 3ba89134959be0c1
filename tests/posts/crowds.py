"""Many real processes at once on the database of a test."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from flask import Flask

from app.extensions import db


def site_of(app: Flask) -> tuple[str, str]:
    """Return where the files and the database are, for other processes."""
    return str(app.config["DATA_DIR"]), app.config["DATABASE_URL"]


def at_work(processes: int, work: Callable[..., Any], *arguments: Any) -> list[Any]:
    """Let each process do `work(its number, *arguments)`; returns what they return."""
    db.session.remove()
    db.engine.dispose()
    # New interpreters, forked from a server that has imported the code but opened no database.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.posts.writers", "tests.posts.reactions"])
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        jobs = [pool.submit(work, number, *arguments) for number in range(processes)]
        return [job.result(timeout=120) for job in jobs]
