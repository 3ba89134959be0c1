"""Doing jobs: each is finished once, whatever goes wrong on the way."""

import logging
import subprocess
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.clock import utcnow
from app.extensions import db
from app.jobs import worker
from app.jobs.actions import drop, retry
from app.jobs.models import Job
from app.jobs.queries import backlog
from app.jobs.tasks import Drop, GiveUp, Retry
from config import BASE_DIR
from tests.browsing import at_once
from tests.factories import make_user
from tests.jobs.conftest import asked, let_time_come
from tests.processes import settings_for
from tests.working import again, do_jobs

NOW = timedelta(0)


def errors_in(caplog) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]


def raising(error):
    def work(_job):
        raise error

    return work


def test_job_that_works_is_done_and_leaves_no_key_or_time(declare, run):
    seen = []
    kind = declare(lambda job: seen.append((job.id, job.subject_id, job.attempts)))
    job = run(asked(kind, subject_id=7, unique_key="a key"))
    assert seen == [(job.id, 7, 1)]
    assert (job.state, job.due_at, job.unique_key, job.last_error) == ("done", None, None, "")
    assert job.finished_at is not None


def test_job_that_ended_is_not_done_again(app, declare, run):
    seen = []
    job = run(asked(declare(seen.append)))
    assert worker.run(app, job.id) is False
    assert do_jobs(app) == 0
    assert len(seen) == 1


def test_word_of_a_job_that_was_never_written_does_nothing(app):
    db.session.rollback()
    assert worker.run(app, 123_456) is False


def test_job_is_not_done_before_its_time(app, declare):
    seen = []
    job = asked(declare(seen.append), due_at=utcnow() + timedelta(minutes=1))
    db.session.rollback()
    assert worker.run(app, job.id) is False
    assert do_jobs(app) == 0
    let_time_come(job)
    assert do_jobs(app) == 1
    assert len(seen) == 1


def test_sweep_leaves_a_fresh_job_to_the_messenger_for_a_while(app, declare):
    seen = []
    asked(declare(seen.append))
    db.session.rollback()
    assert worker.sweep(app) == 0
    assert worker.sweep(app, grace=NOW) == 1


def test_sweep_does_more_than_one_portion_the_longest_overdue_first(app, declare):
    seen = []
    kind = declare(lambda job: seen.append(job.subject_id))
    now = utcnow()
    for number in range(worker.BATCH + 5):
        kind.ask(subject_id=number, due_at=now - timedelta(seconds=number))
    db.session.commit()
    assert do_jobs(app) == worker.BATCH + 5
    assert seen == sorted(seen, reverse=True)


def test_job_that_four_workers_want_at_once_is_done_once(app, declare):
    seen = []
    job_id = asked(declare(seen.append)).id
    took = at_once(app, *[lambda: worker.run(app, job_id)] * 4)
    assert sorted(took) == [False, False, False, True]
    assert len(seen) == 1


@pytest.mark.thorough
def test_processes_that_sweep_at_once_do_each_job_once(app, declare, tmp_path):
    script = (
        "import os, sys, time\n"
        "from datetime import timedelta\n"
        "from app import create_app\n"
        "from app.jobs import worker\n"
        "from app.jobs.tasks import task\n"
        "@task('tests.note')\n"
        "def note(job):\n"
        "    os.write(file, f'{job.id}\\n'.encode())\n"
        "    time.sleep(0.02)\n"
        "file = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)\n"
        "app = create_app()\n"
        "print('ready', flush=True)\n"
        "sys.stdin.read()\n"
        "worker.sweep(app, grace=timedelta(0))\n"
    )
    jobs = [Job(kind="tests.note") for _ in range(60)]
    db.session.add_all(jobs)
    db.session.commit()
    ids = sorted(job.id for job in jobs)
    db.session.rollback()
    notes = tmp_path / "notes"
    environment = settings_for(tmp_path, 5000) | {"DATABASE_URL": app.config["DATABASE_URL"]}
    sweepers = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(notes)],
            cwd=BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for sweeper in sweepers:
        assert sweeper.stdout.readline() == b"ready\n"
    for sweeper in sweepers:
        sweeper.stdin.close()
    for sweeper in sweepers:
        sweeper.stdin = None
        errors = sweeper.communicate(timeout=30)[1].decode()
        assert sweeper.returncode == 0, errors
        # Both took part.
        assert "attempt 1" in errors
    assert sorted(map(int, notes.read_text().split())) == ids
    states = db.session.scalars(sa.select(Job.state).where(Job.id.in_(ids))).all()
    assert set(states) == {"done"}


