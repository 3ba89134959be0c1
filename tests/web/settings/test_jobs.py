"""The page "Your jobs" and the download of a copy: /settings/jobs."""

import io
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import NoResultFound

from app.accounts import actions as accounts
from app.accounts.queries import by_username
from app.clock import utcnow
from app.exports import copies, tasks
from app.exports.models import ExportPart
from app.extensions import db
from app.jobs.models import Job, JobState
from tests.browsing import enter, forms_of, links_of, submit
from tests.factories import make_post, make_user
from tests.queries import all_rows
from tests.working import do_jobs, jobs_of_kind, mails

PATH = "/settings/jobs"
ASK = "/settings/jobs/export"
DOWNLOAD = "Download"


def make_job(user, state, *, file=False, **columns):
    """Write a job about a copy as it is in one state."""
    ended = state in {JobState.DONE, JobState.FAILED, JobState.DROPPED}
    job = Job(kind=copies.KIND, user_id=user.id, state=state)
    db.session.add(job)
    db.session.flush()
    job.due_at, job.finished_at = (None, utcnow()) if ended else (utcnow(), None)
    for name, value in columns.items():
        setattr(job, name, value)
    if file:
        db.session.add(ExportPart(job_id=job.id, number=0, content=b"PK" * 2000))
    db.session.commit()
    return job.id


def downloads_on(page):
    return [link.href for link in links_of(page) if link.text == DOWNLOAD]


def is_active(page):
    """Whether the page is to be looked at again soon."""
    return "data-active" in page.text


# The page


def test_page_of_who_never_asked(client, ana):
    enter(client, ana)
    page = client.get(PATH)
    assert page.status_code == 200
    assert "No copies yet" in page.text
    assert not is_active(page)
    assert ASK in [form.action for form in forms_of(page)]


def test_settings_lead_there(client, ana):
    enter(client, ana)
    assert PATH in [link.href for link in links_of(client.get("/settings"))]


STATES = [
    (JobState.WAITING, {}, "It begins in a moment.", True),
    (JobState.WAITING, {"attempts": 1}, "It will be tried again soon.", True),
    (JobState.RUNNING, {"attempts": 1}, "It has begun.", True),
    (
        JobState.RUNNING,
        {"attempts": 1, "progress_done": 500, "progress_total": 2000},
        "500 of 2,000 done",
        True,
    ),
    (JobState.DONE, {}, "The file has been deleted.", False),
    (JobState.DONE, {"file": True}, "Your data is ready.", False),
    (JobState.FAILED, {}, "Please start again.", False),
    (JobState.DROPPED, {}, "It was not needed any more.", False),
]


@pytest.mark.parametrize(("state", "columns", "words", "active"), STATES)
def test_page_says_how_far_a_job_is(client, ana, state, columns, words, active):
    make_job(ana, state, **columns)
    enter(client, ana)
    page = client.get(PATH)
    assert words in page.text
    assert [other for _, _, other, _ in STATES if other in page.text] == [words]
    assert is_active(page) is active
    assert ("<progress" in page.text) is active
    assert len(downloads_on(page)) == columns.get("file", False)


def test_progress_is_told_to_the_browser(client, ana):
    make_job(ana, JobState.RUNNING, attempts=1, progress_done=500, progress_total=2000)
    enter(client, ana)
    assert 'value="500" max="2000"' in client.get(PATH).text


def test_page_says_until_when_the_file_is_kept(client, ana):
    job_id = make_job(ana, JobState.DONE, file=True)
    job = db.session.get(Job, job_id)
    job.finished_at = datetime(2026, 3, 10, 12, tzinfo=UTC)
    db.session.commit()
    enter(client, ana)
    assert "2026-03-17" in client.get(PATH).text


def test_newest_stands_first_and_others_are_not_shown(client, ana, bob):
    ids = [make_job(ana, JobState.DONE, file=True) for _ in range(3)]
    make_job(bob, JobState.DONE, file=True)
    enter(client, ana)
    assert downloads_on(client.get(PATH)) == [
        f"{PATH}/{job_id}/download" for job_id in reversed(ids)
    ]


def test_short_work_in_the_background_is_not_shown(app, client, ana):
    accounts.change_password(by_username("ana"), "-")
    db.session.commit()
    enter(client, ana)
    assert "No copies yet" in client.get(PATH).text


def test_reason_of_a_failure_is_not_shown(client, ana):
    make_job(ana, JobState.FAILED, last_error="OSError: /srv/secret/place")
    enter(client, ana)
    assert "secret" not in client.get(PATH).text


def test_asking_works_without_javascript(app, client, ana):
    make_post(ana)
    enter(client, ana)
    form = next(form for form in forms_of(client.get(PATH)) if form.action == ASK)
    answer = client.post(form.action, data=form.fields)
    assert (answer.status_code, answer.location) == (302, PATH)
    assert "We are making your copy." in client.get(PATH).text
    do_jobs(app)
    (path,) = downloads_on(client.get(PATH))
    assert client.get(path).status_code == 200


def test_failed_copy_does_not_keep_one_from_asking_again(app, client, ana):
    make_job(ana, JobState.FAILED)
    enter(client, ana)
    submit(client, ASK)
    do_jobs(app)
    assert len(downloads_on(client.get(PATH))) == 1


def test_page_is_kept_in_no_shared_cache(client, ana):
    enter(client, ana)
    assert "private" in client.get(PATH).headers["Cache-Control"]


# The file


