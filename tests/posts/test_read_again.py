"""Reading what was written before names and hashtags counted."""

import pytest
import sqlalchemy as sa

from app.events import people_mentioned
from app.extensions import db
from app.posts import tasks
from app.posts.models import Hashtag, Post, Tagging
from tests.browsing import posts_on
from tests.factories import make_post, write_many
from tests.queries import counted_queries
from tests.working import bury_worker, do_jobs, jobs_of_kind


@pytest.fixture
def old_posts(ana, bob):
    """Two kinds of old posts: what they say is known nowhere."""
    write_many(5, ana, "number {n} @bob @nobody #Tide #2026 #party🎉")
    write_many(3, bob, "plain {n}")


def found():
    """Return what is known: the names, and how many posts have each hashtag."""
    db.session.rollback()
    counts = sa.select(Hashtag.key, sa.func.count()).join(Tagging).group_by(Hashtag.key)
    named = sa.select(Post.mentions).where(Post.mentions != "")
    return db.session.scalars(named).all(), dict(db.session.execute(counts).all())


ALL = (["bob"] * 5, {"tide": 5, "party🎉": 5})


def ask():
    job = tasks.read_again.ask(unique_key="read posts again")
    db.session.commit()
    return job


def test_names_and_hashtags_are_found_and_nobody_is_told(app, client, old_posts):
    assert found() == ([], {})  # the premise
    told = []
    with people_mentioned.connected_to(lambda post, people: told.append(people)):
        ask()
        do_jobs(app)
    assert [job.state for job in jobs_of_kind("posts.read_again")] == ["done"]
    assert found() == ALL
    assert told == []
    assert len(posts_on(client.get("/tag/tide"))) == 5
    assert len(posts_on(client.get("/search?q=%23party🎉"))) == 5


def test_reading_twice_changes_nothing(app, old_posts):
    for _ in range(2):
        ask()
        do_jobs(app)
        assert found() == ALL


def test_posts_keep_their_moment_and_are_not_called_edited(app, old_posts, ana):
    query = sa.select(Post.id, Post.body, Post.edited_at).order_by(Post.id)
    before = db.session.execute(query).all()
    ask()
    do_jobs(app)
    assert db.session.execute(query).all() == before


class PulledPlug(BaseException):
    """The process ends here, so to speak."""


def test_what_was_done_when_the_worker_was_killed_stays_done(app, old_posts, monkeypatch):
    monkeypatch.setattr(tasks, "PORTION", 2)
    monkeypatch.setattr(tasks, "WRITTEN", 1)
    job = ask()
    read, calls = tasks.report, []

    def pull_the_plug(*arguments):
        read(*arguments)
        calls.append(arguments)
        if len(calls) == 4:
            raise PulledPlug

    monkeypatch.setattr(tasks, "report", pull_the_plug)
    with pytest.raises(PulledPlug):
        do_jobs(app)
    names, _tags = found()
    assert 0 < len(names) < 5
    bury_worker(jobs_of_kind("posts.read_again")[0])
    do_jobs(app)
    assert found() == ALL
    assert job.id  # the same job goes on


def test_posts_that_know_their_names_are_left_alone(app, ana, bob):
    post = make_post(ana, "@bob #tide")
    post.mentions = "carla"
    db.session.commit()
    ask()
    do_jobs(app)
    assert found() == (["carla"], {"tide": 1})


def test_posts_are_locked_the_newest_first(app, old_posts):
    # As by who deletes an answer: the other way round the servers find a deadlock between the two.
    ids = db.session.scalars(sa.select(Post.id)).all()
    with counted_queries() as statements:
        tasks._read(ids)
    assert "ORDER BY posts.id DESC" in statements[0]
