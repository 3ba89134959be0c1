"""Building an index anew, comparing it with what it is made from, and mending it.

These commit by themselves, portion by portion, so that nobody waits for them: a rebuild of a large
site takes minutes.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.clock import utcnow
from app.database import begin_read, end_read
from app.extensions import db
from app.posts.models import Post
from app.search.elastic import ElasticEngine
from app.search.embedded import embedded
from app.search.engine import Collection, SearchEngine
from app.search.models import SLOTS, SearchIndex
from app.search.sources import SOURCES
from app.text.language import language_of

PORTION = 500
COMPARED = 5000
SHORTEST_PAUSE, LONGEST_PAUSE = 0.12, 1.0

# Called with the number of documents that are done so far.
Report = Callable[[int], None]


class Superseded(Exception):  # noqa: N818 (nothing went wrong)
    """Another rebuild has begun since this one did; the later one goes on."""


@dataclass(frozen=True)
class Difference:
    """How an index differs from what it is made from: ids that it lacks, ids it should not have."""

    indexed: int
    missing: list[int]
    extra: list[int]


def rebuild(report: Report = lambda _done: None, *, alone: bool = False) -> None:
    """Build the database's indexes anew beside the live ones, then swap.

    What is written meanwhile counts; if the site stands still (`alone`), no time is left for it.
    Posts from before languages were told get theirs.
    """
    done, builder = 0, secrets.token_hex(8)
    for collection in Collection:
        began = utcnow()
        slot = _begin(collection, builder)
        for ids in portions(collection):
            started = time.monotonic()
            _check_builder(collection, builder)
            if collection == Collection.POSTS:
                _tell_languages(ids)
            entries = SOURCES[collection].entries(ids, keep=True)
            embedded().fill(collection, slot, entries)
            db.session.commit()
            done += len(ids)
            report(done)
            if not alone:
                _let_others_write(time.monotonic() - started)
        _swap(collection, builder)
        _catch_up(embedded(), collection, began)


def rebuild_server(server: ElasticEngine, report: Report = lambda _done: None) -> None:
    """Build Elasticsearch's indexes anew beside the live ones, then swap. Raises FAILURES."""
    done = 0
    for collection in Collection:
        began = utcnow()
        index = server.begin(collection)
        for ids in portions(collection):
            server.put(collection, SOURCES[collection].entries(ids), index=index)
            db.session.rollback()
            done += len(ids)
            report(done)
        server.swap(collection, index)
        if collection == Collection.PEOPLE:
            # Nobody knows who changed their name meanwhile; jobs told the old index.
            for ids in portions(collection):
                server.put(collection, SOURCES[collection].entries(ids))
                db.session.rollback()
        _catch_up(server, collection, began)


def compare(engine: SearchEngine, collection: Collection) -> Difference:
    """Compare the ids in an index with those that should be there."""
    begin_read(db.session)
    indexed, missing, extra = 0, [], []
    ours = _all_ids(lambda above: SOURCES[collection].ids(above, COMPARED))
    theirs = _all_ids(lambda above: engine.ids(collection, above, COMPARED))
    mine, its = next(ours, None), next(theirs, None)
    while mine is not None or its is not None:
        if its is None or (mine is not None and mine < its):
            missing.append(mine)
            mine = next(ours, None)
        elif mine is None or its < mine:
            extra.append(its)
            indexed, its = indexed + 1, next(theirs, None)
        else:
            indexed, mine, its = indexed + 1, next(ours, None), next(theirs, None)
    end_read(db.session)
    return Difference(indexed, missing, extra)


def repair(engine: SearchEngine, collection: Collection, difference: Difference) -> None:
    """Add what an index lacks and remove what it should not have."""
    for ids in _cut(difference.missing):
        engine.put(collection, SOURCES[collection].entries(ids))
        db.session.commit()
    for ids in _cut(difference.extra):
        # One that was written while we compared is where it belongs.
        written = SOURCES[collection].existing(ids)
        engine.remove(collection, [row_id for row_id in ids if row_id not in written])
        db.session.commit()


def portions(collection: Collection) -> Iterator[list[int]]:
    """Yield the ids of everything that belongs into a collection now, a portion at a time.

    What is written from now on is not among them, or this might never end.
    """
    above, last = 0, SOURCES[collection].last_id()
    while ids := [row_id for row_id in SOURCES[collection].ids(above, PORTION) if row_id <= last]:
        yield ids
        above = ids[-1]


def _begin(collection: Collection, builder: str) -> str:
    state = _state(collection)
    slot = next(slot for slot in SLOTS if slot != state.live)
    # From here on, whoever writes writes into both, and a rebuild that is under way ends.
    state.building, state.builder = slot, builder
    embedded().clear(collection, slot)
    db.session.commit()
    return slot


def _check_builder(collection: Collection, builder: str) -> SearchIndex:
    state = _state(collection)
    if state.builder != builder:
        db.session.rollback()
        raise Superseded(f"another rebuild of {collection} has begun")
    return state


def _swap(collection: Collection, builder: str) -> None:
    state = _check_builder(collection, builder)
    embedded().learn(collection, state.building)
    old, state.live, state.building, state.builder = state.live, state.building, None, None
    db.session.commit()
    embedded().clear(collection, old)
    db.session.commit()


def _state(collection: Collection) -> SearchIndex:
    return db.session.get_one(SearchIndex, collection, with_for_update=True, populate_existing=True)


def _let_others_write(seconds: float) -> None:
    # SQLite has one writer at a time, and who waits only looks now and then whether it is free.
    if db.engine.dialect.name == "sqlite":
        time.sleep(max(SHORTEST_PAUSE, min(seconds, LONGEST_PAUSE)))


def _catch_up(engine: SearchEngine, collection: Collection, began: datetime) -> None:
    """Do again what was changed by transactions that had begun before the rebuild did."""
    if collection == Collection.POSTS:
        changed = db.session.scalars(sa.select(Post.id).where(Post.edited_at >= began)).all()
        for ids in _cut(list(changed)):
            engine.put(collection, SOURCES[collection].entries(ids))
            db.session.commit()
    repair(engine, collection, compare(engine, collection))


def _tell_languages(ids: list[int]) -> None:
    posts = sa.select(Post).options(joinedload(Post.author)).where(Post.id.in_(ids))
    for post in db.session.scalars(posts.where(Post.language == "")):
        post.language = language_of(post.body, post.author.locale or "")
    db.session.flush()


def _all_ids(read: Callable[[int], list[int]]) -> Iterator[int]:
    above = 0
    while ids := read(above):
        yield from ids
        above = ids[-1]


def _cut(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + PORTION] for start in range(0, len(ids), PORTION))
