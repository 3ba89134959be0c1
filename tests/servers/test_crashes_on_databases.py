"""Crashes on PostgreSQL and MariaDB: of workers, and of the database itself under their hands."""

from collections.abc import Iterator

import pytest

from app.jobs.models import JobState
from app.jobs.worker import SWEEPERS
from tests.jobs.crashes import (  # noqa: F401 (cases that are tried here too)
    BURST,
    burst,
    mails_to,
    test_export_goes_on_after_its_worker_was_killed,
    test_mail_is_sent_once_though_its_worker_was_killed_while_handing_it_over,
    test_two_workers_send_each_mail_of_a_burst_once,
)
from tests.jobs.live_site import LiveSite, address_of, live_site
from tests.processes import flask, until
from tests.servers.programs import DatabaseServer

# Those of Celery, and those of the sweep.
THREADS = 4 + SWEEPERS


class Embedded:
    """The embedded broker, which nobody touches here."""

    url = ""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, database: DatabaseServer) -> Iterator[LiveSite]:
    folder, url = tmp_path_factory.mktemp("site"), database.new_database()
    with live_site(folder, Embedded(), DATABASE_URL=url) as site:
        flask(site.settings, "db", "upgrade")
        yield site


def test_database_that_was_killed_comes_back_to_a_site_that_goes_on(site, database):
    site.run(workers=1)
    member = site.member()
    site.post_office.holding = True
    held = site.ask_for_reset(member)
    assert until(lambda: site.post_office.waiting, 10)
    members = [site.member() for _ in range(BURST)]
    burst(site, members)
    site.post_office.holding = False
    some = until(lambda: len(site.post_office.messages) > BURST // 4, 20, pause=0.005)
    assert some

    database.lose()
    assert site.visitor().get("/explore").status == 503
    assert site.visitor().get("/healthz").status == 200
    database.restore()
    assert until(lambda: site.visitor().get("/explore").status == 200, 10)
    assert site.web.runs
    assert site.workers[0].runs
    for job in site.jobs():
        # What could not even note that it failed is taken up when its lease is over.
        if job.state == JobState.RUNNING:
            site.age(job)
    site.rest(60)

    assert {job.state for job in site.jobs()} == {JobState.DONE}
    assert site.job(held.id).attempts <= 2
    arrived = site.post_office.count_by_recipient()
    copies = [arrived[address_of(someone)] for someone in (member, *members)]
    assert min(copies) == 1
    # Between the mail server's OK and our commit there is no telling; nowhere else.
    assert sum(copies) <= len(copies) + THREADS
    assert mails_to(site, member) <= 2
