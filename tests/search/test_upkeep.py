"""Building the indexes anew beside the live ones, comparing them with the rows, mending them."""

import itertools
import time
from contextlib import contextmanager, suppress
from threading import Event, Thread

import flask_migrate
import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from app import create_app
from app.accounts import actions as accounts
from app.accounts.models import User
from app.accounts.queries import by_username
from app.clock import utcnow
from app.extensions import db
from app.jobs.models import Job, JobState
from app.posts import actions as posts
from app.posts.models import Post
from app.search import upkeep
from app.search.documents import person_entry, post_entry
from app.search.embedded import embedded
from app.search.engine import Collection, Entry
from app.search.models import SearchIndex
from tests.browsing import posts_on
from tests.conftest import Client, make_config
from tests.factories import PASSWORD_HASH, make_post, make_user, write_many
from tests.queries import indexed
from tests.working import bury_worker, do_jobs, jobs_of_kind

# Takes long: left to `make check`.
pytestmark = pytest.mark.thorough

POSTS, PEOPLE = Collection
only_sqlite_has_ghosts = pytest.mark.sqlite("elsewhere a foreign key keeps such rows out")


@pytest.fixture
def ana(app):
    """Return Ana as she joined: the index knows everything about her."""
    return make_user("ana")


@pytest.fixture
def bob(app):
    return make_user("bob")


class PulledPlug(BaseException):
    """The process ends here, so to speak."""


def tables():
    """Return what every table of the index holds, looked at from outside."""
    return {
        (collection, slot): indexed(collection, slot)
        for collection in ("posts", "people")
        for slot in ("a", "b")
    }


def states():
    with db.engine.connect().execution_options(reads=True) as connection:
        rows = connection.exec_driver_sql("SELECT collection, live, building FROM search_indexes")
        return {name: (live, building) for name, live, building in rows}


def live(collection):
    return tables()[collection, states()[collection][0]]


def right(collection):
    """Return what a collection's index should hold."""
    db.session.rollback()
    db.session.expire_all()
    model, entry_of = {"posts": (Post, post_entry), "people": (User, person_entry)}[collection]
    return {entry.id: entry.terms for entry in map(entry_of, db.session.scalars(sa.select(model)))}


def assert_right():
    for collection in ("posts", "people"):
        assert live(collection) == right(collection)
        live_slot, building = states()[collection]
        assert building is None
        assert tables()[collection, "b" if live_slot == "a" else "a"] == {}


def stop_after(times):
    """Return a report that pulls the plug when it is called for the n-th time."""
    calls = itertools.count(1)

    def report(_done):
        if next(calls) == times:
            raise PulledPlug

    return report


def not_for_ever():
    """Return a report that ends a rebuild that has no end, because new posts keep coming."""
    calls = itertools.count()

    def report(done):
        assert next(calls) < 25, f"it goes on and on: {done}"

    return report


@contextmanager
def looked_at_after_each_commit(look):
    """Call `look` whenever this session has committed."""

    def after(_session):
        look()

    event.listen(Session, "after_commit", after)
    try:
        yield
    finally:
        event.remove(Session, "after_commit", after)


def test_rebuilt_index_holds_what_it_should(app, ana):
    make_post(ana, "low tide")
    write_many(1100, ana)
    assert len(live("posts")) == 1  # the premise
    reported = []
    upkeep.rebuild(reported.append)
    assert_right()
    assert reported[-1] == 1102
    assert reported == sorted(reported)


def test_indexes_take_turns(app, ana):
    make_post(ana)
    assert states() == {"posts": ("a", None), "people": ("a", None)}
    upkeep.rebuild()
    assert states() == {"posts": ("b", None), "people": ("b", None)}
    assert_right()
    upkeep.rebuild()
    assert states() == {"posts": ("a", None), "people": ("a", None)}
    assert_right()


def test_rebuild_of_an_empty_site(app):
    upkeep.rebuild()
    assert_right()


@only_sqlite_has_ghosts
def test_rebuild_removes_what_should_not_be_there_and_what_is_stale(app, ana):
    post = make_post(ana, "low tide")
    db.session.execute(sa.text("INSERT INTO search_posts_a (rowid, terms) VALUES (77, 'w0ghost')"))
    db.session.execute(sa.update(Post).values(body="high water"))
    db.session.commit()
    upkeep.rebuild()
    assert_right()
    assert list(live("posts")) == [post.id]