def test_result_of_a_worker_that_was_taken_for_dead_does_not_count(app, declare, caplog):
    ran = []

    def rename(job):
        ran.append(job.attempts)
        if job.attempts == 1:
            # Slow: the lease passes, and another worker takes the job over and ends it.
            with app.app_context():
                let_time_come(job)
                assert worker.run(app, job.id)
        db.session.get_one(User, job.user_id).display_name = f"attempt {job.attempts}"

    ana = make_user("ana")
    job = asked(declare(rename), user_id=ana.id)
    do_jobs(app)
    assert ran == [1, 2]
    job = again(job)
    assert (job.state, job.attempts) == ("done", 2)
    db.session.refresh(ana)
    assert ana.display_name == "attempt 2"
    assert "taken over" in caplog.text
    assert errors_in(caplog) == []


@pytest.mark.parametrize("error", [Retry("away"), GiveUp("no"), Drop("over"), ValueError("oops")])
def test_failure_of_a_worker_that_was_taken_for_dead_does_not_count(app, declare, error, caplog):
    def work(job):
        if job.attempts == 1:
            with app.app_context():
                let_time_come(job)
                assert worker.run(app, job.id)
            raise error

    job = asked(declare(work))
    do_jobs(app)
    job = again(job)
    assert (job.state, job.attempts, job.last_error) == ("done", 2, "")


def test_slow_worker_cannot_report_on_a_job_that_another_has(app, declare):
    reported = []

    def work(job):
        if job.attempts == 1:
            with app.app_context():
                let_time_come(job)
                assert worker.run(app, job.id)
            worker.report(job, 9, 10)
            reported.append(job.attempts)

    job = asked(declare(work))
    do_jobs(app)
    assert reported == []
    assert (again(job).state, again(job).progress_done) == ("done", 0)


def test_job_dropped_while_it_runs_stays_dropped_and_writes_nothing(app, declare):
    ana = make_user("ana")

    def work(job):
        with app.app_context():
            assert drop(db.session.get_one(Job, job.id))
            db.session.commit()
        db.session.get_one(User, job.user_id).display_name = "written all the same"

    job = asked(declare(work), user_id=ana.id)
    do_jobs(app)
    assert again(job).state == "dropped"
    db.session.refresh(ana)
    assert ana.display_name == ""


def test_owner_who_is_deleted_while_a_job_runs_takes_it_along(app, declare, caplog):
    def work(job):
        with app.app_context():
            db.session.delete(db.session.get_one(User, job.user_id))
            db.session.commit()

    job_id = asked(declare(work), user_id=make_user("ana").id).id
    do_jobs(app)
    db.session.rollback()
    assert db.session.get(Job, job_id) is None
    assert errors_in(caplog) == []


def test_report_moves_the_lease_and_is_seen_by_others_at_once(app, declare):
    seen = []

    def work(job):
        with app.app_context():
            row = db.session.get_one(Job, job.id)
            row.due_at = utcnow() + timedelta(seconds=3)
            db.session.commit()
        worker.report(job, 3, 10)
        with app.app_context():
            row = db.session.get_one(Job, job.id)
            seen.append((row.progress_done, row.progress_total, row.due_at - utcnow()))

    asked(declare(work))
    do_jobs(app)
    ((done, total, lease),) = seen
    assert (done, total) == (3, 10)
    assert worker.LEASE - timedelta(seconds=5) < lease <= worker.LEASE


def test_job_of_a_dead_worker_is_done_when_its_lease_has_passed(app, declare):
    def work(job):
        if job.attempts == 1:
            raise SystemExit  # nothing tidies up

    job = asked(declare(work))
    with pytest.raises(SystemExit):
        do_jobs(app)
    job = again(job)
    assert job.state == "running"
    assert worker.LEASE - timedelta(seconds=5) < job.due_at - utcnow() <= worker.LEASE
    assert do_jobs(app) == 0
    let_time_come(job)
    assert do_jobs(app) == 1
    assert again(job).state == "done"


def test_job_that_kills_every_worker_is_given_up(app, declare, caplog):
    ran = []
    kind = declare(ran.append, attempts=3)
    job = asked(kind)
    job.state, job.attempts, job.due_at = "running", 3, utcnow() - timedelta(seconds=1)
    db.session.commit()
    do_jobs(app)
    job = again(job)
    assert (job.state, job.due_at, ran) == ("failed", None, [])
    assert "died" in job.last_error
    assert len(errors_in(caplog)) == 1


DELAYS = [(1, 15), (2, 30), (3, 60), (8, 1920), (9, 3600), (29, 3600)]


@pytest.mark.parametrize(("attempts", "seconds"), DELAYS)
def test_wait_before_the_next_attempt_doubles_up_to_an_hour(declare, run, attempts, seconds):
    job = asked(declare(raising(Retry("away")), attempts=30))
    job.attempts = attempts - 1
    db.session.commit()
    job = run(job)
    wait = (job.due_at - utcnow()).total_seconds()
    assert 0.75 * seconds < wait <= 1.2 * seconds
    assert (job.state, job.attempts, job.last_error) == ("waiting", attempts, "away")
    assert job.finished_at is None


