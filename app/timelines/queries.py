"""The pages of posts: home, explore, profile.

Home is exact and nothing is written for it when somebody posts. Of each person the reader follows,
one index probe finds the newest post beyond the page's key. Only those whose newest is among the
k newest can be on the page: anybody else has k newer posts before their first. From each of these
at most k posts are read, and the k newest of all are the page (k is its size and one more). The
cost is one probe per person followed plus a constant, however many posts and members there are.
"""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.extensions import db
from app.ids import MAX_ID
from app.pagination import Key, Page, read_page
from app.posts.models import Post
from app.posts.queries import audience_admits, visible_to
from app.relationships.models import Follow


def home(member: User, key: Key) -> Page[Post]:
    """Return a page of what a member and the people they follow wrote."""
    ids = key.page([(post_id, post_id) for post_id in db.session.scalars(_home_ids(member, key))])
    return replace(ids, items=_load(member, ids.items))


def explore(viewer: object, key: Key) -> Page[Post]:
    """Return a page of what everybody wrote."""
    return read_page(visible_to(viewer), Post.id, key)


def profile(author: User, viewer: object, key: Key) -> Page[Post]:
    """Return a page of what one member wrote."""
    return read_page(visible_to(viewer).where(Post.author_id == author.id), Post.id, key)


def _home_ids(member: User, key: Key) -> sa.Select[tuple[int]]:
    size = key.size + 1
    person = sa.union_all(
        sa.select(Follow.followed_id.label("id")).where(Follow.follower_id == member.id),
        sa.select(User.id).where(User.id == member.id),
    ).subquery("person")
    source = sa.select(User.id).join(person, person.c.id == User.id)
    source = source.where(User.suspended_at.is_(None)).subquery("source")

    def nth_post_of(author: sa.Subquery, n: int) -> sa.ScalarSelect[int]:
        post = aliased(Post)
        query = sa.select(post.id).where(
            post.author_id == author.c.id, *_on_page(member, key, post)
        )
        return query.order_by(key.order(post.id)).limit(1).offset(n).scalar_subquery()

    heads = sa.select(source.c.id, nth_post_of(source, 0).label("head")).subquery("heads")
    kept = sa.select(heads.c.id).where(heads.c.head.is_not(None))
    kept = kept.order_by(key.order(heads.c.head)).limit(size).subquery("kept")

    # No author can have more than the whole page: read each no further than that.
    if key.after is None:
        near_enough = Post.id >= sa.func.coalesce(nth_post_of(kept, size - 1), 0)
    else:
        near_enough = Post.id <= sa.func.coalesce(nth_post_of(kept, size - 1), MAX_ID)
    entries = sa.select(Post.id).join(kept, Post.author_id == kept.c.id)
    entries = entries.where(*_on_page(member, key, Post), near_enough)
    return entries.order_by(key.order(Post.id)).limit(size)


def _on_page(member: User, key: Key, post: type[Post]) -> tuple[sa.ColumnElement[bool], ...]:
    return key.beyond(post.id), audience_admits(member, post)


def _load(viewer: User, ids: Sequence[int]) -> list[Post]:
    posts = db.session.scalars(visible_to(viewer).where(Post.id.in_(ids)))
    by_id = {post.id: post for post in posts}
    return [by_id[post_id] for post_id in ids if post_id in by_id]
