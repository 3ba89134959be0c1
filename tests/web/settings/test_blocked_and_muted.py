"""The lists of whom one has blocked and muted."""

from datetime import timedelta

import pytest

from app.extensions import db
from app.moderation.actions import suspend
from app.relationships.blocks import block
from app.relationships.mutes import mute
from tests.browsing import enter, forms_of, link_to, links_of
from tests.factories import make_user
from tests.queries import counted_queries

LISTS = {"blocked": block, "muted": mute}


def people_on(response):
    names = [link for link in links_of(response) if link.attributes.get("class") == "person-names"]
    return [link.href.removeprefix("/user/") for link in names]


@pytest.fixture(params=LISTS)
def shun(request, client, ana):
    """The way that people get on a list: its name, and the act."""
    enter(client, ana)

    def shun(*people):
        for person in people:
            LISTS[request.param](ana, person)
        db.session.commit()

    shun.path = f"/settings/{request.param}"
    shun.undo = f"/un{request.param.removesuffix('ed').removesuffix('d')}".replace("mut", "mute")
    return shun


def test_settings_lead_there(client, shun):
    assert shun.path in [link.href for link in links_of(client.get("/settings"))]


def test_nobody_is_on_it_at_first(client, bob, shun):
    page = client.get(shun.path)
    assert "nobody" in page.text
    assert people_on(page) == []


def test_people_are_listed_the_latest_first(client, bob, carla, shun):
    shun(bob, carla)
    assert people_on(client.get(shun.path)) == ["carla", "bob"]


def test_only_ones_own(app, client, bob, carla, shun):
    shun(carla)
    other = app.test_client()
    enter(other, bob)
    assert people_on(other.get(shun.path)) == []


def test_each_can_be_undone_there(client, bob, shun):
    shun(bob)
    (form,) = [f for f in forms_of(client.get(shun.path)) if f.action == f"{shun.undo}/bob"]
    assert client.post(form.action, data=form.fields).location == shun.path
    assert people_on(client.get(shun.path)) == []


def test_suspended_people_are_not_listed(client, bob, shun):
    shun(bob)
    suspend(bob)
    db.session.commit()
    assert people_on(client.get(shun.path)) == []


def test_long_lists_have_pages_and_few_queries(client, app, shun):
    app.config["POSTS_PER_PAGE"] = 3
    people = [make_user() for _ in range(4)]
    shun(*people)
    names = [person.username for person in people[::-1]]
    with counted_queries() as queries:
        page = client.get(shun.path)
    assert len(queries) <= 3
    assert people_on(page) == names[:3]
    assert people_on(client.get(link_to(page, "Older"))) == names[3:]


def test_mutes_say_when_they_end(client, ana, bob, carla):
    enter(client, ana)
    mute(ana, bob)
    mute(ana, carla, timedelta(days=1))
    db.session.commit()
    page = client.get("/settings/muted").text
    assert "Muted until you undo it" in page
    assert "Muted until <time" in page


def test_mutes_that_are_over_are_not_listed(client, ana, bob):
    enter(client, ana)
    mute(ana, bob, timedelta(seconds=-1))
    db.session.commit()
    assert people_on(client.get("/settings/muted")) == []


def test_whom_one_blocked_after_muting_stands_on_the_list_of_blocks(client, ana, bob):
    enter(client, ana)
    mute(ana, bob)
    block(ana, bob)
    db.session.commit()
    assert people_on(client.get("/settings/muted")) == []
    assert people_on(client.get("/settings/blocked")) == ["bob"]
