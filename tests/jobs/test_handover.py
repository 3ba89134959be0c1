"""Word of a job goes out after the commit, never instead of it and never in the way of a page."""

import time
from base64 import b64decode
from datetime import timedelta

import pytest
import sqlalchemy as sa
from kombu.utils.json import loads
from sqlalchemy.exc import IntegrityError

from app.clock import utcnow
from app.exports.actions import ask_for_export
from app.extensions import db
from app.jobs import actions, handover
from app.jobs.models import Job
from app.problems import Problem
from tests.browsing import submit
from tests.factories import make_user
from tests.jobs.conftest import asked
from tests.mail.servers import silent_port
from tests.processes import free_port, until
from tests.working import do_jobs, mails

# Long enough for the messenger's thread to have spoken.
A_MOMENT = 0.3


@pytest.fixture
def shared_app():
    return False  # so that its broker's folder is its own


@pytest.fixture
def awake(monkeypatch):
    """Let the messenger not rest because of an earlier test, and not rest on after this one."""
    monkeypatch.setattr(handover, "_resting_until", 0.0)


@pytest.fixture
def handed_over(app, awake):
    """Return a function that reads which jobs the broker has word of, in order."""

    def read():
        folder = app.config["DATA_DIR"] / "broker" / "waiting"
        return [arguments_in(path)[0] for path in sorted(folder.glob("*"))]

    return read


def arguments_in(path):
    arguments, keywords, _embedded = loads(b64decode(loads(path.read_text())["body"]))
    assert (len(arguments), keywords) == (1, {})
    return arguments


@pytest.fixture
def nothing(declare):
    return declare(lambda _job: None)


def test_word_goes_out_after_the_commit_and_not_before(handed_over, nothing):
    job = nothing.ask()
    time.sleep(A_MOMENT)
    assert handed_over() == []
    db.session.commit()
    assert until(handed_over, 5) == [job.id]


def test_rollback_leaves_no_row_and_no_word(handed_over, nothing):
    nothing.ask()
    db.session.rollback()
    kept = asked(nothing)
    assert until(handed_over, 5) == [kept.id]
    db.session.rollback()
    assert db.session.scalars(sa.select(Job.id)).all() == [kept.id]


def test_request_that_fails_after_asking_leaves_nothing(app, client, handed_over, nothing):
    def ask_and_fail():
        nothing.ask()
        raise ZeroDivisionError

    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/ask-and-fail", view_func=ask_and_fail)
    assert client.get("/ask-and-fail").status_code == 500
    time.sleep(A_MOMENT)
    assert handed_over() == []
    assert db.session.scalars(sa.select(Job)).all() == []


def test_savepoint_that_ends_is_no_commit(handed_over, nothing):
    with db.session.begin_nested():
        inner = nothing.ask()
    time.sleep(A_MOMENT)
    assert handed_over() == []
    db.session.commit()
    assert until(handed_over, 5) == [inner.id]


def test_savepoint_rolled_back_takes_its_own_job_along_and_no_other(app, handed_over, nothing):
    before = nothing.ask()
    savepoint = db.session.begin_nested()
    nothing.ask()
    savepoint.rollback()
    after = nothing.ask()
    db.session.commit()
    until(lambda: set(handed_over()) >= {before.id, after.id}, 5)
    assert set(handed_over()) >= {before.id, after.id}
    assert sorted(db.session.scalars(sa.select(Job.id))) == [before.id, after.id]
    assert do_jobs(app) == 2


def test_second_export_that_is_refused_does_not_lose_the_job_asked_for_before(
    app, handed_over, nothing
):
    ana = make_user("ana")
    ask_for_export(ana)
    first = nothing.ask()
    with pytest.raises(Problem):
        ask_for_export(ana)
    db.session.commit()
    until(lambda: len(handed_over()) >= 2, 5)
    export = db.session.scalars(sa.select(Job.id).where(Job.kind == "exports.export")).one()
    assert set(handed_over()) == {first.id, export}


def test_refused_unique_key_outside_a_savepoint_leaves_nothing(handed_over, nothing):
    job = asked(nothing, unique_key="one")
    assert until(handed_over, 5) == [job.id]
    with pytest.raises(IntegrityError):
        nothing.ask(unique_key="one")
    db.session.rollback()
    db.session.commit()
    time.sleep(A_MOMENT)
    assert handed_over() == [job.id]


def test_job_for_later_is_not_handed_over(handed_over, nothing):
    asked(nothing, due_at=utcnow() + timedelta(seconds=30))
    now = asked(nothing)
    assert until(handed_over, 5) == [now.id]


def test_job_that_is_retried_is_handed_over_again(handed_over, nothing):
    job = asked(nothing)
    assert until(handed_over, 5) == [job.id]
    actions.retry(db.session.get_one(Job, job.id))
    db.session.commit()
    until(lambda: len(handed_over()) == 2, 5)
    assert handed_over() == [job.id, job.id]


def test_word_holds_the_number_of_the_job_and_nothing_about_anybody(app, client, handed_over):
    make_user("ana")
    submit(client, "/auth/reset_password_request", email="ana@example.com")
    until(handed_over, 5)
    (path,) = (app.config["DATA_DIR"] / "broker" / "waiting").iterdir()
    assert arguments_in(path) == [db.session.scalars(sa.select(Job.id)).one()]
    assert "example.com" not in path.read_text()


def test_page_that_needs_no_job_hands_nothing_over(app, client, handed_over):
    client.get("/explore")
    client.get("/auth/login")
    time.sleep(A_MOMENT)
    assert handed_over() == []


class Broken:
    """What holds of every broker that does not do its work."""

    def test_page_is_answered_at_once_and_the_mail_goes_out_all_the_same(
        self, app, client, awake, caplog
    ):
        make_user("ana")
        submit(client, "/auth/reset_password_request", email="nobody@example.com")  # warm
        began = time.monotonic()
        page = submit(client, "/auth/reset_password_request", email="ana@example.com")
        assert time.monotonic() - began < 2
        assert page.status_code == 302
        # It is said once, and the broker is then left alone.
        assert until(lambda: "The broker did not take job" in caplog.text, 10)
        submit(client, "/auth/reset_password_request", email="ana@example.com")
        time.sleep(A_MOMENT)
        assert caplog.text.count("The broker did not take job") == 1
        assert "Traceback" not in caplog.text
        do_jobs(app)
        assert [message["To"] for message in mails(app)] == ["ana@example.com"] * 2


class TestBrokerThatHangs(Broken):
    @pytest.fixture
    def settings(self):
        with silent_port() as port:
            yield {"CELERY_BROKER_URL": f"redis://127.0.0.1:{port}/0"}


class TestBrokerThatRefuses(Broken):
    @pytest.fixture
    def settings(self):
        return {"CELERY_BROKER_URL": f"redis://127.0.0.1:{free_port()}/0"}


class TestRabbitThatHangs(Broken):
    @pytest.fixture
    def settings(self):
        with silent_port() as port:
            yield {"CELERY_BROKER_URL": f"amqp://guest:guest@127.0.0.1:{port}//"}