@pytest.fixture
def copy(app, ana):
    """The address of Ana's copy."""
    make_post(ana, "What Ana wrote.")
    assert tasks.export.ask(user_id=ana.id)
    db.session.commit()
    do_jobs(app)
    (job,) = jobs_of_kind(copies.KIND)
    return f"{PATH}/{job.id}/download"


def test_owner_downloads_it(client, ana, copy):
    enter(client, ana)
    answer = client.get(copy)
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert f"{utcnow():ana-%Y-%m-%d}.zip" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "What Ana wrote." in ZipFile(io.BytesIO(answer.data)).read("data/posts.json").decode()


def test_browser_keeps_no_copy_of_it(client, ana, copy):
    enter(client, ana)
    answer = client.get(copy)
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_rest_of_it_can_be_fetched_after_a_break(client, ana, copy):
    enter(client, ana)
    whole = client.get(copy).data
    answer = client.get(copy, headers={"Range": "bytes=100-"})
    assert answer.status_code == 206
    assert answer.data == whole[100:]


@pytest.fixture
def large_copy(ana):
    """The address of a copy in three parts, and its content."""
    job_id = make_job(ana, JobState.DONE)
    parts = [bytes([number]) * (1000 - number) for number in range(3)]
    for number, content in enumerate(parts):
        db.session.add(ExportPart(job_id=job_id, number=number, content=content))
    db.session.commit()
    return f"{PATH}/{job_id}/download", b"".join(parts)


def test_parts_are_sent_in_order_and_the_length_is_told(client, ana, large_copy):
    path, content = large_copy
    enter(client, ana)
    answer = client.get(path)
    assert answer.data == content
    assert answer.content_length == len(content)
    assert client.head(path).content_length == len(content)


@pytest.mark.parametrize("start", [0, 999, 1000, 1500, 2996])
def test_rest_of_it_can_be_fetched_from_within_any_part(client, ana, large_copy, start):
    path, content = large_copy
    enter(client, ana)
    mark = client.get(path).headers["ETag"]
    answer = client.get(path, headers={"Range": f"bytes={start}-", "If-Range": mark})
    assert answer.status_code == 206
    assert answer.data == content[start:]


def begin_download(client, path):
    """Fetch the beginning of a copy; return what yields the rest of it."""
    return client.get(path, buffered=False).iter_encoded()


def test_slow_reader_holds_no_connection_to_the_database(client, ana, large_copy):
    path, content = large_copy
    enter(client, ana)
    rest = begin_download(client, path)
    received = next(rest)
    assert 0 < len(received) < len(content)
    db.session.rollback()  # the test's own
    assert db.engine.pool.checkedout() == 0
    assert received + b"".join(rest) == content


def test_download_breaks_off_if_a_part_is_deleted_meanwhile(client, ana, large_copy):
    # Rather than end as if it were whole.
    path, _content = large_copy
    enter(client, ana)
    rest = begin_download(client, path)
    db.session.execute(sa.delete(ExportPart).where(ExportPart.number == 2))
    db.session.commit()
    with pytest.raises(NoResultFound):
        list(rest)


def test_nobody_else_downloads_it(app, client, ana, bob, copy):
    enter(client, bob)
    assert client.get(copy).status_code == 404
    assert app.test_client().get(copy).location == f"/auth/login?next={copy}"


def test_administrator_is_nobody_else(client, copy):
    enter(client, make_user("root", is_admin=True))
    assert client.get(copy).status_code == 404


def test_who_signed_out_does_not_download_it(client, ana, copy):
    enter(client, ana)
    submit(client, "/auth/logout")
    assert client.get(copy).status_code == 302


@pytest.mark.parametrize(
    "state", [JobState.WAITING, JobState.RUNNING, JobState.FAILED, JobState.DROPPED]
)
def test_only_a_finished_copy_is_sent(client, ana, state):
    job_id = make_job(ana, state, file=True)
    enter(client, ana)
    assert client.get(f"{PATH}/{job_id}/download").status_code == 404


def test_file_of_a_job_of_another_kind_is_not_sent(client, ana):
    job_id = make_job(ana, JobState.DONE, file=True, kind="accounts.send_reset_link")
    enter(client, ana)
    assert client.get(f"{PATH}/{job_id}/download").status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "999999", "9" * 30, "1.zip", "..%2f1", "x"])
def test_number_that_is_nobodys_is_not_found(client, ana, number):
    enter(client, ana)
    assert client.get(f"{PATH}/{number}/download").status_code == 404


def test_copy_is_not_found_once_it_is_deleted(app, client, ana, copy):
    tasks.clear_away.ask()
    db.session.commit()
    with time_machine.travel(utcnow() + timedelta(days=7, minutes=1)):
        do_jobs(app)
        enter(client, by_username("ana"))
        assert client.get(copy).status_code == 404
        page = client.get(PATH)
    assert "The file has been deleted." in page.text
    assert downloads_on(page) == []


def test_downloading_changes_nothing(client, ana, copy):
    enter(client, ana)
    rows = all_rows()
    client.get(copy)
    assert all_rows() == rows


# The notice of a new password, from the settings


def test_new_password_from_the_settings_is_mailed_as_well(app, client, ana):
    enter(client, ana)
    new = "a boat beneath the bridge"
    submit(client, "/settings/password", current_password="a walk along the quay", password=new)
    do_jobs(app)
    assert [mail["To"] for mail in mails(app)] == ["ana@example.com"]
