"""The home timeline: exact, and nothing is written for it when somebody posts.

Let k be the page's size and one more. Of each person whom the reader follows, one index probe finds
the first post on the page or beyond (the head). Only the k people with the nearest heads can be on
the page: anybody else has k nearer posts before their own first. From each of these at most k posts
are read, and the k nearest of all are the page. So the cost is one probe per person followed plus a
constant, however many posts and members there are, and what somebody does is seen at once.

The two statements are built once and run with parameters; on every database both read posts by
the index on (author_id, id, audience) alone. (A single statement would do for SQLite and
PostgreSQL, but MariaDB has no LATERAL and does not search an index by a correlated bound.)
"""

from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa

from app.accounts.models import User
from app.extensions import db
from app.ids import MAX_ID
from app.pagination import Key
from app.posts.models import Post
from app.posts.queries import audience_admits
from app.relationships.models import Follow

NOBODY = 0


def home_ids(member: User, key: Key) -> Sequence[int]:
    """Return the ids of the posts on a page and the one beyond it, in the order of reading."""
    count, forward = key.size + 1, key.after is not None
    start = key.after if key.after is not None else key.before
    values = {"member": member.id, "start": MAX_ID if start is None else start}

    rows = db.session.execute(_nearest_authors(count, forward), values)
    authors = [author for author, head in rows if head != _beyond_all(forward)]
    authors += [NOBODY] * (count - len(authors))
    values |= {f"author_{n}": author for n, author in enumerate(authors)}
    return db.session.scalars(_nearest_posts(count, forward), values).all()


@cache
def _nearest_authors(count: int, forward: bool) -> sa.Select[tuple[int, int]]:
    """Select (author, head) of the people with the nearest heads. Takes `member` and `start`."""
    member = sa.bindparam("member", type_=sa.BigInteger)
    followed = sa.select(Follow.followed_id.label("id")).where(Follow.follower_id == member)
    people = sa.union_all(followed, sa.select(User.id).where(User.id == member)).subquery("people")
    author = sa.select(User.id).join(people, people.c.id == User.id)
    author = author.where(User.is_active).subquery("author")

    head = _posts_by(author.c.id, 1, forward).scalar_subquery()
    # Those without a head come last on every database; NULL would come first on some.
    head = sa.func.coalesce(head, _beyond_all(forward)).label("head")
    return sa.select(author.c.id, head).order_by(_reading_order(head, forward)).limit(count)


@cache
def _nearest_posts(count: int, forward: bool) -> sa.Select[tuple[int]]:
    """Select the ids of the nearest posts of `author_0` to `author_<count - 1>`."""
    authors = [sa.bindparam(f"author_{n}", type_=sa.BigInteger) for n in range(count)]
    branches = (_posts_by(author, count, forward).subquery() for author in authors)
    posts = sa.union_all(*(sa.select(branch.c.id) for branch in branches)).subquery("post")
    return sa.select(posts.c.id).order_by(_reading_order(posts.c.id, forward)).limit(count)


def _posts_by(author: sa.ColumnElement[int], count: int, forward: bool) -> sa.Select[tuple[int]]:
    post = sa.alias(Post.__table__)
    start = sa.bindparam("start", type_=sa.BigInteger)
    reader = sa.bindparam("member", type_=sa.BigInteger)
    query = sa.select(post.c.id).where(
        post.c.author_id == author,
        post.c.id > start if forward else post.c.id < start,
        audience_admits(reader, post.c),
    )
    return query.order_by(_reading_order(post.c.id, forward)).limit(count)


def _reading_order(column: sa.ColumnElement[int], forward: bool) -> sa.ColumnElement[int]:
    return column.asc() if forward else column.desc()


def _beyond_all(forward: bool) -> int:
    return MAX_ID if forward else 0