def test_jobs_that_failed_together_do_not_come_back_together(app, declare):
    kind = declare(raising(Retry("away")))
    for _ in range(20):
        kind.ask()
    db.session.commit()
    do_jobs(app)
    moments = db.session.scalars(sa.select(Job.due_at)).all()
    assert max(moments) - min(moments) > timedelta(seconds=1)


@pytest.mark.parametrize("error", [Retry("away"), ValueError("away")], ids=["known", "unknown"])
def test_job_fails_after_exactly_so_many_attempts(declare, run, caplog, error):
    job = asked(declare(raising(error), attempts=3), unique_key="a key")
    for attempt in (1, 2):
        job = run(job)
        assert (job.state, job.attempts, job.unique_key) == ("waiting", attempt, "a key")
        assert errors_in(caplog) == []
        let_time_come(job)
    job = run(job)
    assert (job.state, job.attempts, job.due_at, job.unique_key) == ("failed", 3, None, None)
    assert job.last_error.endswith("away")
    (line,) = errors_in(caplog)
    assert line.startswith(f"Job {job.id} (")
    assert backlog().failed == 1


def test_exception_nobody_thought_of_is_logged_with_its_traceback(declare, run, caplog):
    job = run(asked(declare(raising(ZeroDivisionError("a boat too few")))))
    assert job.last_error == "ZeroDivisionError: a boat too few"
    assert [each.exc_info[0] for each in caplog.records if each.exc_info] == [ZeroDivisionError]


def test_error_longer_than_its_column_is_cut(declare, run):
    assert len(run(asked(declare(raising(ValueError("x" * 5000))))).last_error) == 500


def test_giving_up_ends_the_job_at_once(declare, run, caplog):
    job = run(asked(declare(raising(GiveUp("no such thing")))))
    assert (job.state, job.attempts, job.last_error) == ("failed", 1, "no such thing")
    assert len(errors_in(caplog)) == 1


def test_dropping_is_no_error(declare, run, caplog):
    job = run(asked(declare(raising(Drop("it is over")))))
    assert (job.state, job.last_error, job.due_at) == ("dropped", "it is over", None)
    assert [each for each in caplog.records if each.levelno > logging.INFO] == []
    assert backlog().failed == 0


@pytest.mark.parametrize("error", [Retry("x"), GiveUp("x"), Drop("x"), ValueError("x")])
def test_what_a_job_wrote_before_it_failed_is_not_kept(declare, run, error):
    def work(job):
        db.session.get_one(User, job.user_id).display_name = "by halves"
        db.session.flush()
        raise error

    ana = make_user("ana")
    run(asked(declare(work), user_id=ana.id))
    db.session.refresh(ana)
    assert ana.display_name == ""


def test_job_that_another_asked_for_before_it_failed_is_not_there(declare, run):
    second = declare(lambda _job: None)

    def work(_job):
        second.ask()
        raise Retry("away")

    run(asked(declare(work)))
    assert db.session.scalars(sa.select(Job).where(Job.kind == second.name)).all() == []


def test_kind_that_this_version_does_not_know_is_left_to_one_that_does(app, caplog):
    job = Job(kind="tomorrow.feature")
    db.session.add(job)
    db.session.commit()
    job_id = job.id
    assert do_jobs(app) == 0
    assert not worker.run(app, job_id)
    job = db.session.get_one(Job, job_id)
    assert (job.state, job.attempts) == ("waiting", 0)
    assert errors_in(caplog) == []


def test_broken_job_does_not_keep_the_next_from_being_done(app, declare):
    seen = []
    asked(declare(raising(ValueError("first"))))
    asked(declare(seen.append))
    do_jobs(app)
    assert len(seen) == 1


@pytest.mark.parametrize("moment", [timedelta(seconds=-1), timedelta(0)])
def test_job_whose_time_has_passed_is_dropped_unopened(declare, run, moment):
    seen = []
    job = asked(declare(seen.append, expires_after=timedelta(minutes=5)))
    assert job.expires_at == job.due_at + timedelta(minutes=5)
    job.expires_at = utcnow() + moment
    db.session.commit()
    assert run(job).state == "dropped"
    assert seen == []


def test_time_limit_begins_when_the_job_is_due(declare):
    later = utcnow() + timedelta(days=14)
    job = declare(lambda _job: None, expires_after=timedelta(hours=1)).ask(due_at=later)
    assert job.expires_at == later + timedelta(hours=1)


