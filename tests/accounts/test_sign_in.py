"""Wrong passwords: counted per account and network, so that nobody locks another member out."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts.models import SignInFailure
from app.accounts.sign_in import authenticate, open_session
from app.extensions import db
from app.problems import Problem
from tests.browsing import sign_in
from tests.factories import PASSWORD, make_user
from tests.slow_work import can_write, count_slow_work

HERE, THERE = "192.0.2.1", "198.51.100.1"


def attempt(name="ana", password="a wrong password", network=HERE):
    """Try to sign in as a request does; return the status that it would have."""
    try:
        user = authenticate(name, password, network)
        open_session(user, "a browser", network)
        status = 302
    except Problem as problem:
        status = problem.status
    db.session.commit()
    return status


def failures():
    count = db.session.scalar(sa.select(sa.func.count()).select_from(SignInFailure))
    db.session.rollback()
    return count


def fail(name, times, network=None):
    """Fail once, and repeat the row so many times in all without hashing; or from ever new
    networks."""
    attempt(name, network=network or "203.0.113.0")
    row = db.session.scalars(sa.select(SignInFailure).order_by(SignInFailure.id.desc())).first()
    for number in range(1, times):
        copy = SignInFailure(
            account_hash=row.account_hash,
            network=network or f"203.0.113.{number}",
            failed_at=row.failed_at,
        )
        db.session.add(copy)
    db.session.commit()


def test_nine_mistakes_do_no_harm(ana):
    fail("ana", 9, HERE)
    assert attempt(password=PASSWORD) == 302


def test_after_ten_mistakes_not_even_the_right_password_opens(ana):
    assert [attempt() for _ in range(10)] == [422] * 10
    assert attempt(password=PASSWORD) == 429


def test_nobody_can_lock_a_member_out_from_elsewhere(ana):
    fail("ana", 10, THERE)
    assert attempt(password=PASSWORD, network=THERE) == 429
    assert attempt(password=PASSWORD, network=HERE) == 302


def test_many_networks_together_cannot_lock_a_member_out(ana, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    fail("ana", 200)
    assert attempt(password=PASSWORD, network=HERE) == 302


def test_many_networks_together_only_slow_down(ana, monkeypatch):
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)
    fail("ana", 49)
    attempt(network="203.0.113.200")
    assert slept == []
    attempt(password=PASSWORD)
    assert len(slept) == 1
    assert 0.5 <= slept[0] <= 5


def test_others_are_not_slowed_down(ana, carla, monkeypatch):
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)
    fail("ana", 60)
    assert attempt("carla", PASSWORD) == 302
    assert slept == []


def test_name_nobody_has_is_slowed_down_alike(app, monkeypatch):
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)
    fail("nobody_here", 60)
    attempt("nobody_here")
    assert len(slept) == 1


def test_slow_attempt_keeps_nobody_waiting(ana, monkeypatch):
    free = []
    monkeypatch.setattr(time, "sleep", lambda _seconds: free.append(can_write()))
    fail("ana", 60)
    attempt(password=PASSWORD)
    assert free == [True]


def test_quarter_of_an_hour_later_all_is_forgotten(ana):
    fail("ana", 10, HERE)
    assert attempt() == 429
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=15, seconds=1)):
        assert attempt(password=PASSWORD) == 302


def test_shut_door_stays_shut_just_before_that(ana):
    fail("ana", 10, HERE)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=14)):
        assert attempt(password=PASSWORD) == 429


def test_attempts_at_a_shut_door_do_not_keep_it_shut(ana):
    start = datetime.now(UTC)
    fail("ana", 10, HERE)
    with time_machine.travel(start + timedelta(minutes=14)):
        assert attempt() == 429
    with time_machine.travel(start + timedelta(minutes=15, seconds=30)):
        assert attempt(password=PASSWORD) == 302


def test_shut_door_costs_no_hashing(ana, monkeypatch):
    fail("ana", 10, HERE)
    slow = count_slow_work(monkeypatch)
    assert attempt() == 429
    assert slow == []


def test_old_mistakes_are_removed_from_the_database(ana):
    for _ in range(3):
        attempt()
    assert failures() == 3
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        attempt("somebody_else")
        assert failures() == 1


def test_right_password_clears_the_count_of_its_own_network_only(ana):
    attempt(network=HERE)
    attempt(network=THERE)
    attempt(password=PASSWORD, network=HERE)
    left = db.session.scalars(sa.select(SignInFailure.network)).all()
    assert left == [THERE]


def test_sign_in_to_one_account_clears_nothing_of_another(ana, carla):
    fail("ana", 9, HERE)
    attempt("carla", PASSWORD)
    attempt("ana")
    assert attempt("ana", PASSWORD) == 429


@pytest.mark.parametrize("other", ["ANA", "ana@example.com", "Ana@EXAMPLE.com"])
def test_every_way_to_name_a_member_shares_one_count(ana, other):
    fail("ana", 5, HERE)
    fail(other, 5, HERE)
    assert attempt("ana", PASSWORD) == 429


def test_every_way_to_write_a_name_nobody_has_shares_one_count(app):
    fail("nobody_here", 5, HERE)
    fail("NOBODY_here", 5, HERE)
    assert attempt("nobody_here") == 429


def test_names_that_were_typed_are_not_stored(app):
    attempt("my password, by mistake")
    row = db.session.scalars(sa.select(SignInFailure)).one()
    assert "password" not in f"{row.account_hash} {row.network}"
    assert len(row.account_hash) == 64


def test_suspended_member_s_right_password_is_no_mistake(app):
    make_user("sam", suspended_at=datetime.now(UTC))
    assert attempt("sam", PASSWORD) == 403
    assert failures() == 0


def test_count_survives_in_the_database(app, client, ana):
    fail("ana", 10, "127.0.0.1")
    assert sign_in(client, "ana").status_code == 429
