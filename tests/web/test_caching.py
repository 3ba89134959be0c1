"""The application lets a proxy keep exactly the pages that are the same for every visitor."""

import re

import pytest

from app.caching import SECONDS
from app.extensions import db
from tests.browsing import enter, sign_in, submit
from tests.factories import make_post, make_user


@pytest.fixture
def post(ana):
    return make_post(ana, "Bread at six.").id


def may_be_kept(answer) -> bool:
    assert answer.headers.get("X-Accel-Expires") in {None, str(SECONDS)}
    return "X-Accel-Expires" in answer.headers


PUBLIC = ["/", "/explore", "/explore?before=1", "/user/ana", "/user/ana/followers", "/post/{post}"]


@pytest.mark.parametrize("path", PUBLIC)
def test_page_for_visitors_may_be_kept(client, post, path):
    answer = client.get(path.format(post=post))
    assert answer.status_code == 200
    assert may_be_kept(answer)
    assert "Set-Cookie" not in answer.headers
    # Browsers ask each time.
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", PUBLIC)
def test_page_that_may_be_kept_is_the_same_for_every_visitor(app, post, path):
    first, second = (
        app.test_client().get(path.format(post=post), headers={"User-Agent": name, "Referer": name})
        for name in ("one", "two")
    )
    assert may_be_kept(first)
    assert first.text == second.text
    assert "csrf_token" not in first.text


@pytest.mark.parametrize("path", PUBLIC)
def test_page_for_a_member_may_not_be_kept(client, post, path):
    enter(client, make_user("bob"))
    answer = client.get(path.format(post=post))
    assert "bob" in answer.text
    assert not may_be_kept(answer)


def test_head_is_answered_as_get_is(client, post):
    assert may_be_kept(client.head(f"/post/{post}"))


@pytest.mark.parametrize(
    "path",
    [
        "/auth/login",
        "/auth/register",
        "/auth/reset_password_request",
        "/auth/reset_password/nonsense",
        "/write",
        "/nowhere",
        "/healthz",
        "/readyz",
        "/search?q=bread",
        "/explore?before=x",
    ],
)
def test_what_has_a_token_an_error_a_count_or_no_page_may_not_be_kept(client, post, path):
    assert not may_be_kept(client.get(path))


def test_page_with_a_message_and_the_one_that_clears_it_away_may_not_be_kept(client, post):
    client.get("/write")
    told = client.get("/explore")
    assert "Sign in to see that page." in told.text
    assert not may_be_kept(told)


def test_page_of_a_visitor_whose_session_holds_a_token_may_not_be_kept(client, post):
    client.get("/auth/login")
    assert not may_be_kept(client.get("/explore"))


def test_visitor_whose_session_came_to_its_end_gets_pages_that_may_be_kept(client, ana, post):
    sign_in(client, ana)
    submit(client, "/auth/logout")
    assert may_be_kept(client.get("/explore"))


def test_page_for_whoever_is_remembered_may_not_be_kept(client, ana, post):
    submit(client, "/auth/login", username="ana", password="a walk along the quay", remember_me="y")
    client.delete_cookie("session")
    answer = client.get("/explore")
    assert "Set-Cookie" in answer.headers  # the premise: they are a member by that cookie alone
    assert not may_be_kept(answer)


def test_page_with_a_rule_of_its_own_may_not_be_kept(client, post):
    assert client.get("/auth/check_mail/reset").headers["Cache-Control"] == "private, no-cache"
    assert client.get("/auth/confirm/nonsense").headers["Cache-Control"] == "no-store"
    assert not may_be_kept(client.get("/auth/confirm/nonsense"))


def test_file_may_not_be_kept_by_this_rule(client, post):
    path = re.search(r"/static/[^\"]+\.css", client.get("/explore").text)[0]
    assert not may_be_kept(client.get(path))


@pytest.mark.parametrize("method", ["post", "put", "options", "delete"])
def test_other_methods_may_not_be_kept(client, post, method):
    assert not may_be_kept(getattr(client, method)("/explore"))


def test_error_of_the_database_may_not_be_kept(client, post):
    db.session.commit()
    db.session.execute(db.text("ALTER TABLE posts RENAME TO gone"))
    db.session.commit()
    answer = client.get("/explore")
    assert answer.status_code == 500
    assert not may_be_kept(answer)
