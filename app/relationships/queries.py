"""Questions about who sees, hears and follows whom.

`in_sight` and `welcome_to` are the one rule about people: whatever shows members, or what they
wrote, says one of the two. A viewer is given by id; None is a visitor.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.clock import utcnow
from app.database import UtcDateTime
from app.extensions import db
from app.relationships.models import Block, Follow, Mute

# Read when the statement is run, which may be kept for long.
NOW = sa.bindparam("now", callable_=utcnow, type_=UtcDateTime())


def id_of(viewer: Any) -> int | None:
    """Return the id of whoever looks; None for a visitor."""
    return viewer.id if viewer.is_authenticated else None


def in_sight(viewer_id: Any, user: Any = User) -> sa.ColumnElement[bool]:
    """Return the condition that a viewer may see a member at all.

    Nobody sees who is suspended or leaving; of two between whom there is a block, neither sees the
    other. `user` is the model or an alias of it.
    """
    if viewer_id is None:
        return user.is_active
    return sa.and_(user.is_active, ~_blocks(viewer_id, user.id), ~_blocks(user.id, viewer_id))


def welcome_to(viewer_id: Any, user: Any = User) -> sa.ColumnElement[bool]:
    """Return the condition that a viewer sees a member unasked: in sight, and not muted."""
    if viewer_id is None:
        return user.is_active
    muted = sa.exists().where(
        Mute.muter_id == viewer_id,
        Mute.muted_id == user.id,
        sa.or_(Mute.ends_at.is_(None), Mute.ends_at > NOW),
    )
    return sa.and_(in_sight(viewer_id, user), ~muted)


def people_for(viewer: Any) -> sa.Select[tuple[User]]:
    """Return the query that every list of people starts from: those whom the viewer may see."""
    return sa.select(User).where(in_sight(id_of(viewer)))


def followers_of(user: User, viewer: Any) -> sa.Select[tuple[User]]:
    """Return the query for a member's followers; page it by `Follow.id`."""
    tie = sa.and_(Follow.follower_id == User.id, Follow.followed_id == user.id)
    return people_for(viewer).join(Follow, tie)


def followed_by(user: User, viewer: Any) -> sa.Select[tuple[User]]:
    """Return the query for the people whom a member follows; page it by `Follow.id`."""
    tie = sa.and_(Follow.followed_id == User.id, Follow.follower_id == user.id)
    return people_for(viewer).join(Follow, tie)


def follows(follower: User, followed: User) -> bool:
    """Tell whether one member follows another."""
    return followed.id in followed_among(follower, [followed.id])


def followed_among(follower: User, user_ids: Iterable[int]) -> set[int]:
    """Return those of `user_ids` whom a member follows: one query for a whole page."""
    query = sa.select(Follow.followed_id).where(
        Follow.follower_id == follower.id, Follow.followed_id.in_(list(user_ids))
    )
    return set(db.session.scalars(query))


def suggestions_for(user: User, count: int = 3) -> Sequence[User]:
    """Return a few well-followed people whom a member does not follow yet."""
    already = sa.exists().where(Follow.follower_id == user.id, Follow.followed_id == User.id)
    query = sa.select(User).where(welcome_to(user.id), User.id != user.id, ~already)
    return db.session.scalars(
        query.order_by(User.followers_count.desc(), User.id.desc()).limit(count)
    ).all()


def _blocks(blocker_id: Any, blocked_id: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(Block.blocker_id == blocker_id, Block.blocked_id == blocked_id)
