"""A site without a mail server: each message is a file that a newcomer can open."""

import os
from datetime import timedelta
from email import message_from_bytes, policy
from stat import S_IMODE

import pytest

from app.accounts import tasks
from app.clock import utcnow
from app.extensions import db
from app.jobs import housekeeping, worker
from app.jobs.models import Job, JobState
from tests.factories import make_user
from tests.working import do_jobs


@pytest.fixture
def shared_app():
    return False


@pytest.fixture
def outbox(app):
    return app.config["DATA_DIR"] / "outbox"


def ask(user) -> int:
    job = tasks.tell_password_changed.ask(user_id=user.id)
    db.session.commit()
    return job.id


def test_each_job_has_a_file_of_its_own_in_order(app, outbox, ana, bob):
    first, second = ask(ana), ask(bob)
    do_jobs(app)
    names = sorted(path.name for path in outbox.iterdir())
    assert names == [f"{number:06}-password_changed.eml" for number in (first, second)]
    messages = [
        message_from_bytes((outbox / name).read_bytes(), policy=policy.default) for name in names
    ]
    assert [message["To"] for message in messages] == ["ana@example.com", "bob@example.com"]


def test_only_this_program_reads_the_folder(app, outbox, ana):
    before = os.umask(0)
    try:
        ask(ana)
        do_jobs(app)
    finally:
        os.umask(before)
    assert S_IMODE(outbox.stat().st_mode) == 0o700


def test_same_job_again_replaces_its_file_with_the_same_message(app, outbox, ana):
    job_id = ask(ana)
    do_jobs(app)
    (path,) = outbox.iterdir()
    first = message_from_bytes(path.read_bytes(), policy=policy.default)
    path.write_text("to be replaced")
    # The worker was killed between the message and the end of the job.
    job = db.session.get_one(Job, job_id)
    job.state, job.due_at = JobState.RUNNING, utcnow() - timedelta(seconds=1)
    job.mailed_at = None
    db.session.commit()
    do_jobs(app)
    assert list(outbox.iterdir()) == [path]
    second = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert second["Message-ID"] == first["Message-ID"]


def test_folder_that_was_removed_is_made_again(app, outbox, ana):
    ask(ana)
    do_jobs(app)
    for path in outbox.iterdir():
        path.unlink()
    outbox.rmdir()
    ask(ana)
    do_jobs(app)
    assert len(list(outbox.iterdir())) == 1


def test_file_that_cannot_be_written_keeps_the_message_waiting(app, outbox, ana):
    outbox.write_text("a file where the folder should be")
    job_id = ask(ana)
    do_jobs(app)
    db.session.rollback()
    assert db.session.get_one(Job, job_id).state == "waiting"


def test_address_in_another_script_lies_in_the_outbox_like_any_other(app, outbox):
    ask(make_user("grete", email="grüße@example.com"))
    do_jobs(app)
    (path,) = outbox.iterdir()
    assert "grüße@example.com" in str(
        message_from_bytes(path.read_bytes(), policy=policy.default)["To"]
    )


def test_old_files_are_cleared_away_finished_or_not(app, outbox, ana):
    outbox.mkdir()
    old = (utcnow() - housekeeping.KEPT - timedelta(hours=1)).timestamp()
    # The second is what a killed worker leaves.
    for name in ("000001-old.eml", ".000002-broken", "000003-new.eml"):
        (outbox / name).write_text("x")
        if "new" not in name:
            os.utime(outbox / name, (old, old))
    housekeeping.clear_away.ask()
    db.session.commit()
    worker.sweep(app, grace=timedelta(0))
    assert [path.name for path in outbox.iterdir()] == ["000003-new.eml"]


class TestLiveSite:
    @pytest.fixture
    def settings(self):
        return {"PUBLIC_URL": "https://microblog.example"}

    def test_messages_lie_there_too_so_that_none_is_lost(self, app, outbox, ana):
        ask(ana)
        do_jobs(app)
        assert len(list(outbox.iterdir())) == 1
