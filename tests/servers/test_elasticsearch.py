"""A site with an Elasticsearch beside it (the 7.0.0 engine behind a compatibility shim).

Indexing by jobs, building anew, comparing and mending, and the server going away under a load.
"""

import itertools
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import sqlalchemy as sa
from elasticsearch import Elasticsearch as Connection

from app import create_app
from app.accounts import actions as accounts
from app.accounts.queries import by_username
from app.extensions import db
from app.jobs.models import JobState
from app.moderation import actions as moderation
from app.posts import actions as posts
from app.posts.models import Post
from app.search import upkeep
from app.search.documents import author_mark, mark
from app.search.elastic import elastic
from app.search.engine import Collection, Entry, Lookup
from app.search.parser import parse
from app.search.queries import lookup_of
from tests.browsing import posts_on
from tests.conftest import Client, make_config
from tests.factories import make_post, make_user
from tests.jobs.live_site import address_of, live_site
from tests.processes import flask, until
from tests.servers.test_search_engines import forget_everything
from tests.working import do_jobs, jobs_of_kind

POSTS, PEOPLE = Collection
NOTE = "The search server does not answer just now"


class PulledPlug(BaseException):
    """The process ends here, so to speak."""


class Embedded:
    """The embedded broker."""

    url = ""


@pytest.fixture
def app(empty_database, tmp_path, elasticsearch_url):
    """Return a new site with a new Elasticsearch."""
    forget_everything(elasticsearch_url)
    shutil.copy(empty_database, tmp_path / "app.db")
    app = create_app(make_config(tmp_path, ELASTICSEARCH_URL=elasticsearch_url))
    app.test_client_class = Client
    with app.app_context():
        yield app
        elastic().client.close()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def ready(app):
    """Build the server's indexes, as an administrator does who has just set it up."""
    run(app, "search", "rebuild")
    return elastic()


def run(app, *arguments, status=0):
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == status, result.output
    db.session.expire_all()
    return result.output


def on_server(typed, collection=POSTS):
    """Return what the server itself finds."""
    elastic().refresh()
    lookup = lookup_of(parse(typed))
    return list(elastic().find(collection, lookup, 1000))


def forget_our_own():
    """Empty the database's index, so that only the server can have found something."""
    db.session.execute(sa.text("DELETE FROM search_posts_a"))
    db.session.execute(sa.text("DELETE FROM search_posts_b"))
    db.session.commit()


def newest(client, q):
    page = client.get("/search", query_string={"q": q, "order": "newest"})
    assert page.status_code == 200
    return posts_on(page)


def indexes(url):
    with Connection(url) as server:
        return sorted(server.indices.get(index="microblog-*"))


# --- Setting it up ---


def test_posts_from_before_are_found_though_nobody_built_an_index_on_the_server(app, client):
    ana = make_user("ana")
    old = make_post(ana, "low tide")
    do_jobs(app)
    new = make_post(ana, "low tide again")
    db.session.execute(sa.text("DELETE FROM jobs"))
    db.session.commit()
    make_post(ana, "something else")
    do_jobs(app)
    assert newest(client, "tide") == [new.id, old.id]


def test_index_can_be_built_after_posts_were_written(app, client, elasticsearch_url):
    ana = make_user("ana")
    ids = [make_post(ana, f"low tide {n}").id for n in range(3)]
    do_jobs(app)
    run(app, "search", "rebuild")
    do_jobs(app)
    assert on_server("tide") == ids[::-1]
    assert len(indexes(elasticsearch_url)) == 2
    assert all(name.count("-") == 2 for name in indexes(elasticsearch_url))
    make_post(ana, "東京 #x")
    do_jobs(app)
    assert len(on_server("東京 #x")) == 1


def test_search_asks_the_server(app, client, ready):
    post = make_post(make_user("ana"), "low tide")
    do_jobs(app)
    ready.refresh()
    forget_our_own()
    assert newest(client, "tide") == [post.id]


# --- Indexing by jobs ---


def test_what_is_written_edited_and_deleted_reaches_the_server(app, ready):
    ana = make_user("ana")
    post, other = make_post(ana, "low tide"), make_post(ana, "low boat")
    assert on_server("low") == []
    do_jobs(app)
    assert on_server("low") == [other.id, post.id]
    posts.edit(db.session.get_one(Post, post.id), "high tide")
    posts.delete(db.session.get_one(Post, other.id))
    db.session.commit()
    do_jobs(app)
    assert on_server("low") == []
    assert on_server("high") == [post.id]


