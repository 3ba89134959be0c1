"""Questions about who follows whom."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.queries import people_in_view
from app.extensions import db
from app.relationships.models import Follow


def followers_of(user: User) -> sa.Select[tuple[User]]:
    """Return the query for a member's followers; page it by `Follow.id`."""
    tie = sa.and_(Follow.follower_id == User.id, Follow.followed_id == user.id)
    return people_in_view().join(Follow, tie)


def followed_by(user: User) -> sa.Select[tuple[User]]:
    """Return the query for the people whom a member follows; page it by `Follow.id`."""
    tie = sa.and_(Follow.followed_id == User.id, Follow.follower_id == user.id)
    return people_in_view().join(Follow, tie)


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
    query = people_in_view().where(User.id != user.id, ~already)
    return db.session.scalars(
        query.order_by(User.followers_count.desc(), User.id.desc()).limit(count)
    ).all()
