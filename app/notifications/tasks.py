"""Jobs about notifications: clearing away what is over."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from app.accounts.models import User
from app.clock import utcnow
from app.extensions import db
from app.ids import first_id
from app.jobs.models import Job
from app.jobs.tasks import task
from app.jobs.worker import report
from app.notifications.limits import KEPT, PORTION
from app.notifications.models import Notification, NotificationActor


@task("notifications.clear_away", every=timedelta(days=1))
def clear_away(job: Job) -> None:
    """Delete what was read and is old, and what is old and tells of nobody any more.

    Goes from member to member, by the index that their page is read from.
    """
    beyond, done = 0, 0
    while members := _members(beyond):
        while ids := _old(members):
            db.session.execute(sa.delete(Notification).where(Notification.id.in_(ids)))
            done += len(ids)
            report(job, done, done)
        beyond = members[-1]
        report(job, done, done)


def _members(beyond: int) -> Sequence[int]:
    query = sa.select(User.id).where(User.id > beyond).order_by(User.id).limit(PORTION)
    return db.session.scalars(query).all()


def _old(members: Sequence[int]) -> Sequence[int]:
    somebody = sa.exists().where(NotificationActor.notification_id == Notification.id)
    query = sa.select(Notification.id).where(
        Notification.recipient_id.in_(members),
        Notification.latest_id < first_id(utcnow() - KEPT),
        sa.or_(Notification.read_at.is_not(None), ~somebody),
    )
    return db.session.scalars(query.limit(PORTION)).all()
