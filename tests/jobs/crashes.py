"""What may be killed, and what must come of it all the same: for every kind of broker.

A test module takes these cases in with its own fixture `broker`, and they share one site.
"""

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.jobs.models import JobState
from app.jobs.worker import GRACE
from config import BASE_DIR
from tests.jobs.live_site import Broker, LiveSite, address_of, live_site
from tests.processes import flask, until

POSTS, BURST = 12_000, 100
# Longer than this nobody waits for a page, whatever is broken; most take a hundredth of it.
SLOW_SECONDS = 2
# The sweep looks every few seconds for what was left for longer than its grace.
SWEEP_FINDS_WITHIN = GRACE.total_seconds() + 12


@pytest.fixture(scope="module")
def site(
    empty_database: Path, tmp_path_factory: pytest.TempPathFactory, broker: Broker
) -> Iterator[LiveSite]:
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(empty_database, folder / "app.db")
    with live_site(folder, broker) as site:
        yield site


def mails_to(site: LiveSite, member: str) -> int:
    return len(site.post_office.messages_to(address_of(member)))


def arrives(site: LiveSite, member: str, seconds: float) -> bool:
    return until(lambda: mails_to(site, member) > 0, seconds)


def burst(site: LiveSite, members: list[str]) -> None:
    """Ask for a mail to each of these members (made one after another), word of each twice."""
    command = [sys.executable, "-m", "tests.jobs.burst", str(site.id_of(members[0]))]
    subprocess.run([*command, str(len(members))], cwd=BASE_DIR, env=site.settings, check=True)


def assert_pages_are_quick(site: LiveSite, member: str) -> None:
    """Use pages that ask for jobs and pages that do not, and look at the clock."""
    visitor = site.visitor()
    pages = [
        visitor.get("/explore"),
        visitor.submit("/auth/reset_password_request", email=address_of(member)),
        visitor.submit("/auth/reset_password_request", email="nobody@example.com"),
        visitor.sign_in(member),
        visitor.submit("/settings/jobs/export", at="/settings/jobs"),
        visitor.get("/settings/jobs"),
        visitor.get("/readyz"),
    ]
    assert [page.status for page in pages] == [200] * len(pages)
    slow = {page.url: page.seconds for page in pages if page.seconds > SLOW_SECONDS}
    assert not slow


def test_word_of_a_job_reaches_the_worker_at_once(site):
    # The premise of the others: it is not the sweep that does everything.
    site.run(workers=1)
    member = site.member()
    site.ask_for_reset(member)
    assert arrives(site, member, GRACE.total_seconds() / 2)


def test_export_goes_on_after_its_worker_was_killed(site):
    site.run(workers=1)
    member = site.member(posts=POSTS)
    visitor = site.visitor(member)
    visitor.submit("/settings/jobs/export", at="/settings/jobs")
    [job] = site.jobs("exports.export", member)
    assert until(lambda: site.job(job.id).progress_done, 10, pause=0.005)
    site.kill_workers()
    left = site.job(job.id)
    assert left.state == JobState.RUNNING
    assert 0 < left.progress_done < left.progress_total
    assert "Download" not in visitor.get("/settings/jobs").text

    site.run(workers=1)
    assert site.job(job.id).attempts == 1, "taken over while its worker may still be at it"
    site.age(job)
    assert site.finished(job).state == JobState.DONE
    site.rest()
    assert site.job(job.id).attempts == 2
    download = re.search(r'href="([^"]*/download)"', visitor.get("/settings/jobs").text)[1]
    with ZipFile(BytesIO(visitor.get(download).content)) as archive:
        assert archive.testzip() is None
        texts = [post["text"] for post in json.loads(archive.read("data/posts.json"))]
    assert len(set(texts)) == len(texts) == POSTS
    assert mails_to(site, member) == 1


def test_mail_is_sent_once_though_its_worker_was_killed_while_handing_it_over(site):
    site.run(workers=1)
    member = site.member()
    site.post_office.holding = True
    job = site.ask_for_reset(member)
    assert until(lambda: site.post_office.waiting, 10)
    site.kill_workers()
    site.post_office.holding = False
    assert until(lambda: not site.post_office.waiting, 10)
    assert mails_to(site, member) == 0
    assert site.job(job.id).state == JobState.RUNNING

    site.age(job)
    site.run(workers=1)
    assert site.finished(job).state == JobState.DONE
    site.rest()
    assert site.job(job.id).attempts == 2
    assert mails_to(site, member) == 1


def test_what_a_page_promised_is_done_though_its_process_was_killed_after_the_answer(site):
    site.run(workers=1)
    member = site.member()
    job = site.ask_for_reset(member)
    site.web.kill()
    assert site.finished(job, SWEEP_FINDS_WITHIN).state == JobState.DONE
    assert site.job(job.id).attempts == 1
    assert mails_to(site, member) == 1


