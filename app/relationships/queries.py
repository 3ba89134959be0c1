"""Questions about who sees, hears and follows whom.

`in_sight` and `welcome_to` are the one rule about people: whatever shows members, or what they
wrote, says one of the two. A viewer is given by id; None is a visitor.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.accounts.models import User
from app.clock import utcnow
from app.database import UtcDateTime
from app.extensions import db
from app.relationships.models import Block, Follow, Mute

# Read when the statement is run, which may be kept for long.
NOW = sa.bindparam("now", callable_=utcnow, type_=UtcDateTime())


@dataclass(frozen=True)
class Standing:
    """What is between a viewer and another member, as the viewer may know it."""

    follows: bool = False
    is_followed: bool = False
    has_blocked: bool = False
    has_muted: bool = False
    # None where there is no mute, or it has no end.
    muted_until: datetime | None = None


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


def in_reach(viewer_id: Any) -> sa.ColumnElement[bool]:
    """Return the condition that a viewer sees a member, or would if they had not blocked them.

    For the few places where a block can be undone.
    """
    if viewer_id is None:
        return User.is_active
    return sa.or_(in_sight(viewer_id), sa.and_(User.is_active, _blocks(viewer_id, User.id)))


def welcome_to(viewer_id: Any, user: Any = User) -> sa.ColumnElement[bool]:
    """Return the condition that a viewer sees a member unasked: in sight, and not muted."""
    if viewer_id is None:
        return user.is_active
    muted = sa.exists().where(Mute.muter_id == viewer_id, Mute.muted_id == user.id, still_muted())
    return sa.and_(in_sight(viewer_id, user), ~muted)


def still_muted() -> sa.ColumnElement[bool]:
    """Return the condition that a mute is not over yet."""
    return sa.or_(Mute.ends_at.is_(None), Mute.ends_at > NOW)


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


def blocked_by(user: User) -> sa.Select[tuple[User]]:
    """Return the query for the people whom a member has blocked; page it by `Block.id`."""
    tie = sa.and_(Block.blocked_id == User.id, Block.blocker_id == user.id)
    return sa.select(User).where(User.is_active).join(Block, tie)


def muted_by(user: User) -> sa.Select[tuple[Mute]]:
    """Return the query for a member's mutes that are not over, with the people; page by `Mute.id`.

    Whom the member does not see for another reason is not among them.
    """
    return (
        sa.select(Mute)
        .join(Mute.muted)
        .options(contains_eager(Mute.muted))
        .where(Mute.muter_id == user.id, still_muted(), in_sight(user.id))
    )


def standing(viewer: Any, person: User) -> Standing:
    """Return what is between a viewer and another member: one query, and none for a visitor."""
    viewer_id = id_of(viewer)
    if viewer_id is None or viewer_id == person.id:
        return Standing()
    mute = sa.select(Mute.ends_at).where(
        Mute.muter_id == viewer_id, Mute.muted_id == person.id, still_muted()
    )
    query = sa.select(
        _follows(viewer_id, person.id),
        _follows(person.id, viewer_id),
        _blocks(viewer_id, person.id),
        mute.exists(),
        mute.scalar_subquery(),
    )
    return Standing(*db.session.execute(query).one())


def are_apart(one: User, other: User) -> bool:
    """Tell whether there is a block between two members, whoever wanted it."""
    query = sa.select(sa.or_(_blocks(one.id, other.id), _blocks(other.id, one.id)))
    return bool(db.session.scalar(query))


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


def _follows(follower_id: Any, followed_id: Any) -> sa.Exists:
    return sa.exists().where(Follow.follower_id == follower_id, Follow.followed_id == followed_id)


def _blocks(blocker_id: Any, blocked_id: Any) -> sa.Exists:
    return sa.exists().where(Block.blocker_id == blocker_id, Block.blocked_id == blocked_id)
