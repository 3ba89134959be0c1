"""The home timeline: exact, and nothing is written for it when somebody posts.

What stands on it are entries: rows of posts, which are posts, answers or reposts. They come from
sources: the people whom the reader follows, the reader, and the hashtags that the reader follows.
Let k be the page's size and one more. Of each source one index probe finds the first entry on the
page or beyond (the head). The k-th nearest of all heads, the same ones counted once, is the
horizon: k entries are as near, so nothing beyond it is on the page, and no source whose head is
beyond it. From each of the others at most k entries up to the horizon are read, and the k nearest
of all are the page. So the cost is one probe per source plus a constant, however many posts and
members there are, and what somebody does is seen at once.

What the reader is not shown is left out by the probes themselves; left out later, it would cost
the page entries that were never looked for. A probe passes over it in the index: somebody who only
answers strangers, or a muted member who fills a hashtag, costs some microseconds an entry.

The two statements are built once and run with parameters; on every database both read plain posts
by the index on (author_id, id, …) alone. (A single statement would do for SQLite and PostgreSQL,
but MariaDB has no LATERAL and does not search an index by a correlated bound.)
"""

from collections.abc import Iterable, Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.extensions import db
from app.ids import MAX_ID
from app.pagination import Key
from app.posts.limits import HASHTAGS_FOLLOWED_MAX
from app.posts.models import HashtagFollow, Post, Tagging
from app.posts.queries import audience_admits
from app.relationships.models import Follow
from app.relationships.queries import welcome_to

PERSON, HASHTAG = "person", "hashtag"
NOBODY = 0
# There is room for hashtags in steps of so many, so that few statements do for all readers.
STEP = 10

READER, START, HORIZON = (
    sa.bindparam(name, type_=sa.BigInteger) for name in ("reader", "start", "horizon")
)


