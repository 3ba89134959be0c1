"""HUP to gunicorn's master: new code, new settings, and nobody is turned away meanwhile."""

import signal
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.processes import Process, answers, flask, free_port, settings_for, until
from tests.servers.stack import INHERITED, Deployment
from tests.visitor import Visitor


class Crowd:
    """Somebody who asks for pages all the time, and notes what went wrong."""

    def __init__(self, url: str) -> None:
        self.visitor = Visitor(url)
        self.statuses: list[int | Exception] = []
        self.goes_home = Event()
        self.thread = Thread(target=self._ask)

    def __enter__(self) -> "Crowd":
        self.thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.goes_home.set()
        self.thread.join()

    def _ask(self) -> None:
        while not self.goes_home.wait(0.02):
            try:
                self.statuses.append(self.visitor.get("/explore").status)
            except OSError as error:
                self.statuses.append(error)


@pytest.fixture
def deployment(tmp_path):
    """Lay the code and a file .env into a folder; the environment says nothing."""
    return Deployment(tmp_path, settings_for(tmp_path, free_port()))


@pytest.fixture
def web(deployment, tmp_path):
    flask(deployment.settings, "db", "upgrade")
    inherited = {name: text for name, text in deployment.settings.items() if name in INHERITED}
    command = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "microblog:app"]
    command[0] = str(deployment.code / ".venv/bin/gunicorn")
    web = Process(command, inherited, tmp_path / "web.log", folder=deployment.code)
    web.wait_for(lambda: answers(f"{deployment.settings['PUBLIC_URL']}/healthz"))
    yield web
    web.stop()


def children(web: Process) -> set[int]:
    pid = web.process.pid
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_hup_brings_new_code_and_settings_without_a_failed_request(deployment, web):
    url = deployment.settings["PUBLIC_URL"]
    assert Visitor(url).get("/healthz").text == "ok\n"
    old = children(web)
    assert len(old) == 1

    change(deployment.code / "app/main/routes/health.py", '"ok\\n"', '"better than ever\\n"')
    change(deployment.code / "config.py", "self.SITE_NAME = ", 'self.SITE_NAME = "New " + ')
    deployment.settings |= {"SITE_NAME": "Harbour", "WEB_CONCURRENCY": "2"}
    deployment.write_settings()
    with Crowd(url) as crowd:
        web.process.send_signal(signal.SIGHUP)
        assert until(lambda: len(children(web)) == 2 and old.isdisjoint(children(web)), 60)
        before = len(crowd.statuses)
        assert until(lambda: len(crowd.statuses) > before + 5, 60)
    assert set(crowd.statuses) == {200}
    assert Visitor(url).get("/healthz").text == "better than ever\n"
    assert "New Harbour" in Visitor(url).get("/explore").text


def test_master_has_nothing_that_its_next_workers_would_have_of_old(web):
    def has_packages(pid: int) -> bool:
        return "sqlalchemy" in Path(f"/proc/{pid}/maps").read_text()

    assert all(map(has_packages, children(web)))  # the premise
    assert not has_packages(web.process.pid)


def test_setting_that_cannot_be_used_ends_the_start_with_one_line(deployment, tmp_path):
    deployment.settings["METRICS_ADDRESS"] = "everywhere"
    deployment.write_settings()
    command = [str(deployment.code / ".venv/bin/gunicorn"), "--config", "deploy/gunicorn.conf.py"]
    web = Process([*command, "microblog:app"], {}, tmp_path / "web.log", folder=deployment.code)
    assert web.process.wait(30) == 1
    line = "Configuration error: METRICS_ADDRESS must look like 127.0.0.1:9191, not 'everywhere'.\n"
    assert web.log.read_text() == line
