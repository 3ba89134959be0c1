"""The timelines against the slow and obvious way, on random towns.

Every example lives in one transaction that is rolled back, so each town starts on an empty ground.
"""

import random
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, assume, given, settings, target
from hypothesis import strategies as st

from app.extensions import db
from app.ids import MAX_ID, RANDOM_BITS
from app.pagination import Key, Page
from app.posts.models import Post
from tests.timelines.town import (
    HASHTAGS,
    HIDDEN,
    LAST,
    START,
    Entry,
    Kind,
    Town,
    random_entry,
    random_id,
    settled,
)

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

post_ids = st.builds(
    lambda moment, low: START + moment << RANDOM_BITS | low,
    st.integers(0, 12),
    st.integers(0, 6) | st.just(LAST),
)
# Keys that are in the town, were in it, or never were, the extremes included.
keys = post_ids | st.sampled_from([0, 1, MAX_ID]) | st.integers(0, MAX_ID)
sizes = st.sampled_from([1, 2, 3, 5])
which_timeline = st.sampled_from(["home", "home", "home", "explore", "profile", "replies"])


@st.composite
def towns(draw: st.DrawFn, max_posts: int = 40) -> Town:
    # The sizes are Hypothesis's, so that it can shrink them; the rest is plain chance, because its
    # own lists are mostly empty and half of the towns would have nothing to read.
    people = draw(st.integers(1, 7), label="people")
    number = draw(st.integers(0, max_posts), label="posts")
    friendliness = draw(st.sampled_from([0.2, 0.6, 1.0]), label="friendliness")
    trouble = draw(st.sampled_from([0.0, 0.1, 0.3]), label="trouble")
    chance = random.Random(draw(st.integers(0, 2**32), label="seed"))
    pairs = [(a, b) for a in range(1, people + 1) for b in range(1, people + 1) if a != b]
    posts: dict[int, Entry] = {}
    for post_id in {random_id(chance) for _ in range(number)}:
        posts[post_id] = random_entry(chance, people, posts)

    def some(probability: float) -> Iterator[tuple[int, int]]:
        return (pair for pair in pairs if chance.random() < probability)

    return Town(
        people,
        posts,
        follows=set(some(friendliness)),
        blocks=set(some(trouble / 2)),
        mutes={pair: chance.random() < 0.5 for pair in some(trouble)},
        # A reader who is suspended cannot read at all.
        suspended={who for who in range(2, people + 1) if chance.random() < 0.15},
        hashtags={tag for tag in HASHTAGS if chance.random() < 0.4},
    )


def readers_of(which: str, town: Town, draw: st.DataObject) -> None:
    """Choose who reads: home has a member, the others also visitors and any subject."""
    if which != "home":
        town.reader = draw.draw(st.sampled_from([0, 1]), label="reader")
        town.subject = draw.draw(st.integers(1, town.people), label="subject")


def ids_of(page: Page[Post]) -> list[int]:
    return [post.id for post in page.items]


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
        shown = [town.once_each(ids) for ids in slices]
        assert [ids_of(page) for page in there] == shown
        assert there[0].newer is None
        assert [page.is_first for page in there] == [True] + [False] * (len(there) - 1)

        back = walk(read, there[-1], "newer")
        assert [ids_of(page) for page in back] == shown[::-1]
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
        assert ids_of(page) == town.once_each(ids)
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
            assert ids_of(town.read("home", size, **where)) == town.once_each(ids)


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    """Draw what happens in the town between two pages: (what, a number, another)."""
    what = st.sampled_from(
        ["write", "write", "late", "delete", "follow", "suspend", "block", "mute", "hashtag"]
    )
    number = st.integers(0, 1000)
    return draw(st.lists(st.tuples(what, number, number), max_size=4))


