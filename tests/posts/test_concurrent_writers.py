"""Many real processes on one database, and what one writer may make the others wait for."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import event

from app.accounts.models import User, UserSession
from app.accounts.sign_in import SEEN_INTERVAL
from app.clock import utcnow
from app.extensions import db
from app.posts.models import Post
from config import BASE_DIR
from tests.browsing import sign_in, submit, token_for
from tests.factories import PASSWORD, make_post, make_user
from tests.posts import writers
from tests.posts.counters import assert_counters_equal_rows
from tests.posts.crowds import at_work, site_of

PROCESSES, ROUNDS = 8, 6


@contextmanager
def another_writer() -> Iterator[sa.Connection]:
    """Be somebody else in the middle of their work; on SQLite that is the one write lock."""
    db.session.rollback()
    with db.engine.connect() as connection:
        connection.begin()
        yield connection


def bodies() -> list[str]:
    return db.session.scalars(sa.select(Post.body)).all()


@pytest.mark.thorough
def test_eight_processes_lose_nothing_and_never_find_the_database_locked(
    app, client, empty_database
):
    make_user("crowd")
    for number in range(PROCESSES):
        make_user(f"writer{number}")
    sign_in(client, "crowd")
    client.get("/")  # so that the templates are compiled
    db.session.remove()
    db.engine.dispose()

    results = at_work(PROCESSES, writers.write, site_of(app), str(empty_database.parent), ROUNDS)
    assert [wrong for _texts, wrong in results] == [[]] * PROCESSES
    acknowledged = [text for texts, _wrong in results for text in texts]
    assert len(acknowledged) == PROCESSES * ROUNDS * 2
    assert sorted(bodies()) == sorted(acknowledged)
    assert_counters_equal_rows()
    crowd = db.session.scalars(sa.select(User).where(User.username == "crowd")).one()
    assert (crowd.posts_count, crowd.followers_count) == (PROCESSES * ROUNDS, PROCESSES)
    if db.engine.name == "sqlite":
        assert db.session.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"


@pytest.mark.thorough
def test_what_was_acknowledged_survives_a_process_that_is_killed(app):
    make_user("writer0")
    db.session.remove()
    db.engine.dispose()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.posts.writers", *site_of(app)],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        acknowledged = [process.stdout.readline().strip() for _ in range(15)]
        process.kill()
        acknowledged += process.stdout.read().split("\n")[:-1]
    assert all(acknowledged)
    written = bodies()
    assert set(acknowledged) <= set(written)
    # At most the one that was under way when the process died.
    assert len(written) <= len(acknowledged) + 1
    assert_counters_equal_rows()


def last_seen() -> object:
    db.session.rollback()
    return db.session.scalars(sa.select(UserSession.last_seen_at)).one()


def grow_stale() -> object:
    """Let the only session be one that was not seen for a while."""
    old = utcnow() - SEEN_INTERVAL - timedelta(minutes=1)
    db.session.execute(sa.update(UserSession).values(last_seen_at=old))
    db.session.commit()
    return old


def test_last_seen_is_noted_when_nobody_else_writes(client, ana):
    sign_in(client, ana)
    old = grow_stale()
    assert client.get("/").status_code == 200
    assert last_seen() > old


@pytest.mark.sqlite("elsewhere a writer keeps nobody waiting who wants another row")
def test_last_seen_is_skipped_and_nobody_waits_while_somebody_writes(app, client, ana):
    sign_in(client, ana)
    old = grow_stale()
    with another_writer():
        started = time.monotonic()
        assert client.get("/").status_code == 200
        assert time.monotonic() - started < 12  # the busy time-out is 15 seconds
    assert last_seen() == old
    # It is made up for at the next visit.
    assert client.get("/").status_code == 200
    assert last_seen() > old


@pytest.mark.parametrize("path", ["/", "/explore", "/user/ana", "/settings/sessions", "/readyz"])
def test_pages_open_while_somebody_writes(app, client, ana, path):
    make_post(ana, "An earlier post.")
    sign_in(client, ana)
    with another_writer() as other:
        other.exec_driver_sql("UPDATE posts SET body = 'half written'")
        started = time.monotonic()
        page = client.get(path)
        assert time.monotonic() - started < 12
    assert page.status_code == 200
    assert "half written" not in page.text


@pytest.mark.sqlite("elsewhere a writer keeps nobody waiting who wants another row")
def test_writer_waits_for_its_turn_and_does_not_fail(app, client, ana):
    sign_in(client, ana)
    fields = {"csrf_token": token_for(client), "body": "After you."}
    db.session.rollback()
    path = db.engine.url.database
    locked = Event()

    def hold() -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        locked.set()
        time.sleep(0.7)
        connection.close()

    other = Thread(target=hold)
    other.start()
    assert locked.wait(5)
    started = time.monotonic()
    assert client.post("/write", data=fields).status_code == 302
    assert time.monotonic() - started > 0.3
    other.join()
    assert bodies() == ["After you."]


@contextmanager
def statement_seen(app: Flask, part: str) -> Iterator[Event]:
    """Set an event as soon as a statement with that text in it has run, in any thread."""
    seen = Event()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if part in statement:
            seen.set()

    event.listen(db.engine, "after_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "after_cursor_execute", note)


def test_others_can_write_while_a_password_is_checked(app, client, ana):
    # A hash says itself how much work it is; this one is seconds of it.
    slow = PasswordHasher(time_cost=15, memory_cost=64 * 1024, parallelism=1)
    started = time.monotonic()
    ana.password_hash = slow.hash(PASSWORD)
    work = time.monotonic() - started
    db.session.commit()
    answers: list[int] = []
    token = token_for(client)
    db.session.rollback()

    def log_in() -> None:
        with app.app_context():
            fields = {"csrf_token": token, "username": "ana", "password": PASSWORD}
            answers.append(client.post("/auth/login", data=fields).status_code)

    with statement_seen(app, "FROM sign_in_failures") as looked_up:
        other = Thread(target=log_in)
        other.start()
        assert looked_up.wait(5)
    time.sleep(work / 4)
    with another_writer() as connection:
        connection.exec_driver_sql("UPDATE users SET location = 'Porto'")
        connection.commit()
    assert not answers, "the password was checked too soon for this test to prove anything"
    other.join()
    assert answers == [302]
    db.session.rollback()
    assert db.session.scalars(sa.select(User.location)).all() == ["Porto"]


def test_two_submits_of_one_form_at_once_are_one_post(app, ana):
    clients = [app.test_client() for _ in range(2)]
    for client in clients:
        sign_in(client, ana)
    tokens = [token_for(client) for client in clients]
    db.session.remove()
    statuses: list[int] = []

    def send(client: object, token: str) -> None:
        with app.app_context():
            fields = {"csrf_token": token, "body": "Once.", "form_key": "ab" * 16}
            statuses.append(client.post("/write", data=fields).status_code)

    threads = [
        Thread(target=send, args=pair) for pair in zip(clients, tokens, strict=True) for _ in "ab"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 4
    assert bodies() == ["Once."]
    assert_counters_equal_rows()


def test_refused_form_lets_go_of_the_lock(app, client, ana):
    sign_in(client, ana)
    assert submit(client, "/write", body="").status_code == 422
    with another_writer() as connection:
        connection.exec_driver_sql("UPDATE users SET location = 'Porto'")
