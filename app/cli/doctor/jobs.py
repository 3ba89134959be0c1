"""Background work: who carries word of it, and is anybody doing it?"""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta

import redis
import sqlalchemy as sa
from flask import current_app

from app.cli.doctor.findings import Finding, error, ok, place_of, said_by, warning
from app.clock import utcnow
from app.database import begin_read
from app.extensions import db
from app.jobs.models import Job
from app.jobs.queries import backlog
from app.jobs.tasks import TASKS

TIME_LIMITS = {"socket_connect_timeout": 2, "socket_timeout": 2}
START = "Start the worker (the line `worker` of the Procfile), or look into its log."
CANNOT = "Nothing is lost: the worker finds jobs by itself, some ten seconds later."


def check_broker() -> Iterator[Finding]:
    """See whether word of new jobs can be carried to the worker."""
    url = current_app.config["CELERY_BROKER_URL"]
    if not url:
        yield from _check_folder()
        return
    connection = current_app.extensions["celery"].connection_for_write()
    try:
        connection.connect()
        yield ok(f"The broker at {place_of(url)} answers.")
    except Exception as failure:  # each kind of broker has kinds of its own
        yield error(
            f"The broker at {place_of(url)} cannot be used: {said_by(failure)}",
            f"Start it, or correct CELERY_BROKER_URL. {CANNOT}",
        )
    finally:
        connection.release()


def _check_folder() -> Iterator[Finding]:
    folder = current_app.config["DATA_DIR"] / "broker"
    there = [path for path in (folder, *folder.glob("*")) if path.exists()]
    closed = [path for path in there if not (path.is_dir() and os.access(path, os.W_OK | os.X_OK))]
    if closed:
        yield error(f"The broker's folder, {closed[0]}, cannot be written.", CANNOT)
    else:
        yield ok(f"Files in {folder} carry word of jobs: web and worker must both see them.")


def check_worker() -> Iterator[Finding]:
    """See whether jobs are done, by what waits, what failed, and what comes round by itself."""
    begin_read(db.session)
    found, last = backlog(), _last_round()
    if found.is_late:
        seconds = round((utcnow() - found.oldest).total_seconds())
        yield error(
            f"Nobody does the jobs: {found.due} are due, the first for "
            f"{timedelta(seconds=seconds)} (hours:minutes:seconds).",
            START,
        )
    elif last is None:
        yield warning("No worker has been here yet.", START)
    else:
        yield ok(f"Jobs are done; the worker was last seen {_ago(last)} ago.")
    if found.retried:
        yield warning(
            f"{found.retried} jobs were tried in vain, and will be tried again.",
            "`flask jobs list --state waiting` says why.",
        )
    if found.failed:
        yield warning(
            f"{found.failed} jobs failed.",
            "`flask jobs list --state failed` says why; `flask jobs retry` or `drop` them.",
        )


def _last_round() -> datetime | None:
    """Return when a periodic job was last done: some come round every few minutes."""
    query = sa.select(Job.kind, Job.due_at).where(Job.unique_key.like("every %"), Job.claims > 0)
    rounds = [
        due_at - TASKS[kind].every
        for kind, due_at in db.session.execute(query)
        if due_at is not None and kind in TASKS and TASKS[kind].every is not None
    ]
    return max(rounds, default=None)


def _ago(moment: datetime) -> str:
    minutes = max(0, round((utcnow() - moment).total_seconds() / 60))
    return "less than a minute" if minutes == 0 else f"{minutes} min"


def check_limits() -> Iterator[Finding]:
    """See whether Redis counts the limits on requests, where it is to."""
    url = current_app.config["REDIS_URL"]
    if not url:
        yield ok("Each web process counts limits on requests in its own memory.")
        return
    try:
        with redis.from_url(url, **TIME_LIMITS) as server:
            server.ping()
        yield ok(f"Redis at {place_of(url)} counts limits on requests.")
    except redis.RedisError as failure:
        yield error(
            f"Redis at {place_of(url)} does not answer: {said_by(failure)}",
            "Start it, or correct REDIS_URL. Meanwhile each process counts limits for itself.",
        )
