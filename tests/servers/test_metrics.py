"""Figures of a site with several web processes and a worker, under what happens to these."""

import os
import shutil
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.figures import Page, read
from tests.processes import (
    Process,
    answers,
    command_of,
    flask,
    free_port,
    settings_for,
    start_web,
    start_worker,
    until,
)
from tests.servers.programs import MariaDB, running
from tests.visitor import Visitor

WEB_PROCESSES = 2
HEALTH = {"route": "/healthz", "status": "200"}
# Becomes a program that has listening sockets for two ports where systemd hands them over.
AS_SYSTEMD = """
import os, socket, sys
listeners = [socket.create_server(("127.0.0.1", int(port))) for port in sys.argv[1:3]]
for number, listener in enumerate(listeners, start=3):
    os.dup2(listener.fileno(), number)
    os.set_inheritable(number, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="2")
os.execv(sys.argv[3], sys.argv[3:])
"""


def settings_in(folder: Path, **settings: str) -> dict[str, str]:
    """Return the settings of a site that keeps figures."""
    metrics = f"127.0.0.1:{free_port()}"
    return settings_for(folder, free_port()) | {"METRICS_ADDRESS": metrics} | settings


@dataclass
class Site:
    """A site's processes, and where its files are."""

    settings: dict[str, str]
    folder: Path
    web: Process

    def visit(self, times: int) -> None:
        """Open a page so many times, each over a connection of its own, several at once."""
        with ThreadPoolExecutor(8) as pool:
            pages = pool.map(Visitor(self.settings["PUBLIC_URL"]).get, ["/healthz"] * times)
            assert {page.status for page in pages} == {200}

    def read(self) -> Page:
        """Return the figures."""
        return read(self.settings["METRICS_ADDRESS"])

    def counted(self) -> float:
        """Return how many of those visits the figures tell of."""
        return self.read().value("http_requests_total", **HEALTH) or 0

    def files(self) -> int:
        """Return how many processes have files."""
        return len(list((self.folder / "metrics").glob("counter_*.db")))

    def children(self) -> set[int]:
        """Return the web processes below the first."""
        pid = self.web.process.pid
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


@pytest.fixture(scope="module")
def site(empty_database, tmp_path_factory):
    """Run a site with several web processes, and a worker."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(empty_database, folder / "app.db")
    settings = settings_in(folder, WEB_CONCURRENCY=str(WEB_PROCESSES))
    worker = start_worker(settings, folder / "worker.log")
    web = start_web(settings, folder / "web.log")
    yield Site(settings, folder, web)
    web.stop()
    worker.stop()


def test_whichever_process_is_asked_tells_what_all_have_counted(site):
    # The premise: not all are answered by one. The second may begin a while after the first.
    assert until(lambda: site.visit(10) or site.files() > 2, 30)
    before = site.counted()
    site.visit(60)
    assert {site.counted() for _ in range(20)} == {before + 60}


def test_what_killed_processes_have_counted_is_kept_and_their_files_are_used_again(site):
    before = site.counted()
    for _round in range(2):
        site.visit(20)
        old, files = site.children(), site.files()
        for pid in old:
            os.kill(pid, signal.SIGKILL)
        assert until(lambda old=old: len(site.children() - old) == WEB_PROCESSES, 30)
    site.visit(20)
    assert site.counted() == before + 60
    assert site.files() == files


def test_renewed_processes_count_on(site):
    before = site.counted()
    for _round in range(2):
        site.visit(20)
        old = site.children()
        site.web.process.send_signal(signal.SIGHUP)
        assert until(lambda old=old: old.isdisjoint(site.children()), 60)
    site.visit(20)
    assert site.counted() == before + 60
    # While they are renewed, old and new ones live.
    assert site.files() <= 2 * WEB_PROCESSES + 1


def test_work_of_the_worker_is_on_the_page_of_the_web_process(site):
    person = {"username": "ana", "email": "ana@example.com", "password": "boats at the quay"}
    Visitor(site.settings["PUBLIC_URL"]).submit("/auth/register", **person)
    visitor = Visitor(site.settings["PUBLIC_URL"])
    visitor.submit("/auth/reset_password_request", email=person["email"])

    def is_counted() -> bool:
        page = site.read()
        done = {"kind": "accounts.send_reset_link", "outcome": "done"}
        sent = page.value("mail_attempts_total", outcome="sent")
        return page.value("job_attempts_total", **done) == sent == 1

    assert until(is_counted, 30)


def ask_through(path: Path, host: str) -> int:
    """Ask for the figures over a Unix socket, as that host, and return the status."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(path))
        line.sendall(f"GET /metrics HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        return int(line.recv(100).split()[1])


def test_client_of_a_unix_socket_cannot_say_that_it_came_for_the_figures(tmp_path):
    settings = settings_in(tmp_path)
    path, address = tmp_path / "web.socket", settings["METRICS_ADDRESS"]
    command = [*command_of("web"), "--bind", f"unix:{path}", "--bind", address]
    web = Process(command, settings, tmp_path / "web.log")
    try:
        web.wait_for(lambda: answers(f"http://{address}/"))
        assert ask_through(path, "127.0.0.1") == 404
        assert ask_through(path, address) == 404
        assert read(address).value("http_requests_total", route="none", status="404") == 2
    finally:
        web.stop()


def test_sockets_of_systemd_are_told_apart_as_well(tmp_path):
    settings = settings_in(tmp_path)
    ports = [settings["PORT"], settings["METRICS_ADDRESS"].rpartition(":")[2]]
    start = [sys.executable, "-c", AS_SYSTEMD, *ports]
    web = Process([*start, *command_of("web")], settings, tmp_path / "web.log")
    try:
        web.wait_for(lambda: answers(f"{settings['PUBLIC_URL']}/healthz"))
        assert read(settings["METRICS_ADDRESS"]).value("http_requests_total", **HEALTH) >= 1
        assert Visitor(settings["PUBLIC_URL"]).get("/metrics").status == 404
        page = Visitor(f"http://{settings['METRICS_ADDRESS']}").get("/explore")
        assert "microblog_http_requests_total" in page.text
    finally:
        web.stop()


def test_figures_are_told_while_the_database_does_not_answer(tmp_path):
    with running(MariaDB) as database:
        settings = settings_in(tmp_path, DATABASE_URL=database.new_database())
        flask(settings, "db", "upgrade")
        web = start_web(settings, tmp_path / "web.log")
        try:
            assert read(settings["METRICS_ADDRESS"]).value("database_up") == 1
            database.freeze()
            for _ in range(2):
                page = read(settings["METRICS_ADDRESS"])
                assert page.value("database_up") == 0
                assert page.value("http_requests_total", **HEALTH) >= 1
            database.thaw()
            assert until(lambda: read(settings["METRICS_ADDRESS"]).value("database_up") == 1, 30)
        finally:
            web.stop()
