"""The three timelines against the slow and obvious way, on random towns.

Every example lives in one transaction that is rolled back, so each town starts on an empty ground.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask_login import AnonymousUserMixin
from hypothesis import HealthCheck, assume, given, settings, target
from hypothesis import strategies as st

from app.accounts.models import User
from app.clock import utcnow
from app.extensions import db
from app.ids import MAX_ID, RANDOM_BITS
from app.pagination import Key, Page
from app.posts.models import Audience, Post
from app.relationships.models import Follow
from app.timelines import queries as timelines

settings.register_profile(
    "towns",
    max_examples=70,
    deadline=None,
    database=None,
    print_blob=True,
    # The application is made once for all examples of a test; each rolls its town back.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
towns_profile = settings(settings.get_profile("towns"))

START = 1_800_000_000_000  # milliseconds
# A later feature's audience: nobody but the author sees such a post, and it must not cost a page.
HIDDEN = "someday"
LAST = 2**RANDOM_BITS - 1  # of the random parts that a millisecond has


@dataclass
class Town:
    """A town as plain Python. People are numbered from 1; the reader is number 1 (0: a visitor)."""

    people: int
    follows: set[tuple[int, int]]
    suspended: set[int]
    posts: dict[int, tuple[int, str]]  # id: (author, audience)
    reader: int = 1
    subject: int = 1  # whose profile is read
    user: object = field(default=None, compare=False)

    def sees(self, post_id: int) -> bool:
        author, audience = self.posts[post_id]
        return author not in self.suspended and (audience != HIDDEN or author == self.reader)

    def timeline(self, which: str) -> list[int]:
        """Return the ids of a whole timeline, newest first: no index, no cleverness."""
        wanted = {
            "home": lambda author: author == self.reader or (self.reader, author) in self.follows,
            "explore": lambda author: True,
            "profile": lambda author: author == self.subject,
        }[which]
        ids = [post_id for post_id in self.posts if self.sees(post_id)]
        return sorted((i for i in ids if wanted(self.posts[i][0])), reverse=True)

    def expected(self, which: str, key: Key) -> tuple[list[int], bool]:
        """Return the ids that a page should show, and whether there are more beyond it."""
        ids = self.timeline(which)
        if key.after is not None:
            beyond = [i for i in ids if i > key.after]
            return beyond[-key.size :], len(beyond) > key.size
        beyond = [i for i in ids if key.before is None or i < key.before]
        return beyond[: key.size], len(beyond) > key.size

    def read(self, which: str, size: int, **where: int | None) -> Page[Post]:
        """Return a page as the application reads it."""
        key = Key(size, **where)
        if which == "home":
            return timelines.home(self.user, key)
        if which == "explore":
            return timelines.explore(self.user, key)
        return timelines.profile(db.session.get(User, self.subject), self.user, key)

    def write(self, post_id: int, author: int, audience: str = Audience.PUBLIC) -> None:
        self.posts[post_id] = (author, audience)
        insert(Post, [_post_row(post_id, author, audience)])

    def delete(self, post_id: int) -> None:
        del self.posts[post_id]
        db.session.execute(sa.delete(Post).where(Post.id == post_id))

    def toggle_follow(self, a: int, b: int) -> None:
        if (a, b) in self.follows:
            self.follows.remove((a, b))
            tie = (Follow.follower_id == a) & (Follow.followed_id == b)
            db.session.execute(sa.delete(Follow).where(tie))
        else:
            self.follows.add((a, b))
            insert(Follow, [{"follower_id": a, "followed_id": b}])

    def toggle_suspension(self, who: int) -> None:
        self.suspended ^= {who}
        moment = utcnow() if who in self.suspended else None
        db.session.execute(sa.update(User).where(User.id == who).values(suspended_at=moment))


def insert(model: type, rows: Iterable[dict[str, object]]) -> None:
    rows = list(rows)
    if rows:
        db.session.execute(sa.insert(model), rows)


def _post_row(post_id: int, author: int, audience: str) -> dict[str, object]:
    return {
        "id": post_id,
        "author_id": author,
        "body": f"number {post_id}",
        "audience": audience,
        "once_key": f"{post_id:x}",
    }


@contextmanager
def settled(town: Town) -> Iterator[Town]:
    """Put a town into the database for as long as the block runs."""
    try:
        insert(
            User,
            (
                {
                    "id": number,
                    "username": f"p{number}",
                    "username_key": f"p{number}",
                    "email": f"p{number}@example.com",
                    "email_key": f"p{number}@example.com",
                    "password_hash": "-",
                    "suspended_at": utcnow() if number in town.suspended else None,
                }
                for number in range(1, town.people + 1)
            ),
        )
        insert(Follow, ({"follower_id": a, "followed_id": b} for a, b in sorted(town.follows)))
        insert(Post, (_post_row(i, *columns) for i, columns in town.posts.items()))
        town.user = db.session.get(User, town.reader) if town.reader else AnonymousUserMixin()
        yield town
    finally:
        db.session.rollback()
        db.session.expunge_all()


post_ids = st.builds(
    lambda moment, low: START + moment << RANDOM_BITS | low,
    st.integers(0, 12),
    st.integers(0, 6) | st.just(LAST),
)
audiences = st.sampled_from([Audience.PUBLIC, Audience.PUBLIC, Audience.PUBLIC, HIDDEN])
# Keys that are in the town, were in it, or never were, the extremes included.
keys = post_ids | st.sampled_from([0, 1, MAX_ID]) | st.integers(0, MAX_ID)
sizes = st.integers(1, 6)


@st.composite
def towns(draw: st.DrawFn, max_posts: int = 40) -> Town:
    # The sizes are Hypothesis's, so that it can shrink them; the rest is plain chance, because its
    # own lists are mostly empty and half of the towns would have nothing to read.
    people = draw(st.integers(1, 7), label="people")
    posts = draw(st.integers(0, max_posts), label="posts")
    friendliness = draw(st.sampled_from([0.2, 0.6, 1.0]), label="friendliness")
    chance = random.Random(draw(st.integers(0, 2**32), label="seed"))
    everybody = range(1, people + 1)
    return Town(
        people,
        follows={
            (a, b)
            for a in everybody
            for b in everybody
            if a != b and chance.random() < friendliness
        },
        # A reader who is suspended cannot read at all.
        suspended={who for who in everybody if who != 1 and chance.random() < 0.15},
        posts={
            _random_id(chance): (
                chance.choice(everybody),
                HIDDEN if chance.random() < 0.2 else Audience.PUBLIC,
            )
            for _ in range(posts)
        },
    )


def _random_id(chance: random.Random) -> int:
    # Few moments and few random parts: many posts share a millisecond, some follow without a gap.
    return (START + chance.randrange(12)) << RANDOM_BITS | chance.choice([*range(6), LAST])


def readers_of(which: str, town: Town, draw: st.DataObject) -> None:
    """Choose who reads: home has a member, the other two also visitors and any subject."""
    if which != "home":
        town.reader = draw.draw(st.sampled_from([0, 1]), label="reader")
        town.subject = draw.draw(st.integers(1, town.people), label="subject")


def ids_of(page: Page[Post]) -> list[int]:
    return [post.id for post in page.items]


which_timeline = st.sampled_from(["home", "home", "explore", "profile"])


def walk(read: Callable[..., Page[Post]], page: Page[Post], direction: str) -> list[Page[Post]]:
    """Follow "Older" or "Newer" from a page to the end and return every page on the way."""
    pages, argument = [page], {"older": "before", "newer": "after"}[direction]
    while (key := getattr(pages[-1], direction)) is not None:
        pages.append(read(**{argument: key}))
        assert len(pages) < 200, "the walk does not end"
    return pages


@towns_profile
@given(towns(), which_timeline, sizes, st.data())
def test_walk_to_the_end_and_back_shows_what_brute_force_shows(app, town, which, size, data):
    readers_of(which, town, data)
    everything = town.timeline(which)
    with settled(town):

        def read(**where: int) -> Page[Post]:
            return town.read(which, size, **where)

        there = walk(read, read(), "older")
        slices = [everything[i : i + size] for i in range(0, len(everything), size)] or [[]]
        assert [ids_of(page) for page in there] == slices
        assert there[0].newer is None
        assert [page.is_first for page in there] == [True] + [False] * (len(there) - 1)

        back = walk(read, there[-1], "newer")
        assert [ids_of(page) for page in back] == slices[::-1]
        assert all(page.older is not None for page in back[1:])
    target(len(there), label="pages")


@towns_profile
@given(towns(), which_timeline, sizes, keys, st.booleans(), st.data())
def test_page_at_any_key_shows_what_brute_force_shows(app, town, which, size, at, after, data):
    readers_of(which, town, data)
    where = {"after" if after else "before": at}
    ids, more = town.expected(which, Key(size, **where))
    with settled(town):
        page = town.read(which, size, **where)
        assert ids_of(page) == ids
        if ids:
            beyond, behind = (page.newer, page.older) if after else (page.older, page.newer)
            assert (beyond is not None) == more
            # There is a way back to where the key came from.
            assert behind == (ids[-1] if after else ids[0])
            assert beyond in {None, ids[0] if after else ids[-1]}
        else:
            assert (page.newer, page.older) == (None, None)


@towns_profile
@given(towns(), sizes, st.data())
def test_page_after_a_deleted_post_goes_on_where_it_was(app, town, size, data):
    everything = town.timeline("home")
    assume(everything)
    gone = data.draw(st.sampled_from(everything), label="gone")
    with settled(town):
        town.delete(gone)
        for where in ({"before": gone}, {"after": gone}):
            ids, _more = town.expected("home", Key(size, **where))
            assert ids_of(town.read("home", size, **where)) == ids


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[str, int, int, str]]:
    """Draw what happens in the town between two pages: (what, a number, another, an audience)."""
    what = st.sampled_from(["write", "write", "late", "delete", "follow", "suspend"])
    number = st.integers(0, 1000)
    return draw(st.lists(st.tuples(what, number, number, audiences), max_size=4))


def happen(town: Town, happenings: list[tuple[str, int, int, str]]) -> None:
    """Let changes happen, to the town in Python and to the one in the database alike."""
    for what, a, b, audience in happenings:
        first, second = a % town.people + 1, b % town.people + 1
        if what == "write":
            post_id = max([START << RANDOM_BITS, *town.posts]) + 1 + b
            town.write(post_id, first, audience)
        elif what == "late":  # a slow transaction commits, or an import writes into the past
            post_id = (START << RANDOM_BITS) + (a << RANDOM_BITS - 6) + b
            if post_id not in town.posts:
                town.write(post_id, first, audience)
        elif what == "delete" and town.posts:
            town.delete(sorted(town.posts)[a % len(town.posts)])
        elif what == "follow" and first != second:
            town.toggle_follow(first, second)
        elif what == "suspend" and second != 1:
            town.toggle_suspension(second)


@towns_profile
@given(towns(max_posts=30), which_timeline, sizes, st.booleans(), st.data())
def test_nothing_is_repeated_or_skipped_while_the_town_lives_on(
    app, town, which, size, forwards, data
):
    readers_of(which, town, data)
    direction, argument = ("newer", "after") if forwards else ("older", "before")
    with settled(town):
        before = town.timeline(which)
        page = town.read(which, size, after=0) if forwards else town.read(which, size)
        assert ids_of(page) == town.expected(which, Key(size, after=0 if forwards else None))[0]
        seen, stayed = ids_of(page), set(before)
        for _number in range(60):
            key = getattr(page, direction)
            if key is None:
                break
            # So that the town does not grow faster than we read.
            if _number < 8:
                happen(town, data.draw(changes(), label="meanwhile"))
            stayed &= set(town.timeline(which))
            page = town.read(which, size, **{argument: key})
            ids, more = town.expected(which, Key(size, **{argument: key}))
            assert ids_of(page) == ids
            assert (getattr(page, direction) is not None) == more
            seen += ids
        else:
            raise AssertionError("the walk does not end")
        assert len(seen) == len(set(seen)), "a post was shown twice"
        assert stayed <= set(seen), "a post that was there all the time was skipped"
        assert seen == sorted(seen, reverse=True) or forwards


def test_town_has_what_the_properties_are_about(app):
    # The premise of this file: hidden and suspended posts are in the towns, and only there.
    town = Town(
        people=4,
        follows={(1, 2), (1, 3)},
        suspended={3},
        posts={
            10: (1, HIDDEN),
            11: (2, HIDDEN),
            12: (2, Audience.PUBLIC),
            13: (3, Audience.PUBLIC),
            14: (4, Audience.PUBLIC),
        },
    )
    with settled(town):
        assert ids_of(town.read("home", 5)) == [12, 10]
        assert ids_of(town.read("explore", 5)) == [14, 12, 10]
        town.subject = 2
        assert ids_of(town.read("profile", 5)) == [12]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Post)) == 0
