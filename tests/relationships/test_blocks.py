"""A block is one act with all its consequences."""

from functools import partial

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.queries import by_username
from app.events import member_blocked
from app.extensions import db
from app.moderation.actions import suspend
from app.relationships import actions as relationships
from app.relationships import blocks
from app.relationships.models import Block, Follow
from app.relationships.queries import in_sight, people_for
from tests.browsing import at_once
from tests.factories import make_follow
from tests.queries import all_rows


def commit(action, one, other):
    done = action(by_username(one), by_username(other))
    db.session.commit()
    return done


def counts_of(name):
    db.session.expire_all()
    user = by_username(name)
    return user.following_count, user.followers_count


def sees(one, other):
    viewer, person = by_username(one), by_username(other)
    query = sa.select(User.id).where(in_sight(viewer.id), User.id == person.id)
    return db.session.scalar(query) is not None


def test_neither_sees_the_other(ana, bob):
    assert sees("ana", "bob")
    assert commit(blocks.block, "ana", "bob")
    assert not sees("ana", "bob")
    assert not sees("bob", "ana")


def test_others_see_both(ana, bob, carla):
    commit(blocks.block, "ana", "bob")
    assert set(db.session.scalars(people_for(carla))) == {ana, bob, carla}


def test_neither_follows_the_other_any_more(ana, bob, carla):
    make_follow(ana, bob, carla)
    commit(blocks.block, "ana", "bob")
    assert [counts_of(name) for name in ("ana", "bob", "carla")] == [(1, 0), (0, 0), (0, 1)]
    assert relationships.recount() == 0


@pytest.mark.parametrize(("one", "other"), [("ana", "bob"), ("bob", "ana")])
def test_nobody_follows_across_a_block(ana, bob, one, other):
    commit(blocks.block, "ana", "bob")
    assert not commit(relationships.follow, one, other)
    assert all_rows()["follows"] == []


def test_blocking_twice_is_blocking_once(ana, bob):
    commit(blocks.block, "ana", "bob")
    before = all_rows()
    assert not commit(blocks.block, "ana", "bob")
    assert all_rows() == before


def test_it_is_announced_once(ana, bob):
    heard = []

    def listen(sender, whom):
        heard.append((sender, whom))

    with member_blocked.connected_to(listen):
        commit(blocks.block, "ana", "bob")
        commit(blocks.block, "ana", "bob")
    assert heard == [(ana, bob)]


def test_nobody_blocks_themselves(ana):
    assert not commit(blocks.block, "ana", "ana")


def test_who_is_suspended_is_not_blocked(ana, bob):
    suspend(bob)
    assert not commit(blocks.block, "ana", "bob")
    assert all_rows()["blocks"] == []


def test_unblocking_brings_them_back_into_sight_but_follows_nobody(ana, bob):
    commit(blocks.block, "ana", "bob")
    assert commit(blocks.unblock, "ana", "bob")
    assert sees("ana", "bob")
    assert sees("bob", "ana")
    assert all_rows()["follows"] == []
    assert not commit(blocks.unblock, "ana", "bob")


def test_who_was_blocked_cannot_undo_it(ana, bob):
    commit(blocks.block, "ana", "bob")
    assert not commit(blocks.unblock, "bob", "ana")
    assert not sees("bob", "ana")


def test_block_of_one_outlasts_the_others(ana, bob):
    commit(blocks.block, "ana", "bob")
    commit(blocks.block, "bob", "ana")
    commit(blocks.unblock, "ana", "bob")
    assert not sees("ana", "bob")


def test_follow_and_block_at_once_end_without_a_follow(app, ana, bob):
    names = [("ana", "bob"), ("bob", "ana")]
    acts = [partial(commit, act, *pair) for act in (relationships.follow,) * 2 for pair in names]
    at_once(app, partial(commit, blocks.block, "ana", "bob"), *acts)
    assert db.session.scalars(sa.select(Follow.id)).all() == []
    assert len(db.session.scalars(sa.select(Block.id)).all()) == 1
    assert [counts_of(name) for name in ("ana", "bob")] == [(0, 0), (0, 0)]


def test_two_who_block_each_other_at_once_both_succeed(app, ana, bob):
    acts = [partial(commit, blocks.block, *pair) for pair in [("ana", "bob"), ("bob", "ana")] * 2]
    assert sorted(at_once(app, *acts)) == [False, False, True, True]
    assert len(all_rows()["blocks"]) == 2
