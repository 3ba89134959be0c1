"""Who may write to oneself."""

import pytest

from app.accounts.models import MessagesFrom
from app.accounts.queries import by_username
from app.extensions import db
from tests.browsing import enter, form_with, links_of, submit

PATH = "/settings/messages"


def stored():
    db.session.rollback()
    return by_username("ana").messages_from


@pytest.fixture
def ana_online(client, ana):
    enter(client, ana)
    return client


def test_everyone_may_write_until_one_says_otherwise(ana_online):
    assert form_with(ana_online.get(PATH), "messages_from").fields["messages_from"] == "everyone"


@pytest.mark.parametrize("whom", MessagesFrom)
def test_choice_is_kept_and_shown(ana_online, whom):
    answer = submit(ana_online, PATH, messages_from=whom.value)
    assert (answer.status_code, answer.location) == (302, PATH)
    assert stored() == whom
    page = ana_online.get(PATH)
    assert form_with(page, "messages_from").fields["messages_from"] == whom
    assert "Your changes are saved." in page.text


@pytest.mark.parametrize("whom", ["", "EVERYONE", "x" * 5000, "nobody\x00"])
def test_anything_else_is_refused_beside_the_field(ana_online, whom):
    answer = submit(ana_online, PATH, messages_from=whom)
    assert answer.status_code == 422
    assert 'id="messages_from-error"' in answer.text
    assert stored() == MessagesFrom.EVERYONE


def test_settings_lead_there(ana_online):
    assert PATH in [link.href for link in links_of(ana_online.get("/settings"))]


def test_question_is_asked_of_the_whole_group(ana_online):
    page = ana_online.get(PATH).text
    assert "<legend" in page
    assert "Whomever you write to can always answer." in page
