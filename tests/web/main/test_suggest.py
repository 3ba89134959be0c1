"""People to name, while somebody types."""

import pytest

from app import ratelimit
from app.accounts import actions as accounts
from app.extensions import db
from app.moderation import actions as moderation
from app.relationships.models import Block, Mute
from app.search.naming import SHOWN
from tests.browsing import enter
from tests.factories import make_follow, make_user
from tests.queries import counted_queries


@pytest.fixture
def mia(client):
    """Return Mia, who types."""
    user = make_user("mia")
    enter(client, user)
    return user


def suggested(client, typed):
    answer = client.get("/suggest", query_string={"q": typed})
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    return [person["username"] for person in answer.json]


def call(user, name, about=""):
    accounts.edit_profile(user, display_name=name, about_me=about, location="", website="")
    db.session.commit()


def test_beginning_of_a_username_is_enough(client, mia, ana, bob):
    assert suggested(client, "a") == suggested(client, "AN") == suggested(client, "ana") == ["ana"]
    assert suggested(client, "anab") == []
    assert client.get("/suggest?q=an").json == [{"username": "ana", "name": "Ana"}]


def test_so_is_the_beginning_of_a_word_of_a_name(client, mia):
    user = make_user("skipper")
    call(user, "Ümit Yılmaz 東京")
    for typed in ("Ümi", "umi", "yil", "東京"):
        assert suggested(client, typed) == ["skipper"], typed


def test_what_people_say_about_themselves_is_no_name(client, mia, ana):
    call(ana, "Ana", about="I like boats")
    assert suggested(client, "boats") == []


def test_underscores_are_no_wildcards(client, mia):
    make_user("an_na")
    make_user("anxna")
    assert suggested(client, "an_") == ["an_na"]
    assert suggested(client, "%") == []


def test_those_whom_one_follows_come_first_then_the_exact_name_then_the_best_known(client, mia):
    exact, known, friend, unknown = (
        make_user(name) for name in ("tide", "tidea", "tidez", "tideb")
    )
    make_follow(make_user(), known)
    make_follow(mia, friend)
    assert suggested(client, "tide") == ["tidez", "tide", "tidea", "tideb"]
    assert exact.followers_count == unknown.followers_count == 0  # the premise


def test_somebody_whom_one_follows_is_found_among_very_many(client, mia, monkeypatch):
    monkeypatch.setattr("app.search.naming.COMPARED", 3)
    people = [make_user(f"tide{number}") for number in range(9)]
    make_follow(mia, people[8])
    assert suggested(client, "ti")[0] == "tide8"


def test_a_few_are_enough(client, mia):
    for number in range(SHOWN + 2):
        make_user(f"tide{number}")
    assert len(suggested(client, "ti")) == SHOWN


def test_nobody_names_themselves(client, mia):
    assert suggested(client, "mia") == []


@pytest.mark.parametrize(
    ("between", "is_shown"),
    [
        (lambda mia, ana: Block(blocker_id=mia.id, blocked_id=ana.id), False),
        (lambda mia, ana: Block(blocker_id=ana.id, blocked_id=mia.id), False),
        (lambda mia, ana: Mute(muter_id=mia.id, muted_id=ana.id), True),
    ],
    ids=["blocks", "is blocked", "mutes"],
)
@pytest.mark.parametrize("follows", [True, False])
def test_who_is_out_of_sight_is_not_suggested(client, mia, ana, between, is_shown, follows):
    if follows:
        make_follow(mia, ana)
    db.session.add(between(mia, ana))
    db.session.commit()
    assert suggested(client, "ana") == ["ana"] * is_shown


def test_who_is_suspended_is_not_suggested(client, mia, ana):
    moderation.suspend(ana)
    db.session.commit()
    assert suggested(client, "ana") == []


@pytest.mark.parametrize("typed", ["", " ", "@", "\x00", "x" * 10_000, "東" * 5000, '"', "-", "ﷺ"])
def test_whatever_is_typed_gets_an_answer(client, mia, typed):
    assert suggested(client, typed) == []


def test_it_is_for_members(client, ana):
    assert client.get("/suggest?q=an").status_code == 302


def test_number_of_statements_does_not_grow(client, mia):
    for number in range(12):
        make_follow(mia, make_user(f"tide{number}"))
    suggested(client, "tide")
    with counted_queries() as statements:
        suggested(client, "tide")
    assert len(statements) <= 8, statements


def test_there_is_a_limit(client, mia, monkeypatch):
    limit = int(ratelimit.SUGGEST.split()[0])
    for _ in range(limit):
        client.get("/suggest")
    assert client.get("/suggest").status_code == 429
