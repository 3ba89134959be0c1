"""Answering a search: which engine is asked, who may see what it finds, and in which order.

Engines find ids in the index; whether the reader may see a post is asked of the database each time,
so nothing that is suspended or not for them ever shows, whatever an index holds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.queries import by_username
from app.extensions import db
from app.ids import MAX_ID, first_id
from app.jobs.models import Job
from app.posts.models import Post
from app.posts.queries import shown_to
from app.relationships.queries import id_of, in_sight, people_for
from app.search.analysis import Phrase
from app.search.documents import (
    EVERY,
    LONGEST_PHRASE,
    author_mark,
    kind_mark,
    language_mark,
    mark,
    searchable,
)
from app.search.elastic import FAILURES, elastic
from app.search.embedded import embedded
from app.search.engine import Collection, Lookup
from app.search.parser import Query
from app.search.ranking import COMPARED, ranked

# So many of the members who match, the newest, are put in order.
PEOPLE_COMPARED = 1000
# What is hidden from the reader is made up for: a page looks at so many batches of places, each so
# many times as large as the one before (of the largest pages, no more than Elasticsearch tells).
BATCHES, GROWTH = 3, 8
# The key of the job that the migration asks for.
FIRST_BUILD = "rebuild search"


# Where a result stands in its order: its rank and its id. Greater ones come first.
Place = tuple[int, int]


@dataclass(frozen=True)
class Results:
    """A page of results, and where it ends, if another may follow."""

    items: Sequence[Any]
    following: Place | None = None


def newest_posts(viewer: Any, query: Query, size: int, start: Place) -> Results:
    """Return a page of the posts that match, newest first; `start` is (anything, id)."""
    lookup = lookup_of(query)
    if lookup is None:
        return Results([])
    below = min(lookup.below, start[1])

    def next_places(last: Place | None, limit: int) -> list[Place]:
        bounded = replace(lookup, below=last[1] if last else below)
        return [(0, post_id) for post_id in find(Collection.POSTS, bounded, limit)]

    return _page(viewer, size, next_places)


def best_posts(viewer: Any, query: Query, size: int, start: Place) -> Results:
    """Return a page of the posts that match, the best first; `start` is (rank, id)."""
    lookup = lookup_of(query)
    if lookup is None:
        return Results([])
    terms = embedded().terms(Collection.POSTS, find(Collection.POSTS, lookup, COMPARED))
    ranks = ranked(terms, lookup.required)

    def next_places(last: Place | None, limit: int) -> list[Place]:
        return [place for place in ranks if place < (last or start)][:limit]

    return _page(viewer, size, next_places)


def people(viewer: Any, query: Query, size: int, start: Place) -> Results:
    """Return a page of the members who match: who is called exactly so, then by followers."""
    if not query.required:
        return Results([])
    lookup = Lookup(_required(query.required), tuple(map(_excluded, query.excluded)))
    exact = by_username(query.text.removeprefix("@"))
    ids = {*find(Collection.PEOPLE, lookup, PEOPLE_COMPARED), *([exact.id] if exact else [])}
    rows = db.session.execute(
        sa.select(User.id, User.followers_count).where(User.id.in_(ids), in_sight(id_of(viewer)))
    ).all()
    ranks = sorted(
        ((MAX_ID if exact and row.id == exact.id else row.followers_count, row.id) for row in rows),
        reverse=True,
    )
    page = [place for place in ranks if place < start][: size + 1]
    found = people_for(viewer).where(User.id.in_([user_id for _rank, user_id in page]))
    members = {user.id: user for user in db.session.scalars(found)}
    items = [members[user_id] for _rank, user_id in page[:size] if user_id in members]
    return Results(items, page[size - 1] if len(page) > size else None)


def _page(
    viewer: Any, size: int, next_places: Callable[[Place | None, int], list[Place]]
) -> Results:
    """Return the posts at the next places that the viewer may see.

    `next_places` is told where it stopped and how many places to return, `BATCHES` times at most.
    Another page begins where something visible stands: nothing tells of what is hidden.
    """
    shown: list[Place] = []
    last: Place | None = None
    limit, is_end = size + 1, False
    for _number in range(BATCHES):
        places = next_places(last, limit)
        visible = _visible_among(viewer, [post_id for _rank, post_id in places])
        shown += [place for place in places if place[1] in visible]
        is_end = len(places) < limit
        if len(shown) > size or is_end:
            break
        last, limit = places[-1], limit * GROWTH
    page = shown[:size]
    has_more = len(shown) > size or not is_end
    items = _posts(viewer, [post_id for _rank, post_id in page])
    return Results(items, page[-1] if page and has_more else None)


def is_falling_back() -> bool:
    """Whether Elasticsearch is configured, and does not answer just now."""
    server = elastic()
    return server is not None and server.is_resting


def is_being_built() -> bool:
    """Whether what was written before an upgrade is still being indexed: not all is found yet."""
    unfinished = sa.select(Job.id).where(Job.unique_key == FIRST_BUILD)
    return db.session.scalar(unfinished) is not None


def find(collection: Collection, lookup: Lookup, limit: int) -> Sequence[int]:
    """Ask Elasticsearch if there is one and it answers, else the index in the database."""
    server = elastic()
    if server is not None and not server.is_resting:
        try:
            return server.find(collection, lookup, limit)
        except FAILURES as error:
            server.rest(error)
    return embedded().find(collection, lookup, limit)


def lookup_of(query: Query) -> Lookup | None:
    """Return what the engines are asked for posts; None if nothing can match."""
    required = [*_required(query.required), *map(mark, query.tags)]
    excluded = [*map(_excluded, query.excluded), *map(mark, query.excluded_tags)]
    if query.author is not None:
        author = by_username(query.author)
        if author is None:
            return None
        required.append(mark(author_mark(author.id)))
    for name in query.excluded_authors:
        author = by_username(name)
        if author is not None:
            excluded.append(mark(author_mark(author.id)))
    required += [mark(kind_mark(kind)) for kind in query.kinds]
    excluded += [mark(kind_mark(kind)) for kind in query.excluded_kinds]
    if query.language is not None:
        required.append(mark(language_mark(query.language)))
    if query.is_empty:
        return None
    return Lookup(
        tuple(map(_settled, required)) or (mark(EVERY),),
        tuple(excluded),
        above=_after(query.after),
        below=_before(query.before),
    )


def _after(day: date | None) -> int:
    # Later than that day: from the next one on.
    return first_id(_midnight(day + timedelta(days=1))) - 1 if day else 0


def _before(day: date | None) -> int:
    return first_id(_midnight(day)) if day else MAX_ID


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _settled(phrase: Phrase) -> Phrase:
    """Take a word that may go on as a whole one, if it stands in very many posts as it is.

    Whoever types "the" does not mean "there"; and to go through all that begins so takes long.
    """
    whole = Phrase(phrase.terms)
    if not phrase.is_prefix or len(find(Collection.POSTS, Lookup((whole,)), COMPARED)) < COMPARED:
        return phrase
    return whole


def _required(phrases: Iterable[Phrase]) -> tuple[Phrase, ...]:
    return tuple(part for phrase in phrases for part in searchable(phrase))


def _excluded(phrase: Phrase) -> Phrase:
    # As one phrase, or less would be excluded with more words: its end is not open then.
    parts = searchable(phrase)
    return parts[0] if len(parts) == 1 else Phrase(phrase.terms[:LONGEST_PHRASE])


def _visible_among(viewer: Any, ids: Sequence[int]) -> set[int]:
    if not ids:
        return set()
    query = shown_to(viewer).with_only_columns(Post.id).where(Post.id.in_(ids))
    return set(db.session.scalars(query))


def _posts(viewer: Any, ids: Sequence[int]) -> list[Post]:
    if not ids:
        return []
    posts = {post.id: post for post in db.session.scalars(shown_to(viewer).where(Post.id.in_(ids)))}
    return [posts[post_id] for post_id in ids if post_id in posts]
