"""When something breaks: nothing is half done, nothing is given away, and it is written down."""

import io
import logging
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.accounts.sign_in import SEEN_INTERVAL
from app.clock import utcnow
from app.extensions import db
from app.posts.models import Post
from tests.browsing import enter, submit, token_for
from tests.factories import make_post
from tests.queries import all_rows, counted_queries


@pytest.fixture
def log(app):
    """What the application's own handlers write, as an administrator reads it."""
    stream = io.StringIO()
    own = app.logger.handlers[0]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(own.formatter)
    for log_filter in own.filters:
        handler.addFilter(log_filter)
    app.logger.addHandler(handler)
    yield stream
    app.logger.removeHandler(handler)


def test_a_crash_says_nothing_of_its_cause(client, broken):
    answer = client.get("/broken")
    assert answer.status_code == 500
    for detail in ("secret detail", "ZeroDivision", "Traceback"):
        assert detail not in answer.text


def test_a_crash_is_logged_under_the_number_on_the_page(client, broken, log):
    answer = client.get("/broken")
    number = re.search(r"<code>(.+?)</code>", answer.text)[1]
    assert f"[{number}]" in log.getvalue()
    assert "ZeroDivisionError" in log.getvalue()
    assert answer.headers["X-Request-ID"] == number


def test_a_crash_undoes_what_the_request_had_written(client, ana, broken):
    enter(client, ana)
    token = token_for(client)
    before = all_rows()
    answer = client.post("/broken-write", data={"csrf_token": token})
    assert answer.status_code == 500
    assert all_rows() == before


def test_a_crash_leaves_the_database_free_for_the_next_writer(client, ana, broken):
    enter(client, ana)
    token = token_for(client)
    assert client.post("/broken-write", data={"csrf_token": token}).status_code == 500
    assert submit(client, "/write", body="After the crash").status_code == 302
    assert db.session.scalars(sa.select(Post.body)).all() == ["After the crash"]


def test_drawing_the_page_of_a_crash_asks_the_database_nothing(client, ana, broken):
    enter(client, ana)
    with counted_queries() as queries:
        assert client.get("/broken").status_code == 500
    assert queries == []


@pytest.mark.parametrize("path", ["/", "/explore", "/user/ana", "/post/5", "/settings"])
def test_without_tables_every_page_is_an_error_page(client, ana, lose_tables, path):
    enter(client, ana)
    lose_tables()
    answer = client.get(path)
    assert answer.status_code in {500, 503}
    assert '<h1 class="narrow-title">' in answer.text


def test_without_tables_a_page_that_is_not_there_is_still_a_page(client, ana, lose_tables):
    enter(client, ana)
    lose_tables()
    answer = client.get("/no-such-page")
    assert answer.status_code in {404, 500, 503}
    assert '<h1 class="narrow-title">' in answer.text


def test_without_tables_a_stale_form_still_keeps_its_text(client, ana, lose_tables):
    enter(client, ana)
    lose_tables()
    answer = client.post("/write", data={"body": "My words"})
    assert answer.status_code in {400, 500, 503}
    assert "My words" in answer.text


def test_text_sent_while_the_tables_were_gone_is_kept(client, ana, lose_tables):
    enter(client, ana)
    token = token_for(client)
    lose_tables()
    answer = client.post("/write", data={"csrf_token": token, "body": "My words"})
    assert answer.status_code in {500, 503}
    assert "My words" in answer.text


def test_static_files_do_not_need_the_database(client, app, lose_tables):
    page = client.get("/auth/login").text
    lose_tables()
    path = re.search(r'/static/[^"]+site\.css', page)[0]
    assert client.get(path).status_code == 200


