"""Who is out of view does not count on anybody's posts, and counts again on coming back."""

import random
from collections import Counter
from contextlib import suppress

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.queries import by_username
from app.clock import utcnow
from app.extensions import db
from app.moderation.actions import delete_account, restore, suspend
from app.moderation.leaving import keep_account, schedule_deletion
from app.posts import actions as posts
from app.posts.likes import like, unlike
from app.posts.models import Like, Post
from app.posts.reposts import repost, unrepost
from app.problems import Problem
from tests.factories import make_post, make_user
from tests.queries import all_rows
from tests.working import do_jobs, jobs_of_kind

REMOVE = "moderation.remove_account"


def counted(post):
    db.session.expire_all()
    return post.replies_count, post.reposts_count, post.likes_count


def answer(author, parent):
    """Answer a post, and return the answer."""
    post = posts.publish(author, "So it is.", parent=parent)
    db.session.commit()
    return post


def wrong_counters():
    """Return the posts whose counters are not what a count of all rows says."""
    db.session.rollback()
    db.session.expire_all()
    active = sa.select(User.id).where(User.is_active)
    written, likes = Post.author_id.in_(active), Like.user_id.in_(active)
    replies = Counter(db.session.scalars(sa.select(Post.parent_id).where(written)))
    reposts = Counter(db.session.scalars(sa.select(Post.repost_of_id).where(written)))
    liked = Counter(db.session.scalars(sa.select(Like.post_id).where(likes)))
    return [
        post
        for post in db.session.scalars(sa.select(Post))
        if (post.replies_count, post.reposts_count, post.likes_count)
        != (replies[post.id], reposts[post.id], liked[post.id])
    ]


@pytest.fixture
def post(ana, bob, carla):
    """Ana's post, which Bob liked and reposted and answered twice; Carla likes it too."""
    post = make_post(ana)
    like(bob, post)
    like(carla, post)
    repost(bob, post)
    answer(bob, post)
    answer(bob, post)
    return post


@pytest.mark.parametrize("leave", [suspend, schedule_deletion, delete_account])
def test_what_somebody_did_counts_no_longer_when_they_leave(post, bob, leave):
    assert counted(post) == (2, 1, 2)
    leave(bob)
    db.session.commit()
    assert counted(post) == (0, 0, 1)


@pytest.mark.parametrize(
    ("leave", "come_back"), [(suspend, restore), (schedule_deletion, keep_account)]
)
def test_it_counts_again_when_they_come_back(post, bob, leave, come_back):
    before = all_rows()["posts"]
    leave(bob)
    come_back(bob)
    db.session.commit()
    assert all_rows()["posts"] == before


def test_nothing_counts_twice_if_somebody_leaves_twice(post, bob):
    suspend(bob)
    schedule_deletion(bob)
    restore(bob)
    db.session.commit()
    assert counted(post) == (0, 0, 1)
    keep_account(bob)
    db.session.commit()
    assert counted(post) == (2, 1, 2)


def test_what_others_did_with_posts_of_a_hidden_member_still_counts(post, ana):
    suspend(ana)
    restore(ana)
    db.session.commit()
    assert counted(post) == (2, 1, 2)


def test_many_deeds_are_counted_in_portions(monkeypatch, post, ana, bob):
    monkeypatch.setattr("app.posts.counters.PORTION", 2)
    monkeypatch.setattr("app.relationships.actions.PORTION", 1)
    for _ in range(5):
        like(bob, make_post(ana))
    suspend(bob)
    db.session.commit()
    assert db.session.scalars(sa.select(sa.func.sum(Post.likes_count))).one() == 1
    restore(bob)
    db.session.commit()
    assert wrong_counters() == []


def test_answers_of_others_outlive_what_they_answer(app, post, ana, bob, carla):
    further = answer(carla, answer(bob, post))
    delete_account(bob)
    db.session.commit()
    assert counted(post) == (0, 0, 1)
    assert db.session.get(Post, further.id) is not None
    assert wrong_counters() == []


def test_removal_in_portions_takes_everything_along(app, monkeypatch, post, ana, bob, carla):
    monkeypatch.setattr("app.moderation.tasks.PORTION", 2)
    own = [make_post(bob) for _ in range(3)]
    for written in own:
        like(ana, written)
        like(carla, written)
        repost(carla, written)
    kept = answer(carla, own[0])
    schedule_deletion(bob)
    bob.deletion_due_at = utcnow()
    db.session.commit()
    (job,) = jobs_of_kind(REMOVE)
    job.due_at = utcnow()
    db.session.commit()
    do_jobs(app)
    assert by_username("bob") is None
    assert set(db.session.scalars(sa.select(Post.id))) == {post.id, kept.id}
    assert wrong_counters() == []
    (job,) = jobs_of_kind(REMOVE)
    # Bob's posts and answers; what he passed on is no post of his.
    assert (job.state, job.progress_done, job.progress_total) == ("done", 5, 5)


WAYS = [suspend, restore, schedule_deletion, keep_account]
DEEDS = [like, like, unlike, repost, repost, unrepost, answer, answer]


@pytest.mark.parametrize("seed", range(2))
def test_counters_of_posts_stay_right_whatever_happens_in_which_order(app, seed):
    chance = random.Random(seed)
    for author in [make_user() for _ in range(4)]:
        make_post(author)
    for _step in range(50):
        user = chance.choice(db.session.scalars(sa.select(User).order_by(User.id)).all())
        written = sa.select(Post).where(Post.repost_of_id.is_(None)).order_by(Post.id)
        post = chance.choice(db.session.scalars(written).all())
        act = chance.choice([*WAYS, *DEEDS, "delete post", "delete account"])
        if act in WAYS:
            act(user)
        elif act == "delete post":
            if chance.random() < 0.3 and len(list(db.session.scalars(written))) > 3:
                posts.delete(post)
        elif act == "delete account":
            if chance.random() < 0.2:
                delete_account(user)
                make_post(make_user())
        else:
            with suppress(Problem):  # one of the two is out of view
                act(user, post)
        db.session.commit()
        assert wrong_counters() == [], act
