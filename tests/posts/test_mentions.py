"""Whom a text names, and who is told."""

from contextlib import contextmanager

import pytest

from app.events import people_mentioned
from app.extensions import db
from app.moderation import actions as moderation
from app.posts import actions as posts
from app.posts.limits import MENTIONS_MAX
from app.posts.mentions import people_in
from app.posts.models import Post
from app.relationships.models import Block, Mute
from tests.factories import make_post, make_user


@contextmanager
def told():
    """Collect the usernames of those who are told inside the block."""
    names = []

    def note(_post, people):
        names.extend(user.username for user in people)

    with people_mentioned.connected_to(note):
        yield names


def test_members_who_are_named_are_told(ana, bob, carla):
    with told() as names:
        post = make_post(ana, "@bob, @CARLA and @nobody_here, and @bob again: bob@carla.example")
    assert sorted(names) == ["bob", "carla"]
    assert post.mentioned == {"bob", "carla"}


def test_nobody_is_told_of_naming_themselves(ana):
    with told() as names:
        assert make_post(ana, "I am @ana").mentioned == set()
    assert names == []


def test_changed_text_tells_those_whom_it_did_not_name_before(ana, bob, carla):
    post = make_post(ana, "@bob")
    with told() as names:
        posts.edit(post, "@bob @carla")
        posts.edit(post, "@carla, only")
    assert names == ["carla"]
    assert post.mentioned == {"carla"}


@pytest.mark.parametrize(
    ("between", "is_named"),
    [
        (lambda ana, bob: None, True),
        (lambda ana, bob: Block(blocker_id=ana.id, blocked_id=bob.id), False),
        (lambda ana, bob: Block(blocker_id=bob.id, blocked_id=ana.id), False),
        (lambda ana, bob: Mute(muter_id=bob.id, muted_id=ana.id), True),
    ],
    ids=["nothing", "Ana blocks Bob", "Bob blocks Ana", "Bob mutes Ana"],
)
def test_who_is_out_of_sight_is_not_named(ana, bob, between, is_named):
    row = between(ana, bob)
    if row is not None:
        db.session.add(row)
        db.session.commit()
    assert [user.username for user in people_in("@bob", ana)] == ["bob"] * is_named


def test_who_is_suspended_is_not_named(ana, bob):
    moderation.suspend(bob)
    db.session.commit()
    assert people_in("@bob", ana) == []


def test_so_many_are_named_and_no_more(ana):
    people = [make_user(f"sailor{number}_{'x' * 20}"[:30]) for number in range(MENTIONS_MAX + 2)]
    post = make_post(ana, " ".join(f"@{user.username}" for user in people))
    db.session.expire_all()
    assert len(db.session.get_one(Post, post.id).mentioned) == MENTIONS_MAX