def test_posts_can_be_found_at_every_moment_of_a_rebuild(app, ana):
    post = make_post(ana, "low tide")
    write_many(700, ana)
    seen, post_id, ana_id = [], post.id, ana.id

    def look():
        seen.append((post_id in live("posts"), ana_id in live("people")))

    with looked_at_after_each_commit(look):
        upkeep.rebuild()
    assert len(seen) > 5
    assert set(seen) == {(True, True)}


def test_what_is_written_during_a_rebuild_counts(app, ana, bob):
    write_many(1200, bob)
    edited, deleted = make_post(ana, "first words"), make_post(ana, "doomed")
    late_edited = sorted(right("posts"))[-5]
    calls = itertools.count()

    def meanwhile(_done):
        if next(calls) == 1:
            make_post(by_username("ana"), "written meanwhile")
            posts.edit(db.session.get_one(Post, edited.id), "second words")
            posts.edit(db.session.get_one(Post, late_edited), "second words")
            posts.edit(db.session.get_one(Post, sorted(right("posts"))[0]), "second words")
            posts.delete(db.session.get_one(Post, deleted.id))
            accounts.edit_profile(
                by_username("ana"), display_name="Meanwhile", about_me="", location="", website=""
            )
            db.session.commit()

    upkeep.rebuild(meanwhile)
    assert next(calls) > 2  # the premise
    assert_right()


