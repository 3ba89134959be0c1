"""A member's page."""

import pytest

from app.extensions import db
from tests.browsing import enter, link_to, links_of, posts_on
from tests.factories import make_follow, make_post
from tests.queries import counted_queries


def test_it_shows_who_somebody_is_and_only_their_posts(client, ana, bob):
    ana.about_me, ana.location = "I write about tides.", "Colonia"
    db.session.commit()
    post = make_post(ana)
    make_post(bob)
    page = client.get("/user/ana")
    assert posts_on(page) == [post.id]
    for text in ("Ana", "@ana", "I write about tides.", "Colonia"):
        assert text in page.text


def test_it_counts_posts_and_people(client, ana, bob, carla):
    make_follow(ana, bob)
    make_follow(carla, ana)
    make_post(ana)
    page = client.get("/user/ana")
    assert "<b>1</b> post<" in page.text
    assert link_to(page, "1 following") == "/user/ana/following"
    assert link_to(page, "2 followers") == "/user/ana/followers"


@pytest.mark.parametrize("name", ["ANA", "Ana", "aNa"])
def test_the_name_may_be_written_in_any_case(client, ana, name):
    assert "@ana" in client.get(f"/user/{name}").text


def test_a_name_in_another_case_has_one_canonical_address(client, ana):
    page = client.get("/user/ANA").text
    assert '<link rel="canonical" href="http://127.0.0.1:5000/user/ana">' in page


@pytest.mark.parametrize(
    "name", ["nobody_here", "ana%00", "%00", "ana%20", "..", "a%2Fb", "%FF", "ａｎａ", "x" * 5000]
)
def test_a_name_nobody_has_is_not_found(client, ana, name):
    assert client.get(f"/user/{name}").status_code == 404


def test_a_suspended_member_is_not_found(client, ana):
    ana.suspended_at = ana.created_at
    db.session.commit()
    assert client.get("/user/ana").status_code == 404


def test_ones_own_page_leads_to_editing(client, ana):
    enter(client, ana)
    assert link_to(client.get("/user/ana"), "Edit profile") == "/edit_profile"


def test_anothers_page_does_not(client, ana, bob):
    enter(client, bob)
    assert link_to(client.get("/user/ana"), "Edit profile") is None


def test_a_visitor_who_wants_to_follow_is_asked_to_sign_in_and_comes_back(client, ana):
    assert link_to(client.get("/user/ana"), "Follow") == "/auth/login?next=/user/ana"


def test_ones_own_empty_page_says_what_to_do(client, ana):
    enter(client, ana)
    page = client.get("/user/ana")
    assert "You have not posted yet" in page.text
    assert link_to(page, "Write your first post") == "/write"


def test_anothers_empty_page_says_so(client, ana):
    assert "No posts yet" in client.get("/user/ana").text


def test_the_address_of_a_member_is_on_no_page(client, ana, bob):
    make_post(ana)
    enter(client, bob)
    for path in ("/user/ana", "/user/ana/followers", "/explore", "/"):
        assert "@example.com" not in client.get(path).text


MISCHIEF = "<script>alert(1)</script>\"'&{{ 1 }}%(x)s"


def test_a_profile_in_markup_is_shown_as_it_was_typed(client, ana):
    ana.display_name = ana.about_me = ana.location = MISCHIEF
    db.session.commit()
    make_post(ana)
    page = client.get("/user/ana")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert page.text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5


def test_a_website_cannot_break_out_of_its_link(client, ana):
    ana.website = 'https://example.org/"onmouseover="alert(1)'
    db.session.commit()
    (link,) = [a for a in links_of(client.get("/user/ana")) if "example.org" in a.href]
    assert set(link.attributes) <= {"href", "rel", "dir"}
    assert set(link.attributes["rel"].split()) >= {"nofollow", "ugc", "noopener"}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_refused(client, ana, method):
    assert client.open("/user/ana", method=method).status_code in {400, 405}


@pytest.mark.parametrize("rows", [2, 20])
def test_a_visitor_costs_two_queries_however_many_posts(client, ana, rows):
    for _ in range(rows):
        make_post(ana)
    with counted_queries() as queries:
        page = client.get("/user/ana")
    assert len(posts_on(page)) == rows
    assert len(queries) == 2


@pytest.mark.parametrize("rows", [2, 20])
def test_a_member_costs_six_queries_however_many_posts(client, ana, bob, rows):
    # The session, the badges, the person, the posts, what one did with these, and what is between
    # the two.
    for _ in range(rows):
        make_post(ana)
    enter(client, bob)
    with counted_queries() as queries:
        page = client.get("/user/ana")
    assert len(posts_on(page)) == rows
    assert len(queries) == 6
