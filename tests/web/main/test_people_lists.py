"""Followers and following."""

import pytest

from app.extensions import db
from tests.browsing import enter, forms_of, link_to, links_of
from tests.factories import make_follow, make_user
from tests.queries import counted_queries

LISTS = ["followers", "following"]


def people_on(response):
    names = [link for link in links_of(response) if link.attributes.get("class") == "person-names"]
    return [link.href.removeprefix("/user/") for link in names]


def test_followers_are_listed_newest_first(client, ana, bob, carla):
    make_follow(carla, ana)
    assert people_on(client.get("/user/ana/followers")) == ["carla", "bob"]


def test_following_is_listed_newest_first(client, ana, bob, carla):
    make_follow(bob, carla)
    assert people_on(client.get("/user/bob/following")) == ["carla", "ana"]


def test_each_list_leads_to_the_other(client, ana):
    page = client.get("/user/ana/followers")
    assert link_to(page, "Following") == "/user/ana/following"
    assert link_to(page, "Followers") == "/user/ana/followers"


@pytest.mark.parametrize("kind", LISTS)
def test_suspended_people_are_not_listed(client, ana, bob, carla, kind):
    make_follow(ana, bob, carla)
    make_follow(carla, ana)
    bob.suspended_at = bob.created_at
    db.session.commit()
    assert people_on(client.get(f"/user/ana/{kind}")) == ["carla"]


def test_empty_lists_say_so(client, carla):
    assert "No followers yet" in client.get("/user/carla/followers").text
    page = client.get("/user/carla/following")
    assert "Nobody yet" in page.text
    assert link_to(page, "Explore posts") == "/explore"


def test_a_member_has_a_button_for_everybody_but_oneself(client, ana, bob, carla):
    make_follow(carla, ana)
    make_follow(bob, carla)
    enter(client, bob)
    actions = [form.action for form in forms_of(client.get("/user/ana/followers"))]
    assert "/unfollow/carla" in actions
    assert not [action for action in actions if action.endswith("follow/bob")]


def test_a_visitor_has_no_buttons(client, ana, bob):
    actions = [form.action for form in forms_of(client.get("/user/ana/followers"))]
    assert not [action for action in actions if "follow/" in action]


@pytest.mark.parametrize("kind", LISTS)
def test_a_name_nobody_has_is_not_found(client, app, kind):
    assert client.get(f"/user/nobody_here/{kind}").status_code == 404


@pytest.mark.parametrize("kind", LISTS)
def test_a_suspended_members_lists_are_not_found(client, ana, kind):
    ana.suspended_at = ana.created_at
    db.session.commit()
    assert client.get(f"/user/ana/{kind}").status_code == 404


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_refused(client, ana, kind, method):
    assert client.open(f"/user/ana/{kind}", method=method).status_code in {400, 405}


def befriend(ana, rows):
    for _ in range(rows):
        friend = make_user()
        make_follow(friend, ana)
        make_follow(ana, friend)


@pytest.mark.parametrize("rows", [2, 20])
@pytest.mark.parametrize("kind", LISTS)
def test_a_visitor_costs_two_queries_however_many_people(client, ana, rows, kind):
    befriend(ana, rows)
    with counted_queries() as queries:
        page = client.get(f"/user/ana/{kind}")
    assert len(people_on(page)) == rows
    assert len(queries) == 2


@pytest.mark.parametrize("rows", [2, 20])
@pytest.mark.parametrize("kind", LISTS)
def test_a_member_costs_five_queries_however_many_people(client, ana, carla, rows, kind):
    # The session, the badges, the person, the page, and whom of it one follows.
    befriend(ana, rows)
    enter(client, carla)
    with counted_queries() as queries:
        page = client.get(f"/user/ana/{kind}")
    assert len(people_on(page)) == rows
    assert len(queries) == 5
