"""Muting people, for a while or for good. Actions flush; whoever calls them commits."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.clock import utcnow
from app.extensions import db
from app.relationships.actions import lock
from app.relationships.models import Mute


def mute(muter: User, muted: User, duration: timedelta | None = None) -> bool:
    """Let a member hear nothing of another from now on; nobody is told. Safe to repeat and race.

    Without a duration it lasts until it is taken back. Muting again begins anew. Returns False if
    the other is gone meanwhile, or is the member.
    """
    if muter.id == muted.id or not lock(muter, muted):
        return False
    found = _mute_of(muter, muted)
    if found is None:
        found = Mute(muter_id=muter.id, muted_id=muted.id)
        db.session.add(found)
    found.ends_at = None if duration is None else utcnow() + duration
    db.session.flush()
    return True


def unmute(muter: User, muted: User) -> bool:
    """Undo `mute`. Returns False where nothing changed."""
    found = _mute_of(muter, muted) if lock(muter, muted) else None
    if found is None:
        return False
    db.session.delete(found)
    db.session.flush()
    return True


def _mute_of(muter: User, muted: User) -> Any:
    return db.session.scalar(
        sa.select(Mute).where(Mute.muter_id == muter.id, Mute.muted_id == muted.id)
    )
