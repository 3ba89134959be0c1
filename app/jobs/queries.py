"""Questions about jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.clock import utcnow
from app.extensions import db
from app.jobs.models import Job, JobState
from app.jobs.tasks import TASKS

# Jobs are begun within seconds where a worker runs.
LATE = timedelta(minutes=2)


@dataclass(frozen=True)
class Backlog:
    """What has not been done: jobs that are due, and since when; tried in vain so far; failed."""

    due: int
    oldest: datetime | None
    retried: int
    failed: int

    @property
    def is_late(self) -> bool:
        """Whether work waits for so long that something must be wrong with the workers."""
        return self.oldest is not None and utcnow() - self.oldest > LATE


def backlog(*, public: bool = False) -> Backlog:
    """Count what waits and what failed.

    What is told in `public` leaves out what strangers can ask for: whether a message to some
    address waits or fails would tell them that a member has it.
    """
    now = utcnow()
    due = sa.select(sa.func.count(), sa.func.min(Job.due_at)).where(Job.due_at <= now)
    retried = sa.select(sa.func.count()).where(Job.due_at > now, Job.state == JobState.WAITING)
    retried = retried.where(Job.attempts > 0)
    failed = sa.select(sa.func.count()).where(Job.state == JobState.FAILED)
    if public:
        private = [task.name for task in TASKS.values() if task.is_private]
        due, retried, failed = (
            query.where(Job.kind.not_in(private)) for query in (due, retried, failed)
        )
    count, oldest = db.session.execute(due).one()
    return Backlog(count, oldest, db.session.scalar(retried) or 0, db.session.scalar(failed) or 0)


def count_running() -> int:
    """Count the jobs that living workers have."""
    running = sa.select(sa.func.count()).where(Job.state == JobState.RUNNING, Job.due_at > utcnow())
    return db.session.scalar(running) or 0


def due_before(moment: datetime, limit: int) -> Sequence[int]:
    """Return the ids of jobs that should have been begun by then, the longest overdue first.

    Kinds that this version of the site does not know are left to workers that do.
    """
    query = sa.select(Job.id).where(Job.due_at <= moment, Job.kind.in_(TASKS))
    return db.session.scalars(query.order_by(Job.due_at).limit(limit)).all()


def newest(state: JobState | None, limit: int) -> Sequence[Job]:
    """Return the latest jobs, of one state or of all."""
    query = sa.select(Job).order_by(Job.id.desc()).limit(limit)
    if state is not None:
        query = query.where(Job.state == state)
    return db.session.scalars(query).all()


def periodic_kinds() -> list[str]:
    """Return the kinds of jobs that come round by themselves."""
    return [task.name for task in TASKS.values() if task.every is not None]


def shown_to(user_id: int, limit: int = 20) -> Sequence[Job]:
    """Return a member's long jobs, the newest first."""
    query = sa.select(Job).where(Job.user_id == user_id, Job.kind.in_(_shown()))
    return db.session.scalars(query.order_by(Job.id.desc()).limit(limit)).all()


def _shown() -> list[str]:
    return [task.name for task in TASKS.values() if task.is_long]