def test_two_workers_send_each_mail_of_a_burst_once(site):
    site.run(workers=2)
    members = [site.member() for _ in range(BURST)]
    burst(site, members)
    site.rest(60)
    arrived = site.post_office.count_by_recipient()
    assert [arrived[address_of(member)] for member in members] == [1] * BURST
    ended = site.jobs("accounts.tell_password_changed")[-BURST:]
    assert {(job.state, job.attempts) for job in ended} == {(JobState.DONE, 1)}
    done = [
        worker.log.read_text().count("(accounts.tell_password_changed), attempt")
        for worker in site.workers
    ]
    assert sum(done) == BURST
    assert all(done), "one worker did it all"


def test_pages_and_jobs_go_on_while_the_broker_is_gone(site):
    site.run(workers=1)
    member = site.member()
    site.broker.lose()
    try:
        assert_pages_are_quick(site, member)
        # The clock itself, for once: a mail comes a little late, that is all.
        assert arrives(site, member, SWEEP_FINDS_WITHIN)
        site.rest()
        assert site.web.runs
        assert site.workers[0].runs
    finally:
        site.broker.restore()
    # A reset and the notice that the copy is ready.
    assert mails_to(site, member) == 2


def test_worker_that_was_there_before_the_broker_works_and_hears_of_jobs_when_it_comes(site):
    site.run(workers=0)
    site.broker.lose()
    try:
        worker = site.start_worker(wait=False)
        early = site.member()
        site.ask_for_reset(early)
        site.rest()
        assert mails_to(site, early) == 1
        assert worker.runs
    finally:
        site.broker.restore()
    late = site.member()
    # From a process of its own: the web process lets a broker that failed rest for a while.
    burst(site, [late])
    assert arrives(site, late, GRACE.total_seconds() / 2)


def test_work_that_waits_or_failed_is_told_and_can_be_tried_again(site):
    site.run(workers=0)
    member = site.member()
    visitor = site.visitor(member)
    assert visitor.get("/readyz").text == "ready\n"
    visitor.submit("/settings/jobs/export", at="/settings/jobs")
    [job] = site.jobs("exports.export", member)
    assert visitor.get("/readyz").text == "ready\n", "a moment is no wait"
    site.age(job, timedelta(minutes=3))
    told = visitor.get("/readyz").text
    assert re.fullmatch(r"ready\njobs waiting: 1, the first for 18\d s\n", told)
    listed = flask(site.settings, "jobs", "list", "--state", "waiting")
    assert f"{job.id}\texports.export\twaiting\t0" in listed

    site.post_office.refused.add(address_of(member))
    site.run(workers=1)
    assert site.finished(job).state == JobState.DONE
    [mail] = site.jobs("exports.tell_ready", member)
    assert site.finished(mail).state == JobState.FAILED
    assert visitor.get("/readyz").text == "ready\njobs failed: 1\n"
    listed = flask(site.settings, "jobs", "list", "--state", "failed")
    assert f"{mail.id}\texports.tell_ready\tfailed\t1\t-\tmail server: 550" in listed
    assert site.workers[0].said(f"Job {mail.id} (exports.tell_ready) failed: mail server: 550")

    site.post_office.refused.clear()
    flask(site.settings, "jobs", "retry", str(mail.id))
    assert site.finished(mail).state == JobState.DONE
    assert mails_to(site, member) == 1
    assert visitor.get("/readyz").text == "ready\n"


def test_whether_a_mail_to_some_address_waits_or_failed_is_told_to_nobody_outside(site):
    site.run(workers=0)
    visitor, member = site.visitor(), site.member()
    job = site.ask_for_reset(member)
    site.age(job, timedelta(minutes=3))
    assert visitor.get("/readyz").text == "ready\n"
    site.post_office.refused.add(address_of(member))
    site.run(workers=1)
    assert site.finished(job).state == JobState.FAILED
    site.post_office.refused.clear()
    assert visitor.get("/readyz").text == "ready\n"
    listed = flask(site.settings, "jobs", "list", "--state", "failed")
    assert f"{job.id}\taccounts.send_reset_link\tfailed\t1" in listed
    flask(site.settings, "jobs", "drop", str(job.id))
    assert site.job(job.id).state == JobState.DROPPED


def test_worker_that_is_asked_to_stop_loses_nothing_either(site):
    site.run(workers=1)
    member = site.member()
    site.post_office.holding = True
    job = site.ask_for_reset(member)
    assert until(lambda: site.post_office.waiting, 10)
    site.workers[0].send(signal.SIGTERM)
    site.post_office.holding = False
    assert until(lambda: not site.workers[0].runs, 15)
    assert site.job(job.id).state == JobState.DONE
    assert mails_to(site, member) == 1
