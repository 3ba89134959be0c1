"""Suspending, restoring and removing accounts. Actions flush; whoever calls them commits."""

from app.accounts import actions as accounts
from app.accounts.models import User
from app.accounts.sign_in import forgive
from app.clock import utcnow
from app.extensions import db
from app.relationships.actions import count_ties


def suspend(user: User) -> bool:
    """Sign a member out everywhere and out of view. Returns False if they were already."""
    db.session.refresh(user, with_for_update=True)
    if not user.is_active:
        return False
    user.suspended_at = utcnow()
    accounts.end_sessions(user)
    count_ties(user, -1)
    db.session.flush()
    return True


def restore(user: User) -> bool:
    """Undo `suspend`. Returns False if the member was not suspended."""
    db.session.refresh(user, with_for_update=True)
    if user.is_active:
        return False
    user.suspended_at = None
    count_ties(user, 1)
    db.session.flush()
    return True


def delete_account(user: User) -> None:
    """Remove a member with everything they wrote and are tied to; foreign keys cascade."""
    suspend(user)
    forgive(user)
    db.session.delete(user)
    db.session.flush()
