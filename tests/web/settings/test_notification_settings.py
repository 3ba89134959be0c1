"""What to be told of: /settings/notifications."""

import pytest

from app.extensions import db
from app.models import User
from app.notifications.models import Kind
from tests.browsing import enter, forms_of, link_to, links_of, submit
from tests.queries import all_rows

PATH = "/settings/notifications"


@pytest.fixture
def online(client, ana):
    enter(client, ana)
    return client


def checked(client):
    """Return the kinds that the form on the page has checked."""
    (form,) = [form for form in forms_of(client.get(PATH)) if form.action == PATH]
    return [kind for kind in Kind if kind in form.fields]


def unwanted(username="ana"):
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(User.unwanted_notifications).filter_by(username=username).scalar()


def test_a_member_is_told_of_everything_at_first(online):
    assert checked(online) == list(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_what_is_not_checked_is_not_wanted(online, kind):
    answer = submit(online, PATH, **{other: "y" for other in Kind if other != kind})
    assert (answer.status_code, answer.location) == (302, PATH)
    assert unwanted() == kind
    assert checked(online) == [other for other in Kind if other != kind]


def test_the_form_works_as_it_stands(online):
    (form,) = [form for form in forms_of(online.get(PATH)) if form.action == PATH]
    online.post(form.action, data=form.fields)
    assert unwanted() == ""


def test_nothing_at_all_may_be_wanted_and_everything_again(online):
    submit(online, PATH)
    assert checked(online) == []
    submit(online, PATH, **dict.fromkeys(Kind, "y"))
    assert unwanted() == ""


def test_a_kind_that_does_not_exist_changes_nothing(online):
    submit(online, PATH, **dict.fromkeys(Kind, "y"), poke="y")
    assert unwanted() == ""


def test_the_choice_is_ones_own(online, carla):
    submit(online, PATH)
    assert unwanted("carla") == ""


def test_settings_and_notifications_lead_here(online):
    assert PATH in [link.href for link in links_of(online.get("/settings"))]
    assert link_to(online.get("/notifications"), "Choose what you hear about") == PATH


def test_without_the_token_nothing_changes(online):
    before = all_rows()["users"]
    assert online.post(PATH).status_code == 400
    assert all_rows()["users"] == before


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get(PATH).location == f"/auth/login?next={PATH}"
    assert submit(client, PATH).status_code == 401
