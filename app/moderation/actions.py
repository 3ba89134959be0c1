"""Suspending, restoring and removing accounts. Actions flush; whoever calls them commits.

Who is suspended or about to leave is out of view: in no list, no timeline and no counter, neither
of people nor of posts.
"""

import sqlalchemy as sa

from app.accounts import actions as accounts
from app.accounts.models import User
from app.accounts.sign_in import forgive
from app.clock import utcnow
from app.events import deletion_begun, member_deleted
from app.extensions import db
from app.posts.counters import count_deeds
from app.relationships.actions import count_ties, lock_circle


def suspend(user: User) -> bool:
    """Sign a member out everywhere and out of view. Returns False if they were already."""
    if not lock(user) or user.suspended_at is not None:
        return False
    leave_view(user)
    user.suspended_at = utcnow()
    db.session.flush()
    return True


def restore(user: User) -> bool:
    """Undo `suspend`. Returns False if the member was not suspended."""
    if not lock(user) or user.suspended_at is None:
        return False
    user.suspended_at = None
    return_to_view(user)
    return True


def delete_account(user: User) -> None:
    """Remove a member with everything they wrote and are tied to; foreign keys cascade."""
    if not lock(user):
        return
    leave_view(user)
    forgive(user)
    deletion_begun.send(user)
    db.session.delete(user)
    db.session.flush()
    member_deleted.send(user.id)


def leave_view(user: User) -> None:
    """Sign a member out everywhere and count them no longer; call it while they are in view."""
    accounts.end_sessions(user)
    if user.is_active:
        count_ties(user, -1)
        count_deeds(user, -1)


def return_to_view(user: User) -> None:
    """Count a member again, unless something else keeps them out of view."""
    db.session.flush()
    if user.is_active:
        count_ties(user, 1)
        count_deeds(user, 1)


def lock(user: User) -> bool:
    """Lock a member's row and read it again; returns False if the member is gone by now.

    Those who are tied to the member, and are counted with them, are locked in the same go.
    """
    lock_circle(user)
    query = sa.select(User).where(User.id == user.id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True)) is not None
