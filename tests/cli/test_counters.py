"""`flask counters`."""

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.extensions import db
from tests.factories import make_follow, make_post, make_user
from tests.queries import all_rows


@pytest.fixture
def town(ana, bob, carla):
    """Posts and follows, one of the people suspended."""
    sam = make_user("sam")
    make_post(ana)
    make_post(ana)
    make_post(sam)
    make_follow(carla, ana, bob, sam)
    make_follow(sam, ana)


def test_right_counters_are_left_alone(run, town):
    before = all_rows()
    result = run("counters", "repair")
    assert (result.exit_code, result.output) == (0, "All counters are right.\n")
    assert all_rows() == before


def test_counters_are_right_beside_somebody_suspended(run, town):
    run("users", "suspend", "sam")
    assert run("counters", "repair").output == "All counters are right.\n"


@pytest.mark.parametrize("counter", ["posts_count", "followers_count", "following_count"])
@pytest.mark.parametrize("wrong", [-3, 77])
def test_wrong_counters_are_mended(run, town, counter, wrong):
    run("users", "suspend", "sam")
    before = all_rows()
    db.session.execute(sa.update(User).values({counter: wrong}))
    db.session.commit()
    result = run("counters", "repair")
    assert (result.exit_code, result.output) == (0, "Mended 4 counters.\n")
    assert all_rows() == before


def test_repair_of_an_empty_site_is_no_error(run):
    assert run("counters", "repair").exit_code == 0
