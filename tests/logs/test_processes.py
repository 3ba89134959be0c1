"""The site's real processes with LOG_TO_STDOUT: nothing but JSON, and one id from page to job."""

import json
import shutil
import sqlite3
from dataclasses import dataclass

import pytest

from tests.processes import Process, answers, command_of, free_port, settings_for, until
from tests.visitor import Visitor

# They start real processes, which takes long.
pytestmark = pytest.mark.thorough

PASSWORD = "seven boats at the quay"
ADDRESS = "newcomer@example.com"


@dataclass
class Told:
    """What both processes printed, and what must not be in it."""

    web: list[str]
    worker: list[str]
    link: str
    wrote_file: bool


def run(name, settings, folder):
    """Run a line of the Procfile, with standard output in a file of its own."""
    apart = ("sh", "-c", 'exec "$@" 2>"$0"', str(folder / f"{name}.errors"))
    return Process([*apart, *command_of(name)], settings, folder / f"{name}.output")


@pytest.fixture(scope="module")
def told(empty_database, tmp_path_factory):
    """Join, ask for a new password, follow the link, and break the site."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(empty_database, folder / "app.db")
    settings = settings_for(folder, free_port()) | {"LOG_TO_STDOUT": "1"}
    web, worker = (run(name, settings, folder) for name in ("web", "worker"))
    try:
        web.wait_for(lambda: answers(f"{settings['PUBLIC_URL']}/healthz"))
        worker.wait_for(lambda: worker.said("The worker begins"))
        visitor = Visitor(settings["PUBLIC_URL"])
        visitor.submit("/auth/register", username="newcomer", email=ADDRESS, password=PASSWORD)
        Visitor(visitor.site).submit("/auth/reset_password_request", email=ADDRESS)
        outbox = folder / "outbox"
        (path,) = until(lambda: list(outbox.glob("*.eml")), 30)
        text = path.read_text().replace("=\r\n", "").replace("=\n", "")
        link = next(word for word in text.split() if "/auth/reset_password/" in word)
        link = link[link.index("/auth/") :]
        assert Visitor(visitor.site).get(link).status == 200
        with sqlite3.connect(folder / "app.db", timeout=20) as connection:
            connection.execute("ALTER TABLE posts RENAME TO gone")
        connection.close()
        assert Visitor(visitor.site).get("/explore").status == 500
        Visitor(visitor.site).get("/x%0a%22forged%22")
    finally:
        web.stop()
        worker.stop()
    return Told(
        web.log.read_text().splitlines(),
        worker.log.read_text().splitlines(),
        link,
        (folder / "logs").exists(),
    )


def objects(lines):
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_every_line_of_the_web_process_is_an_object(told):
    entries = [json.loads(line) for line in told.web]
    assert all({"time", "level", "logger", "message"} <= set(entry) for entry in entries)
    assert {"app.access", "gunicorn.error"} <= {entry["logger"] for entry in entries}


def test_every_line_of_the_worker_is_an_object(told):
    entries = [json.loads(line) for line in told.worker]
    assert all({"time", "level", "logger", "message"} <= set(entry) for entry in entries)
    assert any(entry["message"].startswith("The worker begins") for entry in entries)


def test_job_has_the_id_of_the_request_that_asked_for_it(told):
    (visit,) = [
        entry
        for entry in objects(told.web)
        if entry.get("path") == "/auth/reset_password_request" and entry["method"] == "POST"
    ]
    (job,) = [
        entry for entry in objects(told.worker) if "accounts.send_reset_link" in entry["message"]
    ]
    assert visit["status"] == 302
    assert len(visit["request_id"]) >= 8
    assert job["request_id"] == visit["request_id"]


def test_ids_differ_from_request_to_request(told):
    ids = [entry["request_id"] for entry in objects(told.web) if "path" in entry]
    assert len(ids) == len(set(ids)) > 5


def test_traceback_is_in_one_line_with_the_id_of_its_request(told):
    (error,) = [entry for entry in objects(told.web) if entry["level"] == "ERROR"]
    assert "OperationalError" in error["exc_info"]
    (visit,) = [entry for entry in objects(told.web) if entry.get("path") == "/explore"]
    assert error["request_id"] == visit["request_id"]


def test_visit_that_tries_to_forge_a_line_stays_one_object(told):
    assert [entry["path"] for entry in objects(told.web) if "forged" in str(entry)] == [
        '/x\n"forged"'
    ]


def test_nothing_printed_is_a_secret_or_an_address(told):
    printed = "\n".join(told.web + told.worker)
    token = told.link.rsplit("/", 1)[1]
    assert len(token) > 50
    for secret in (token, *token.split(".")[1:], PASSWORD, ADDRESS):
        assert secret not in printed


def test_no_file_is_written(told):
    assert told.wrote_file is False