def test_profiles_reach_the_server(app, ready):
    ana = make_user("ana")
    do_jobs(app)
    assert on_server("ana", PEOPLE) == [ana.id]
    accounts.edit_profile(ana, display_name="Zoë", about_me="bees", location="", website="")
    db.session.commit()
    do_jobs(app)
    assert on_server("zoe bees", PEOPLE) == [ana.id]


def test_removed_account_leaves_nothing_on_the_server(app, ready):
    ana, bob = make_user("ana"), make_user("bob")
    make_post(ana, "low tide")
    kept = make_post(bob, "low tide")
    do_jobs(app)
    assert len(on_server("tide")) == 2  # the premise
    moderation.delete_account(ana)
    db.session.commit()
    do_jobs(app)
    assert on_server("tide") == [kept.id]
    assert on_server("ana", PEOPLE) == []


def test_removed_account_with_very_many_posts_leaves_nothing_on_the_server(app, ready):
    ana = make_user("ana")
    written = author_mark(ana.id)
    ready.put(POSTS, [Entry(number, f"a0x {written} w0tide") for number in range(1, 2301)])
    moderation.delete_account(ana)
    db.session.commit()
    do_jobs(app)
    ready.refresh()
    assert list(ready.find(POSTS, Lookup((mark(written),)), 10)) == []


def test_jobs_that_come_late_and_twice_leave_what_is_so_now(app, ready):
    ana = make_user("ana")
    post = make_post(ana, "first")
    jobs = [job.id for job in jobs_of_kind("search.sync_post")]
    do_jobs(app)
    posts.edit(db.session.get_one(Post, post.id), "second")
    db.session.commit()
    do_jobs(app)
    db.session.execute(
        sa.text("UPDATE jobs SET state = 'waiting', due_at = created_at WHERE id = :id"),
        {"id": jobs[0]},
    )
    db.session.commit()
    assert do_jobs(app) == 1
    assert (on_server("first"), on_server("second")) == ([], [post.id])


def test_what_was_read_earlier_does_not_overwrite_what_was_read_later(ready):
    ready.put(POSTS, [Entry(1, "w0new")], read_at=2_000)
    ready.put(POSTS, [Entry(1, "w0old")], read_at=1_000)
    ready.put(POSTS, [Entry(2, "w0old")], read_at=1_000)
    ready.remove(POSTS, [2], read_at=2_000)
    ready.put(POSTS, [Entry(2, "w0old")], read_at=1_500)
    assert (on_server("old"), on_server("new")) == ([], [1])


# --- Building anew, comparing, mending ---


def test_what_is_written_while_the_index_is_built_anew_counts(app, ready):
    ana, bob = make_user("ana"), make_user("bob")
    ids = [make_post(ana, f"tide number {n}").id for n in range(6)]
    do_jobs(app)
    turns = itertools.count()

    def meanwhile(_done):
        turn = next(turns)
        if turn == 0:
            make_post(by_username("ana"), "tide written meanwhile")
            posts.edit(db.session.get_one(Post, ids[0]), "boat")
            posts.delete(db.session.get_one(Post, ids[1]))
        if turn == 1:
            accounts.edit_profile(
                by_username("bob"), display_name="Zoë", about_me="", location="", website=""
            )
        db.session.commit()
        do_jobs(app)

    upkeep.rebuild_server(elastic(), meanwhile)
    do_jobs(app)
    found = on_server("tide")
    assert set(ids[2:]) < set(found)
    assert len(found) == 5
    assert next(turns) == 2  # the premise
    assert on_server("boat") == [ids[0]]
    assert on_server("zoe", PEOPLE) == [bob.id]


def test_interrupted_building_leaves_the_live_index_and_nothing_behind(
    app, ready, elasticsearch_url
):
    post = make_post(make_user("ana"), "low tide")
    do_jobs(app)
    before = indexes(elasticsearch_url)

    def stop(_done):
        raise PulledPlug

    with pytest.raises(PulledPlug):
        upkeep.rebuild_server(elastic(), stop)
    db.session.rollback()
    assert on_server("tide") == [post.id]
    run(app, "search", "rebuild")
    do_jobs(app)
    assert on_server("tide") == [post.id]
    after = indexes(elasticsearch_url)
    assert len(after) == 2, "an index that nobody uses is left"
    assert not set(before) & set(after)


