"""Reading a conversation: what stands above a post, and what was answered to it.

The answers are read along the index on `posts.path`, which is their order: one query for where
those stand that the viewer is shown, one for the posts of a page, however many there are. A few
levels are shown; what lies deeper is on the page of the last answer above it. A gap has no page:
below one the next answer is shown, however deep it lies.

No address names what is hidden: a page that goes on below a gap first asks where that is.
"""

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from app.extensions import db
from app.posts import threads
from app.posts.models import Post
from app.posts.queries import shown_to

ABOVE_SHOWN = 20
LEVELS_SHOWN = 4
# So many answers are read at most, to find one page's among those that lie too deep.
SCANNED = 500
# A key that begins with this names the last answer alone, not the way to it.
NO_WAY = 0

# The ids on the way to an answer, from below the post that a page is about.
Way = tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """One place in a conversation: a post, or the gap that one has left."""

    depth: int = 0
    post: Post | None = None
    # What was answered to it is on its own page.
    goes_on: bool = False


@dataclass(frozen=True)
class Conversation:
    """What the page of a post shows around it."""

    above: list[Place]
    replies: list[Place]
    # A post whose own page shows what stands still further up; None if nothing does.
    earlier: int | None
    # The key of the next page of replies; empty if there is none.
    following: Way
    is_first: bool

    @property
    def posts(self) -> list[Post]:
        """The posts that are there."""
        return [place.post for place in [*self.above, *self.replies] if place.post]


def conversation_of(post: Post, viewer: Any, after: Sequence[int], size: int) -> Conversation:
    """Return a page of the conversation around `post`; the answers begin behind the key `after`.

    The key names the way to an answer, which may be gone by now: new ones never shift a page. Where
    the way leads through a gap it names the answer alone; if that is gone, the answers begin anew.
    """
    above = threads.ids_above(post)
    above_ids = above[-ABOVE_SHOWN:]
    passed = _way_of(after, post)
    ways, more = _ways_below(post, viewer, passed, size)
    last = [*ways][-1] if more else ()
    posts = _posts_by_id(viewer, {*above_ids, *(way[-1] for way in ways), *last})
    shown_above = [post_id for post_id in above_ids if post_id in posts]
    return Conversation(
        above=[Place(post=posts.get(post_id)) for post_id in above_ids],
        replies=_with_gaps(ways, posts, set(passed)),
        earlier=shown_above[0] if shown_above and len(above) > ABOVE_SHOWN else None,
        following=_key_of(last, posts) if more else (),
        is_first=not after,
    )


def _key_of(way: Way, posts: Container[int]) -> Way:
    """Return the key that names a way, when those are the posts that the viewer is shown."""
    is_plain = len(way) <= LEVELS_SHOWN and all(post_id in posts for post_id in way)
    return way if is_plain else (NO_WAY, way[-1])


def _way_of(key: Sequence[int], post: Post) -> Way:
    """Return the way that a key names."""
    if key and key[0] == NO_WAY:
        root = threads.root_of(post)
        path = db.session.scalar(sa.select(Post.path).where(Post.id == key[-1]))
        if path and path.startswith(root):
            return _way_below(root, path)
    return tuple(key)


def _way_below(root: bytes, path: bytes) -> Way:
    return tuple(threads.ids_in(path[len(root) :]))


def _ways_below(post: Post, viewer: Any, passed: Way, size: int) -> tuple[dict[Way, bool], bool]:
    """Return the ways to the answers behind `passed`, and if there are more than fit on a page.

    Of each way, say if answers below it lie too deep to be shown.
    """
    root = threads.root_of(post)
    start = root + threads.path_through(passed) if passed else threads.path_of(post)
    if len(passed) >= LEVELS_SHOWN:
        start = threads.end_of(start)  # past everything that lies too deep
    query = shown_to(viewer).with_only_columns(Post.path)
    query = query.where(Post.path > start, Post.path < threads.end_of(root))
    paths = db.session.scalars(query.order_by(Post.path).limit(SCANNED)).all()
    ways: dict[Way, bool] = {}
    last: Way = ()
    for path in paths:
        way = _way_below(root, path)
        if len(last) >= LEVELS_SHOWN and way[: len(last)] == last:
            ways[last] = True
        else:
            ways[way], last = False, way
    unread = len(paths) == SCANNED
    if unread and len(ways) > 1:
        del ways[last]  # for the next page, which reads on below it
    return dict(islice(ways.items(), size)), unread or len(ways) > size


def _posts_by_id(viewer: Any, ids: Collection[int]) -> dict[int, Post]:
    posts = db.session.scalars(shown_to(viewer).where(Post.id.in_(ids))) if ids else ()
    return {post.id: post for post in posts}


def _with_gaps(ways: dict[Way, bool], posts: dict[int, Post], known: set[int]) -> list[Place]:
    """Return the posts at the ends of those ways, each below the gaps that others have left.

    `known` are the ids that stand on the page before.
    """
    places = []
    for way, goes_on in ways.items():
        post = posts.get(way[-1])
        if post is None:
            continue  # it went just now
        levels = zip(range(LEVELS_SHOWN), way[:-1], strict=False)
        places += [Place(depth) for depth, above in levels if above not in known]
        known.update(way)
        places.append(Place(min(len(way), LEVELS_SHOWN) - 1, post, goes_on))
    return places
