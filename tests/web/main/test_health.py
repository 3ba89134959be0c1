"""Answers for load balancers and monitors."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.clock import utcnow
from app.database import older_revisions
from app.extensions import db
from app.jobs.models import Job, JobState
from tests.browsing import enter
from tests.queries import counted_queries


def test_the_process_is_alive(client, app):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.mimetype == "text/plain"


def test_being_alive_asks_the_database_nothing(client, ana):
    enter(client, ana)
    with counted_queries() as queries:
        client.get("/healthz")
    assert queries == []


def set_revision(name):
    db.session.execute(sa.text("UPDATE alembic_version SET version_num = :name"), {"name": name})
    db.session.commit()


def test_a_migrated_site_is_ready(client, app):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")


@pytest.mark.parametrize("revision", sorted(older_revisions()))
def test_a_site_with_old_tables_is_not_ready(client, app, revision):
    set_revision(revision)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "migrations pending\n")
    assert client.get("/healthz").status_code == 200


def test_a_site_whose_tables_were_migrated_by_later_code_is_ready(client, app):
    # Or a load balancer would take away all of the old instances while the new ones start.
    set_revision("later")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")


def test_a_site_without_a_revision_is_not_ready(client, app):
    db.session.execute(sa.text("DELETE FROM alembic_version"))
    db.session.commit()
    assert client.get("/readyz").status_code == 503


def test_a_site_without_tables_is_not_ready(client, app):
    db.session.execute(sa.text("DROP TABLE alembic_version"))
    db.session.commit()
    assert client.get("/readyz").status_code == 503


def make_job(state=JobState.WAITING, since=None, **columns):
    job = Job(kind="a kind", state=state, **columns)
    db.session.add(job)
    db.session.flush()
    job.due_at = utcnow() - since if since is not None else None
    db.session.commit()


def test_a_site_whose_work_waits_is_ready_and_says_so(client, app):
    make_job(since=timedelta(minutes=5))
    make_job(since=timedelta(minutes=2))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.text in {f"ready\njobs waiting: 2, the first for {n} s\n" for n in (300, 301)}


def test_work_that_a_dead_worker_left_waits_as_well(client, app):
    make_job(JobState.RUNNING, timedelta(minutes=2))
    assert "jobs waiting: 1, " in client.get("/readyz").text


@pytest.mark.parametrize("since", [timedelta(seconds=20), timedelta(days=-14)])
def test_work_that_is_not_late_is_not_worth_a_word(client, app, since):
    make_job(since=since)
    assert client.get("/readyz").text == "ready\n"


@pytest.mark.parametrize("state", [JobState.DONE, JobState.DROPPED])
def test_work_that_ended_well_is_not_worth_a_word(client, app, state):
    make_job(state, finished_at=utcnow())
    assert client.get("/readyz").text == "ready\n"


def test_failed_work_is_counted(client, app):
    make_job(JobState.FAILED, finished_at=utcnow())
    make_job(JobState.FAILED, finished_at=utcnow())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\njobs failed: 2\n")


def test_what_is_said_of_jobs_is_only_numbers(client, app):
    make_job(JobState.FAILED, last_error="mail server: 550 ana@example.com", finished_at=utcnow())
    make_job(since=timedelta(minutes=2), last_error="mail server: 451 ana@example.com")
    assert "example.com" not in client.get("/readyz").text
    assert "a kind" not in client.get("/readyz").text


class TestWithoutItsDatabase:
    @pytest.fixture
    def settings(self):
        return {"DATABASE_URL": "sqlite:////nonexistent/folder/app.db"}

    def test_a_site_is_not_ready_but_alive(self, client, app):
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "nonexistent" not in answer.text
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_monitor_may_ask_as_often_as_it_likes_and_gets_no_cookie(client, app, path):
    for _ in range(50):
        answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers.getlist("Set-Cookie") == []
    assert client.head(path).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_other_methods_are_refused(client, app, path):
    assert client.post(path).status_code in {400, 405}
