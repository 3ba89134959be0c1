"""Leaving: an account is hidden at once and removed later, unless its owner signs in before."""

from datetime import timedelta

from app.accounts.models import User
from app.clock import utcnow
from app.extensions import db
from app.jobs import actions as jobs
from app.moderation import tasks
from app.moderation.actions import leave_view, lock, return_to_view

# How long somebody who deletes their account can think again.
GRACE = timedelta(days=14)


def schedule_deletion(user: User) -> bool:
    """Take a member out of view, to be deleted after `GRACE`, and tell them so by mail.

    Returns False if that was done already.
    """
    if not lock(user) or user.deletion_due_at is not None:
        return False
    leave_view(user)
    user.deletion_due_at = utcnow() + GRACE
    db.session.flush()
    tasks.tell_deletion_scheduled.ask(user_id=user.id)
    tasks.ask_for_removal(user)
    return True


def keep_account(user: User) -> bool:
    """Undo `schedule_deletion`. Returns False if there is nothing to undo, or it is too late."""
    if not lock(user) or user.deletion_due_at is None or user.deletion_due_at <= utcnow():
        return False
    user.deletion_due_at = None
    return_to_view(user)
    jobs.cancel(tasks.removal_key(user.id))
    return True
