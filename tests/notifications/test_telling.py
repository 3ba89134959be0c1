"""What is written when something happens, and what is taken back."""

from functools import partial

import pytest

from app.extensions import db
from app.models import Notification, Post, User
from app.moderation.actions import delete_account, suspend
from app.notifications.models import Kind
from app.posts import actions as posts
from app.posts import likes, mentions
from app.relationships import actions as relationships
from tests.browsing import at_once
from tests.factories import make_post, make_user
from tests.notifications.acts import (
    answer,
    block,
    follow,
    like,
    read,
    repost,
    unfollow,
    unlike,
    unrepost,
    want,
    written,
)


@pytest.fixture
def post(ana):
    return make_post(ana)


def test_an_answer_is_told_to_whom_it_answers(post, carla):
    reply = answer(carla, post)
    assert written() == [("ana", "reply", {"carla"})]
    assert db.session.query(Notification).one().post_id == reply.id


def test_a_mention_is_told_to_everybody_named(ana, carla):
    dora = make_user("dora")
    make_post(dora, "@ana and @carla, come and look. @nobody_here")
    assert written() == [("ana", "mention", {"dora"}), ("carla", "mention", {"dora"})]


def test_a_like_is_told_to_the_author(post, carla):
    like(carla, post)
    assert written() == [("ana", "like", {"carla"})]


def test_a_repost_is_told_to_the_author(post, carla):
    repost(carla, post)
    assert written() == [("ana", "repost", {"carla"})]


def test_a_follow_is_told(ana, carla):
    follow(carla, ana)
    assert written() == [("ana", "follow", {"carla"})]


def test_who_is_told_of_an_answer_is_not_told_again_that_it_names_them(post, carla):
    answer(carla, post, "@ana so it is")
    assert written() == [("ana", "reply", {"carla"})]


def test_who_does_not_want_answers_is_told_that_one_names_them(ana, post, carla):
    want(ana, Kind.MENTION)
    answer(carla, post, "@ana so it is")
    assert written() == [("ana", "mention", {"carla"})]


def test_an_edit_tells_only_those_who_are_newly_named(ana, carla):
    dora = make_user("dora")
    post = make_post(dora, "@ana look")
    posts.edit(post, "@ana @carla look")
    db.session.commit()
    assert written() == [("ana", "mention", {"dora"}), ("carla", "mention", {"dora"})]


def test_naming_somebody_once_more_does_not_tell_them_twice(ana, carla):
    post = make_post(carla, "@ana look")
    for body in ("look", "@ana look"):
        posts.edit(post, body)
        db.session.commit()
    assert written() == [("ana", "mention", {"carla"})]


def change(post, body):
    posts.edit(post, body)
    db.session.commit()


def test_an_edit_takes_back_that_it_names_somebody_whom_it_names_no_longer(ana, carla):
    make_user("dora")
    post = make_post(carla, "@ana @dora look")
    change(post, "@dora, only")
    assert written() == [("dora", "mention", {"carla"})]


def test_an_edit_takes_back_what_was_read(ana, carla):
    post = make_post(carla, "@ana look")
    read(ana)
    change(post, "look")
    assert written() == []


def test_an_edit_leaves_what_other_posts_say(ana, carla):
    post = make_post(carla, "@ana look")
    make_post(carla, "@ana look again")
    change(post, "look")
    assert written() == [("ana", "mention", {"carla"})]


def test_an_answer_that_names_nobody_any_more_is_still_an_answer(post, carla):
    change(answer(carla, post, "@ana so it is"), "So it is.")
    assert written() == [("ana", "reply", {"carla"})]


def test_an_edit_takes_nothing_from_who_is_named_still_but_away_just_now(ana, carla):
    post = make_post(carla, "@ana look")
    suspend(ana)
    change(post, "@ana, look!")
    assert written() == [("ana", "mention", {"carla"})]


@pytest.mark.parametrize(("do", "undo"), [(like, unlike), (repost, unrepost)])
def test_what_is_undone_is_taken_back(post, carla, do, undo):
    do(carla, post)
    undo(carla, post)
    assert written() == []


def test_who_follows_no_longer_is_taken_back(ana, carla):
    follow(carla, ana)
    unfollow(carla, ana)
    assert written() == []


def test_what_was_read_is_taken_back_too(ana, post, carla):
    like(carla, post)
    read(ana)
    unlike(carla, post)
    assert written() == []


def test_taking_one_back_leaves_the_others(post, bob, carla):
    db.session.execute(Notification.__table__.delete())
    like(bob, post)
    like(carla, post)
    unlike(bob, post)
    assert written() == [("ana", "like", {"carla"})]


def test_likes_of_one_post_are_one_notification(post, carla):
    dora = make_user("dora")
    like(carla, post)
    like(dora, post)
    assert written() == [("ana", "like", {"carla", "dora"})]


def test_the_latest_like_moves_the_notification_up(post, carla):
    like(carla, post)
    before = db.session.query(Notification.latest_id).scalar()
    like(make_user("dora"), post)
    assert db.session.query(Notification.latest_id).scalar() > before


def test_likes_of_two_posts_are_two_notifications(ana, post, carla):
    other = make_post(ana, "High tide at six.")
    like(carla, post)
    like(carla, other)
    assert written() == [("ana", "like", {"carla"})] * 2


