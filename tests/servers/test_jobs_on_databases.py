"""Jobs, and the accounts that need them, on PostgreSQL and MariaDB."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts import addresses
from app.accounts.models import AddressChange, User
from app.accounts.tasks import tell_password_changed
from app.clock import utcnow
from app.extensions import db, limiter
from app.jobs import worker
from app.jobs.models import Job, JobState
from app.moderation.leaving import schedule_deletion
from app.moderation.tasks import remove_account
from app.posts.models import Post
from app.relationships.models import Follow
from tests.browsing import sign_in, submit
from tests.conftest import Client, make_config
from tests.factories import PASSWORD, make_follow, make_post, make_user
from tests.servers.programs import DatabaseServer
from tests.working import do_jobs, jobs_of_kind, links_in, mails, path_of

THREADS, JOBS = 8, 40
NEW_PASSWORD = "gulls over the harbour wall"


@pytest.fixture
def bare(database: DatabaseServer, tmp_path: Path) -> Iterator[Flask]:
    """Return an application whose database has no tables yet."""
    app = create_app(make_config(tmp_path, DATABASE_URL=database.new_database()))
    app.test_client_class = Client
    with app.app_context():
        limiter.reset()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(bare: Flask) -> Flask:
    flask_migrate.upgrade()
    return bare


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


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


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names())


def test_migrations_go_up_down_and_up_again_on_a_populated_database(app):
    populated = tables()
    ana, bob = make_user("ana"), make_user("bob")
    make_follow(bob, ana)
    make_post(ana)
    addresses.ask_for_reset(ana.email)
    addresses.begin_change(ana, "ana@example.org")
    schedule_deletion(bob)
    db.session.commit()
    db.session.remove()
    flask_migrate.downgrade(revision="0001")
    assert {"jobs", "address_changes"}.isdisjoint(tables())
    flask_migrate.upgrade()
    assert tables() == populated
    assert [count(model) for model in (User, Post, Follow, AddressChange)] == [2, 1, 1, 0]
    assert jobs_of_kind("accounts.send_reset_link") == []
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    assert tables() == {"alembic_version"}
    flask_migrate.upgrade()
    assert tables() == populated
    make_post(make_user("ana"))


def test_flask_db_check_finds_nothing_to_do(app):
    result = app.test_cli_runner().invoke(args=["db", "check"])
    assert result.exit_code == 0, result.output


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


def test_forgotten_password_is_replaced_once(app, client):
    ana = make_user("ana")
    submit(client, "/auth/reset_password_request", email="ANA@example.com")
    submit(client, "/auth/reset_password_request", email="nobody@example.com")
    do_jobs(app)
    [message] = mails(app)
    link = path_of(links_in(message)[0])
    assert client.get(link).status_code == 200
    assert submit(client, link, password=NEW_PASSWORD).location == "/auth/login"
    assert client.get(link).status_code == 410
    assert sign_in(client, ana, NEW_PASSWORD).status_code == 302
    do_jobs(app)
    assert len(mails(app)) == 2


def test_account_that_was_deleted_can_return_and_goes_when_its_time_has_come(app, client):
    ana, bob = make_user("ana"), make_user("bob")
    make_follow(bob, ana)
    make_post(ana)
    sign_in(client, ana)
    assert submit(client, "/settings/delete", password=PASSWORD).status_code == 302
    assert client.get("/user/ana").status_code == 404
    assert sign_in(client, "ana").status_code == 302
    assert client.get("/user/ana").status_code == 200

    submit(client, "/settings/delete", password=PASSWORD)
    past = utcnow() - timedelta(seconds=1)
    db.session.execute(sa.update(User).where(User.username == "ana").values(deletion_due_at=past))
    removals = Job.kind == remove_account.name
    db.session.execute(sa.update(Job).where(removals).values(due_at=past))
    db.session.commit()
    do_jobs(app)
    assert {job.state for job in jobs_of_kind(remove_account.name)} <= {
        JobState.DONE,
        JobState.DROPPED,
    }
    assert db.session.scalars(sa.select(User.username)).all() == ["bob"]
    assert count(Post) == 0
    db.session.refresh(bob)
    assert bob.following_count == 0
