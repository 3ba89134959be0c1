"""Questions about jobs are answered from an index, however many jobs there are."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts import tasks as accounts
from app.clock import utcnow
from app.exports import tasks as exports
from app.exports.models import ExportPart
from app.extensions import db
from app.jobs import housekeeping, queries
from app.jobs.models import Job, JobState
from tests.factories import make_user
from tests.web.main.test_query_plans import Explained
from tests.working import do_jobs

TABLES = "jobs|export_parts|registrations|address_changes|mail_requests|users|posts"
reads_plans = pytest.mark.sqlite("reads the plans as it writes them")
WHOLE_TABLE = re.compile(rf"^SCAN ({TABLES})\b")


def whole_tables(explained):
    return [step for step in steps_of(explained) if WHOLE_TABLE.match(step[0])]


def steps_of(explained):
    db.session.rollback()  # lets go of the lock that the test itself holds
    return explained.steps()


@pytest.fixture
def ana(app):
    ana = make_user("ana")
    now = utcnow()
    for number in range(40):
        state = list(JobState)[number % 5]
        due = now if state in {"waiting", "running"} else None
        ended = None if due else now - timedelta(days=number)
        db.session.add(
            Job(kind="exports.export", user_id=ana.id, state=state, due_at=due, finished_at=ended)
        )
    db.session.commit()
    return ana


@reads_plans
def test_a_whole_table_read_would_be_noticed(ana):
    with Explained() as explained:
        db.session.scalars(sa.select(Job).where(Job.last_error == "x")).all()
    assert whole_tables(explained)


@reads_plans
@pytest.mark.parametrize(
    "ask",
    [
        queries.backlog,
        lambda: queries.due_before(utcnow(), 50),
        lambda: queries.shown_to(1),
        lambda: queries.newest(JobState.FAILED, 50),
    ],
    ids=["backlog", "due", "shown", "failed"],
)
def test_question_reads_no_whole_table(ana, ask):
    with Explained() as explained:
        ask()
    assert explained.statements
    assert whole_tables(explained) == []


@reads_plans
@pytest.mark.parametrize(
    "ask", [lambda: queries.due_before(utcnow(), 50), lambda: queries.shown_to(1)]
)
def test_question_sorts_nothing(ana, ask):
    with Explained() as explained:
        ask()
    assert not [step for step, _statement in steps_of(explained) if "TEMP B-TREE" in step]


@reads_plans
def test_claiming_and_ending_a_job_reads_no_whole_table(app, ana):
    with Explained() as explained:
        assert do_jobs(app) > 0
    assert len(explained.statements) > 10
    assert whole_tables(explained) == []


@reads_plans
@pytest.mark.parametrize(
    "kind", [housekeeping.clear_away, accounts.clear_away, exports.clear_away], ids=lambda k: k.name
)
def test_clearing_away_reads_no_whole_table(app, ana, kind):
    db.session.add_all(ExportPart(job_id=n, number=0, content=b"PK") for n in range(1, 30))
    kind.ask(due_at=utcnow() - timedelta(days=1))
    db.session.commit()
    with Explained() as explained:
        kind.work(Job(kind=kind.name))
    assert explained.statements
    assert whole_tables(explained) == []


def test_page_of_jobs_asks_as_often_for_many_as_for_one(app, ana):
    with Explained() as explained:
        assert len(queries.shown_to(ana.id)) == 20
    assert len(explained.statements) <= 2


class TestHousekeeping:
    @pytest.mark.parametrize(
        ("state", "age", "stays"),
        [
            ("done", housekeeping.KEPT - timedelta(hours=1), True),
            ("done", housekeeping.KEPT + timedelta(hours=1), False),
            ("dropped", housekeeping.KEPT + timedelta(hours=1), False),
            ("failed", housekeeping.KEPT + timedelta(hours=1), True),
            ("failed", housekeeping.FAILED_KEPT + timedelta(hours=1), False),
        ],
    )
    def test_jobs_that_ended_long_ago_go(self, app, state, age, stays):
        job = Job(kind="x", state=state, due_at=None, finished_at=utcnow() - age)
        job.created_at = job.finished_at
        db.session.add(job)
        housekeeping.clear_away.ask()
        db.session.commit()
        job_id = job.id
        do_jobs(app)
        assert (db.session.get(Job, job_id) is not None) is stays

    def test_job_that_still_waits_stays_however_old(self, app):
        ages_ago = utcnow() - timedelta(days=300)
        later = utcnow() + timedelta(days=1)
        job = Job(kind="x", state="waiting", created_at=ages_ago, due_at=later)
        db.session.add(job)
        housekeeping.clear_away.ask()
        db.session.commit()
        job_id = job.id
        do_jobs(app)
        assert db.session.get(Job, job_id) is not None
