"""Passing posts on."""

from functools import partial

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.moderation.actions import restore, suspend
from app.posts import actions, reposts
from app.posts.models import Post
from tests.browsing import (
    at_once,
    enter,
    link_to,
    links_of,
    posts_on,
    same_browser,
    submit,
    token_for,
)
from tests.factories import make_follow, make_post


@pytest.fixture
def post(ana):
    return make_post(ana)


@pytest.fixture
def reader(client, bob):
    enter(client, bob)
    return client


def count_of(post):
    db.session.rollback()
    return db.session.scalar(sa.select(Post.reposts_count).where(Post.id == post.id))


def entries():
    return list(db.session.scalars(sa.select(Post.id).where(Post.repost_of_id.is_not(None))))


def test_a_repost_shows_on_ones_page_with_who_passed_it_on(reader, post):
    answer = submit(reader, f"/post/{post.id}/repost")
    assert (answer.status_code, answer.location) == (302, f"/post/{post.id}")
    page = reader.get("/user/bob")
    assert posts_on(page) == [post.id]
    assert "reposted" in page.text
    assert link_to(page, "Bob") == "/user/bob"
    assert count_of(post) == 1


def test_reposting_twice_is_reposting_once(reader, post):
    for _ in range(2):
        assert submit(reader, f"/post/{post.id}/repost").status_code == 302
    assert (count_of(post), len(entries())) == (1, 1)


def test_many_presses_at_once_count_once(reader, post, app):
    data, path = {"csrf_token": token_for(reader)}, f"/post/{post.id}/repost"
    windows = [same_browser(reader) for _ in range(4)]
    answers = at_once(app, *(partial(window.post, path, data=data) for window in windows))
    assert {answer.status_code for answer in answers} == {302}
    assert (count_of(post), len(entries())) == (1, 1)


def test_taking_a_repost_back_leaves_nothing(reader, post):
    submit(reader, f"/post/{post.id}/repost")
    for _ in range(2):
        assert submit(reader, f"/post/{post.id}/unrepost").status_code == 302
    assert (count_of(post), entries()) == (0, [])


def test_ones_own_post_cannot_be_passed_on(client, ana, post):
    enter(client, ana)
    assert submit(client, f"/post/{post.id}/repost").status_code == 302
    assert (count_of(post), entries()) == (0, [])
    assert "/repost" not in client.get("/explore").text


def test_followers_find_it_on_their_home(client, post, bob, carla):
    make_follow(carla, bob)
    reposts.repost(bob, post)
    db.session.commit()
    enter(client, carla)
    assert post.id in posts_on(client.get("/"))


def test_an_id_that_somebody_has_is_drawn_again(post, ana, bob, monkeypatch):
    other = make_post(ana)
    taken = other.id
    db.session.expunge(other)
    ids = iter([taken, taken, taken + 1])
    monkeypatch.setattr(actions, "new_id", lambda _at: next(ids))
    assert reposts.repost(bob, post)
    assert entries() == [taken + 1]


def test_the_address_of_a_repost_leads_to_the_post(client, post, bob):
    reposts.repost(bob, post)
    db.session.commit()
    answer = client.get(f"/post/{entries()[0]}")
    assert (answer.status_code, answer.location) == (302, f"/post/{post.id}")


def test_reposts_go_with_the_post(post, bob):
    reposts.repost(bob, post)
    actions.delete(post)
    db.session.commit()
    assert entries() == []


def test_who_is_out_of_view_neither_counts_nor_shows(client, post, carla):
    reposts.repost(carla, post)
    suspend(carla)
    db.session.commit()
    assert count_of(post) == 0
    assert "carla" not in client.get(f"/post/{post.id}/reposts").text
    restore(carla)
    db.session.commit()
    assert count_of(post) == 1


def test_who_passed_it_on_is_listed(reader, post, bob, carla):
    for user in (bob, carla):
        reposts.repost(user, post)
    db.session.commit()
    page = reader.get(f"/post/{post.id}/reposts")
    hrefs = [link.href for link in links_of(page) if "person-names" in link.attributes.values()]
    assert hrefs == ["/user/carla", "/user/bob"]
    assert "/follow/carla" in page.text


def test_a_post_that_nobody_passed_on_says_so(client, post):
    assert "No reposts yet" in client.get(f"/post/{post.id}/reposts").text
