"""What can be done with a job from outside. Actions flush; whoever calls them commits."""

import sqlalchemy as sa

from app.clock import utcnow
from app.extensions import db
from app.jobs import handover
from app.jobs.models import Job, JobState
from app.jobs.queries import periodic_kinds


def retry(job: Job) -> bool:
    """Have a job tried again, now, with its attempts counted anew. Returns False if it has ended.

    A message whose time has passed is dropped even so.
    """
    if job.state not in {JobState.FAILED, JobState.WAITING}:
        return False
    job.state, job.attempts = JobState.WAITING, 0
    job.due_at, job.finished_at = utcnow(), None
    db.session.flush()
    handover.after_commit(db.session, job.id)
    return True


def drop(job: Job) -> bool:
    """End a job that is not to be done. Returns False if it has ended already."""
    if job.state in {JobState.DONE, JobState.DROPPED}:
        return False
    job.state, job.due_at, job.finished_at = JobState.DROPPED, None, utcnow()
    job.unique_key, job.last_error = None, "dropped on request"
    db.session.flush()
    return True


def drop_open() -> int:
    """End every job that waits or is being done, apart from those that come round by themselves."""
    waiting = sa.select(Job).where(Job.due_at.is_not(None), Job.kind.not_in(periodic_kinds()))
    return sum(drop(job) for job in db.session.scalars(waiting))


def cancel(unique_key: str) -> None:
    """Drop the job with that key, if it waits: what it was for will not happen."""
    job = db.session.scalar(sa.select(Job).where(Job.unique_key == unique_key))
    if job is not None:
        drop(job)
