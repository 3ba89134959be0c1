"""Liking posts, and who likes one."""

from functools import partial

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.moderation.actions import restore, suspend
from app.posts import likes
from app.posts.models import Like, Post
from app.relationships.models import Block
from tests.browsing import at_once, enter, link_to, links_of, same_browser, submit, token_for
from tests.factories import make_post, make_user
from tests.queries import counted_queries


@pytest.fixture
def post(ana):
    return make_post(ana)


@pytest.fixture
def reader(client, bob):
    enter(client, bob)
    return client


def count_of(post):
    db.session.rollback()
    return db.session.scalar(sa.select(Post.likes_count).where(Post.id == post.id))


def rows():
    return db.session.scalar(sa.select(sa.func.count(Like.id)))


def people_on(response):
    names = [link for link in links_of(response) if link.attributes.get("class") == "person-names"]
    return [link.href.removeprefix("/user/") for link in names]


def is_pressed(page, deed):
    return f'/{deed}" aria-pressed="true"' in page.text


def test_liking_counts_and_shows_on_the_card(reader, post):
    answer = submit(reader, f"/post/{post.id}/like")
    assert (answer.status_code, answer.location) == (302, f"/post/{post.id}")
    assert (count_of(post), rows()) == (1, 1)
    page = reader.get("/explore")
    assert is_pressed(page, "unlike")
    assert '<span class="post-action-count">1</span>' in page.text


def test_liking_twice_is_liking_once(reader, post):
    for _ in range(2):
        assert submit(reader, f"/post/{post.id}/like").status_code == 302
    assert (count_of(post), rows()) == (1, 1)


def test_liking_no_longer_leaves_nothing(reader, post):
    submit(reader, f"/post/{post.id}/like")
    for _ in range(2):
        assert submit(reader, f"/post/{post.id}/unlike").status_code == 302
    assert (count_of(post), rows()) == (0, 0)
    assert not is_pressed(reader.get("/explore"), "unlike")


def test_many_presses_at_once_count_once(reader, post, app):
    data, path = {"csrf_token": token_for(reader)}, f"/post/{post.id}/like"
    windows = [same_browser(reader) for _ in range(4)]
    answers = at_once(app, *(partial(window.post, path, data=data) for window in windows))
    assert {answer.status_code for answer in answers} == {302}
    assert (count_of(post), rows()) == (1, 1)


def test_one_comes_back_to_the_post_on_the_page_one_was_on(reader, post):
    place = f"/explore?before=9#post-{post.id}"
    assert submit(reader, f"/post/{post.id}/like", next=place).location == place


def test_the_form_on_a_card_knows_its_place(reader, post):
    page = reader.get("/explore?after=0").text
    assert f'name="next" value="/explore?after=0#post-{post.id}"' in page


def test_what_one_may_not_see_cannot_be_liked(reader, post, ana, bob):
    db.session.add(Block(blocker_id=ana.id, blocked_id=bob.id))
    db.session.commit()
    assert submit(reader, f"/post/{post.id}/like").status_code == 404
    assert rows() == 0


def test_a_repost_has_no_likes_of_its_own(reader, post, carla):
    from app.posts.reposts import repost

    repost(carla, post)
    db.session.commit()
    entry_id = db.session.scalar(sa.select(Post.id).where(Post.repost_of_id == post.id))
    assert submit(reader, f"/post/{entry_id}/like").status_code == 404


def test_who_likes_a_post_is_listed_newest_first_with_a_way_to_follow(reader, post, bob, carla):
    for user in (carla, bob):
        likes.like(user, post)
    db.session.commit()
    page = reader.get(f"/post/{post.id}/likes")
    assert people_on(page) == ["bob", "carla"]
    assert "/follow/carla" in page.text


def test_who_is_out_of_view_neither_counts_nor_shows(client, post, carla):
    likes.like(carla, post)
    suspend(carla)
    db.session.commit()
    assert count_of(post) == 0
    assert people_on(client.get(f"/post/{post.id}/likes")) == []
    restore(carla)
    db.session.commit()
    assert count_of(post) == 1


def test_nobody_who_was_suspended_meanwhile_is_counted(post, carla):
    suspend(carla)
    db.session.commit()
    assert not likes.like(carla, post)


def test_the_likes_of_a_post_go_with_it(client, ana, post, carla):
    likes.like(carla, post)
    db.session.commit()
    enter(client, ana)
    submit(client, f"/post/{post.id}/delete")
    assert rows() == 0


def test_a_post_that_nobody_likes_says_so(client, post):
    page = client.get(f"/post/{post.id}/likes")
    assert "No likes yet" in page.text
    assert link_to(page, "Read the post") == f"/post/{post.id}"


@pytest.mark.parametrize("number", [2, 12])
def test_the_list_costs_five_queries_however_many_people(reader, post, number):
    for _ in range(number):
        likes.like(make_user(), post)
    db.session.commit()
    with counted_queries() as queries:
        page = reader.get(f"/post/{post.id}/likes")
    assert len(people_on(page)) == number
    assert len(queries) == 5


def test_visitors_see_counts_and_are_asked_to_sign_in(client, post, carla):
    likes.like(carla, post)
    db.session.commit()
    page = client.get("/explore")
    link = next(link for link in links_of(page) if link.text.startswith("Sign in to like"))
    assert link.text == "Sign in to like the post by Ana1"
    assert link.href == f"/auth/login?next=/post/{post.id}"
    assert "csrf_token" not in page.text[page.text.index('class="posts"') :]


def test_the_card_of_a_post_is_nothing_but_what_can_be_done_with_it(reader, post):
    page = reader.get(f"/post/{post.id}/card")
    assert f'id="actions-{post.id}"' in page.text
    assert f'id="counts-{post.id}"' in page.text
    assert len(page.data) < 4500
