"""Sessions: how long they live, when they are seen, and what the cookies are worth."""

import sqlite3
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine

from app.accounts.models import UserSession
from app.extensions import db
from tests.browsing import DOMAIN, cookie_of, sign_in, submit
from tests.factories import PASSWORD, make_post
from tests.queries import all_rows, counted_queries


def is_signed_in(client):
    return client.get("/settings").status_code == 200


def remember(client, user):
    return submit(client, "/auth/login", username=user.username, password=PASSWORD, remember_me="y")


def last_seen():
    db.session.rollback()
    moment = db.session.scalars(db.select(UserSession.last_seen_at)).one()
    db.session.rollback()
    return moment


def writes(statements):
    return [sql for sql in statements if not sql.lstrip().upper().startswith("SELECT")]


# Cookies.


def set_cookie_headers(response):
    return {header.split("=")[0]: header for header in response.headers.getlist("Set-Cookie")}


def test_without_the_tick_the_session_ends_with_the_browser(client, ana):
    headers = set_cookie_headers(sign_in(client, ana))
    assert "remember_token" not in headers
    assert "Expires" not in headers["session"]
    assert "Max-Age" not in headers["session"]
    client.delete_cookie("session", domain=DOMAIN)
    assert not is_signed_in(client)


def test_with_the_tick_the_member_is_known_after_the_browser_was_closed(client, ana):
    remember(client, ana)
    client.delete_cookie("session", domain=DOMAIN)
    assert is_signed_in(client)


def test_remember_cookie_lasts_for_thirty_days(client, ana):
    header = set_cookie_headers(remember(client, ana))["remember_token"]
    expires = header.split("Expires=")[1].split(";")[0]
    moment = datetime.strptime(expires, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert abs(moment - datetime.now(UTC) - timedelta(days=30)) < timedelta(minutes=1)


@pytest.mark.parametrize("name", ["session", "remember_token"])
def test_cookies_are_kept_from_scripts_and_other_sites(client, ana, name):
    header = set_cookie_headers(remember(client, ana))[name]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


def test_remembered_browser_is_the_same_session_and_not_a_new_one(client, ana):
    remember(client, ana)
    client.delete_cookie("session", domain=DOMAIN)
    assert is_signed_in(client)
    assert len(all_rows()["user_sessions"]) == 1


def test_remembered_browser_can_write(client, ana):
    remember(client, ana)
    client.delete_cookie("session", domain=DOMAIN)
    assert submit(client, "/write", body="I am back.").status_code == 302


@pytest.mark.parametrize(
    "forge",
    [
        lambda cookie: cookie[:-1] + ("0" if cookie[-1] != "0" else "1"),
        lambda cookie: "1|" + cookie.split("|")[1],
        lambda cookie: cookie.split("|")[0],
        lambda _cookie: "",
        lambda _cookie: "|",
        lambda _cookie: "x" * 3_000,
        lambda _cookie: "%FF%00|%FF",
    ],
)
def test_forged_remember_cookie_is_worthless(app, client, ana, forge):
    remember(client, ana)
    thief = app.test_client()
    thief.set_cookie("remember_token", forge(cookie_of(client, "remember_token")), domain=DOMAIN)
    assert not is_signed_in(thief)


@pytest.mark.parametrize("value", ["", "x", "....", "x" * 3_000, "eyJfdXNlcl9pZCI6IjEifQ.x.x"])
def test_rubbish_in_the_session_cookie_is_a_visitor(client, ana, value):
    client.set_cookie("session", value, domain=DOMAIN)
    assert client.get("/").status_code == 200
    assert not is_signed_in(client)


@pytest.mark.parametrize("value", [None, "", "1", "é", "x" * 1_000])
def test_session_that_names_no_living_secret_is_a_visitor(client, ana, value):
    sign_in(client, ana)
    with client.session_transaction() as session:
        assert session["_user_id"]
        session["_user_id"] = value
    assert not is_signed_in(client)


def test_secret_in_the_cookie_is_not_in_the_database(client, ana):
    sign_in(client, ana)
    with client.session_transaction() as session:
        secret = session["_user_id"]
    assert len(secret) >= 32
    assert secret not in str(all_rows())


def test_two_sessions_have_two_secrets(app, client, ana):
    other = app.test_client()
    sign_in(client, ana)
    sign_in(other, ana)
    with client.session_transaction() as one, other.session_transaction() as two:
        assert one["_user_id"] != two["_user_id"]


# How long.


def test_session_unused_for_thirty_days_is_over(client, ana):
    sign_in(client, ana)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=30, minutes=1)):
        assert not is_signed_in(client)


