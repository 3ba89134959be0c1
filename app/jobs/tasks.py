"""Declaring a kind of job, and asking for one.

A domain declares its jobs in a module `tasks.py`:

    @task("accounts.send_reset_link", expires_after=timedelta(minutes=30))
    def send_reset_link(job: Job) -> None: ...

and an action asks for one in its own transaction: `send_reset_link.ask(user_id=user.id)`. The
function is called with the job's row, must be safe to run twice, and flushes what it writes; the
worker commits that together with the job's end. It may raise `Drop`, `Retry` or `GiveUp`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import g, has_request_context
from flask_babel import get_locale

from app.clock import utcnow
from app.database import begin_read
from app.extensions import db
from app.jobs import handover
from app.jobs.models import Job

Work = Callable[[Job], None]

TASKS: dict[str, "Task"] = {}

# For messages that are worth waiting for: a server that is away for a day is not the end of it, but
# a message that is more than a day late would only confuse.
PATIENCE = timedelta(days=1)
PATIENT = {"attempts": 30, "expires_after": PATIENCE}


class Drop(Exception):  # noqa: N818 (nothing went wrong)
    """What the job was for has passed: end it quietly. The message says why."""


class Retry(Exception):  # noqa: N818 (named for what it asks)
    """Something that the job needs is away just now: try again later. The message says what."""


class GiveUp(Exception):  # noqa: N818 (named for what it asks)
    """No later attempt would do better: end the job as failed. The message says why."""


@dataclass(frozen=True)
class Task:
    """A kind of job: its name in the table, the function that does it, and how patient to be."""

    name: str
    work: Work
    # How long after it was due it is still worth doing; None: for ever.
    expires_after: timedelta | None
    # How often it is begun before it counts as failed.
    attempts: int
    # How often it comes round by itself; None: only when asked for.
    every: timedelta | None
    # Whether it takes long: its owner sees it on the page "Your jobs", and few run at once.
    is_long: bool
    # Whether strangers can ask for it: then what becomes of it is not told in public.
    is_private: bool

    def ask(
        self,
        *,
        user_id: int | None = None,
        subject_id: int | None = None,
        due_at: datetime | None = None,
        unique_key: str | None = None,
    ) -> Job:
        """Write the promise into the current transaction; word of it goes out after the commit.

        Raises IntegrityError if an unfinished job has that `unique_key`; call it in a savepoint
        then (`db.session.begin_nested()`), or the whole transaction is lost.
        """
        due_at = due_at or utcnow()
        job = Job(
            kind=self.name,
            user_id=user_id,
            subject_id=subject_id,
            unique_key=unique_key,
            # A job that a job asks for speaks the language of the first.
            locale=str(get_locale()) if has_request_context() else g.get("job_locale"),
            request_id=g.get("request_id", "-"),
            due_at=due_at,
            expires_at=self.expires_after and due_at + self.expires_after,
        )
        db.session.add(job)
        db.session.flush()
        if due_at <= utcnow():
            handover.after_commit(db.session, job.id)
        return job


def task(
    name: str,
    *,
    expires_after: timedelta | None = None,
    attempts: int = 5,
    every: timedelta | None = None,
    is_long: bool = False,
    is_private: bool = False,
) -> Callable[[Work], Task]:
    """Make a `Task` of the function that does the work (a decorator)."""

    def declare(work: Work) -> Task:
        TASKS[name] = Task(name, work, expires_after, attempts, every, is_long, is_private)
        return TASKS[name]

    return declare


def subject(job: Job, model: type[Any]) -> Any:
    """Return the row that a job is about. Raises Drop if it is gone."""
    begin_read(db.session)
    row = db.session.get(model, job.subject_id)
    if row is None:
        raise Drop("that is over already")
    return row
