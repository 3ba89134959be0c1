"""The counters of posts: for who leaves the view or comes back to it, and mended where wrong."""

from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.extensions import db
from app.posts.models import Like, Post

# What is counted: the counter, whose post it is about, who did it.
DEEDS: tuple[tuple[Any, Any, Any], ...] = (
    (Post.likes_count, Like.post_id, Like.user_id),
    (Post.reposts_count, Post.repost_of_id, Post.author_id),
    (Post.replies_count, Post.parent_id, Post.author_id),
)
# A statement has room for so many ids.
PORTION = 500


def count_deeds(user: User, by: int) -> None:
    """Add `by` for each like, repost and answer of a member: -1 out of view, 1 back in it.

    Posts are locked in one order, so that no two who go at once wait for each other.
    """
    changes = [(column, _deeds_of(user, of, doer)) for column, of, doer in DEEDS]
    ids = sorted(set().union(*(numbers for _column, numbers in changes)))
    for start in range(0, len(ids), PORTION):
        portion = ids[start : start + PORTION]
        lock = sa.select(Post.id).where(Post.id.in_(portion)).order_by(Post.id).with_for_update()
        db.session.execute(lock)
        for column, numbers in changes:
            for number in {numbers[post_id] for post_id in portion if post_id in numbers}:
                some = [post_id for post_id in portion if numbers.get(post_id) == number]
                _set(Post.id.in_(some), column, column + by * number)


def recount() -> int:
    """Compare every counter of posts with its rows and mend it; returns how many were wrong."""
    return _recount_authors() + sum(_recount_deeds(*deed) for deed in DEEDS)


def _deeds_of(user: User, of: Any, doer: Any) -> dict[int, int]:
    query = sa.select(of, sa.func.count()).where(doer == user.id, of.is_not(None)).group_by(of)
    return dict(db.session.execute(query).all())


def _recount_authors() -> int:
    rows = sa.select(Post.author_id, sa.func.count().label("posts"))
    rows = rows.where(Post.repost_of_id.is_(None)).group_by(Post.author_id).subquery()
    right = sa.func.coalesce(rows.c.posts, 0)
    wrong = sa.select(User.id, right).outerjoin(rows, rows.c.author_id == User.id)
    values = db.session.execute(wrong.where(User.posts_count != right)).all()
    for user_id, number in values:
        db.session.execute(sa.update(User).where(User.id == user_id).values(posts_count=number))
    return len(values)


def _recount_deeds(column: Any, of: Any, doer: Any) -> int:
    rows = sa.select(of.label("post_id"), sa.func.count().label("number"))
    rows = rows.join(User, User.id == doer).where(User.is_active, of.is_not(None))
    counted = rows.group_by(of).subquery()
    right = sa.func.coalesce(counted.c.number, 0)
    wrong = sa.select(Post.id, right).outerjoin(counted, counted.c.post_id == Post.id)
    values = db.session.execute(wrong.where(column != right).order_by(Post.id)).all()
    for post_id, number in values:
        _set(Post.id == post_id, column, number)
    return len(values)


def _set(which: sa.ColumnElement[bool], column: Any, value: Any) -> None:
    update = sa.update(Post).where(which).values({column: value})
    db.session.execute(update.execution_options(synchronize_session=False))
