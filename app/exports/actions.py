"""Asking for a copy of one's own. Actions flush; whoever calls them commits."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.clock import utcnow
from app.exports import tasks
from app.exports.copies import exports_of
from app.extensions import db
from app.jobs.models import Job
from app.problems import Problem

A_DAY = timedelta(days=1)
DAILY = 5


def ask_for_export(user: User) -> None:
    """Have a copy made. Raises Problem if one is being made, or there were many lately."""
    lately = exports_of(user).where(Job.created_at > utcnow() - A_DAY).limit(DAILY)
    if len(db.session.scalars(lately.with_only_columns(Job.id)).all()) == DAILY:
        raise Problem(_l("You have asked for several copies today. Try again tomorrow."), 429)
    try:
        with db.session.begin_nested():
            tasks.export.ask(user_id=user.id, unique_key=f"export {user.id}")
    except IntegrityError:
        raise Problem(_l("Your copy is being made already.")) from None
