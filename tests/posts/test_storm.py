"""Everybody at once at the same few posts: nothing is lost, counted twice, or waits in a circle."""

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.extensions import db
from app.posts import bookmarks, likes, reposts
from app.posts.models import Bookmark, Like, Post
from tests.browsing import at_once
from tests.factories import make_post, make_user
from tests.posts import reactions
from tests.posts.counters import assert_counters_equal_rows
from tests.posts.crowds import at_work, site_of

PROCESSES, ROUNDS = 8, 25


@pytest.mark.thorough
def test_eight_processes_at_the_same_posts_leave_every_counter_right(app):
    for number in range(PROCESSES):
        make_post(make_user(f"writer{number}"))
    results = at_work(PROCESSES, reactions.react, site_of(app), PROCESSES, ROUNDS)
    assert results == [[]] * PROCESSES
    assert_counters_equal_rows()
    reacted = db.session.scalars(sa.select(sa.func.sum(Post.likes_count + Post.reposts_count)))
    assert reacted.one() > 0


def test_the_same_reaction_many_times_at_once_is_one(app, ana, bob):
    post_id, user_id = make_post(ana).id, bob.id

    def react() -> None:
        user, post = db.session.get_one(User, user_id), db.session.get_one(Post, post_id)
        for do in (likes.like, reposts.repost, bookmarks.bookmark):
            do(user, post)
        db.session.commit()

    at_once(app, *[react] * 6)
    rows = [db.session.scalars(sa.select(what.id)).all() for what in (Like, Bookmark)]
    assert [len(found) for found in rows] == [1, 1]
    assert db.session.scalars(sa.select(Post.repost_of_id).order_by(Post.id)).all() == [
        None,
        post_id,
    ]
    assert_counters_equal_rows()
