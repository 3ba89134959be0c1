"""Where the copies lie: one file a job, in a folder that only this program reads."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.accounts.models import User
from app.clock import utcnow
from app.database import begin_read, end_read
from app.extensions import db
from app.jobs.models import Job, JobState

KIND = "exports.export"
# How long a copy can be fetched.
KEPT = timedelta(days=7)


def path_of(job_id: int) -> Path:
    """Return where the copy that a job makes lies, or will lie."""
    return folder() / f"{job_id}.zip"


def folder() -> Path:
    """Return the folder of all copies; it is made with the first."""
    return current_app.config["DATA_DIR"] / "exports"


def exports_of(user: User) -> sa.Select[tuple[Job]]:
    """Return the query for the jobs that made a member's copies, or are making one."""
    return sa.select(Job).where(Job.user_id == user.id, Job.kind == KIND)


def draft_of(job: Job) -> Path:
    """Return where a copy is written until it is whole: a file for each attempt."""
    return folder() / f"{job.id}.zip.{job.claims}"


def size_of(job_id: int) -> int | None:
    """Return how large the copy is that a job made, in bytes; None if it is gone."""
    try:
        return path_of(job_id).stat().st_size
    except FileNotFoundError:
        return None


def remove_exports(user: User) -> None:
    """Delete every copy of a member's."""
    for job in db.session.scalars(exports_of(user)):
        remove(job.id)


def remove(job_id: int) -> None:
    """Delete what a job wrote, finished or not."""
    for path in (path_of(job_id), *folder().glob(f"{job_id}.zip.*")):
        path.unlink(missing_ok=True)


def remove_outdated() -> None:
    """Delete copies that were kept long enough, and what failed or forgotten jobs have left."""
    ids = {int(path.name.split(".")[0]) for path in folder().glob("[0-9]*.zip*")}
    fresh = sa.and_(Job.state == JobState.DONE, Job.finished_at > utcnow() - KEPT)
    wanted = sa.select(Job.id).where(Job.id.in_(ids), sa.or_(Job.due_at.is_not(None), fresh))
    begin_read(db.session)
    kept = set(db.session.scalars(wanted))
    end_read(db.session)
    for job_id in ids - kept:
        remove(job_id)
