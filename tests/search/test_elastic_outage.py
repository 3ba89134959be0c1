"""Elasticsearch is away, hangs, or talks nonsense: nobody waits, nothing is lost, no error page."""

import json
import socket
import time
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import sqlalchemy as sa

from app.accounts.tasks import tell_password_changed
from app.clock import utcnow
from app.extensions import db, limiter
from app.jobs.models import Job, JobState
from app.moderation import actions as moderation
from app.posts import actions as posts
from app.posts.models import Post
from app.search import elastic as elastic_module
from app.search.elastic import elastic
from tests.browsing import enter, posts_on, submit
from tests.factories import make_post, make_user
from tests.processes import free_port
from tests.working import do_jobs, jobs_of_kind, mails

PASSWORD = "a-secret-of-the-server"
NOTE = "The search server does not answer just now"
# A page may wait for an answer once, for a second; the rest is for a busy machine.
ONE_WAIT, AT_ONCE = 3.0, 0.8


class Hanging:
    """Takes connections and never says anything."""

    def __init__(self, port):
        self.listener = socket.create_server(("127.0.0.1", port), backlog=50)
        self.listener.settimeout(0.05)
        self.visits = []
        self.is_over = False
        self.thread = Thread(target=self.take)
        self.thread.start()

    def take(self):
        while not self.is_over:
            try:
                self.visits.append(self.listener.accept()[0])
            except TimeoutError:
                continue

    def close(self):
        self.is_over = True
        self.thread.join()
        for visit in self.visits:
            visit.close()
        self.listener.close()


class Talking:
    """A server that answers everything in the same way."""

    def __init__(self, port, status, headers, body):
        self.visits = visits = []

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                visits.append(f"{self.command} {self.path}")
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer  # noqa: N815

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.thread = Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


PORT = free_port()


@pytest.fixture
def settings():
    return {"ELASTICSEARCH_URL": f"http://elastic:{PASSWORD}@127.0.0.1:{PORT}"}


@pytest.fixture(autouse=True)
def fresh_connection(app):
    """Forget what earlier tests learnt about the server, as a new process would."""
    elastic_module.init_app(app)
    yield
    elastic().client.close()


@contextmanager
def on_the_port(server):
    try:
        yield server
    finally:
        server.close()


def product(body, status=200):
    headers = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}
    return status, headers, json.dumps(body).encode()


def hits(*ids):
    return product({"hits": {"hits": [{"_id": str(number)} for number in ids]}})


def open_search(client, q, **arguments):
    limiter.reset()
    began = time.monotonic()
    page = client.get("/search", query_string={"q": q} | arguments)
    assert page.status_code == 200
    return page, time.monotonic() - began


def sync_jobs():
    return jobs_of_kind("search.sync_post")


# --- Searching ---


@pytest.mark.parametrize("order", ["best", "newest"])
def test_search_falls_back_at_once_when_the_server_is_dead_and_says_so(client, ana, order):
    post = make_post(ana, "low tide")
    page, seconds = open_search(client, "tide", order=order)
    assert posts_on(page) == [post.id]
    assert NOTE in page.text
    assert seconds < ONE_WAIT


def test_people_are_found_when_the_server_is_dead(client):
    make_user("skipper")
    page, _seconds = open_search(client, "skipper", tab="people")
    assert "/user/skipper" in page.text
    assert NOTE in page.text


def test_server_that_hangs_is_waited_for_once_and_then_left_alone(client, ana):
    post = make_post(ana, "low tide")
    with on_the_port(Hanging(PORT)) as server:
        page, seconds = open_search(client, "tide")
        assert posts_on(page) == [post.id]
        assert seconds < ONE_WAIT
        assert len(server.visits) == 1
        for tab in ("posts", "people", "posts"):
            page, seconds = open_search(client, "tide", tab=tab)
            assert seconds < AT_ONCE
            assert NOTE in page.text
        assert len(server.visits) == 1


def test_page_that_asks_several_times_waits_once(client, ana):
    # With hidden matches the engine is asked again.
    bob = make_user("bob")
    for _ in range(60):
        posts.publish(bob, "low tide")
    moderation.suspend(bob)
    db.session.commit()
    with on_the_port(Hanging(PORT)) as server:
        _page, seconds = open_search(client, "tide", order="newest")
        assert len(server.visits) == 1
        assert seconds < ONE_WAIT


def test_outage_is_logged_once(client, ana, caplog):
    for _ in range(3):
        open_search(client, "tide")
    warnings = [record for record in caplog.records if "Elasticsearch" in record.getMessage()]
    assert [record.levelname for record in warnings] == ["WARNING"]