def test_status_of_both_indexes_right_after_writing(app, ready):
    make_post(make_user("ana"), "low tide")
    do_jobs(app)
    output = run(app, "search", "status")
    assert output.splitlines()[-2:] == [
        "Elasticsearch, posts: 1 indexed, right",
        "Elasticsearch, people: 1 indexed, right",
    ]


def test_status_finds_what_is_missing_and_too_much_and_mends_it(app, ready):
    ana = make_user("ana")
    ids = [make_post(ana, "low tide").id for _ in range(3)]
    do_jobs(app)
    ready.remove(POSTS, [ids[1]])
    ready.put(POSTS, [Entry(7, "a0x w0ghost"), Entry(8, "a0x w0ghost")])
    ready.refresh()
    output = run(app, "search", "status", status=1)
    assert "Elasticsearch, posts: 4 indexed, 1 missing, 2 too many" in output
    run(app, "search", "status", "--repair")
    assert on_server("tide") == ids[::-1]
    assert on_server("ghost") == []
    ready.refresh()
    run(app, "search", "status")


# --- The server goes away ---


@pytest.fixture
def site(tmp_path, elasticsearch):
    forget_everything(elasticsearch.url)
    with live_site(tmp_path, Embedded(), ELASTICSEARCH_URL=elasticsearch.url) as site:
        flask(site.settings, "db", "upgrade")
        flask(site.settings, "search", "rebuild")
        yield site
        elasticsearch.thaw()
        if not elasticsearch.process.runs:
            elasticsearch.restore()


def test_server_that_is_stopped_under_a_load_loses_no_post_and_shows_no_error(site, elasticsearch):
    site.run(workers=1)
    members = [site.member() for _ in range(3)]
    over, wrong, waits = Event(), [], []

    def load(member):
        visitor, written = site.visitor(member), []
        turns = itertools.count()
        while not over.is_set():
            turn = next(turns)
            body = f"herring {member} turn {turn}"
            page = visitor.submit("/write", body=body)
            if page.status == 200:
                written.append(body)
            else:
                wrong.append(("write", page.status))
            page = visitor.get("/search?q=herring&order=newest")
            waits.append(page.seconds)
            if page.status not in {200, 429}:
                wrong.append(("search", page.status))
            time.sleep(0.25)
        return written

    with ThreadPoolExecutor(len(members)) as pool:
        loads = [pool.submit(load, member) for member in members]
        time.sleep(2)
        elasticsearch.process.stop()
        time.sleep(4)
        page = site.visitor(members[0]).get("/search?q=herring&order=newest")
        elasticsearch.restore()
        time.sleep(1)
        over.set()
        written = [body for future in loads for body in future.result()]

    assert NOTE in page.text
    assert "herring" in page.text
    assert wrong == []
    assert len(written) > 20  # the premise
    assert sorted(waits)[int(len(waits) * 0.9)] < 2
    site.rest(90)
    assert {job.state for job in site.jobs()} == {JobState.DONE}
    with site.app.app_context():
        elastic().refresh()
        bodies = set(db.session.scalars(sa.select(Post.body)))
        assert bodies == set(written)
        ids = set(db.session.scalars(sa.select(Post.id)))
        assert set(elastic().find(POSTS, lookup_of(parse("herring ")), 1000)) == ids
    flask(site.settings, "search", "status")


def test_server_that_hangs_keeps_neither_pages_nor_mail_waiting(site, elasticsearch):
    site.run(workers=1)
    member = site.member()
    elasticsearch.freeze()
    with site.app.app_context():
        author = by_username(member)
        for number in range(40):
            posts.publish(author, f"herring {number}")
        db.session.commit()
    visitor = site.visitor(member)
    assert visitor.get("/search?q=herring").status == 200
    page = visitor.get("/search?q=herring")
    assert page.seconds < 1.5
    assert NOTE in page.text
    time.sleep(6)  # The sweep takes up what no broker told about.
    began = time.monotonic()
    site.ask_for_reset(member)
    arrived = until(lambda: site.post_office.messages_to(address_of(member)), 40)
    assert arrived, f"no mail within {time.monotonic() - began:.0f} s"
    elasticsearch.thaw()
    site.rest(60)
    assert {job.state for job in site.jobs()} == {JobState.DONE}