def test_rebuild_while_others_write(app, ana):
    write_many(1500, ana)
    stop, wrong, written = Event(), [], []
    author_id = ana.id
    db.session.rollback()

    def write(number):
        with app.app_context():
            mine = []
            turn = 0
            while not stop.is_set():
                turn += 1
                try:
                    author = db.session.get_one(User, author_id)
                    mine.append(posts.publish(author, f"thread {number} turn {turn}").id)
                    db.session.commit()  # as each request does one thing
                    if turn % 3 == 0:
                        posts.edit(db.session.get_one(Post, mine[turn % len(mine)]), f"edit {turn}")
                        db.session.commit()
                    if turn % 4 == 0:
                        posts.delete(db.session.get_one(Post, mine.pop(0)))
                        db.session.commit()
                    if turn % 5 == 0:
                        accounts.register(f"w{number}n{turn}", f"w{number}n{turn}@x.org", "!")
                        db.session.commit()
                    written.append(turn)
                    time.sleep(0.01)  # SQLite lets nobody pass who writes without a pause
                except Exception as error:
                    wrong.append(error)
                    return

    threads = [Thread(target=write, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _round in range(6):
            upkeep.rebuild(not_for_ever())
            if len(written) > 40:
                break
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert len(written) > 3, "the premise: they wrote meanwhile"
    assert_right()


@pytest.mark.sqlite("elsewhere writers wait for no rebuild, but for a row")
def test_writers_have_their_turn_during_a_rebuild(app, ana):
    # Somebody who waits for SQLite's lock looks for it ten times a second.
    write_many(4000, ana)
    author_id, is_over, waits = ana.id, Event(), []
    db.session.rollback()

    def write():
        with app.app_context():
            while not is_over.is_set():
                began = time.monotonic()
                posts.publish(db.session.get_one(User, author_id), "written meanwhile")
                db.session.commit()
                waits.append(time.monotonic() - began)
                time.sleep(0.03)

    writer = Thread(target=write)
    began = time.monotonic()
    try:
        writer.start()
        upkeep.rebuild()
    finally:
        seconds = time.monotonic() - began
        is_over.set()
        writer.join()
    assert seconds > 0.5, "the premise: it takes a while"
    assert max(waits) < seconds / 2, "somebody waited for the whole of it, or nearly"


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_interrupted_rebuild_leaves_the_live_index_and_is_done_again(app, ana, after):
    upkeep.rebuild()
    write_many(1100, ana)
    known = make_post(ana, "low tide")
    with pytest.raises(PulledPlug):
        upkeep.rebuild(stop_after(after))
    db.session.rollback()
    assert known.id in live("posts")
    assert ana.id in live("people")

    new = make_post(ana, "written between")
    posts.delete(db.session.get_one(Post, known.id))
    db.session.commit()
    between = live("posts")
    assert new.id in between
    assert known.id not in between
    upkeep.rebuild()
    assert_right()


def test_two_rebuilds_at_once_never_leave_searches_without_an_index(app, ana):
    # An administrator types the command while the job of the migration is at it.
    post = make_post(ana, "low tide")
    write_many(1100, ana)
    calls, seen, post_id = itertools.count(), [], post.id

    def meanwhile(_done):
        if next(calls) == 0:
            try:
                upkeep.rebuild()
            except Exception as error:
                seen.append(type(error).__name__)
                db.session.rollback()

    def look():
        seen.append(post_id in live("posts"))

    with looked_at_after_each_commit(look), suppress(upkeep.Superseded):
        upkeep.rebuild(meanwhile)
    db.session.rollback()
    assert False not in seen, seen
    assert_right()


# --- Comparing and mending ---


def spoil(missing=(), extra=()):
    key = embedded().id_column
    for collection, number in missing:
        db.session.execute(sa.text(f"DELETE FROM search_{collection}_a WHERE {key} = {number}"))
    for collection, number in extra:
        embedded().put(Collection(collection), [Entry(number, "a0x w0ghost")])
    db.session.commit()


def test_right_index_has_no_difference(app, ana):
    make_post(ana)
    assert upkeep.compare(embedded(), POSTS) == upkeep.Difference(1, [], [])
    assert upkeep.compare(embedded(), PEOPLE) == upkeep.Difference(1, [], [])


@only_sqlite_has_ghosts
def test_every_difference_is_found(app, ana):
    ids = [make_post(ana).id for _ in range(5)]
    extra = [ids[0] - 1, ids[2] + 1, ids[4] + 7]
    spoil(
        missing=[("posts", ids[0]), ("posts", ids[3]), ("people", ana.id)],
        extra=[("posts", number) for number in extra],
    )
    assert upkeep.compare(embedded(), POSTS) == upkeep.Difference(6, [ids[0], ids[3]], extra)
    assert upkeep.compare(embedded(), PEOPLE) == upkeep.Difference(0, [ana.id], [])


@only_sqlite_has_ghosts
def test_differences_of_more_than_one_portion(app, ana):
    write_many(upkeep.COMPARED + 2, ana)
    spoil(extra=[("posts", 1), ("posts", 2**62)])
    found = upkeep.compare(embedded(), POSTS)
    assert found.indexed == 2
    assert found.missing == sorted(db.session.scalars(sa.select(Post.id)))
    assert found.extra == [1, 2**62]
    upkeep.repair(embedded(), POSTS, found)
    assert_right()


@only_sqlite_has_ghosts
def test_mending_leaves_nothing_to_mend(app, ana):
    ids = [make_post(ana).id for _ in range(4)]
    spoil(missing=[("posts", ids[1]), ("people", ana.id)], extra=[("posts", 5), ("people", 99)])
    for collection in Collection:
        upkeep.repair(embedded(), collection, upkeep.compare(embedded(), collection))
    assert_right()


def test_mending_what_was_changed_meanwhile(app, ana):
    gone, back = make_post(ana), make_post(ana, "low tide")
    spoil(missing=[("posts", gone.id), ("posts", back.id)])
    found = upkeep.compare(embedded(), POSTS)
    posts.delete(db.session.get_one(Post, gone.id))
    posts.edit(db.session.get_one(Post, back.id), "high water")
    db.session.commit()
    upkeep.repair(embedded(), POSTS, found)
    assert_right()


def test_mending_leaves_what_was_written_while_they_were_compared(app, ana):
    post = make_post(ana)
    upkeep.repair(embedded(), POSTS, upkeep.Difference(1, [], [post.id]))
    assert_right()


# --- The migration ---


@pytest.fixture
def old_site(tmp_path):
    """Return a site as it was before there was a search, with people who wrote."""
    app = create_app(make_config(tmp_path))
    app.test_client_class = Client
    with app.app_context():
        flask_migrate.upgrade(revision="0002")
        with db.engine.begin() as connection:
            for number in (1, 2):
                name = f"member{number}"
                connection.exec_driver_sql(
                    "INSERT INTO users (id, username, username_key, email, email_key,"
                    " password_hash, display_name, about_me, location, website, is_admin,"
                    " created_at, posts_count, followers_count, following_count)"
                    " VALUES (?, ?, ?, ?, ?, ?, '', '', '', '', 0, '2026-01-01', 1, 0, 0)",
                    (number, name, name, f"{name}@x.org", f"{name}@x.org", PASSWORD_HASH),
                )
                connection.exec_driver_sql(
                    "INSERT INTO posts (id, author_id, body, audience, once_key)"
                    " VALUES (?, ?, ?, 'public', ?)",
                    (number * 2**40, number, f"東京 low tide {number}", str(number)),
                )
        yield app
        db.session.remove()
        db.engine.dispose()


def test_upgrade_of_a_populated_site_asks_the_worker_for_an_index(old_site):
    flask_migrate.upgrade()
    client = old_site.test_client()
    [job] = jobs_of_kind("search.rebuild")
    assert job.state == JobState.WAITING
    page = client.get("/search?q=東京")
    assert posts_on(page) == []
    assert "The index is still being built" in page.text

    do_jobs(old_site)
    [job] = jobs_of_kind("search.rebuild")
    assert (job.state, job.last_error) == (JobState.DONE, "")
    page = client.get("/search?q=東京")
    assert posts_on(page) == [2 * 2**40, 2**40]
    assert "still being built" not in page.text
    assert "member1" in client.get("/search?q=member1&tab=people").text
    assert_right()


def test_what_is_written_before_the_first_index_is_built_is_found_at_once(old_site):
    flask_migrate.upgrade()
    post = make_post(by_username("member1"), "herring")
    client = old_site.test_client()
    assert posts_on(client.get("/search?q=herring")) == [post.id]
    do_jobs(old_site)
    assert posts_on(client.get("/search?q=herring")) == [post.id]
    assert_right()


def test_worker_that_died_while_it_built_the_first_index_is_followed_by_another(old_site):
    flask_migrate.upgrade()
    with pytest.raises(PulledPlug):
        upkeep.rebuild(stop_after(1))
    db.session.rollback()
    bury_worker(jobs_of_kind("search.rebuild")[0])
    do_jobs(old_site)
    assert [job.state for job in jobs_of_kind("search.rebuild")] == [JobState.DONE]
    assert_right()


def test_posts_from_before_get_a_language_that_can_be_searched(old_site):
    flask_migrate.upgrade()
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE posts SET body = '東京の港です' WHERE id = {2**40}")
    do_jobs(old_site)
    page = old_site.test_client().get("/search?q=lang:ja")
    assert posts_on(page) == [2**40]


def test_new_site_has_nothing_to_build(app):
    assert jobs_of_kind("search.rebuild") == []


def test_downgrade_takes_everything_away_and_upgrade_brings_it_back(old_site):
    def names():
        with db.engine.connect() as connection:
            return set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())

    before = names()
    flask_migrate.upgrade()
    do_jobs(old_site)
    db.session.remove()
    flask_migrate.downgrade(revision="0002")
    assert names() == before
    with db.engine.begin() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM jobs")).scalar() == 0
        connection.exec_driver_sql(f"DELETE FROM posts WHERE id = {2**40}")
    flask_migrate.upgrade()
    do_jobs(old_site)
    assert_right()
    assert posts_on(old_site.test_client().get("/search?q=東京")) == [2 * 2**40]


def test_nobody_is_told_that_the_index_is_being_built_when_it_is_only_built_anew(app, client, ana):
    make_post(ana, "low tide")
    pages = []
    for _turn in range(3):

        def look(_done):
            db.session.rollback()
            pages.append(client.get("/search?q=tide").text)

        upkeep.rebuild(look)
    assert len(pages) >= 3
    assert not any("still being built" in page for page in pages)


def test_lost_job_counts_as_no_index_being_built(app, client, ana):
    # It failed for good; the page cannot say for ever that it will be done soon.
    make_post(ana, "low tide")
    db.session.add(
        Job(kind="search.rebuild", state=JobState.FAILED, request_id="-", finished_at=utcnow())
    )
    db.session.commit()
    assert "still being built" not in client.get("/search?q=tide").text
    assert db.session.scalars(sa.select(SearchIndex.live)).all() == ["a", "a"]