def _is_welcome(post_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Return the condition that the reader is shown a post by whoever wrote it."""
    post, author = aliased(Post), aliased(User)
    found = sa.select(post.id).where(
        post.id == post_id,
        author.id == post.author_id,
        welcome_to(READER, author),
        audience_admits(READER, post),
    )
    # Not EXISTS: some databases would read all such posts first, to look in them then.
    return found.scalar_subquery().is_not(None)


def _is_heard() -> sa.ColumnElement[bool]:
    """Return the condition that a post is not said to a stranger only."""
    to = Post.parent_author_id
    friend = sa.exists().where(Follow.follower_id == READER, Follow.followed_id == to)
    return sa.or_(to.is_(None), to == Post.author_id, to == READER, friend)


# Made once, for all branches of a statement: it is compiled, and found again, so much faster.
TAGGED_IS_WELCOME = _is_welcome(Tagging.post_id)
IS_SHOWN = sa.and_(
    audience_admits(READER),
    sa.case((Post.repost_of_id.is_not(None), _is_welcome(Post.repost_of_id)), else_=_is_heard()),
)

Source = tuple[str, int, int]


def home_ids(reader: User, key: Key) -> Sequence[int]:
    """Return the ids of the entries on a page and the one beyond it, in the order of reading."""
    count, forward = key.size + 1, key.after is not None
    start = key.after if key.after is not None else key.before
    values = {"reader": reader.id, "start": MAX_ID if start is None else start}

    connection = db.session.connection()  # what is read are numbers, nothing for the ORM
    sources = connection.execute(_nearest_sources(count, forward), values).all()
    heads, values["horizon"] = _up_to_horizon(sources, count, _beyond_all(forward))
    people = [source for kind, source in heads if kind == PERSON]
    hashtags = [source for kind, source in heads if kind == HASHTAG]
    room = -(-len(hashtags) // STEP) * STEP
    values |= _numbered(PERSON, people, count) | _numbered(HASHTAG, hashtags, room)
    return connection.scalars(_nearest_entries(count, room, forward), values).all()


def _up_to_horizon(
    sources: Iterable[Source], count: int, beyond_all: int
) -> tuple[list[tuple[str, int]], int]:
    """Return the sources whose heads are among the `count` nearest, and the furthest of these."""
    kept: list[tuple[str, int]] = []
    heads: set[int] = set()
    for kind, source, head in sources:
        if head == beyond_all or (head not in heads and len(heads) == count):
            break
        heads.add(head)
        kept.append((kind, source))
        horizon = head
    return kept, horizon if len(heads) == count else beyond_all


def _numbered(kind: str, ids: Sequence[int], room: int) -> dict[str, int]:
    return {f"{kind}_{n}": ids[n] if n < len(ids) else NOBODY for n in range(room)}


@cache
def _nearest_sources(count: int, forward: bool) -> sa.Select[Source]:
    """Select (kind, id, head) of enough sources that `count` different heads are among them.

    Takes `reader` and `start`. No two people have the same head, but hashtags have.
    """
    followed = sa.select(Follow.followed_id.label("id")).where(Follow.follower_id == READER)
    people = sa.union_all(followed, sa.select(User.id).where(User.id == READER)).subquery("people")
    author = sa.select(User.id).join(people, people.c.id == User.id)
    author = author.where(welcome_to(READER)).subquery("author")
    hashtag = sa.select(HashtagFollow.hashtag_id.label("id")).where(HashtagFollow.user_id == READER)
    hashtag = hashtag.order_by(HashtagFollow.id).limit(HASHTAGS_FOLLOWED_MAX).subquery("hashtag")

    def heads(kind: str, source: sa.Subquery, entries: sa.Select[tuple[int]]) -> sa.Select[Source]:
        head = sa.func.coalesce(entries.limit(1).scalar_subquery(), _beyond_all(forward))
        # Those without a head come last on every database; NULL would come first on some.
        return sa.select(sa.literal(kind).label("kind"), source.c.id, head.label("head"))

    source = sa.union_all(
        heads(PERSON, author, _entries_by(author.c.id, forward)),
        heads(HASHTAG, hashtag, _entries_with(hashtag.c.id, forward)),
    ).subquery("source")
    query = sa.select(source.c.kind, source.c.id, source.c.head)
    query = query.order_by(_reading_order(source.c.head, forward))
    return query.limit(count + HASHTAGS_FOLLOWED_MAX)


@cache
def _nearest_entries(count: int, room: int, forward: bool) -> sa.Select[tuple[int]]:
    """Select the ids of the nearest entries up to the horizon.

    Takes what `_nearest_sources` does, `horizon`, `person_0` to `person_<count - 1>` and as many
    hashtags as there is room for.
    """
    people = (sa.bindparam(f"{PERSON}_{n}", type_=sa.BigInteger) for n in range(count))
    hashtags = (sa.bindparam(f"{HASHTAG}_{n}", type_=sa.BigInteger) for n in range(room))
    branches = [
        *(_entries_by(person, forward, HORIZON) for person in people),
        *(_entries_with(hashtag, forward, HORIZON) for hashtag in hashtags),
    ]
    limited = (branch.limit(count).subquery() for branch in branches)
    entry = sa.union_all(*(sa.select(branch.c.id) for branch in limited)).subquery("entry")
    return (
        sa.select(entry.c.id).distinct().order_by(_reading_order(entry.c.id, forward)).limit(count)
    )


def _entries_by(
    author: sa.ColumnElement[int], forward: bool, horizon: sa.ColumnElement[int] | None = None
) -> sa.Select[tuple[int]]:
    """Select a member's entries that the reader is shown, if the member is welcome to them."""
    query = sa.select(Post.id).where(Post.author_id == author, IS_SHOWN)
    return _within(query, Post.id, forward, horizon)


def _entries_with(
    hashtag: sa.ColumnElement[int], forward: bool, horizon: sa.ColumnElement[int] | None = None
) -> sa.Select[tuple[int]]:
    """Select the posts with a hashtag that the reader is shown."""
    query = sa.select(Tagging.post_id.label("id"))
    query = query.where(Tagging.hashtag_id == hashtag, TAGGED_IS_WELCOME)
    return _within(query, Tagging.post_id, forward, horizon)


def _within(
    query: sa.Select[tuple[int]],
    column: sa.ColumnElement[int],
    forward: bool,
    horizon: sa.ColumnElement[int] | None,
) -> sa.Select[tuple[int]]:
    """Restrict entries to those from the page's start to the horizon, in the order of reading."""
    query = query.where(column > START if forward else column < START)
    if horizon is not None:
        query = query.where(column <= horizon if forward else column >= horizon)
    return query.order_by(_reading_order(column, forward))


def _reading_order(column: sa.ColumnElement[int], forward: bool) -> sa.ColumnElement[int]:
    return column.asc() if forward else column.desc()


def _beyond_all(forward: bool) -> int:
    return MAX_ID if forward else 0
