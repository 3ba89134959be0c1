"""Blocking somebody, and what the two of them see afterwards."""

import pytest

from app.extensions import db
from app.relationships.blocks import block
from tests.browsing import enter, forms_of, link_to, posts_on, submit
from tests.factories import make_follow, make_post
from tests.queries import all_rows


@pytest.fixture
def posts(ana, bob):
    """A post of each; Bob follows Ana."""
    return make_post(ana, "Ana's boat is in."), make_post(bob, "Bob's boat is out.")


@pytest.fixture
def apart(ana, bob, posts):
    block(ana, bob)
    db.session.commit()


def actions_on(page):
    return [form.action for form in forms_of(page)]


def test_it_asks_first(client, ana, bob):
    enter(client, ana)
    page = client.get("/block/bob")
    assert "Block Bob?" in page.text
    assert link_to(page, "Cancel") == "/user/bob"
    (form,) = [form for form in forms_of(page) if form.action == "/block/bob"]
    assert client.post(form.action, data=form.fields).location == "/user/bob"
    assert len(all_rows()["blocks"]) == 1
    assert "You have blocked Bob." in client.get("/user/bob").text


def test_blocking_twice_is_harmless(client, ana, bob):
    enter(client, ana)
    for _ in range(2):
        assert submit(client, "/block/bob").status_code == 302
    assert len(all_rows()["blocks"]) == 1


@pytest.mark.parametrize("address", ["/block/ana", "/mute/ana", "/unblock/ana", "/unmute/ana"])
def test_nobody_does_it_to_themselves(client, ana, address):
    enter(client, ana)
    assert submit(client, address).status_code == 404


def test_who_is_blocked_does_not_find_the_page(client, ana, bob, apart):
    enter(client, bob)
    pages = ("", "/popup", "/followers", "/following")
    assert {client.get(f"/user/ana{page}").status_code for page in pages} == {404}


def test_who_blocks_sees_just_who_the_other_is(client, ana, bob, apart):
    bob.about_me = "I mend nets."
    db.session.commit()
    enter(client, ana)
    assert "I mend nets." not in client.get("/user/bob").text


@pytest.mark.parametrize("verb", ["follow", "unfollow", "mute", "block", "unblock"])
def test_who_is_blocked_can_do_nothing_with_the_other(client, ana, bob, apart, verb):
    enter(client, bob)
    before = all_rows()
    assert submit(client, f"/{verb}/ana", duration="day").status_code == 404
    assert all_rows() == before


def test_who_blocks_still_finds_the_page_to_undo_it(client, ana, bob, apart):
    enter(client, ana)
    page = client.get("/user/bob")
    assert "You have blocked <bdi>Bob</bdi>" in page.text
    assert posts_on(page) == []
    assert "/user/bob/followers" not in page.text
    assert "/unblock/bob" in actions_on(page)
    assert "/follow/bob" not in actions_on(page)


@pytest.mark.parametrize("page", ["/popup", "/followers", "/following"])
def test_who_blocks_finds_nothing_else(client, ana, bob, apart, page):
    enter(client, ana)
    assert client.get(f"/user/bob{page}").status_code == 404


def test_who_blocks_cannot_follow(client, ana, bob, apart):
    enter(client, ana)
    assert submit(client, "/follow/bob").status_code == 404


def test_unblocking_undoes_it(client, ana, bob, apart):
    enter(client, ana)
    for _ in range(2):
        assert submit(client, "/unblock/bob").location == "/user/bob"
    assert all_rows()["blocks"] == []
    assert "/follow/bob" in actions_on(client.get("/user/bob"))


@pytest.mark.parametrize(("viewer", "other"), [("ana", 1), ("bob", 0)])
def test_neither_sees_what_the_other_wrote(client, ana, bob, posts, apart, viewer, other):
    shown = [post.id for post in posts]
    enter(client, {"ana": ana, "bob": bob}[viewer])
    for path in ("/", "/explore"):
        assert shown[other] not in posts_on(client.get(path))
    assert client.get(f"/post/{shown[other]}").status_code == 404


def test_neither_stands_in_lists_that_the_other_sees(client, ana, bob, carla, apart):
    make_follow(carla, ana, bob)
    enter(client, bob)
    page = client.get("/user/carla/following")
    assert "/user/bob" in page.text
    assert "/user/ana" not in page.text


def test_others_see_everything(client, ana, bob, carla, posts, apart):
    shown = [post.id for post in posts]
    enter(client, carla)
    assert set(shown) <= set(posts_on(client.get("/explore")))


def test_card_of_another_leads_to_both(client, ana, bob, posts):
    enter(client, bob)
    page = client.get("/explore?before=9223372036854775806")
    assert link_to(page, "Block Ana") == "/block/ana"
    assert link_to(page, "Mute Ana") == "/mute/ana?next=/explore?before%3D9223372036854775806"
    assert link_to(page, "Block Bob") is None


def test_visitors_have_neither(client, ana, posts):
    page = client.get("/explore")
    assert link_to(page, "Block Ana") is None
    assert link_to(client.get("/user/ana"), "Block Ana") is None
