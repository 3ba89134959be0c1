"""Many threads at the same jobs."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.accounts.tasks import tell_password_changed
from app.clock import utcnow
from app.extensions import db
from app.jobs import worker
from app.jobs.models import Job, JobState
from app.moderation.leaving import schedule_deletion
from app.moderation.tasks import remove_account
from app.posts.models import Post
from app.relationships.models import Follow
from tests.factories import make_follow, make_post, make_user
from tests.working import jobs_of_kind, mails

# Takes long: left to `make check`.
pytestmark = pytest.mark.thorough

THREADS, JOBS = 8, 40


def all_at_once(app: Flask, lists: list[list[int]]) -> list[list[int]]:
    """Run jobs in one thread for each list, in its order; returns which each thread has begun."""
    db.session.rollback()
    start = Barrier(len(lists))

    def run(job_ids: list[int]) -> list[int]:
        start.wait()
        return [job_id for job_id in job_ids if worker.run(app, job_id)]

    with ThreadPoolExecutor(len(lists)) as pool:
        return list(pool.map(run, lists))


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_many_threads_at_the_same_jobs_run_each_once(app):
    members = [make_user() for _ in range(JOBS)]
    ids = [tell_password_changed.ask(user_id=member.id).id for member in members]
    db.session.commit()
    begun = all_at_once(app, [random.sample(ids, JOBS) for _ in range(THREADS)])
    assert Counter(job_id for mine in begun for job_id in mine) == Counter(ids)
    assert sum(bool(mine) for mine in begun) > 1, "one thread did it all"
    jobs = jobs_of_kind("accounts.tell_password_changed")
    assert {(job.state, job.attempts) for job in jobs} == {(JobState.DONE, 1)}
    assert len(mails(app)) == JOBS


def test_accounts_that_are_tied_to_each_other_can_be_removed_all_at_once(app):
    # Each removal counts at the others' rows, in another order: who loses comes again.
    crowd, witness = [make_user() for _ in range(THREADS)], make_user("witness")
    for person in crowd:
        make_follow(person, witness, *(other for other in crowd if other is not person))
        make_post(person)
    for person in crowd:
        schedule_deletion(person)
        person.deletion_due_at = utcnow()
    db.session.commit()
    ids = [job.id for job in jobs_of_kind(remove_account.name)]
    for _round in range(THREADS):
        db.session.execute(sa.update(Job).where(Job.id.in_(ids)).values(due_at=utcnow()))
        db.session.execute(
            sa.update(Job).where(Job.id.in_(ids), Job.state == JobState.DONE).values(due_at=None)
        )
        db.session.commit()
        all_at_once(app, [[job_id] for job_id in ids])
        if all(job.state == JobState.DONE for job in jobs_of_kind(remove_account.name)):
            break
    states = [(job.state, job.last_error) for job in jobs_of_kind(remove_account.name)]
    assert states == [(JobState.DONE, "")] * THREADS
    assert db.session.scalars(sa.select(User.username)).all() == ["witness"]
    for model in (Post, Follow):
        assert count(model) == 0
    db.session.refresh(witness)
    assert (witness.followers_count, witness.following_count) == (0, 0)
