"""What is counted, under which names, and that it tells nothing about anybody."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.tasks import tell_password_changed
from app.clock import utcnow
from app.extensions import db
from app.jobs.models import Job, JobState
from tests.browsing import sign_in
from tests.factories import make_user
from tests.figures import Page
from tests.working import do_jobs

PASSWORD_MAIL = "accounts.tell_password_changed"


def ask_for_mail(**columns):
    job = tell_password_changed.ask(user_id=make_user().id)
    for name, value in columns.items():
        setattr(job, name, value)
    db.session.commit()


def test_visit_is_counted_under_its_route(client, growth, ana):
    client.get(f"/user/{ana.username}")
    where = {"route": "/user/<username>", "method": "GET"}
    assert growth("http_requests_total", **where, status="200") == 1
    assert growth("http_requests_total") == 1
    assert growth("http_request_duration_seconds_count", **where) == 1
    assert growth("http_request_duration_seconds_bucket", **where, le="30.0") == 1
    assert 0 < growth("http_request_duration_seconds_sum", **where) < 30


def test_answers_are_counted_by_method_and_status(client, growth):
    client.post("/auth/login")
    client.head("/auth/login")
    login = {"route": "/auth/login"}
    assert growth("http_requests_total", **login, method="POST", status="400") == 1
    assert growth("http_requests_total", **login, method="HEAD", status="200") == 1


def test_page_that_breaks_is_counted(app, client, growth):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    db.session.execute(sa.text("ALTER TABLE posts RENAME TO gone"))
    db.session.commit()
    client.get("/explore")
    assert growth("http_requests_total", route="/explore", status="500") == 1


def test_what_people_make_up_is_no_figure_of_its_own(client, ask, growth):
    client.get("/secret-of-ana")
    client.open("/explore", method="INVENTED")
    client.get("/auth/reset_password/a-token?q=words", headers={"User-Agent": "a-program"})
    assert growth("http_requests_total", route="none", method="none", status="404") == 1
    assert growth("http_requests_total", route="none", method="none", status="405") == 1
    assert growth("http_requests_total", route="/auth/reset_password/<token>") == 1
    page = ask().text
    for word in ("secret-of-ana", "INVENTED", "a-token", "words", "a-program"):
        assert word not in page


def test_wrong_passwords_are_counted(client, growth, ana):
    sign_in(client, ana, "not her password")
    sign_in(client, "nobody-of-that-name", "nor this")
    assert growth("sign_in_failures_total", reason="password") == 2
    sign_in(client, ana)
    assert growth("sign_in_failures_total") == 2


def test_those_who_are_shut_out_are_counted_apart(client, growth, ana):
    for _ in range(11):
        sign_in(client, ana, "not her password")
    assert growth("sign_in_failures_total", reason="password") == 10
    assert growth("sign_in_failures_total", reason="locked") == 1


@pytest.mark.parametrize(
    ("answer", "mail", "job"),
    [
        ("250 OK", "sent", "done"),
        ("451 later, please", "retried", "retried"),
        ("550 nobody lives here", "refused", "failed"),
    ],
)
def test_mail_and_its_job_are_counted_by_how_it_went(app, mail_server, growth, answer, mail, job):
    mail_server.behave(rcpt=answer)
    ask_for_mail()
    do_jobs(app)
    assert growth("mail_attempts_total", outcome=mail) == growth("mail_attempts_total") == 1
    assert growth("job_attempts_total", kind=PASSWORD_MAIL, outcome=job) == 1
    assert growth("job_attempts_total") == 1


def test_job_that_is_dropped_is_counted(app, growth):
    ask_for_mail(expires_at=utcnow() - timedelta(seconds=1))
    do_jobs(app)
    assert growth("job_attempts_total", kind=PASSWORD_MAIL, outcome="dropped") == 1
    assert growth("mail_attempts_total") == 0


def test_outcomes_of_mail_are_there_before_the_first(client, ask):
    # Else the first refusal would be no growth to Prometheus.
    client.get("/healthz")
    for outcome in ("sent", "refused", "retried"):
        assert f'microblog_mail_attempts_total{{outcome="{outcome}"}}' in ask().text


class TestDatabase:
    @pytest.fixture
    def shown(self, ask):
        def shown(name, **labels):
            return Page(ask().text).value(name, **labels)

        return shown

    @staticmethod
    def write(state, since=None, **columns):
        job = Job(kind="a kind", state=state, **columns)
        db.session.add(job)
        db.session.flush()
        job.due_at = utcnow() - since if since is not None else None
        db.session.commit()

    def test_jobs_are_shown_by_state(self, shown):
        later, long_ago = -timedelta(hours=1), timedelta(minutes=5)
        self.write(JobState.WAITING, long_ago)
        self.write(JobState.RUNNING, timedelta(minutes=1))  # of a worker that died
        self.write(JobState.RUNNING, later)
        self.write(JobState.WAITING, later)
        for _ in range(2):
            self.write(JobState.WAITING, later, attempts=3)
        for _ in range(3):
            self.write(JobState.FAILED)
        self.write(JobState.DONE)
        states = {state: shown("jobs", state=state) for state in ("due", "running", "retried")}
        assert states == {"due": 2, "running": 1, "retried": 2}
        assert shown("jobs", state="failed") == 3
        assert shown("jobs") == 8
        assert 300 <= shown("jobs_oldest_due_seconds") < 400

    def test_nothing_to_do_is_nought(self, shown):
        assert shown("jobs") == shown("jobs_oldest_due_seconds") == 0
        assert shown("database_up") == 1

    def test_without_its_tables_the_rest_is_shown(self, client, shown):
        client.get("/healthz")
        db.session.execute(sa.text("DROP TABLE jobs"))
        db.session.commit()
        assert shown("database_up") == 0
        assert shown("jobs") is None
        assert shown("http_requests_total", route="/healthz") > 0
