"""A block or a suspension between the page that somebody saw and what they do there."""

import pytest

from app.extensions import db
from app.moderation.actions import suspend
from app.posts import actions, likes, reposts
from app.problems import Problem
from tests.factories import make_block, make_post
from tests.queries import all_rows


@pytest.fixture
def post(ana):
    return make_post(ana)


@pytest.fixture(params=["the author blocks", "the reader blocks", "suspended", "the reader is"])
def parted(request, ana, bob, post):
    """Something has come between Ana, who wrote the post, and Bob, who has it before him."""
    if request.param == "the author blocks":
        make_block(ana, bob)
    elif request.param == "the reader blocks":
        make_block(bob, ana)
    else:
        suspend(ana if request.param == "suspended" else bob)
    db.session.commit()


@pytest.mark.parametrize("do", [likes.like, reposts.repost])
def test_what_is_out_of_sight_by_now_is_not_reacted_to(parted, post, bob, do):
    before = all_rows()
    assert not do(bob, post)
    db.session.commit()
    assert all_rows() == before


def test_what_is_out_of_sight_by_now_is_not_answered(parted, post, bob):
    before = all_rows()
    with pytest.raises(Problem):
        actions.publish(bob, "Too late", parent=post)
    assert all_rows() == before


def test_an_answer_that_was_sent_before_is_still_found(post, ana, bob):
    sent = actions.publish(bob, "So it is.", "a form's key", parent=post)
    make_block(ana, bob)
    assert actions.publish(bob, "So it is.", "a form's key", parent=post) == sent


def test_one_still_reacts_to_ones_own_post(post, ana):
    assert likes.like(ana, post)
    assert actions.publish(ana, "And high tide at six.", parent=post)
