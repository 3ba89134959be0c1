"""`flask jobs`."""

from datetime import timedelta

import pytest

from app.accounts import tasks
from app.accounts.queries import by_username
from app.clock import utcnow
from app.exports.actions import ask_for_export
from app.extensions import db
from app.jobs.models import Job, JobState
from app.problems import Problem
from tests.queries import all_rows
from tests.working import do_jobs, jobs_of_kind, mails

KIND = "accounts.tell_password_changed"


def make_job(user, state=JobState.FAILED, **columns):
    """Write a message's job as it is in one state; returns its number."""
    job = tasks.tell_password_changed.ask(user_id=user.id)
    job.state, job.attempts = state, 5
    if state in {JobState.DONE, JobState.DROPPED, JobState.FAILED}:
        job.due_at, job.finished_at = None, utcnow()
    for name, value in columns.items():
        setattr(job, name, value)
    db.session.commit()
    return job.id


def state_of(job_id):
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(Job, job_id).state


def lines(result):
    assert result.exit_code == 0, result.output
    return [line.split("\t") for line in result.stdout.splitlines()]


# list


def test_list_is_empty_at_first(run):
    result = run("jobs", "list")
    assert lines(result) == []
    assert "There are none." in result.stderr


def test_list_says_what_failed_and_why(run, ana):
    job_id = make_job(ana, last_error="mail server: 550 no such user")
    (line,) = lines(run("jobs", "list"))
    assert line == [str(job_id), KIND, "failed", "5", "-", "mail server: 550 no such user"]


def test_list_says_when_the_next_attempt_is(run, ana):
    due_at = utcnow() + timedelta(minutes=7)
    make_job(ana, JobState.WAITING, due_at=due_at, last_error="mail server: 451 later")
    (line,) = lines(run("jobs", "list"))
    assert line[2:] == ["waiting", "5", due_at.isoformat(" ", "seconds"), "mail server: 451 later"]


def test_newest_stands_first_and_others_are_left_off(run, ana):
    ids = [make_job(ana) for _ in range(3)]
    assert [line[0] for line in lines(run("jobs", "list", "--limit", "2"))] == [
        str(ids[2]),
        str(ids[1]),
    ]


@pytest.mark.parametrize("state", list(JobState))
def test_list_of_one_state(run, ana, state):
    ids = {other: make_job(ana, other) for other in JobState}
    assert [line[0] for line in lines(run("jobs", "list", "--state", state.value))] == [
        str(ids[state])
    ]


def test_list_changes_nothing(run, ana):
    make_job(ana)
    rows = all_rows()
    run("jobs", "list")
    assert all_rows() == rows


def test_error_of_several_lines_is_one_line(app, run):
    tasks.clear_away.ask()
    db.session.execute(db.text("DROP TABLE mail_requests"))
    db.session.commit()
    do_jobs(app)
    (line,) = lines(run("jobs", "list"))
    assert "no such table: mail_requests" in line[-1]
    assert "Background on this error" in line[-1]  # the premise: the exception's last line


def test_permanent_failure_of_a_real_job_is_listed(app, run, ana):
    tasks.tell_password_changed.ask(user_id=ana.id)
    db.session.execute(db.update(Job).values(attempts=30))
    db.session.commit()
    do_jobs(app)
    (line,) = lines(run("jobs", "list", "--state", "failed"))
    assert "the worker died at every attempt" in line[-1]


# retry


def test_retried_job_is_done(app, run, ana):
    job_id = make_job(ana, last_error="mail server: 550")
    assert run("jobs", "retry", str(job_id)).exit_code == 0
    assert state_of(job_id) == JobState.WAITING
    assert do_jobs(app) == 1
    assert state_of(job_id) == JobState.DONE
    assert [mail["To"] for mail in mails(app)] == ["ana@example.com"]


def test_message_that_is_retried_when_its_time_has_passed_is_not_sent(app, run, ana):
    job_id = make_job(ana, expires_at=utcnow() - timedelta(days=3))
    run("jobs", "retry", str(job_id))
    do_jobs(app)
    assert state_of(job_id) == JobState.DROPPED
    assert mails(app) == []


def test_retried_job_has_all_its_attempts_again(run, ana):
    job_id = make_job(ana)
    run("jobs", "retry", str(job_id))
    assert db.session.get(Job, job_id, populate_existing=True).attempts == 0


def test_job_that_waits_for_its_next_attempt_is_tried_now(app, run, ana):
    job_id = make_job(ana, JobState.WAITING, due_at=utcnow() + timedelta(hours=1))
    assert do_jobs(app) == 0
    run("jobs", "retry", str(job_id))
    assert do_jobs(app) == 1


