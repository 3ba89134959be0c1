"""The page of a hashtag, and the list of those one follows."""

import html
from datetime import timedelta
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from app.clock import utcnow
from app.extensions import db
from app.moderation import actions as moderation
from app.posts import actions as posts
from app.posts import limits
from app.posts.models import Hashtag, HashtagFollow
from app.relationships.models import Block, Mute
from tests.browsing import enter, form_with, forms_of, link_to, links_of, posts_on, submit
from tests.factories import make_post, make_user
from tests.queries import counted_queries


@pytest.fixture
def settings():
    return {"POSTS_PER_PAGE": "5"}


def test_posts_with_a_hashtag_newest_first_answers_among_them(client, ana, bob):
    one = make_post(ana, "Low #Tide")
    make_post(ana, "another")
    reply = posts.publish(bob, "#tide, yes", parent=one)
    db.session.commit()
    page = client.get("/tag/tide")
    assert posts_on(page) == [reply.id, one.id]
    assert "<title>#tide" in page.text


@pytest.mark.parametrize("name", ["Café", "CAFE", "cafe", "cafe\u0301", "ＣＡＦÉ"])
def test_hashtag_is_found_however_it_is_written(client, ana, name):
    post = make_post(ana, "#café")
    assert posts_on(client.get(f"/tag/{name}")) == [post.id]


@pytest.mark.parametrize("word", ["東京", "สวัสดี", "नमस्ते", "می‌خواهم", "הי־שם", "צה״ל", "party🎉"])
def test_link_in_a_post_leads_to_the_page_that_has_it(client, ana, word):
    post = make_post(ana, f"Look: #{word}")
    page = client.get(link_to(client.get(f"/post/{post.id}"), f"#{word}"))
    assert posts_on(page) == [post.id]
    assert f"#{word}" in html.unescape(page.text)


@pytest.mark.parametrize("name", ["1", "a b", "a-b", "%23a", "a.b", "x" * 65, "%F0%9F", "<b>", "'"])
def test_what_can_be_no_hashtag_is_not_found(client, ana, name):
    assert client.get(f"/tag/{name}").status_code == 404
    enter(client, ana)
    for verb in ("follow", "unfollow"):
        assert submit(client, f"/tag/{name}/{verb}").status_code == 404


def test_hashtag_that_nobody_used_says_so(client):
    page = client.get("/tag/tide")
    assert page.status_code == 200
    assert "No posts yet" in page.text
    assert db.session.scalars(sa.select(Hashtag)).all() == []


def test_first_post_with_a_hashtag_begins_with_it(client, ana):
    enter(client, ana)
    write = link_to(client.get("/tag/Ebbe🌊"), "Write the first post")
    assert form_with(client.get(write), "body").fields["body"].strip() == "#Ebbe🌊"


def test_one_page_after_the_other(client, ana):
    now = utcnow()
    ids = [make_post(ana, "#tide", at=now - timedelta(days=n)).id for n in range(12)]
    page, seen = client.get("/tag/tide"), []
    while True:
        seen.append(posts_on(page))
        older = link_to(page, "Older")
        if older is None:
            break
        page = client.get(older)
    assert [number for numbers in seen for number in numbers] == ids
    assert posts_on(client.get(link_to(page, "Newer"))) == ids[5:10]


def test_post_that_lost_its_hashtag_shows_no_more(client, ana):
    post = make_post(ana, "#tide")
    posts.edit(post, "#noon")
    db.session.commit()
    assert posts_on(client.get("/tag/tide")) == []
    assert posts_on(client.get("/tag/noon")) == [post.id]


