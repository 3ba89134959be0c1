"""Muting somebody for a while."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.relationships.mutes import mute
from tests.browsing import enter, error_beside, form_with, forms_of, link_to, posts_on, submit
from tests.factories import make_post
from tests.queries import all_rows


@pytest.fixture
def post(ana):
    return make_post(ana, "Low tide at noon.").id


@pytest.fixture
def bob_online(client, bob, post):
    enter(client, bob)
    return client


def muted(client, duration="always"):
    assert submit(client, "/mute/ana", duration=duration).status_code == 302


def test_the_profile_leads_to_the_form_and_the_form_back(bob_online):
    assert link_to(bob_online.get("/user/ana"), "Mute Ana") == "/mute/ana?next=/user/ana"
    form = form_with(bob_online.get("/mute/ana?next=/explore"), "next")
    form.fields["duration"] = "day"
    assert bob_online.post(form.action, data=form.fields).location == "/explore"
    assert "You have muted Ana." in bob_online.get("/explore").text


def test_their_posts_come_no_longer(bob_online, post):
    assert post in posts_on(bob_online.get("/explore"))
    muted(bob_online)
    assert post not in posts_on(bob_online.get("/explore"))


def test_they_are_found_on_their_own_page_and_nobody_else_is_told(app, bob_online, ana, post):
    muted(bob_online)
    assert post in posts_on(bob_online.get("/user/ana"))
    other = app.test_client()
    enter(other, ana)
    assert "muted" not in other.get("/user/bob").text


@pytest.mark.parametrize(
    ("duration", "days"), [("hour", 0.04), ("day", 1), ("week", 7), ("month", 30)]
)
def test_it_lasts_as_long_as_was_chosen(bob_online, post, duration, days):
    muted(bob_online, duration)
    with time_machine.travel(utcnow() + timedelta(days=days, minutes=-9), tick=False):
        assert post not in posts_on(bob_online.get("/explore"))
    with time_machine.travel(utcnow() + timedelta(days=days, minutes=9), tick=False):
        assert post in posts_on(bob_online.get("/explore"))


def test_the_profile_says_until_when_and_undoes_it(bob_online):
    muted(bob_online, "week")
    page = bob_online.get("/user/ana")
    assert "You have muted <bdi>Ana</bdi> until <time" in page.text
    (form,) = [form for form in forms_of(page) if form.action == "/unmute/ana"]
    assert bob_online.post(form.action, data=form.fields).location == "/user/ana"
    assert all_rows()["mutes"] == []
    assert "You have muted" not in bob_online.get("/explore").text


def test_without_an_end_no_time_is_named(bob_online):
    muted(bob_online)
    bob_online.get("/")
    assert "You have muted <bdi>Ana</bdi>." in bob_online.get("/user/ana").text


def test_one_that_is_over_is_not_mentioned(bob_online, ana, bob):
    mute(bob, ana, timedelta(seconds=-1))
    db.session.commit()
    page = bob_online.get("/user/ana").text
    assert "You have muted" not in page


@pytest.mark.parametrize("duration", ["", "year", "0"])
def test_a_duration_that_is_not_offered_is_refused(bob_online, duration):
    page = submit(bob_online, "/mute/ana", duration=duration)
    assert page.status_code == 422
    assert error_beside(page, "duration")
    assert all_rows()["mutes"] == []


def test_one_never_comes_back_to_another_site(bob_online):
    fields = {"duration": "day", "next": "https://evil.example/"}
    assert submit(bob_online, "/mute/ana", **fields).location == "/user/ana"