def test_all_that_failed_is_tried_again(app, run, ana):
    failed = [make_job(ana) for _ in range(3)]
    others = {
        state: make_job(ana, state) for state in (JobState.DONE, JobState.DROPPED, JobState.RUNNING)
    }
    result = run("jobs", "retry", "--all")
    assert "To be tried again: 3." in result.output
    assert {state_of(job_id) for job_id in failed} == {JobState.WAITING}
    assert all(state_of(job_id) == state for state, job_id in others.items())


@pytest.mark.parametrize("state", [JobState.DONE, JobState.DROPPED, JobState.RUNNING])
def test_job_that_ended_or_runs_is_not_retried(run, ana, state):
    job_id = make_job(ana, state)
    rows = all_rows()
    result = run("jobs", "retry", str(job_id))
    assert result.exit_code != 0
    assert f"Job {job_id} is {state}" in result.output
    assert all_rows() == rows


def test_retried_copy_is_still_the_only_one_in_the_making(app, run, ana):
    # The failed job gave its key back, so another copy may have been asked for since.
    ask_for_export(by_username("ana"))
    db.session.commit()
    (job,) = jobs_of_kind("exports.export")
    job.state, job.due_at, job.unique_key, job.finished_at = JobState.FAILED, None, None, utcnow()
    db.session.commit()
    run("jobs", "retry", str(job.id))
    assert do_jobs(app) == 2
    assert [job.state for job in jobs_of_kind("exports.export")] == [JobState.DONE]


# drop


@pytest.mark.parametrize("state", [JobState.WAITING, JobState.FAILED])
def test_dropped_job_is_never_done(app, run, ana, state):
    job_id = make_job(ana, state)
    result = run("jobs", "drop", str(job_id))
    assert (result.exit_code, "Dropped: 1." in result.output) == (0, True)
    assert do_jobs(app) == 0
    assert state_of(job_id) == JobState.DROPPED
    assert mails(app) == []


def test_dropped_job_is_no_longer_due_nor_counted(client, run, ana):
    job_id = make_job(ana)
    assert "jobs failed: 1" in client.get("/readyz").text
    run("jobs", "drop", str(job_id))
    assert client.get("/readyz").text == "ready\n"


def test_dropped_copy_makes_room_for_another(run, ana):
    ask_for_export(by_username("ana"))
    db.session.commit()
    (job,) = jobs_of_kind("exports.export")
    with pytest.raises(Problem):
        ask_for_export(by_username("ana"))
    db.session.rollback()
    run("jobs", "drop", str(job.id))
    ask_for_export(by_username("ana"))


def test_job_that_runs_is_dropped_and_what_it_did_does_not_count(run, ana):
    job_id = make_job(ana, JobState.RUNNING)
    run("jobs", "drop", str(job_id))
    assert state_of(job_id) == JobState.DROPPED


@pytest.mark.parametrize("state", [JobState.DONE, JobState.DROPPED])
def test_job_that_ended_is_not_dropped(run, ana, state):
    job_id = make_job(ana, state)
    rows = all_rows()
    assert run("jobs", "drop", str(job_id)).exit_code != 0
    assert all_rows() == rows


def test_all_that_failed_is_dropped(run, ana):
    failed, waiting = [make_job(ana) for _ in range(2)], make_job(ana, JobState.WAITING)
    assert "Dropped: 2." in run("jobs", "drop", "--all").output
    assert {state_of(job_id) for job_id in failed} == {JobState.DROPPED}
    assert state_of(waiting) == JobState.WAITING


# Both


@pytest.mark.parametrize("command", ["retry", "drop"])
@pytest.mark.parametrize("arguments", [(), ("1", "--all")])
def test_one_says_which_job_or_all(run, ana, command, arguments):
    make_job(ana)
    rows = all_rows()
    result = run("jobs", command, *arguments)
    assert result.exit_code == 2
    assert "Name the number of a job, or --all." in result.output
    assert all_rows() == rows


@pytest.mark.parametrize("command", ["retry", "drop"])
@pytest.mark.parametrize("number", ["999", "0"])
def test_number_that_no_job_has_is_refused(run, ana, command, number):
    result = run("jobs", command, number)
    assert result.exit_code == 1
    assert f"There is no job {number}." in result.output


@pytest.mark.parametrize("command", ["retry", "drop"])
def test_all_of_nothing_is_nothing(run, command):
    assert run("jobs", command, "--all").exit_code == 0