class TestUniqueKey:
    def test_second_job_with_the_key_of_an_open_one_is_refused(self, declare):
        kind = declare(lambda _job: None)
        asked(kind, unique_key="one")
        with pytest.raises(IntegrityError):
            kind.ask(unique_key="one")

    @pytest.mark.parametrize("error", [None, GiveUp("x"), Drop("x")])
    def test_key_is_free_again_after_the_end(self, declare, run, error):
        kind = declare(raising(error) if error else lambda _job: None)
        run(asked(kind, unique_key="one"))
        assert asked(kind, unique_key="one").id

    def test_key_stays_taken_while_the_job_waits_for_its_next_attempt(self, declare, run):
        kind = declare(raising(Retry("away")))
        run(asked(kind, unique_key="one"))
        with pytest.raises(IntegrityError):
            kind.ask(unique_key="one")


class TestPeriodicJobs:
    HOURLY = timedelta(hours=1)

    def rows(self, kind):
        db.session.rollback()
        query = sa.select(Job).where(Job.kind == kind.name)
        return db.session.scalars(query.execution_options(populate_existing=True)).all()

    def test_many_workers_plant_each_once(self, app, declare):
        kind = declare(lambda _job: None, every=self.HOURLY)
        at_once(app, *[worker.plant_periodic_jobs] * 4)
        db.session.rollback()
        worker.plant_periodic_jobs()
        assert len(self.rows(kind)) == 1
        keys = db.session.scalars(sa.select(Job.unique_key)).all()
        assert len(keys) == len(set(keys)) >= 4

    def test_comes_round_again_after_its_time_and_not_before(self, app, declare):
        seen = []
        kind = declare(lambda job: seen.append(job.id), every=self.HOURLY)
        worker.plant_periodic_jobs()
        do_jobs(app)
        (job,) = self.rows(kind)
        assert (job.state, job.attempts, len(seen)) == ("waiting", 0, 1)
        assert timedelta(minutes=59) < job.due_at - utcnow() <= self.HOURLY
        do_jobs(app)
        assert len(seen) == 1
        let_time_come(job)
        do_jobs(app)
        assert len(self.rows(kind)) == 1
        assert seen == [job.id, job.id]

    @pytest.mark.parametrize("error", [GiveUp("no"), Drop("not today")])
    def test_comes_round_although_it_was_given_up(self, app, declare, error):
        kind = declare(raising(error), every=self.HOURLY)
        worker.plant_periodic_jobs()
        do_jobs(app)
        (job,) = self.rows(kind)
        assert (job.state, job.last_error, job.attempts) == ("waiting", str(error), 0)
        assert job.unique_key is not None
        assert job.due_at > utcnow() + timedelta(minutes=50)

    def test_comes_round_after_the_last_attempt_failed_and_says_so(self, app, declare, caplog):
        kind = declare(raising(ValueError("disk full")), every=self.HOURLY, attempts=2)
        worker.plant_periodic_jobs()
        for attempt in (1, 2):
            do_jobs(app)
            (job,) = self.rows(kind)
            assert job.state == "waiting"
            assert len(errors_in(caplog)) == attempt - 1
            if attempt == 1:
                let_time_come(job)
        assert job.due_at > utcnow() + timedelta(minutes=50)
        assert (job.attempts, job.last_error) == (0, "ValueError: disk full")

    def test_one_that_an_administrator_dropped_is_planted_by_the_next_worker(self, app, declare):
        kind = declare(lambda _job: None, every=self.HOURLY)
        worker.plant_periodic_jobs()
        drop(self.rows(kind)[0])
        db.session.commit()
        worker.plant_periodic_jobs()
        assert [job.state for job in self.rows(kind)] == ["dropped", "waiting"]


class TestBacklog:
    def test_counts_what_is_due_and_what_failed_and_nothing_else(self, app, declare, run):
        empty = backlog()
        assert (empty.due, empty.oldest, empty.failed) == (0, None, 0)
        run(asked(declare(lambda _job: None)))
        run(asked(declare(raising(GiveUp("x")))))
        run(asked(declare(raising(Drop("x")))))
        run(asked(declare(raising(Retry("x")))))
        kind = declare(lambda _job: None)
        asked(kind, due_at=utcnow() + timedelta(hours=1))
        oldest = utcnow() - timedelta(hours=2)
        asked(kind, due_at=oldest)
        asked(kind)
        found = backlog()
        assert (found.due, found.oldest, found.failed) == (2, oldest, 1)

    def test_failed_job_that_is_retried_or_dropped_no_longer_counts(self, declare, run):
        failed = [run(asked(declare(raising(GiveUp("x"))))) for _ in range(2)]
        assert backlog().failed == 2
        assert retry(again(failed[0]))
        db.session.commit()
        assert drop(again(failed[1]))
        db.session.commit()
        assert backlog().failed == 0
