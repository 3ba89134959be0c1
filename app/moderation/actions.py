"""Suspending, restoring and removing accounts. Actions flush; whoever calls them commits."""

import sqlalchemy as sa

from app.accounts import actions as accounts
from app.accounts.models import User
from app.accounts.sign_in import forgive
from app.clock import utcnow
from app.extensions import db
from app.relationships.actions import count_ties


def suspend(user: User) -> bool:
    """Sign a member out everywhere and out of view. Returns False if they were already."""
    if not _lock(user) or not user.is_active:
        return False
    user.suspended_at = utcnow()
    accounts.end_sessions(user)
    count_ties(user, -1)
    db.session.flush()
    return True


def restore(user: User) -> bool:
    """Undo `suspend`. Returns False if the member was not suspended."""
    if not _lock(user) or user.is_active:
        return False
    user.suspended_at = None
    count_ties(user, 1)
    db.session.flush()
    return True


def delete_account(user: User) -> None:
    """Remove a member with everything they wrote and are tied to; foreign keys cascade."""
    if not _lock(user):
        return
    suspend(user)
    forgive(user)
    db.session.delete(user)
    db.session.flush()


def _lock(user: User) -> bool:
    """Lock a member's row and read it again; returns False if the member is gone by now."""
    query = sa.select(User).where(User.id == user.id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True)) is not None
