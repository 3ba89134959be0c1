"""Jobs about what is between members: clearing away what is over."""

from datetime import timedelta

import sqlalchemy as sa

from app.clock import utcnow
from app.extensions import db
from app.jobs.models import Job
from app.jobs.tasks import task
from app.relationships.models import Mute


@task("relationships.clear_away", every=timedelta(days=1))
def clear_away(_job: Job) -> None:
    """Delete the mutes that are over; they have no effect any more."""
    db.session.execute(sa.delete(Mute).where(Mute.ends_at <= utcnow()))
