"""New code on a site that is used: no request fails, and nothing that was promised is lost."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from config import BASE_DIR
from tests.browsing import form_with
from tests.processes import Process, until
from tests.servers.faults import children, is_clear
from tests.servers.load import Browser, Load
from tests.servers.programs import STARTS_WITHIN
from tests.servers.promises import broken_promises, wait_for_jobs
from tests.servers.stack import Answer, Stack, running_stack

WAITS_FOR_A_LOCK = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack() as stack:
        yield stack


@pytest.fixture
def change(stack) -> Iterator[Callable[[str, str, str], None]]:
    """Hand out a function that changes a file of the site's code; afterwards all is as it was."""
    old: dict[Path, str] = {}

    def lay(name: str, words: str, others: str) -> None:
        path = stack.deployment.code / name
        text = path.read_text()
        assert words in text
        old.setdefault(path, text)
        path.write_text(text.replace(words, others))

    yield lay
    for path, text in old.items():
        path.write_text(text)


def hup(stack: Stack) -> None:
    stack.supervisor.control("signal", "HUP", "microblog:web")


def names_of_writing(load: Load, since: float = 0) -> set[str]:
    """Return what the page on which members write has called itself since then."""
    titles = {visit.title for visit in list(load.visits) if visit.began > since}
    return {title for title in titles if title.startswith("Write")}


@contextmanager
def slow_post(stack: Stack) -> Iterator[Future[Answer]]:
    """Have a post on its way, which waits in the application for a lock, until the end."""
    member = stack.town.member()
    browser = Browser(stack, member)
    form = form_with(browser.open("/write"), "body")
    fields = form.fields | {"body": "A boat that takes its time."}
    with ThreadPoolExecutor() as pool, stack.town.context() as db:
        row = sa.select(User.id).where(User.username == member).with_for_update()
        db.session.execute(row)
        answer = pool.submit(browser.open, "/write", fields)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watching:
            assert until(lambda: watching.scalar(sa.text(WAITS_FOR_A_LOCK)), STARTS_WITHIN)
        yield answer
        db.session.rollback()
        assert answer.result().status == 302


def assert_promises_are_kept(load: Load) -> None:
    wait_for_jobs(load.stack, in_haste=True)
    assert list(broken_promises(load)) == []
    assert load.leaks == []


def test_hup_brings_new_code_and_no_request_fails(stack, change):
    with Load(stack) as load:
        # Both workers have drawn that page: a template is read when it is first needed.
        assert until(lambda: len(load.posts) > 20, STARTS_WITHIN)
        assert names_of_writing(load) == {"Write"}
        change("app/main/routes/health.py", '"ok\\n"', '"better than ever\\n"')
        change("app/templates/posts/write.html", '_("Write")', '"Write anew"')
        old = set(children(stack.supervisor.pid("web")))
        with slow_post(stack):
            hup(stack)
            new = lambda: set(children(stack.supervisor.pid("web"))) - old  # noqa: E731
            assert until(lambda: len(new()) == len(old), STARTS_WITHIN)
        assert until(lambda: old.isdisjoint(children(stack.supervisor.pid("web"))), STARTS_WITHIN)
        load.wait_until_all_is_well()
        changed = time.monotonic()
        assert until(lambda: names_of_writing(load, changed), STARTS_WITHIN)
    assert names_of_writing(load, changed) == {"Write anew"}
    assert stack.open("/healthz").text == "better than ever\n"
    assert load.failures == []
    assert_promises_are_kept(load)


def test_restarted_worker_finishes_what_it_has_begun(stack):
    with Load(stack, askers=12) as load:
        assert until(lambda: sum(load.asked.values()) > 1, STARTS_WITHIN)
        stack.supervisor.control("restart", "microblog:worker")
        assert until(lambda: sum(load.asked.values()) > 5, STARTS_WITHIN)
    assert load.failures == []
    assert_promises_are_kept(load)


# With a socket of systemd's


def command_of_unit() -> list[str]:
    unit = (BASE_DIR / "deploy/systemd/microblog-web.service").read_text()
    return shlex.split(re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)[1])


@pytest.fixture
def unit(stack) -> Iterator[Process]:
    """Run gunicorn as the unit says, on a socket that is not its own."""
    stack.supervisor.control("stop", "microblog:web")
    code = stack.deployment.code
    command = [word.replace("/srv/microblog", str(code)) for word in command_of_unit()]
    systemd = [sys.executable, "-m", "tests.servers.socket_unit", str(stack.nginx.application_port)]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(BASE_DIR),
        "LOG_TO_STDOUT": "1",
        "PYTHONUNBUFFERED": "1",
    }
    unit = Process([*systemd, *command], environment, code.parent / "unit.log", folder=code)
    unit.wait_for(lambda: stack.open("/readyz").status == 200, STARTS_WITHIN)
    yield unit
    unit.stop()
    stack.supervisor.control("start", "microblog:web")
    stack.wait()


def test_whoever_comes_while_systemd_restarts_the_site_waits_and_is_served(stack, unit, change):
    change("app/templates/posts/write.html", '_("Write")', '"Write anew"')
    with Load(stack) as load:
        load.wait_until_all_is_well()
        for _time in range(2):
            [master] = children(unit.process.pid)
            os.kill(master, signal.SIGTERM)
            assert until(lambda m=master: m not in children(unit.process.pid), STARTS_WITHIN)
            load.wait_until_all_is_well()
        changed = time.monotonic()
        assert until(lambda: names_of_writing(load, changed), STARTS_WITHIN)
    assert names_of_writing(load, changed) == {"Write anew"}
    assert load.failures == []
    assert_promises_are_kept(load)


# Code that does not start


def check(stack: Stack) -> subprocess.CompletedProcess[str]:
    """Run what is to be run before HUP: the command of the unit, with one word more."""
    command = [word.replace("/srv/microblog", ".") for word in command_of_unit()]
    return subprocess.run(
        [command[0], "--check-config", *command[1:]],
        cwd=stack.deployment.code,
        env={"PATH": os.environ["PATH"]},
        check=False,
        capture_output=True,
        text=True,
    )


def test_code_that_does_not_start_is_noticed_before_it_is_served(stack, change):
    assert check(stack).returncode == 0
    change("app/main/routes/health.py", "from app.main import bp", "from app.main import bp,")
    checked = check(stack)
    assert checked.returncode != 0
    assert "SyntaxError" in checked.stdout + checked.stderr
    assert stack.open("/healthz").status == 200


def test_site_that_was_sent_into_broken_code_comes_back_by_itself_once_that_is_mended(
    stack, change
):
    with Load(stack) as load:
        load.wait_until_all_is_well()
        change("app/main/routes/health.py", "from app.main import bp", "from app.main import bp,")
        hup(stack)
        assert until(lambda: load.failures, STARTS_WITHIN)
        assert "SyntaxError" in stack.log("web")
        change("app/main/routes/health.py", "from app.main import bp,", "from app.main import bp")
        load.wait_until_all_is_well()
    assert all(map(is_clear, load.failures)), load.told()
    assert_promises_are_kept(load)