def test_server_that_comes_back_is_asked_again_after_a_while(client, ana):
    post = make_post(ana, "something else")
    page, _seconds = open_search(client, "tide")
    assert NOTE in page.text
    with on_the_port(Talking(PORT, *hits(post.id))) as server:
        page, _seconds = open_search(client, "tide")
        assert server.visits == []
        # What half a minute does.
        elastic().resting_until -= elastic_module.REST_SECONDS
        page, _seconds = open_search(client, "tide", order="newest")
        assert posts_on(page) == [post.id]
        assert NOTE not in page.text
        assert server.visits


HTML = {"Content-Type": "text/html"}
NONSENSE = {
    "proxy's page": (200, HTML, b"<h1>Welcome to nginx!</h1>"),
    "bad gateway": (502, HTML, b"<h1>Bad gateway</h1>"),
    "elsewhere": (302, {"Location": "http://127.0.0.1:9/"}, b""),
    "empty": (200, {}, b""),
    "empty object": product({}),
    "no hits": product({"hits": {}}),
    "list": product([]),
    "null": product(None),
    "strange ids": product({"hits": {"hits": [{"_id": "not-a-number"}]}}),
    "not json": (200, product({})[1], b"{"),
    "another product": (200, {"Content-Type": "application/json"}, b'{"hits": {"hits": []}}'),
    "no index": product({"error": {"type": "index_not_found_exception"}, "status": 404}, 404),
    "wrong password": product({"error": "security_exception", "status": 401}, 401),
    "too many": product({"error": "rejected_execution", "status": 429}, 429),
    "no shard": product({"error": "all shards failed", "status": 503}, 503),
    "bad query": product({"error": "too_many_clauses", "status": 400}, 400),
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_no_error_page(client, ana, answer):
    post = make_post(ana, "low tide")
    with on_the_port(Talking(PORT, *answer)) as server:
        page, seconds = open_search(client, "tide")
        assert server.visits  # the premise
        assert posts_on(page) == [post.id]
        assert NOTE in page.text
        assert seconds < ONE_WAIT


def test_what_the_server_should_have_forgotten_does_not_show(client, ana, bob):
    gone, hidden, kept = make_post(ana, "tide"), make_post(bob, "tide"), make_post(ana, "tide")
    posts.delete(gone)
    moderation.suspend(bob)
    db.session.commit()
    stale = [kept.id, hidden.id, gone.id, 5]
    with on_the_port(Talking(PORT, *hits(*stale))) as server:
        for order in ("best", "newest"):
            page, _seconds = open_search(client, "tide", order=order)
            assert posts_on(page) == [kept.id]
            assert NOTE not in page.text
        assert server.visits


def test_people_the_server_should_have_forgotten_do_not_show(client, ana, bob):
    moderation.suspend(bob)
    db.session.commit()
    with on_the_port(Talking(PORT, *hits(ana.id, bob.id, 999))):
        page, _seconds = open_search(client, "a", tab="people")
    assert "/user/ana" in page.text
    assert "/user/bob" not in page.text


# --- Writing ---


def test_writing_does_not_wait_for_the_server(client, ana):
    enter(client, ana)
    with on_the_port(Hanging(PORT)) as server:
        began = time.monotonic()
        assert submit(client, "/write", body="low tide").status_code == 302
        post_id = db.session.scalar(sa.select(Post.id))
        assert submit(client, f"/post/{post_id}/edit", body="high tide").status_code == 302
        submit(client, "/edit_profile", display_name="A", about_me="", location="", website="")
        assert submit(client, f"/post/{post_id}/delete").status_code == 302
        assert time.monotonic() - began < ONE_WAIT
        assert server.visits == []


def test_every_change_asks_for_a_job_in_its_transaction(app, ana):
    def asked():
        query = sa.select(Job.kind, Job.subject_id).where(Job.kind.like("search.%"))
        found = [tuple(row) for row in db.session.execute(query.order_by(Job.id))]
        db.session.execute(sa.delete(Job))
        return found

    assert asked() == [("search.sync_member", ana.id)]
    post = posts.publish(ana, "low tide")
    assert asked() == [("search.sync_post", post.id)]
    posts.edit(post, "high tide")
    assert asked() == [("search.sync_post", post.id)]
    posts.edit(post, "high tide")
    assert asked() == []
    posts.delete(post)
    assert asked() == [("search.sync_post", post.id)]
    moderation.delete_account(ana)
    kinds = dict(asked())
    assert kinds == {"search.sync_member": ana.id, "search.forget_posts_of": ana.id}
    db.session.rollback()
    assert [kind for kind, _subject in asked()] == ["search.sync_member"]


@pytest.mark.parametrize("outage", ["dead", "no shard", "too many", "proxy's page", "empty object"])
def test_outage_delays_indexing_and_loses_nothing(app, ana, outage):
    post = make_post(ana, "low tide")
    db.session.execute(sa.delete(Job).where(Job.kind != "search.sync_post"))
    db.session.commit()
    server = Talking(PORT, *NONSENSE[outage]) if outage != "dead" else None
    try:
        for attempt in range(1, 4):
            do_jobs(app)
            [job] = sync_jobs()
            assert (job.state, job.attempts, job.subject_id) == (JobState.WAITING, attempt, post.id)
            assert job.last_error
            assert job.due_at > utcnow()
            job.due_at = utcnow() - timedelta(seconds=1)
            db.session.commit()
    finally:
        if server:
            server.close()


def test_outage_of_days_loses_nothing(app, ana):
    make_post(ana, "low tide")
    db.session.execute(sa.update(Job).values(attempts=100))
    db.session.commit()
    do_jobs(app)
    [job] = sync_jobs()
    assert job.state == JobState.WAITING
    assert job.due_at - utcnow() < timedelta(hours=2)


def test_document_that_is_refused_is_tried_again(app, ana):
    make_post(ana, "low tide")
    item = {"_id": "1", "status": 429, "error": {"type": "es_rejected_execution_exception"}}
    with on_the_port(Talking(PORT, *product({"errors": True, "items": [{"index": item}]}))):
        do_jobs(app)
    assert [job.state for job in sync_jobs()] == [JobState.WAITING]


def test_document_whose_index_is_not_there_is_tried_again(app, ana):
    make_post(ana, "low tide")
    item = {"_id": "1", "status": 404, "error": {"type": "index_not_found_exception"}}
    with on_the_port(Talking(PORT, *product({"errors": True, "items": [{"index": item}]}))):
        do_jobs(app)
    assert [job.state for job in sync_jobs()] == [JobState.WAITING]


def test_deletion_that_is_refused_is_tried_again(app, ana):
    post = make_post(ana, "low tide")
    db.session.execute(sa.delete(Job))
    posts.delete(post)
    db.session.commit()
    item = {"_id": "1", "status": 503, "error": {"type": "unavailable_shards_exception"}}
    with on_the_port(Talking(PORT, *product({"errors": True, "items": [{"delete": item}]}))):
        do_jobs(app)
    assert [job.state for job in sync_jobs()] == [JobState.WAITING]


def test_mail_goes_out_while_the_server_is_dead(app, ana):
    for _ in range(5):
        make_post(ana, "low tide")
    tell_password_changed.ask(user_id=ana.id)
    db.session.commit()
    began = time.monotonic()
    do_jobs(app)
    assert len(mails(app)) == 1
    assert time.monotonic() - began < 5


def test_password_of_the_server_is_told_to_nobody(app, client, ana, caplog):
    make_post(ana, "low tide")
    page, _seconds = open_search(client, "tide")
    do_jobs(app)
    told = [page.text, caplog.text, *(job.last_error for job in sync_jobs())]
    told.append(client.get("/readyz").text)
    assert any(text for text in told)
    assert not any(PASSWORD in text for text in told)


def test_jobs_end_when_the_site_no_longer_has_a_server(app, ana):
    make_post(ana, "low tide")
    url, app.config["ELASTICSEARCH_URL"] = app.config["ELASTICSEARCH_URL"], ""
    elastic_module.init_app(app)
    try:
        do_jobs(app)
        assert [job.state for job in sync_jobs()] == [JobState.DROPPED]
    finally:
        app.config["ELASTICSEARCH_URL"] = url
        elastic_module.init_app(app)


def test_site_without_a_server_asks_for_no_jobs(app, ana):
    url, app.config["ELASTICSEARCH_URL"] = app.config["ELASTICSEARCH_URL"], ""
    elastic_module.init_app(app)
    try:
        db.session.execute(sa.delete(Job))
        posts.delete(make_post(ana))
        db.session.commit()
        assert db.session.scalars(sa.select(Job.kind)).all() == []
    finally:
        app.config["ELASTICSEARCH_URL"] = url
        elastic_module.init_app(app)
