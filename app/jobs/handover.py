"""Telling the worker that a job waits: after the commit, beside the request, and never in its way.

Word goes out on a thread of its own, so that no page waits for a broker that is slow or away. If it
gets lost the worker finds the job by itself a few seconds later (`worker.sweep`); all that a broker
brings is speed.
"""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.extensions import db

TASK_NAME = "jobs.run"
PENDING = "jobs to hand over"
# After the broker failed, it is left alone for so long.
REST_SECONDS = 5

logger = logging.getLogger(__name__)
_resting_until = 0.0


def after_commit(session: Session, job_id: int) -> None:
    """Remember a job that is to be handed over once the transaction is committed."""
    session.info.setdefault(PENDING, []).append(job_id)


@event.listens_for(db.session, "after_commit")
def _committed(session: Session) -> None:
    # A savepoint's end is none: the row is not there for others yet.
    if session.in_nested_transaction():
        return
    app = current_app._get_current_object()
    for job_id in session.info.pop(PENDING, ()):
        _messenger().submit(_send, app, job_id)


@event.listens_for(db.session, "after_rollback")
def _rolled_back(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(PENDING, None)


@cache
def _messenger() -> ThreadPoolExecutor:
    """Return the thread that talks to the broker; begun by the process that first needs it."""
    return ThreadPoolExecutor(1, thread_name_prefix="handover")


def _send(app: Flask, job_id: int) -> None:
    global _resting_until  # noqa: PLW0603 (one broker, one thread)
    if time.monotonic() < _resting_until:
        return
    try:
        app.extensions["celery"].send_task(TASK_NAME, (job_id,))
    except Exception as error:
        _resting_until = time.monotonic() + REST_SECONDS
        logger.warning("The broker did not take job %s; the worker will find it: %r", job_id, error)
