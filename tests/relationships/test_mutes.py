"""A mute is for oneself alone, and ends by itself if it is to."""

from datetime import timedelta
from functools import partial

import sqlalchemy as sa
import time_machine

from app.accounts.models import User
from app.accounts.queries import by_username
from app.clock import utcnow
from app.extensions import db
from app.moderation.actions import suspend
from app.relationships import mutes, tasks
from app.relationships.models import Mute
from app.relationships.queries import in_sight, standing, suggestions_for, welcome_to
from tests.browsing import at_once
from tests.queries import all_rows
from tests.working import do_jobs

HOUR = timedelta(hours=1)


def commit(action, one, other, *rest):
    done = action(by_username(one), by_username(other), *rest)
    db.session.commit()
    return done


def hears(one, other):
    """Whether one is shown what another does, unasked."""
    db.session.rollback()
    viewer, person = by_username(one), by_username(other)
    query = sa.select(User.id).where(welcome_to(viewer.id), User.id == person.id)
    return db.session.scalar(query) is not None


def test_one_hears_nothing_of_whom_one_muted(ana, bob):
    assert commit(mutes.mute, "ana", "bob")
    assert not hears("ana", "bob")
    assert hears("bob", "ana")


def test_one_still_sees_them(ana, bob):
    commit(mutes.mute, "ana", "bob")
    query = sa.select(User.id).where(in_sight(ana.id), User.id == bob.id)
    assert db.session.scalar(query) == bob.id


def test_it_ends_by_itself(ana, bob):
    commit(mutes.mute, "ana", "bob", HOUR)
    assert not hears("ana", "bob")
    with time_machine.travel(utcnow() + HOUR):
        assert hears("ana", "bob")
        assert not standing(ana, bob).has_muted


def test_muting_again_begins_anew(ana, bob):
    commit(mutes.mute, "ana", "bob", HOUR)
    commit(mutes.mute, "ana", "bob", 2 * HOUR)
    with time_machine.travel(utcnow() + 1.5 * HOUR):
        assert not hears("ana", "bob")
    commit(mutes.mute, "ana", "bob")
    with time_machine.travel(utcnow() + 3 * HOUR):
        assert not hears("ana", "bob")
    assert len(all_rows()["mutes"]) == 1


def test_one_that_is_over_can_be_begun_again(ana, bob):
    commit(mutes.mute, "ana", "bob", HOUR)
    with time_machine.travel(utcnow() + 2 * HOUR):
        assert commit(mutes.mute, "ana", "bob", HOUR)
        assert not hears("ana", "bob")


def test_unmuting_lets_them_be_heard_again(ana, bob):
    commit(mutes.mute, "ana", "bob")
    assert commit(mutes.unmute, "ana", "bob")
    assert hears("ana", "bob")
    assert not commit(mutes.unmute, "ana", "bob")


def test_nobody_mutes_themselves(ana):
    assert not commit(mutes.mute, "ana", "ana")


def test_who_is_suspended_is_not_muted(ana, bob):
    suspend(bob)
    assert not commit(mutes.mute, "ana", "bob")


def test_muting_twice_at_once_is_one_mute(app, ana, bob):
    at_once(app, *[partial(commit, mutes.mute, "ana", "bob", HOUR)] * 4)
    assert len(all_rows()["mutes"]) == 1


def test_nobody_is_suggested_whom_one_muted(ana, bob, carla):
    assert carla in suggestions_for(bob)
    commit(mutes.mute, "bob", "carla")
    assert carla not in suggestions_for(bob)


def test_only_what_is_over_is_cleared_away(app, ana, bob, carla):
    commit(mutes.mute, "ana", "bob", HOUR)
    commit(mutes.mute, "ana", "carla", 3 * HOUR)
    commit(mutes.mute, "bob", "carla")
    tasks.clear_away.ask()
    db.session.commit()
    with time_machine.travel(utcnow() + 2 * HOUR):
        do_jobs(app)
    assert set(db.session.scalars(sa.select(Mute.muted_id))) == {carla.id}
    assert len(all_rows()["mutes"]) == 2
