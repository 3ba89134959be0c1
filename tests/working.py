"""Jobs and mail in tests: do what is due, read what lies in the outbox, follow a link from it."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask

from app.clock import utcnow
from app.extensions import db
from app.jobs import worker
from app.jobs.models import Job, JobState

LINK = re.compile(r"https?://[^\s<>\"]+")


def do_jobs(app: Flask) -> int:
    """Do every job that is due, as the worker would; returns how many were begun."""
    db.session.rollback()  # lets go of the lock that the test itself may hold
    begun = worker.sweep(app, grace=timedelta(0))
    db.session.expire_all()
    return begun


def jobs_of_kind(kind: str) -> list[Job]:
    """Return the jobs of one kind as they are now, the oldest first."""
    db.session.rollback()
    query = sa.select(Job).where(Job.kind == kind).order_by(Job.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def again(job: Job) -> Job:
    """Return a job as it is now, and let go of the lock that reading it took."""
    db.session.rollback()
    job = db.session.get_one(Job, job.id, populate_existing=True)
    db.session.commit()
    return job


def bury_worker(job: Job) -> None:
    """Leave a job as a worker does that was killed long enough ago to be missed."""
    job.state, job.due_at = JobState.RUNNING, utcnow() - timedelta(seconds=1)
    job.attempts += 1
    db.session.commit()


def mails(app: Flask) -> list[EmailMessage]:
    """Return the messages in the outbox, in the order in which they were asked for."""
    paths = sorted((app.config["DATA_DIR"] / "outbox").glob("*.eml"))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def words_of(message: EmailMessage) -> str:
    """Return the plain text of a message."""
    part = message.get_body(("plain",))
    assert part is not None
    return part.get_content()


def links_in(message: EmailMessage) -> list[str]:
    """Return the addresses in the plain text of a message, in order, the signature's last."""
    return LINK.findall(words_of(message))


def path_of(link: str) -> str:
    """Return the part of an address that a test's client is given."""
    return urlsplit(link).path