@pytest.mark.parametrize(
    ("between", "is_shown"),
    [
        (lambda viewer, author: [], True),
        (lambda viewer, author: [Block(blocker_id=viewer.id, blocked_id=author.id)], False),
        (lambda viewer, author: [Block(blocker_id=author.id, blocked_id=viewer.id)], False),
        (lambda viewer, author: [Mute(muter_id=viewer.id, muted_id=author.id)], False),
        (lambda viewer, author: [Mute(muter_id=author.id, muted_id=viewer.id)], True),
        (
            lambda viewer, author: [
                Mute(
                    muter_id=viewer.id, muted_id=author.id, ends_at=utcnow() - timedelta(seconds=1)
                )
            ],
            True,
        ),
    ],
    ids=["nothing", "blocks", "is blocked", "mutes", "is muted", "muted once"],
)
def test_who_is_shown_what(client, ana, bob, between, is_shown):
    post = make_post(ana, "#tide")
    db.session.add_all(between(bob, ana))
    db.session.commit()
    enter(client, bob)
    assert posts_on(client.get("/tag/tide")) == [post.id] * is_shown


def test_posts_of_who_is_suspended_do_not_show(client, ana):
    make_post(ana, "#tide")
    moderation.suspend(ana)
    db.session.commit()
    assert posts_on(client.get("/tag/tide")) == []


@pytest.mark.parametrize("is_member", [True, False])
def test_number_of_statements_does_not_grow_with_the_posts(client, ana, bob, is_member):
    if is_member:
        enter(client, bob)
    for _ in range(6):
        make_post(make_user(), "#tide")
    client.get("/tag/tide")
    with counted_queries() as statements:
        assert len(posts_on(client.get("/tag/tide"))) == 5
    assert len(statements) <= 7, statements


# --- Following ---


def followed_by(user):
    db.session.rollback()
    query = sa.select(Hashtag.name).join(HashtagFollow)
    return set(db.session.scalars(query.where(HashtagFollow.user_id == user.id)))


def test_following_and_unfollowing(client, ana):
    enter(client, ana)
    answer = submit(client, "/tag/Café/follow")
    assert (answer.status_code, answer.location) == (302, f"/tag/{quote('Café')}")
    page = client.get(answer.location)
    assert "You follow #Café." in page.text
    assert "Unfollow #Café" in page.text
    submit(client, "/tag/cafe/follow")
    assert followed_by(ana) == {"Café"}
    for _ in range(2):
        assert submit(client, "/tag/CAFE/unfollow").status_code == 302
    assert followed_by(ana) == set()


def test_member_comes_back_to_where_they_were(client, ana):
    enter(client, ana)
    form = next(
        form for form in forms_of(client.get("/tag/tide?before=5")) if "/tag/" in form.action
    )
    answer = client.post(form.action, data=form.fields)
    assert answer.location == "/tag/tide?before=5"


def test_one_too_many_is_refused_in_words(client, ana, monkeypatch):
    monkeypatch.setattr(limits, "HASHTAGS_FOLLOWED_MAX", 1)
    enter(client, ana)
    submit(client, "/tag/tide/follow")
    answer = submit(client, "/tag/noon/follow")
    assert "You can follow one hashtag." in client.get(answer.location).text
    assert followed_by(ana) == {"tide"}


def test_visitor_reads_and_is_led_to_sign_in(client, ana):
    make_post(ana, "#tide")
    page = client.get("/tag/tide")
    assert link_to(page, "Follow") == "/auth/login?next=/tag/tide"
    assert submit(client, "/tag/tide/follow").status_code == 401


def test_list_of_what_one_follows(client, ana, bob):
    enter(client, bob)
    submit(client, "/tag/tide/follow")
    enter(client, ana)
    assert "None yet" in client.get("/settings/hashtags").text
    for name in ("Noon", "東京", "ferry"):
        submit(client, f"/tag/{name}/follow")
    page = client.get("/settings/hashtags")
    names = [link.text for link in links_of(page) if link.href.startswith("/tag/")]
    assert names == ["#ferry", "#Noon", "#東京"]
    assert (
        link_to(client.get("/settings"), "Hashtags The hashtags that you follow")
        == "/settings/hashtags"
    )
    form = next(form for form in forms_of(page) if form.action == "/tag/Noon/unfollow")
    assert client.post(form.action, data=form.fields).location == "/settings/hashtags"
    assert followed_by(ana) == {"ferry", "東京"}
