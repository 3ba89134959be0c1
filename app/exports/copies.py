"""Where the copies are: in the database, so that web and worker need no disk in common."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from functools import partial
from typing import IO

import sqlalchemy as sa

from app.accounts.models import User
from app.clock import utcnow
from app.exports.models import ExportPart
from app.extensions import db
from app.jobs.models import Job

KIND = "exports.export"
# How long a copy can be fetched.
KEPT = timedelta(days=7)
PART = 2**20


def exports_of(user: User) -> sa.Select[tuple[Job]]:
    """Return the query for the jobs that made a member's copies, or are making one."""
    return sa.select(Job).where(Job.user_id == user.id, Job.kind == KIND)


def keep(job: Job, file: IO[bytes]) -> None:
    """Put the copy that a job has made into the database, to be there once the job has ended."""
    db.session.execute(sa.delete(ExportPart).where(ExportPart.job_id == job.id))
    file.seek(0)
    for number, content in enumerate(iter(partial(file.read, PART), b"")):
        part = {"job_id": job.id, "number": number, "content": content}
        db.session.execute(sa.insert(ExportPart), part)


def sizes_of(job_ids: Collection[int]) -> dict[int, int]:
    """Return how large the copies are that jobs made, in bytes, without those that are gone."""
    size = sa.func.sum(sa.func.length(ExportPart.content))
    query = sa.select(ExportPart.job_id, size).where(ExportPart.job_id.in_(job_ids))
    rows = db.session.execute(query.group_by(ExportPart.job_id))
    return {job_id: int(size) for job_id, size in rows}


def parts_of(job_id: int) -> Iterator[bytes]:
    """Return what yields a copy, later and however slowly it is wanted.

    Each part is a transaction of its own. Raises NoResultFound if a part has gone meanwhile.
    """
    engine, numbers = db.engine, sa.select(ExportPart.number).where(ExportPart.job_id == job_id)
    part = sa.select(ExportPart.content).where(ExportPart.job_id == job_id)

    def read(number: int) -> bytes:
        with engine.connect().execution_options(reads=True) as connection:
            return connection.scalars(part.where(ExportPart.number == number)).one()

    return map(read, db.session.scalars(numbers.order_by(ExportPart.number)).all())


def remove_outdated() -> None:
    """Delete the copies that were kept long enough."""
    outdated = sa.select(Job.id).where(Job.kind == KIND, Job.finished_at < utcnow() - KEPT)
    db.session.execute(sa.delete(ExportPart).where(ExportPart.job_id.in_(outdated)))
