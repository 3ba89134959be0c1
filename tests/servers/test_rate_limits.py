"""Limits that several web processes count together in Redis, and what happens when it is away."""

import re
import shutil
import statistics
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from threading import Event

import pytest
import redis

from app import ratelimit
from tests.processes import Process, free_port, settings_for, start_web, until
from tests.servers.programs import Redis, Server, running
from tests.visitor import Page, Visitor

FORM = "/auth/reset_password_request"
LIMIT = int(ratelimit.RESET.split()[0])
AWAY, BACK = "Rate limit storage unreachable", "Rate limit storage recovered"
LONGEST_PAUSE = 40  # between two looks whether Redis is back
_addresses = (f"192.0.2.{number}" for number in count(1))


@dataclass
class Client:
    """Somebody at an address of their own."""

    address: str = field(default_factory=lambda: next(_addresses))

    def send(self, web: Process) -> Page:
        """Fill in a form wrongly, which is all that is limited."""
        visitor = Visitor(web.url)
        visitor.opener.addheaders = [("X-Forwarded-For", self.address)]
        return visitor.submit(FORM, email="no address")

    def statuses(self, web: Process, times: int) -> list[int]:
        """Return what so many forms are answered with."""
        return [self.send(web).status for _ in range(times)]


@dataclass
class Site:
    """Two web processes that have one Redis."""

    redis: Server
    webs: list[Process]

    def times_said(self, words: str) -> int:
        """Return how often the processes have logged that."""
        return sum(web.log.read_text().count(words) for web in self.webs)

    def names(self) -> list[str]:
        """Return the names of all that Redis holds."""
        with redis.from_url(self.redis.url) as connection:
            return [key.decode() for key in connection.scan_iter()]

    def count_together_again(self) -> bool:
        """Ask for pages until every process has found Redis again."""
        before = self.times_said(BACK)

        def all_have_found_it() -> bool:
            for web in self.webs:
                Visitor(web.url).get("/auth/login")
            return self.times_said(BACK) == before + len(self.webs)

        return until(all_have_found_it, LONGEST_PAUSE, pause=0.5)


@pytest.fixture(scope="module")
def site(empty_database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(empty_database, folder / "app.db")
    with running(Redis) as server:
        webs = []
        for number in range(2):
            settings = settings_for(folder, free_port())
            settings |= {"REDIS_URL": server.url, "PROXIES": "1"}
            webs.append(start_web(settings, folder / f"web{number}.log"))
            webs[-1].url = settings["PUBLIC_URL"]
        yield Site(server, webs)
        for web in webs:
            web.stop()


def test_processes_count_together(site):
    first, second = site.webs
    client, other = Client(), Client()
    assert set(client.statuses(first, LIMIT - 1)) == {422}
    assert client.statuses(second, 2) == [422, 429]
    assert client.statuses(first, 1) == [429]
    assert other.statuses(second, 1) == [422]


def test_everything_in_redis_is_ours_and_passes(site):
    Client().send(site.webs[0])
    assert site.names()
    with redis.from_url(site.redis.url) as connection:
        for name in site.names():
            assert name.startswith("microblog:")
            assert 0 < connection.ttl(name) <= 300


def test_pages_are_served_while_redis_is_gone_and_each_process_counts_alone(site):
    first, second = site.webs
    client, before = Client(), site.times_said(AWAY)
    client.statuses(first, LIMIT)
    site.redis.lose()
    try:
        assert client.statuses(first, LIMIT + 1) == [422] * LIMIT + [429]
        assert client.statuses(second, LIMIT + 1) == [422] * LIMIT + [429]
        assert Visitor(first.url).get("/explore").status == 200
        # Said once by each, not with every request.
        assert site.times_said(AWAY) == before + 2
    finally:
        site.redis.restore()
    assert site.count_together_again()
    client = Client()
    assert set(client.statuses(first, LIMIT)) == {422}
    assert client.statuses(second, 1) == [429]


def test_redis_that_does_not_answer_keeps_nobody_waiting_and_breaks_nothing(site):
    first, _second = site.webs
    done, before = Event(), site.times_said(AWAY)

    def send_all_the_time(client: Client) -> list[Page]:
        pages = []
        while not done.is_set():
            pages.append(client.send(first))
        return pages

    with ThreadPoolExecutor(6) as pool:
        # Some of them wait for Redis at the moment when it stops to answer.
        crowd = [pool.submit(send_all_the_time, Client()) for _ in range(6)]
        assert until(lambda: len(site.names()) >= 6, 20)
        site.redis.freeze()
        try:
            assert until(lambda: site.times_said(AWAY) > before, 20)
            client = Client()
            pages = [client.send(first) for _ in range(LIMIT + 1)]
        finally:
            done.set()
            site.redis.thaw()
    statuses = [page.status for each in crowd for page in each.result()]
    assert set(statuses) <= {422, 429}
    assert [page.status for page in pages] == [422] * LIMIT + [429]
    # Had each waited, none would have been quicker than that.
    assert statistics.median(page.seconds for page in pages) < ratelimit.PATIENCE


def test_refusals_do_not_fill_the_log(site):
    for web in site.webs:
        assert not re.search(r"ratelimit .* exceeded", web.log.read_text())
    assert site.times_said('" 429 ') > 0  # the premise: they were visits
