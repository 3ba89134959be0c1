"""Table of jobs."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import utcnow
from app.database import TABLE_OPTIONS, BigId, UtcDateTime
from app.extensions import db

KIND_MAX, KEY_MAX, ERROR_MAX = 64, 100, 500


class JobState(StrEnum):
    """How far a job is. The last three are ends."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DROPPED = "dropped"  # its purpose had passed before its turn came
    FAILED = "failed"  # given up; an administrator may retry it


class Job(db.Model):
    """One piece of work, written in the transaction that asks for it. Holds ids, never secrets."""

    __tablename__ = "jobs"
    __table_args__: Any = (sa.Index(None, "user_id", "id"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(KIND_MAX))
    # Whose job it is; it goes with them.
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    # What else it is about: the id of a row that the kind of job knows.
    subject_id: Mapped[int | None] = mapped_column(BigId)
    # At most one unfinished job has a given key.
    unique_key: Mapped[str | None] = mapped_column(sa.String(KEY_MAX), unique=True)
    # The language and the request in which it was asked for.
    locale: Mapped[str | None] = mapped_column(sa.String(16))
    request_id: Mapped[str] = mapped_column(sa.String(64), default="-")

    state: Mapped[str] = mapped_column(sa.String(16), default=JobState.WAITING, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    # When it may be tried (again): for a running job, when its worker must be taken for dead.
    # None once it has ended.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=utcnow, index=True)
    # After that it is dropped instead of done.
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    # How often it was begun since it was asked for, retried, or came round.
    attempts: Mapped[int] = mapped_column(default=0)
    # How often it was ever begun: tells a worker whether a job is still its own.
    claims: Mapped[int] = mapped_column(default=0)
    # When a mail server took the message, if the job is one: it is not sent twice.
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(sa.String(ERROR_MAX), default="")
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int] = mapped_column(default=0)

    @property
    def is_open(self) -> bool:
        """Whether something is still going to happen."""
        return self.state in {JobState.WAITING, JobState.RUNNING}

    def __repr__(self) -> str:
        return f"<Job {self.id} {self.kind} {self.state}>"
