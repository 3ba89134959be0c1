"""Bookmarks: one's own, and nobody else's business."""

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.moderation.actions import suspend
from app.posts import bookmarks
from app.posts.models import Bookmark
from tests.browsing import enter, link_to, posts_on, submit
from tests.factories import make_post
from tests.queries import counted_queries


@pytest.fixture
def settings():
    return {"POSTS_PER_PAGE": "3"}


@pytest.fixture
def reader(client, bob):
    enter(client, bob)
    return client


def keep(user, *posts):
    for post in posts:
        bookmarks.bookmark(user, post)
    db.session.commit()


def test_what_was_kept_last_comes_first(reader, ana, carla):
    first, second = make_post(ana), make_post(carla)
    for post in (second, first):
        assert submit(reader, f"/post/{post.id}/bookmark").location == f"/post/{post.id}"
    assert posts_on(reader.get("/bookmarks")) == [first.id, second.id]


def test_keeping_twice_is_keeping_once(reader, ana):
    post = make_post(ana)
    for _ in range(2):
        submit(reader, f"/post/{post.id}/bookmark")
    assert db.session.scalar(sa.select(sa.func.count(Bookmark.id))) == 1
    for _ in range(2):
        assert submit(reader, f"/post/{post.id}/unbookmark").status_code == 302
    assert posts_on(reader.get("/bookmarks")) == []


def test_nobody_else_sees_them(reader, ana, carla):
    keep(carla, make_post(ana))
    page = reader.get("/bookmarks")
    assert posts_on(page) == []
    assert "No bookmarks yet" in page.text


def test_what_can_no_longer_be_seen_is_just_not_there(reader, ana, bob, carla):
    gone, stays = make_post(carla), make_post(ana)
    keep(bob, gone, stays)
    suspend(carla)
    db.session.commit()
    assert posts_on(reader.get("/bookmarks")) == [stays.id]


def test_pages_go_on_where_the_last_one_ended(reader, ana, bob):
    posts = [make_post(ana) for _ in range(5)]
    keep(bob, *posts)
    first = reader.get("/bookmarks")
    second = reader.get(link_to(first, "Older"))
    assert posts_on(first) + posts_on(second) == [post.id for post in posts[::-1]]


def test_the_page_costs_four_queries(reader, ana, bob):
    # The session, the badges, the posts with their authors, and what the member did with them.
    keep(bob, *(make_post(ana) for _ in range(3)))
    with counted_queries() as queries:
        assert len(posts_on(reader.get("/bookmarks"))) == 3
    assert len(queries) == 4
