"""Kinds of jobs that only a test has."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask

from app.clock import utcnow
from app.extensions import db
from app.jobs import worker
from app.jobs.models import Job
from app.jobs.tasks import TASKS, Task, task
from tests.working import again

_numbers = count(1)


@pytest.fixture
def declare(app: Flask) -> Iterator[Callable[..., Task]]:
    """Return what makes a kind of job of a function, for this test only."""
    names = []

    def declare(work: Callable[[Job], None], **options: object) -> Task:
        names.append(f"tests.kind{next(_numbers)}")
        return task(names[-1], **options)(work)

    yield declare
    for name in names:
        TASKS.pop(name)


@pytest.fixture
def run(app: Flask) -> Callable[[Job], Job]:
    """Return a function that does a job now, as a worker would, and returns its row."""

    def run(job: Job) -> Job:
        db.session.rollback()
        worker.run(app, job.id)
        return again(job)

    return run


def asked(kind: Task, **columns: object) -> Job:
    """Ask for a job and commit."""
    job = kind.ask(**columns)
    db.session.commit()
    return job


def let_time_come(job: Job) -> None:
    """Let a job's next moment come: the end of a wait, or of a dead worker's lease."""
    db.session.rollback()
    db.session.get_one(Job, job.id).due_at = utcnow() - timedelta(seconds=1)
    db.session.commit()
