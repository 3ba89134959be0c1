"""The home timeline, as its reader sees it."""

import pytest

from app.extensions import db
from tests.browsing import enter, forms_of, link_to, posts_on
from tests.factories import (
    make_follow,
    make_hashtag_follow,
    make_post,
    make_reply,
    make_user,
)
from tests.queries import counted_queries


@pytest.fixture
def reader(client, bob):
    enter(client, bob)
    return client


@pytest.mark.parametrize("path", ["/", "/index"])
def test_home_shows_ones_own_posts_and_those_of_people_one_follows(reader, ana, bob, carla, path):
    mine, hers = make_post(bob, "Mine"), make_post(ana, "Hers")
    make_post(carla, "A stranger's")
    assert set(posts_on(reader.get(path))) == {mine.id, hers.id}


def test_the_newest_post_stands_first(reader, ana):
    ids = sorted((make_post(ana, f"Post {n}").id for n in range(5)), reverse=True)
    assert posts_on(reader.get("/")) == ids


def test_the_composer_is_on_the_page(reader):
    assert "body" in {name for form in forms_of(reader.get("/")) for name in form.fields}


def test_an_empty_home_says_what_to_do(reader):
    page = reader.get("/")
    assert "It is quiet here" in page.text
    assert link_to(page, "Find people to follow") == "/explore"


def test_a_home_with_posts_is_not_called_quiet(reader, ana):
    make_post(ana)
    assert "It is quiet here" not in reader.get("/").text


def test_posts_of_somebody_suspended_are_gone_and_come_back(reader, ana):
    post = make_post(ana)
    ana.suspended_at = ana.created_at
    db.session.commit()
    assert posts_on(reader.get("/")) == []
    ana.suspended_at = None
    db.session.commit()
    assert posts_on(reader.get("/")) == [post.id]


def test_a_reply_is_there_if_it_answers_somebody_followed(reader, ana, bob, carla):
    dora = make_user()
    make_follow(bob, dora)
    to_carla = make_reply(dora, make_post(carla))
    to_ana = make_reply(dora, make_post(ana))
    shown = posts_on(reader.get("/"))
    assert to_ana.id in shown
    assert to_carla.id not in shown


def test_a_post_by_a_stranger_is_there_for_a_hashtag_that_one_follows(reader, bob, carla):
    post = make_post(carla, "Herring #tide #Tide #quay")
    make_hashtag_follow(bob, "tide", "quay")
    assert posts_on(reader.get("/")) == [post.id]


def test_people_to_follow_are_neither_oneself_nor_already_followed(reader, ana, bob, carla):
    page = reader.get("/").text
    people = page[page.index('id="suggestions"') :]
    assert "/follow/carla" in people
    assert "/follow/ana" not in people
    assert "/follow/bob" not in people


def test_suspended_people_are_not_suggested(reader, carla):
    carla.suspended_at = carla.created_at
    db.session.commit()
    assert "/follow/carla" not in reader.get("/").text


def test_long_posts_are_folded_with_a_link_to_the_whole(reader, ana):
    post = make_post(ana, "word " * 300)
    assert link_to(reader.get("/"), "Show more") == f"/post/{post.id}"


def test_posting_to_home_without_a_token_is_refused(reader):
    assert reader.post("/", data={"body": "x"}).status_code in {400, 405}


@pytest.mark.parametrize("rows", [2, 20])
def test_home_costs_seven_queries_however_many_posts(reader, bob, rows):
    # The session, the badges, whose posts can be on the page, their ids, the posts with their
    # authors, what the reader did with them, people to follow.
    for _ in range(rows):
        friend = make_user()
        make_follow(bob, friend)
        make_post(friend)
        make_user()
    reader.get("/")
    with counted_queries() as queries:
        page = reader.get("/")
    assert len(posts_on(page)) == rows
    assert len(queries) == 7
