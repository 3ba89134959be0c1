"""`flask counters`."""

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.extensions import db
from app.posts import likes, reposts
from app.posts.models import Post
from tests.factories import make_follow, make_post, make_reply, make_user
from tests.queries import all_rows


@pytest.fixture
def town(ana, bob, carla):
    """Posts, follows and what was done with posts; Sam may be suspended."""
    sam = make_user("sam")
    post = make_post(ana)
    make_post(ana)
    make_post(sam)
    make_reply(bob, post)
    make_reply(sam, make_reply(sam, post))
    for user in (bob, sam):
        likes.like(user, post)
        reposts.repost(user, post)
    db.session.commit()
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


@pytest.mark.parametrize("counter", ["likes_count", "reposts_count", "replies_count"])
@pytest.mark.parametrize("suspended", [False, True])
def test_wrong_counters_of_posts_are_mended(run, town, counter, suspended):
    if suspended:
        run("users", "suspend", "sam")
    before = all_rows()
    db.session.execute(sa.update(Post).values({counter: 77}))
    db.session.commit()
    assert run("counters", "repair").output == "Mended 8 counters.\n"
    assert all_rows() == before


def test_repair_of_an_empty_site_is_no_error(run):
    assert run("counters", "repair").exit_code == 0
