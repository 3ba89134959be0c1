"""The README's first command, as it stands in the Makefile: it serves and does background work."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.factories import PASSWORD
from tests.processes import KEY, Process, answers, free_port, until
from tests.visitor import Visitor
from tests.working import links_in

PATIENCE = 60
NEW_PASSWORD = "gulls over the harbour wall"


def processes_of(folder: Path) -> dict[int, str]:
    """Return every living process that has this folder in its environment, with its command."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if str(folder).encode() in (place / "environ").read_bytes():
                words = (place / "cmdline").read_bytes().split(b"\0")
                found[int(place.name)] = b" ".join(words).decode().strip()
    return found


def outbox(folder: Path) -> list[EmailMessage]:
    paths = sorted((folder / "outbox").glob("*.eml"))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def site(folder: Path) -> Iterator[Process]:
    port = str(free_port())
    mine = {"DATA_DIR": str(folder), "SECRET_KEY": KEY, "PUBLIC_URL": "", "DATABASE_URL": ""}
    # Named so that a programmer's own .env does not reach in.
    mine |= {"MAIL_SERVER": "", "CELERY_BROKER_URL": "", "CONFIRM_EMAIL": "", "REGISTRATION": ""}
    environment = {name: value for name, value in os.environ.items() if name != "PORT"} | mine
    site = Process(["make", "run", f"PORT={port}"], environment, folder.parent / "log")
    site.url = f"http://127.0.0.1:{port}"
    try:
        yield site
    finally:
        site.send(signal.SIGINT)
        with suppress(TimeoutError):
            site.process.wait(PATIENCE)
        for process_id in processes_of(folder):
            os.kill(process_id, signal.SIGKILL)


def test_make_run_serves_sends_a_reset_link_that_works_once_and_ends_when_asked(site, folder):
    site.wait_for(lambda: answers(f"{site.url}/readyz"), PATIENCE)
    member, stranger = Visitor(site.url), Visitor(site.url)
    fields = {"username": "newcomer", "email": "newcomer@example.com", "password": PASSWORD}
    assert "Welcome" in member.submit("/auth/register", **fields).text
    page = stranger.submit("/auth/reset_password_request", email="newcomer@example.com")
    assert str(folder / "outbox") in page.text, "the page does not say where to look"

    assert until(lambda: outbox(folder), 20), site.log.read_text()
    [message] = outbox(folder)
    assert message["To"] == "newcomer@example.com"
    link = links_in(message)[0]
    assert link.startswith(f"{site.url}/auth/reset_password/")
    assert stranger.submit(link, password=NEW_PASSWORD).url == f"{site.url}/auth/login"
    assert stranger.get(link).status == 410
    assert member.get("/settings").url.startswith(f"{site.url}/auth/login")
    assert stranger.sign_in("newcomer", NEW_PASSWORD).url == f"{site.url}/"
    assert until(lambda: len(outbox(folder)) == 2, 20), "no word about the new password"
    assert link not in site.log.read_text()

    running = " ".join(processes_of(folder).values())
    assert "gunicorn" in running
    assert "celery" in running
    site.send(signal.SIGINT)
    assert until(lambda: not site.runs, PATIENCE), "it does not end"
    assert until(lambda: not processes_of(folder), 5), processes_of(folder)