def test_session_used_now_and_then_lives_on(client, ana):
    start = datetime.now(UTC)
    remember(client, ana)
    for day in (10, 25, 40, 55, 80):
        with time_machine.travel(start + timedelta(days=day)):
            assert is_signed_in(client), day


def test_remember_cookie_does_not_outlive_its_session(client, ana):
    remember(client, ana)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=30, minutes=1)):
        client.delete_cookie("session", domain=DOMAIN)
        assert not is_signed_in(client)


def test_next_sign_in_clears_away_the_expired(app, client, ana, carla):
    sign_in(client, carla)
    sign_in(client := app.test_client(), ana)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31)):
        sign_in(app.test_client(), ana)
        # Carla's stays until she comes back; the old one of Ana is gone.
        assert len(all_rows()["user_sessions"]) == 2


# Last seen.


def test_visit_within_five_minutes_writes_nothing(client, ana):
    sign_in(client, ana)
    seen = last_seen()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=4)), counted_queries() as sql:
        client.get("/")
    assert sql
    assert writes(sql) == []
    assert last_seen() == seen


def test_visit_after_five_minutes_is_noted_once(client, ana):
    sign_in(client, ana)
    later = datetime.now(UTC) + timedelta(minutes=6)
    with time_machine.travel(later), counted_queries() as sql:
        for _visit in range(5):
            client.get("/")
    assert len(writes(sql)) == 1
    assert abs(last_seen() - later) < timedelta(seconds=30)


@pytest.mark.parametrize("path", ["/", "/explore", "/user/ana", "/settings"])
def test_page_of_a_member_is_a_visit(client, ana, path):
    sign_in(client, ana)
    seen = last_seen()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        client.get(path)
    assert last_seen() > seen


def test_write_is_a_visit_too(client, ana):
    sign_in(client, ana)
    seen = last_seen()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        assert submit(client, "/write", body="Hello").status_code == 302
    assert last_seen() > seen


def test_refused_form_is_a_visit_and_saves_nothing(client, ana):
    sign_in(client, ana)
    seen = last_seen()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        token = client.get("/write").text.split('name="csrf_token" type="hidden" value="')[1]
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
        form = {"csrf_token": token.split('"')[0], "body": ""}
        assert client.post("/write", data=form).status_code == 422
    assert last_seen() > seen + timedelta(hours=1, minutes=30)
    assert all_rows()["posts"] == []


def test_static_files_are_no_visit_and_ask_the_database_nothing(client, ana):
    sign_in(client, ana)
    page = client.get("/").text
    sheet = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)), counted_queries() as sql:
        response = client.get(urlsplit(sheet).path)
        response.close()
    assert response.status_code == 200
    assert sql == []
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_checks_are_no_visit(client, ana, path):
    sign_in(client, ana)
    seen = last_seen()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        assert client.get(path).status_code == 200
    assert last_seen() == seen


@pytest.mark.parametrize("path", ["/", "/explore", "/user/ana", "/auth/login", "/auth/register"])
def test_pages_of_visitors_write_nothing(app, client, ana, path):
    sign_in(app.test_client(), ana)
    make_post(ana)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)), counted_queries() as sql:
        assert client.get(path).status_code == 200
    assert writes(sql) == []


@pytest.mark.sqlite("elsewhere a writer keeps nobody waiting who wants another row")
def test_visit_while_somebody_writes_is_served_at_once_and_not_noted(client, ana):
    sign_in(client, ana)
    seen = last_seen()
    writer = sqlite3.connect(db.engine.url.database, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    start = time.perf_counter()
    try:
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=1), tick=True):
            assert client.get("/").status_code == 200
    finally:
        writer.execute("ROLLBACK")
        writer.close()
    # Far less than the 15 seconds that a write would wait for its turn.
    assert time.perf_counter() - start < 8
    assert last_seen() == seen


@pytest.mark.sqlite("elsewhere a writer keeps nobody waiting who wants another row")
def test_note_that_was_skipped_is_made_by_the_next_visit(client, ana):
    sign_in(client, ana)
    seen = last_seen()
    later = datetime.now(UTC) + timedelta(hours=1)
    writer = sqlite3.connect(db.engine.url.database, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with time_machine.travel(later):
        client.get("/")
        writer.execute("ROLLBACK")
        writer.close()
        client.get("/")
    assert last_seen() > seen
