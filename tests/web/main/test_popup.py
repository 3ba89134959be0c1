"""The card about somebody: a part of a page, for whoever points at a name."""

import pytest

from app.extensions import db
from app.moderation.actions import suspend
from tests.browsing import enter, forms_of, link_to
from tests.factories import make_follow, make_post
from tests.queries import counted_queries


def test_it_says_who_somebody_is(client, ana, bob):
    ana.about_me = "I write about <tides>."
    db.session.commit()
    make_post(ana)
    page = client.get("/user/ana/popup")
    for text in ("Ana", "@ana", "I write about &lt;tides&gt;.", "<b>1</b> post<"):
        assert text in page.text
    assert link_to(page, "1 follower") == "/user/ana/followers"


def test_it_is_a_part_of_a_page(client, ana):
    page = client.get("/user/ana/popup").text
    assert "<html" not in page
    assert "<main" not in page


def test_visitors_are_led_to_sign_in(client, ana):
    page = client.get("/user/ana/popup")
    assert link_to(page, "Follow") == "/auth/login?next=/user/ana"
    assert forms_of(page) == []


def test_the_button_follows(client, ana, carla):
    enter(client, carla)
    (form,) = forms_of(client.get("/user/ana/popup"))
    answer = client.post(form.action, data=form.fields)
    page = client.get(answer.location)
    assert [form.action for form in forms_of(page)] == ["/unfollow/ana"]
    assert "You follow Ana." in page.text


@pytest.mark.parametrize("address", ["/user/bob/popup", "/user/bob"])
def test_it_says_who_follows_one(client, ana, bob, address):
    enter(client, ana)
    assert "Follows you" in client.get(address).text


@pytest.mark.parametrize("address", ["/user/ana/popup", "/user/ana"])
def test_it_does_not_say_so_of_others(client, ana, bob, address):
    make_follow(bob, ana)
    enter(client, bob)
    assert "Follows you" not in client.get(address).text


def test_ones_own_has_no_button(client, ana):
    enter(client, ana)
    page = client.get("/user/ana/popup")
    assert page.status_code == 200
    assert forms_of(page) == []


def test_who_is_out_of_view_has_none(client, ana):
    suspend(ana)
    db.session.commit()
    assert client.get("/user/ana/popup").status_code == 404


def test_it_is_quick(client, ana, bob):
    enter(client, bob)
    with counted_queries() as queries:
        client.get("/user/ana/popup")
    assert len(queries) <= 3
