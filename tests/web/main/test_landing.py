"""What a visitor sees first."""

import pytest

from app.extensions import db
from tests.browsing import link_to, posts_on
from tests.factories import make_post, make_user
from tests.queries import counted_queries


@pytest.mark.parametrize("path", ["/", "/index"])
def test_a_visitor_sees_public_posts_and_the_two_doors(client, ana, path):
    post = make_post(ana)
    page = client.get(path)
    assert page.status_code == 200
    assert posts_on(page) == [post.id]
    assert link_to(page, "Join") == "/auth/register"
    assert link_to(page, "Sign in") == "/auth/login"


def test_a_visitor_has_no_composer(client, ana):
    assert "<textarea" not in client.get("/").text


def test_a_visitor_gets_no_session_cookie(client, ana):
    make_post(ana)
    assert client.get("/").headers.getlist("Set-Cookie") == []


def test_an_empty_site_says_so(client, app):
    page = client.get("/")
    assert page.status_code == 200
    assert "Nothing has been written yet" in page.text


def test_posts_of_somebody_suspended_are_not_shown(client, ana):
    make_post(ana)
    ana.suspended_at = ana.created_at
    db.session.commit()
    assert posts_on(client.get("/")) == []


class TestWithRegistrationClosed:
    @pytest.fixture
    def settings(self):
        return {"REGISTRATION": "closed"}

    def test_nobody_is_invited_to_join(self, client, app):
        page = client.get("/")
        assert link_to(page, "Join") is None
        assert link_to(page, "Sign in") == "/auth/login"


@pytest.mark.parametrize("rows", [2, 20])
def test_the_page_costs_one_query_however_many_posts(client, app, rows):
    for _ in range(rows):
        make_post(make_user())
    with counted_queries() as queries:
        page = client.get("/")
    assert len(posts_on(page)) == rows
    assert len(queries) == 1
