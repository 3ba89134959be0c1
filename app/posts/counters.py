"""The counters of posts: when those whom they count go out of view or come back, and mended.

Actions flush; whoever calls them commits.
"""

from collections import defaultdict
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
PORTION = 500


def count_deeds(user: User, by: int) -> None:
    """Add `by` for each like, repost and answer of a member: -1 out of view, 1 back in it.

    Posts are locked in one order, so that no two who go at once wait for each other.
    """
    # Known before anything is changed: MySQL does not change a table that it reads meanwhile.
    deeds = _deeds_of(user)
    # The newest first, as when a post is deleted that answers another.
    ids = sorted(deeds, reverse=True)
    for start in range(0, len(ids), PORTION):
        portion = ids[start : start + PORTION]
        _lock(portion)
        alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for post_id in portion:
            alike[tuple(deeds[post_id])].append(post_id)
        for numbers, posts in alike.items():
            columns = [column for column, _of, _doer in DEEDS]
            added = {column: column + by * n for column, n in zip(columns, numbers, strict=True)}
            _set(Post.id.in_(posts), added)


def recount() -> int:
    """Compare every counter of posts with its rows and mend it; returns how many were wrong."""
    return _recount_authors() + sum(_recount_deeds(*deed) for deed in DEEDS)


def _deeds_of(user: User) -> dict[int, list[int]]:
    """Return what a member added to each post, in the order of `DEEDS`."""
    found: dict[int, list[int]] = defaultdict(lambda: [0] * len(DEEDS))
    for place, (_column, of, doer) in enumerate(DEEDS):
        query = sa.select(of, sa.func.count()).where(doer == user.id, of.is_not(None))
        for post_id, number in db.session.execute(query.group_by(of)):
            found[post_id][place] = number
    return found


def _lock(ids: list[int]) -> None:
    query = sa.select(Post.id).where(Post.id.in_(ids)).order_by(Post.id.desc())
    db.session.execute(query.with_for_update()).all()


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
        _set(Post.id == post_id, {column: number})
    return len(values)


def _set(which: sa.ColumnElement[bool], values: dict[Any, Any]) -> None:
    update = sa.update(Post).where(which).values(values)
    db.session.execute(update.execution_options(synchronize_session=False))