def test_a_like_and_a_repost_are_two_notifications(post, carla):
    like(carla, post)
    repost(carla, post)
    assert written() == [("ana", "like", {"carla"}), ("ana", "repost", {"carla"})]


def test_follows_are_one_notification(ana, carla):
    follow(carla, ana)
    follow(make_user("dora"), ana)
    assert written() == [("ana", "follow", {"carla", "dora"})]


def test_every_answer_is_a_notification_of_its_own(post, carla):
    answer(carla, post)
    answer(carla, post, "Or is it?")
    assert written() == [("ana", "reply", {"carla"})] * 2


def test_what_happens_after_reading_begins_a_new_one(ana, post, carla):
    like(carla, post)
    read(ana)
    like(make_user("dora"), post)
    assert written() == [("ana", "like", {"carla"}), ("ana", "like", {"dora"})]


def test_reading_ends_only_ones_own(ana, post, bob, carla):
    other = make_post(carla)
    like(bob, other)
    read(ana)
    like(ana, other)
    assert ("carla", "like", {"ana", "bob"}) in written()


def test_nobody_is_told_of_their_own_doing(ana, post):
    like(ana, post)
    answer(ana, post, "@ana and so it was")
    assert written() == []


@pytest.mark.parametrize("kind", Kind)
def test_what_is_not_wanted_is_not_told(ana, post, carla, kind):
    want(ana, *(other for other in Kind if other != kind))
    like(carla, post)
    repost(carla, post)
    follow(carla, ana)
    answer(carla, post)
    make_post(carla, "@ana look")
    assert [told for _who, told, _by in written()] == [
        other for other in ("like", "repost", "follow", "reply", "mention") if other != kind
    ]


@pytest.mark.parametrize("column", ["suspended_at", "deletion_due_at"])
def test_who_is_not_there_any_more_is_not_told_that_they_are_named(ana, carla, column, monkeypatch):
    monkeypatch.setattr(mentions, "people_in", lambda _text, _author: [ana])
    setattr(ana, column, ana.created_at)
    db.session.commit()
    make_post(carla, "@ana look")
    assert written() == []


@pytest.mark.parametrize("by_author", [True, False])
def test_a_block_since_the_names_were_read_lets_nobody_be_told(ana, carla, by_author, monkeypatch):
    monkeypatch.setattr(mentions, "people_in", lambda _text, _author: [ana])
    block(*((carla, ana) if by_author else (ana, carla)))
    make_post(carla, "@ana look")
    assert written() == []


def test_a_block_removes_what_the_two_were_told_of_each_other(ana, post, bob, carla):
    like(carla, post)
    like(bob, post)
    answer(carla, post, "@ana @bob so it is")
    like(ana, make_post(carla))
    read(ana)
    block(carla, ana)
    assert written() == [
        ("ana", "follow", {"bob"}),
        ("ana", "like", {"bob"}),
        ("bob", "mention", {"carla"}),
    ]


def test_a_member_who_is_deleted_is_told_of_no_more(ana, post, bob, carla):
    like(carla, post)
    like(bob, post)
    follow(carla, ana)
    answer(carla, post)
    read(ana)
    repost(carla, post)
    delete_account(carla)
    db.session.commit()
    assert written() == [("ana", "follow", {"bob"}), ("ana", "like", {"bob"})]


def test_a_deleted_post_takes_what_was_told_of_it_along(post, carla):
    like(carla, post)
    make_post(carla, "@ana look")
    posts.delete(post)
    db.session.commit()
    assert written() == [("ana", "mention", {"carla"})]


def test_a_deleted_answer_is_not_told_any_more(post, carla):
    reply = answer(carla, post)
    posts.delete(reply)
    db.session.commit()
    assert written() == []


def test_two_likes_at_once_are_one_notification(app, post):
    fans = [make_user().id for _ in range(4)]
    post_id = post.id

    def like_it(fan):
        likes.like(db.session.get_one(User, fan), db.session.get_one(Post, post_id))
        db.session.commit()

    at_once(app, *(partial(like_it, fan) for fan in fans))
    ((who, kind, actors),) = written()
    assert (who, kind, len(actors)) == ("ana", "like", 4)


def test_two_follows_at_once_are_one_notification(app, ana):
    fans, ana_id = [make_user().id for _ in range(4)], ana.id

    def follow_her(fan):
        relationships.follow(db.session.get_one(User, fan), db.session.get_one(User, ana_id))
        db.session.commit()

    at_once(app, *(partial(follow_her, fan) for fan in fans))
    ((who, kind, actors),) = written()
    assert (who, kind, len(actors)) == ("ana", "follow", 4)


def test_no_like_is_lost_in_a_notification_that_is_being_read(app, ana, post):
    fans, ana_id, post_id = [make_user().id for _ in range(4)], ana.id, post.id

    def like_it(fan):
        likes.like(db.session.get_one(User, fan), db.session.get_one(Post, post_id))
        db.session.commit()

    def read_all():
        read(db.session.get_one(User, ana_id))

    at_once(app, *(partial(like_it, fan) for fan in fans), read_all, read_all)
    told = [actor for _who, _kind, actors in written() for actor in actors]
    assert len(told) == len(set(told)) == 4
    unread = db.session.query(Notification).filter(Notification.read_at.is_(None)).count()
    assert unread <= 1