class TestWhenTheDatabaseIsAway:
    @pytest.fixture
    def away(self, app):
        """Return a function after which every statement fails as on a lost connection."""
        app.config["PROPAGATE_EXCEPTIONS"] = False
        listeners = []

        def refuse(*_arguments):
            error = ConnectionError("could not connect to server at 10.0.0.7")
            raise sa.exc.OperationalError("SELECT", {}, error)

        def start():
            db.session.rollback()
            event.listen(Engine, "before_cursor_execute", refuse)
            listeners.append(refuse)

        yield start
        for listener in listeners:
            event.remove(Engine, "before_cursor_execute", listener)

    @pytest.mark.parametrize("path", ["/", "/explore", "/user/ana", "/post/5", "/readyz"])
    def test_pages_say_to_come_back(self, client, ana, away, path):
        away()
        answer = client.get(path)
        assert answer.status_code == 503
        assert "10.0.0.7" not in answer.text

    def test_the_page_says_when(self, client, ana, away):
        away()
        answer = client.get("/explore")
        assert int(answer.headers["Retry-After"]) > 0
        assert "Back in a moment" in answer.text

    def test_a_member_gets_the_page_in_the_language_of_the_browser(self, client, ana, away):
        enter(client, ana)
        away()
        answer = client.get("/explore", headers={"Accept-Language": "es"})
        assert answer.status_code == 503
        assert '<html lang="es"' in answer.text

    @pytest.mark.parametrize("path", ["/no-such-page", "/auth/logout", "/post/x"])
    def test_other_errors_are_pages_as_well(self, client, ana, away, path):
        enter(client, ana)
        away()
        answer = client.get(path)
        assert answer.status_code in {404, 405, 503}
        assert '<h1 class="narrow-title">' in answer.text

    def test_text_that_could_not_be_stored_is_kept(self, client, ana, away):
        enter(client, ana)
        token = token_for(client)
        away()
        answer = client.post("/write", data={"csrf_token": token, "body": "My words"})
        assert answer.status_code == 503
        assert "My words" in answer.text

    def test_visitors_still_get_the_sign_in_form_and_files(self, client, app, away):
        away()
        assert client.get("/auth/login").status_code == 200
        assert client.get("/healthz").status_code == 200

    def test_programs_get_json(self, client, ana, away):
        away()
        answer = client.get("/explore", headers={"Accept": "application/json"})
        assert answer.status_code == 503
        assert answer.json["status"] == 503


def test_what_people_write_never_stands_in_the_log(client, ana, app, log):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    enter(client, ana)
    token = token_for(client)
    db.session.execute(
        sa.text(
            "CREATE TRIGGER full BEFORE INSERT ON posts BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    )
    db.session.commit()
    answer = client.post("/write", data={"csrf_token": token, "body": "Quite private words"})
    assert answer.status_code in {500, 503}
    assert "INSERT INTO posts" in log.getvalue()  # the premise: the failure itself is in the log
    assert "Quite private words" not in log.getvalue()


def test_names_and_addresses_of_a_failed_registration_stay_out_of_the_log(client, app, log):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    token = token_for(client)
    db.session.execute(sa.text("ALTER TABLE users DROP COLUMN location"))
    db.session.commit()
    data = {"username": "dora", "email": "dora@gmail.com", "password": "a walk by night"}
    answer = client.post("/auth/register", data={"csrf_token": token} | data)
    assert answer.status_code in {500, 503}
    assert "INSERT INTO users" in log.getvalue()  # the premise
    for private in ("dora@gmail.com", "a walk by night", "$argon2"):
        assert private not in log.getvalue()


def test_a_path_cannot_forge_a_line_of_the_log(client, broken, log):
    client.get("/broken/x%0a2026-01-01 INFO [-] app: all is well")
    assert "ZeroDivisionError" in log.getvalue()
    assert "\n2026-01-01 INFO" not in log.getvalue()


def test_a_path_cannot_forge_a_line_when_the_database_fails(client, broken, log):
    client.get("/broken-query/x%0a2026-01-01 INFO [-] app: all is well")
    assert "Database error" in log.getvalue()
    assert "\n2026-01-01 INFO" not in log.getvalue()


def test_the_request_id_of_a_stranger_is_not_believed(client, app):
    given = {"X-Request-ID": "0123456789abcdef"}
    assert client.get("/explore", headers=given).headers["X-Request-ID"] != "0123456789abcdef"


class TestBehindAProxy:
    @pytest.fixture
    def settings(self):
        return {"PROXIES": "1"}

    def test_the_request_id_of_the_proxy_is_kept(self, client, app):
        given = {"X-Request-ID": "0123456789abcdef"}
        assert client.get("/explore", headers=given).headers["X-Request-ID"] == "0123456789abcdef"

    @pytest.mark.parametrize("given", ["short", "x" * 65, "<script>alert(1)", "a b c d e f g h"])
    def test_a_request_id_of_another_shape_is_replaced(self, client, app, given):
        answer = client.get("/no-such-page", headers={"X-Request-ID": given})
        assert answer.headers["X-Request-ID"] != given
        assert given not in answer.text


def test_a_lost_post_page_is_gone_for_everybody(client, ana):
    post_id = make_post(ana).id
    db.session.execute(sa.delete(Post))
    db.session.commit()
    assert client.get(f"/post/{post_id}").status_code == 404


@pytest.mark.parametrize("away", [timedelta(0), SEEN_INTERVAL * 2], ids=["just seen", "long ago"])
def test_an_answer_is_good_though_the_database_has_gone_since_it_asked(
    client, broken, ana, log, away
):
    enter(client, ana)
    with time_machine.travel(utcnow() + away):
        answer = client.get("/lose-database")
    assert (answer.status_code, answer.text) == (200, "A good answer.")
    assert "The database went away after it was asked" in log.getvalue()
    assert client.get("/write").status_code == 200
