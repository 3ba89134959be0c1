"""A block takes back what the two like and pass on of each other."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.queries import by_username
from app.extensions import db
from app.jobs.models import Job
from app.moderation.actions import restore, suspend
from app.posts import bookmarks, likes, reposts, tasks
from app.posts.models import Bookmark, Like, Post
from app.relationships.blocks import block, unblock
from tests.browsing import at_once
from tests.factories import make_like, make_post, make_reply, make_repost
from tests.notifications.acts import written
from tests.posts.counters import assert_counters_equal_rows
from tests.working import bury_worker, do_jobs, jobs_of_kind

KIND = "posts.take_back"


@pytest.fixture
def boats(ana, bob, carla):
    """A post of each of three people, which the other two like and pass on."""
    people = (ana, bob, carla)
    posts = [make_post(person) for person in people]
    for post in posts:
        for person in people:
            if person.id != post.author_id:
                make_like(post, person)
                make_repost(person, post)
    return posts


def part(one, other):
    block(one, other)
    db.session.commit()


def reactions():
    """Return who likes, and who passes on, whose posts."""
    db.session.rollback()
    post = aliased(Post)
    like = sa.select(Like.user_id, post.author_id).join(post, post.id == Like.post_id)
    repost = sa.select(Post.author_id, post.author_id).join(post, post.id == Post.repost_of_id)
    return [sorted(map(tuple, db.session.execute(query))) for query in (like, repost)]


def test_what_the_two_did_goes_and_what_others_did_stays(app, ana, bob, carla, boats):
    part(ana, bob)
    do_jobs(app)
    people = [ana.id, bob.id, carla.id]
    left = [(one, other) for one in people for other in people if one != other]
    left = sorted(set(left) - {(ana.id, bob.id), (bob.id, ana.id)})
    assert reactions() == [left, left]
    assert_counters_equal_rows()


def test_it_is_asked_for_with_the_block(ana, bob):
    block(ana, bob)
    (job,) = db.session.scalars(sa.select(Job))
    assert job.kind == KIND
    db.session.rollback()
    assert jobs_of_kind(KIND) == []


def test_nobody_is_told_of_it_any_more(app, ana, bob, boats):
    part(ana, bob)
    do_jobs(app)
    told = {(who, actor) for who, _kind, actors in written() for actor in actors}
    assert not told & {("ana", "bob"), ("bob", "ana")}


def test_bookmarks_and_answers_stay(app, ana, bob):
    post = make_post(ana)
    bookmarks.bookmark(bob, post)
    reply = make_reply(bob, post)
    part(ana, bob)
    do_jobs(app)
    assert db.session.scalars(sa.select(Bookmark.post_id)).all() == [post.id]
    assert db.session.get(Post, reply.id) is not None


def test_many_go_in_portions(app, ana, bob, monkeypatch):
    monkeypatch.setattr(tasks, "WRITTEN", 2)
    for _ in range(5):
        post = make_post(ana)
        make_like(post, bob)
        make_repost(bob, post)
    part(bob, ana)
    do_jobs(app)
    assert reactions() == [[], []]
    (job,) = jobs_of_kind(KIND)
    assert (job.state, job.progress_done) == ("done", 10)
    assert_counters_equal_rows()


class PulledPlug(BaseException):
    """The process ends here, so to speak."""


def test_a_worker_that_was_killed_is_followed_by_one_that_does_the_rest(
    app, ana, bob, boats, monkeypatch
):
    part(ana, bob)
    with monkeypatch.context() as patch:
        report = tasks.report

        def pull_the_plug(*arguments):
            report(*arguments)
            raise PulledPlug

        patch.setattr(tasks, "report", pull_the_plug)
        with pytest.raises(PulledPlug):
            do_jobs(app)
    assert [len(found) for found in reactions()] == [5, 6]
    bury_worker(jobs_of_kind(KIND)[0])
    do_jobs(app)
    assert [len(found) for found in reactions()] == [4, 4]
    assert_counters_equal_rows()


def test_nothing_is_taken_back_once_the_block_is_undone(app, ana, bob, boats):
    part(ana, bob)
    unblock(ana, bob)
    db.session.commit()
    do_jobs(app)
    assert [len(found) for found in reactions()] == [6, 6]
    assert [job.state for job in jobs_of_kind(KIND)] == ["dropped"]


def test_a_block_that_is_undone_half_way_leaves_the_rest(app, ana, bob, boats, monkeypatch):
    part(ana, bob)
    report = tasks.report

    def undo_the_block(*arguments):
        report(*arguments)
        unblock(by_username("ana"), by_username("bob"))
        db.session.commit()

    monkeypatch.setattr(tasks, "report", undo_the_block)
    do_jobs(app)
    assert [len(found) for found in reactions()] == [5, 6]
    assert [job.state for job in jobs_of_kind(KIND)] == ["dropped"]


def test_who_is_suspended_meanwhile_does_not_come_back_with_likes(app, ana, bob, carla, boats):
    part(ana, bob)
    suspend(bob)
    db.session.commit()
    do_jobs(app)
    restore(bob)
    db.session.commit()
    assert [len(found) for found in reactions()] == [4, 4]
    assert_counters_equal_rows()


@pytest.mark.parametrize("do", [likes.like, reposts.repost])
def test_a_reaction_and_a_block_at_once_end_without_the_reaction(app, ana, bob, do):
    post_id = make_post(ana).id

    def react():
        do(by_username("bob"), db.session.get_one(Post, post_id))
        db.session.commit()

    at_once(app, lambda: part(by_username("ana"), by_username("bob")), *[react] * 3)
    do_jobs(app)
    assert reactions() == [[], []]
    assert_counters_equal_rows()
