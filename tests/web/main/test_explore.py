"""Everybody's public posts."""

import pytest

from app.extensions import db
from tests.browsing import enter, link_to, posts_on
from tests.factories import make_post, make_user
from tests.queries import counted_queries


def test_everybodys_posts_are_there_newest_first(client, ana, bob, carla):
    ids = sorted((make_post(author).id for author in (ana, bob, carla, ana)), reverse=True)
    assert posts_on(client.get("/explore")) == ids


def test_a_member_sees_the_same_as_a_visitor(client, app, ana, carla):
    make_post(ana)
    seen = posts_on(client.get("/explore"))
    assert len(seen) == 1
    enter(client, carla)
    assert posts_on(client.get("/explore")) == seen


def test_an_empty_site_asks_for_the_first_post(client, app):
    page = client.get("/explore")
    assert "Nothing has been written yet" in page.text
    assert link_to(page, "Write the first post") == "/write"


def test_posts_of_somebody_suspended_are_not_shown(client, ana, bob):
    make_post(ana)
    post = make_post(bob)
    ana.suspended_at = ana.created_at
    db.session.commit()
    assert posts_on(client.get("/explore")) == [post.id]


def test_a_visitor_gets_no_session_cookie(client, ana):
    make_post(ana)
    assert client.get("/explore").headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_refused(client, app, method):
    assert client.open("/explore", method=method).status_code in {400, 405}


@pytest.mark.parametrize("rows", [2, 20])
def test_a_visitors_page_costs_one_query_however_many_posts(client, app, rows):
    for _ in range(rows):
        make_post(make_user())
    with counted_queries() as queries:
        page = client.get("/explore")
    assert len(posts_on(page)) == rows
    assert len(queries) == 1


@pytest.mark.parametrize("rows", [2, 20])
def test_a_members_page_costs_five_queries_however_many_posts(client, bob, rows):
    # The session, the badges, the posts with their authors, what the member did with them, people
    # to follow.
    for _ in range(rows):
        make_post(make_user())
    enter(client, bob)
    with counted_queries() as queries:
        page = client.get("/explore")
    assert len(posts_on(page)) == rows
    assert len(queries) == 5
