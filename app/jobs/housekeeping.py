"""The jobs' own periodic job: old rows and messages, and what killed processes left."""

import time
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.clock import utcnow
from app.email import outbox
from app.extensions import db
from app.jobs.models import Job, JobState
from app.jobs.tasks import task

KEPT, FAILED_KEPT = timedelta(days=8), timedelta(days=60)


@task("jobs.clear_away", every=timedelta(hours=1))
def clear_away(_job: Job) -> None:
    """Delete jobs that ended long ago; failed ones stay longer, for an administrator to see."""
    # Files before rows: nobody should wait for a transaction meanwhile.
    broker = current_app.config["DATA_DIR"] / "broker"
    for folder in (outbox(), broker / "drafts", broker / "taken"):
        _remove_old_files(folder)
    now, failed = utcnow(), Job.state == JobState.FAILED
    old = sa.or_(
        sa.and_(Job.finished_at < now - KEPT, ~failed),
        sa.and_(Job.finished_at < now - FAILED_KEPT, failed),
    )
    db.session.execute(sa.delete(Job).where(old))


def _remove_old_files(folder: Path | None) -> None:
    for path in folder.glob("*") if folder is not None else ():
        if path.is_file() and path.stat().st_mtime < time.time() - KEPT.total_seconds():
            path.unlink(missing_ok=True)
