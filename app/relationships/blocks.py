"""Blocking people. Actions flush; whoever calls them commits."""

from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.events import member_blocked
from app.extensions import db
from app.relationships.actions import lock, unfollow
from app.relationships.models import Block


def block(blocker: User, blocked: User) -> bool:
    """Take two members out of each other's sight. Returns False where nothing changed.

    Neither follows the other any more. Safe to repeat and race.
    """
    if blocker.id == blocked.id or not lock(blocker, blocked) or _block_of(blocker, blocked):
        return False
    unfollow(blocker, blocked)
    unfollow(blocked, blocker)
    db.session.add(Block(blocker_id=blocker.id, blocked_id=blocked.id))
    db.session.flush()
    member_blocked.send(blocker, whom=blocked)
    return True


def unblock(blocker: User, blocked: User) -> bool:
    """Undo `block`; nobody follows anybody again. Returns False where nothing changed."""
    found = _block_of(blocker, blocked) if lock(blocker, blocked) else None
    if found is None:
        return False
    db.session.delete(found)
    db.session.flush()
    return True


def _block_of(blocker: User, blocked: User) -> Any:
    return db.session.scalar(
        sa.select(Block).where(Block.blocker_id == blocker.id, Block.blocked_id == blocked.id)
    )
