"""Following and its counters. Actions flush; whoever calls them commits."""

from itertools import islice
from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.queries import locked
from app.events import member_followed, member_unfollowed
from app.extensions import db
from app.relationships.models import Follow
from app.relationships.queries import are_apart

PORTION = 1000


def follow(follower: User, followed: User) -> bool:
    """Make one member follow another. Returns False where nothing changed. Safe to repeat and race.

    Nobody follows themselves or somebody suspended, nor across a block.
    """
    if follower.id == followed.id or not lock(follower, followed) or _tie(follower, followed):
        return False
    if are_apart(follower, followed):
        return False
    db.session.add(Follow(follower_id=follower.id, followed_id=followed.id))
    _count(follower, followed, 1)
    member_followed.send(follower, whom=followed)
    return True


def unfollow(follower: User, followed: User) -> bool:
    """Undo `follow`. Returns False where nothing changed."""
    tie = _tie(follower, followed) if lock(follower, followed) else None
    if tie is None:
        return False
    db.session.delete(tie)
    _count(follower, followed, -1)
    member_unfollowed.send(follower, whom=followed)
    return True


def count_ties(user: User, by: int) -> None:
    """Add `by` to the counters of all who are tied to a member: -1 out of view, 1 back in it."""
    for column, mine, theirs in (
        (User.followers_count, Follow.follower_id, Follow.followed_id),
        (User.following_count, Follow.followed_id, Follow.follower_id),
    ):
        neighbours = sa.select(theirs).where(mine == user.id)
        db.session.execute(
            sa.update(User)
            .where(User.id.in_(neighbours))
            .values({column: column + by})
            .execution_options(synchronize_session=False)
        )


def lock(*users: User) -> bool:
    """Lock members' rows; returns False if one of them is gone or suspended by now."""
    found = locked(user.id for user in users)
    return len(found) == len(users) and all(user.is_active for user in found.values())


def lock_circle(user: User) -> None:
    """Lock a member's row with those of all who are tied to them, in the order of `locked`."""
    tied = sa.union(
        sa.select(Follow.followed_id).where(Follow.follower_id == user.id),
        sa.select(Follow.follower_id).where(Follow.followed_id == user.id),
    )
    ids = iter(sorted({user.id, *db.session.scalars(tied)}))
    while portion := list(islice(ids, PORTION)):
        query = sa.select(User.id).where(User.id.in_(portion)).order_by(User.id)
        db.session.execute(query.with_for_update(key_share=True)).all()


def recount() -> int:
    """Compare every counter of follows with its rows and mend it; returns how many were wrong."""
    mended = 0
    for column, mine, theirs in (
        (User.followers_count, Follow.followed_id, Follow.follower_id),
        (User.following_count, Follow.follower_id, Follow.followed_id),
    ):
        rows = (
            sa.select(mine.label("user_id"), sa.func.count().label("ties"))
            .join(User, User.id == theirs)
            .where(User.is_active)
            .group_by(mine)
            .subquery()
        )
        right = sa.func.coalesce(rows.c.ties, 0)
        wrong = sa.select(User.id, right).outerjoin(rows, rows.c.user_id == User.id)
        values = db.session.execute(wrong.where(column != right)).all()
        for user_id, count in values:
            db.session.execute(sa.update(User).where(User.id == user_id).values({column: count}))
        mended += len(values)
    return mended


def _tie(follower: User, followed: User) -> Any:
    return db.session.scalar(
        sa.select(Follow).where(
            Follow.follower_id == follower.id, Follow.followed_id == followed.id
        )
    )


def _count(follower: User, followed: User, by: int) -> None:
    follower.following_count += by
    followed.followers_count += by
    db.session.flush()
