"""Reading a conversation: what stands above a post, and what was answered to it.

The answers are read along the index on `posts.path`, which is their order: one query for where they
stand, one for those that are shown, however many there are. A few levels are shown; what lies
deeper is on the page of the last answer above it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from app.extensions import db
from app.posts import limits, threads
from app.posts.models import Post
from app.posts.queries import shown_to

ABOVE_SHOWN = 20
LEVELS_SHOWN = 4
# So much of the index is read at most, to find one page's answers among those that lie too deep.
SCANNED = 500


# Where answers stand: the ids on the way to each, as far as is shown, and of what lies deeper the
# first.
Ways = dict[tuple[int, ...], int | None]


@dataclass(frozen=True)
class Place:
    """One place in a conversation: a post, or the gap that one has left."""

    depth: int = 0
    post: Post | None = None
    # The post whose own page shows what was answered further down; None if nothing was.
    rest: int | None = None


@dataclass(frozen=True)
class Conversation:
    """What the page of a post shows around it."""

    above: list[Place]
    replies: list[Place]
    # A post whose own page shows what stands still further up; None if nothing does.
    earlier: int | None
    # The key of the next page of replies: the ids on the way to the last one of this page.
    following: tuple[int, ...]
    is_first: bool

    @property
    def posts(self) -> list[Post]:
        """The posts that are there."""
        return [place.post for place in [*self.above, *self.replies] if place.post]


def conversation_of(post: Post, viewer: Any, after: Sequence[int], size: int) -> Conversation:
    """Return a page of the conversation around `post`; the answers begin behind the key `after`.

    The key names the way to an answer, which may be gone by now: new ones never shift a page.
    """
    above = threads.ids_above(post)
    above_ids = above[-ABOVE_SHOWN:]
    ways, more = _ways_below(post, after, size)
    ends = (post_id for way, deeper in ways.items() for post_id in (way[-1], deeper))
    posts = _posts_by_id(viewer, [*above_ids, *(post_id for post_id in ends if post_id)])
    shown_above = [post_id for post_id in above_ids if post_id in posts]
    return Conversation(
        above=[Place(post=posts.get(post_id)) for post_id in above_ids],
        replies=_with_gaps(ways, posts, set(after)),
        earlier=shown_above[0] if shown_above and len(above) > ABOVE_SHOWN else None,
        following=[*ways][-1] if more else (),
        is_first=not after,
    )


def _ways_below(post: Post, after: Sequence[int], size: int) -> tuple[Ways, bool]:
    """Return where the answers on a page stand, and if there are more."""
    root = threads.root_of(post)
    start = root + threads.path_through(after) if after else threads.path_of(post)
    if len(after) == LEVELS_SHOWN:
        start = threads.end_of(start)  # past everything that lies deeper
    # One level more than is shown: to know what lies deeper.
    reach = len(root) + len(threads.path_through(range(LEVELS_SHOWN + 1)))
    query = sa.select(sa.func.substr(Post.path, 1, reach, type_=Post.path.type))
    query = query.where(Post.path > start, Post.path < threads.end_of(root))
    scanned = db.session.scalars(query.order_by(Post.path).limit(SCANNED)).all()
    ways: Ways = {}
    for path in dict.fromkeys(scanned):
        ids = threads.ids_in(path[len(root) :])
        way, deeper = tuple(ids[:LEVELS_SHOWN]), ids[LEVELS_SHOWN:]
        ways[way] = ways.get(way) or (deeper[0] if deeper else None)
    more = len(ways) > size or len(scanned) == SCANNED
    return dict(islice(ways.items(), size)), more


def _posts_by_id(viewer: Any, ids: Sequence[int]) -> dict[int, Post]:
    if not ids:
        return {}
    return {post.id: post for post in db.session.scalars(shown_to(viewer).where(Post.id.in_(ids)))}


def _with_gaps(ways: Ways, posts: dict[int, Post], known: set[int]) -> list[Place]:
    """Return the posts at those places, each below what it answers, or the gap that this left.

    `known` are the ids that stand on the page before.
    """
    places = []
    for way, deeper in ways.items():
        post = posts.get(way[-1])
        if post is None and deeper not in posts:
            continue  # a gap, if anything below it is there
        gaps = [depth for depth, above in enumerate(way[:-1]) if above not in known]
        places += [Place(depth) for depth in gaps]
        known.update(way)
        rest = deeper if post is None else post.id if _goes_on(post, way) else None
        places.append(Place(len(way) - 1, post, rest))
    return places


def _goes_on(post: Post, way: Sequence[int]) -> bool:
    # The answers to the deepest posts of all stand beside them.
    can = len(way) == LEVELS_SHOWN and len(threads.path_of(post)) < limits.PATH_MAX
    return can and post.replies_count > 0