def happen(town: Town, happenings: list[tuple[str, int, int]]) -> None:
    """Let changes happen, to the town in Python and to the one in the database alike."""
    for what, a, b in happenings:
        first, second = a % town.people + 1, b % town.people + 1
        if what == "write":
            post_id = max([START << RANDOM_BITS, *town.posts]) + 1 + b
            town.write(post_id, random_entry(random.Random(a), town.people, town.posts))
        elif what == "late":  # a slow transaction commits, or an import writes into the past
            post_id = (START << RANDOM_BITS) + (a << RANDOM_BITS - 6) + b
            if post_id not in town.posts:
                town.write(post_id, random_entry(random.Random(a), town.people, town.posts))
        elif what == "delete" and town.posts:
            town.delete(sorted(town.posts)[a % len(town.posts)])
        elif what == "suspend" and second != 1:
            town.toggle_suspension(second)
        elif what == "hashtag":
            town.toggle_hashtag(HASHTAGS[a % len(HASHTAGS)])
        elif what in {"follow", "block", "mute"} and first != second:
            toggle = {
                "follow": town.toggle_follow,
                "block": town.toggle_block,
                "mute": town.toggle_mute,
            }
            toggle[what](first, second)


def live_through(town: Town, which: str, size: int, forwards: bool, data: st.DataObject) -> None:
    """Read a timeline page by page while the town lives on, and compare every page."""
    readers_of(which, town, data)
    direction, argument = ("newer", "after") if forwards else ("older", "before")
    with settled(town):
        stayed = set(town.timeline(which))
        page = town.read(which, size, after=0) if forwards else town.read(which, size)
        ids, _more = town.expected(which, Key(size, after=0 if forwards else None))
        assert ids_of(page) == town.once_each(ids)
        seen, passed, subjects = ids_of(page), list(ids), {post.subject.id for post in page.items}
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
            assert ids_of(page) == town.once_each(ids)
            assert (getattr(page, direction) is not None) == more
            seen += ids_of(page)
            passed += ids
            subjects |= {post.subject.id for post in page.items}
        else:
            raise AssertionError("the walk does not end")
        assert len(passed) == len(set(passed)), "an entry was passed twice"
        assert stayed <= set(passed), "an entry that was there all the time was skipped"
        assert {town.subject_of(entry) for entry in stayed} <= subjects, "a post was never shown"
        assert seen == sorted(seen, reverse=True) or forwards


@towns_profile
@given(towns(max_posts=30), which_timeline, sizes, st.booleans(), st.data())
def test_nothing_is_repeated_or_skipped_while_the_town_lives_on(
    app, town, which, size, forwards, data
):
    live_through(town, which, size, forwards, data)


@pytest.mark.thorough
@settings(towns_profile, max_examples=250)
@given(towns(max_posts=60), which_timeline, sizes, st.booleans(), st.data())
def test_nothing_is_repeated_or_skipped_in_many_towns(app, town, which, size, forwards, data):
    live_through(town, which, size, forwards, data)


def test_town_has_what_the_properties_are_about(app):
    # The premise of this file: what is hidden is in the towns, and only there.
    town = Town(
        people=7,
        follows={(1, 2), (1, 3), (1, 4), (1, 5)},
        suspended={3},
        blocks={(4, 1)},
        mutes={(1, 5): False, (1, 2): True},
        hashtags={1},
        posts={
            10: Entry(1, HIDDEN),
            11: Entry(2, HIDDEN),
            12: Entry(2),
            13: Entry(3),
            14: Entry(4),
            15: Entry(5),
            16: Entry(6),
            17: Entry(6, hashtags=frozenset({1})),
            18: Entry(6, hashtags=frozenset({2})),
            19: Entry(2, kind=Kind.REPOST, of=16, to=6),
            20: Entry(2, kind=Kind.REPOST, of=15, to=5),
            21: Entry(2, kind=Kind.ANSWER, of=16, to=6),
            22: Entry(2, kind=Kind.ANSWER, of=10, to=1),
            23: Entry(1, kind=Kind.REPOST, of=16, to=6),
        },
    )
    with settled(town):
        assert ids_of(town.read("home", 9)) == [23, 22, 17, 12, 10]
        # Of two entries that show the same post, the lower page shows it again.
        assert ids_of(town.read("home", 9, before=23)) == [22, 19, 17, 12, 10]
        assert ids_of(town.read("explore", 9)) == [18, 17, 16, 12, 10]
        town.subject = 2
        assert ids_of(town.read("profile", 9)) == [20, 19, 12]
        assert ids_of(town.read("replies", 9)) == [22, 21, 20, 19, 12]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Post)) == 0
