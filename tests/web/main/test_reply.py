"""Answering posts."""

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.moderation.actions import restore, suspend
from app.posts import actions
from app.posts.models import Post
from app.problems import Problem
from app.relationships.models import Block
from tests.browsing import enter, error_beside, form_with, link_to, links_of, posts_on, submit
from tests.factories import make_post, make_reply


@pytest.fixture
def settings():
    return {"POST_MAX_LENGTH": "20"}


@pytest.fixture
def post(ana):
    return make_post(ana)


@pytest.fixture
def reader(client, bob):
    enter(client, bob)
    return client


def count_of(post):
    db.session.rollback()
    return db.session.scalar(sa.select(Post.replies_count).where(Post.id == post.id))


def reply_in_database():
    return db.session.scalars(sa.select(Post).where(Post.parent_id.is_not(None))).one()


def test_the_page_shows_what_is_answered_and_whom(reader, post):
    page = reader.get(f"/post/{post.id}/reply")
    assert posts_on(page) == [post.id]
    assert '<label class="visually-hidden" for="body">Reply to Ana</label>' in page.text
    assert form_with(page, "body").action == f"/post/{post.id}/reply"


def test_a_reply_belongs_to_its_post_and_leads_to_its_place(reader, post, bob):
    answer = submit(reader, f"/post/{post.id}/reply", body="Save me a loaf.")
    reply = reply_in_database()
    assert (reply.parent_id, reply.parent_author_id, reply.author_id) == (
        post.id,
        post.author_id,
        bob.id,
    )
    assert answer.location == f"/post/{reply.id}#post-{reply.id}"
    page = reader.get(answer.location)
    assert posts_on(page) == [post.id, reply.id]
    assert "Your reply is published." in page.text
    assert count_of(post) == 1


def test_the_composer_under_a_post_answers_it(reader, post):
    form = form_with(reader.get(f"/post/{post.id}"), "body")
    assert form.action == f"/post/{post.id}/reply"
    reader.post(form.action, data=form.fields | {"body": "Save me a loaf."})
    reader.post(form.action, data=form.fields | {"body": "Save me a loaf."})
    assert reply_in_database().body == "Save me a loaf."
    assert count_of(post) == 1


def test_a_draft_belongs_to_one_post(reader, post, bob):
    assert f'data-draft="reply-{bob.id}-{post.id}"' in reader.get(f"/post/{post.id}").text


def test_what_is_too_long_comes_back_with_a_message(reader, post):
    answer = submit(reader, f"/post/{post.id}/reply", body="x" * 21)
    assert answer.status_code == 422
    assert error_beside(answer, "body") == "That is one character too long."
    assert form_with(answer, "body").fields["body"].strip() == "x" * 21
    assert posts_on(answer) == [post.id]


def test_a_post_deleted_in_the_same_moment_is_said_beside_the_field(reader, post, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise Problem("Gone.")

    monkeypatch.setattr(actions, "publish", refuse)
    answer = submit(reader, f"/post/{post.id}/reply", body="Too late")
    assert answer.status_code == 422
    assert error_beside(answer, "body") == "Gone."
    assert form_with(answer, "body").fields["body"].strip() == "Too late"


def test_nothing_is_answered_to_what_is_gone(post, bob):
    parent = db.session.get_one(Post, post.id)
    db.session.execute(sa.delete(Post).where(Post.id == post.id))
    with pytest.raises(Problem):
        actions.publish(bob, "Too late", parent=parent)


def test_who_is_blocked_cannot_answer(reader, post, ana, bob):
    db.session.add(Block(blocker_id=ana.id, blocked_id=bob.id))
    db.session.commit()
    answer = submit(reader, f"/post/{post.id}/reply", body="Save me a loaf.")
    assert answer.status_code == 404
    assert count_of(post) == 0


def test_visitors_are_asked_to_sign_in(client, post):
    answer = client.get(f"/post/{post.id}/reply")
    assert answer.location == f"/auth/login?next=/post/{post.id}/reply"


def test_an_edited_reply_stays_a_reply(reader, post, bob):
    reply = make_reply(bob, post)
    submit(reader, f"/post/{reply.id}/edit", body="Save me two.")
    assert reply_in_database().parent_id == post.id


def test_a_card_says_whom_it_answers(client, post, bob):
    make_reply(bob, post)
    page = client.get("/user/bob?tab=replies")
    assert link_to(page, "Replying to @ana") == f"/post/{post.id}"


def test_page_of_who_only_replied_says_so(client, post, bob):
    make_reply(bob, post)
    page = client.get("/user/bob")
    assert "Only replies so far" in page.text
    assert "No posts yet" not in page.text


def test_a_card_leads_to_the_reply_below_what_it_answers(client, post, bob):
    reply = make_reply(bob, post)
    hrefs = {link.href for link in links_of(client.get("/user/bob?tab=replies"))}
    assert f"/post/{reply.id}#post-{reply.id}" in hrefs


def test_a_card_does_not_say_whose_post_is_gone(client, post, ana, bob):
    make_reply(bob, post)
    suspend(ana)
    db.session.commit()
    page = client.get("/user/bob?tab=replies")
    assert "@ana" not in page.text
    assert "Replying to a post that was deleted or is hidden from you" in page.text


def test_deleting_a_reply_is_counted(reader, post, bob):
    reply = make_reply(bob, post)
    submit(reader, f"/post/{reply.id}/delete")
    assert count_of(post) == 0


def test_replies_of_who_is_out_of_view_do_not_count(post, carla):
    make_reply(carla, post)
    make_reply(carla, post)
    suspend(carla)
    db.session.commit()
    assert count_of(post) == 0
    restore(carla)
    db.session.commit()
    assert count_of(post) == 2
