"""`flask doctor`: what it finds, on SQLite and with servers that are away."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import namedtuple
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import pytest
import sqlalchemy as sa

from app import create_app
from app.accounts.tasks import tell_password_changed
from app.cli.doctor import CHECKS
from app.cli.doctor.findings import Check, Level, examine, ok
from app.clock import utcnow
from app.extensions import db
from app.jobs import worker
from app.jobs.models import Job, JobState
from app.search.embedded import embedded
from app.search.engine import Collection
from config import BASE_DIR
from tests.conftest import make_config
from tests.factories import make_post, make_user
from tests.processes import free_port, settings_for
from tests.working import do_jobs, mails

Disk = namedtuple("Disk", "total used free")
GIB = 1024**3
NOBODY = 65_534
LIVE = {"PUBLIC_URL": "https://microblog.example", "PROXIES": "1", "ADMINS": "ana@example.com"}
PORT = str(free_port())
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="gives a file to somebody else")


@pytest.fixture
def settings(request):
    """Return the test's own settings; nobody else's site is where this one is said to be."""
    return {"PORT": PORT} | getattr(request, "param", {})


def with_settings(**env):
    return pytest.mark.parametrize("settings", [env], indirect=True, ids=["-"])


@pytest.fixture
def look(run):
    """Run `flask doctor --json`; returns what one check found, as (level, text and remedy)."""

    def look(name):
        result = run("doctor", "--json")
        findings = json.loads(result.stdout)["findings"]
        levels = {each["level"] for each in findings}
        assert result.exit_code == (1 if "error" in levels else 0)
        return [
            (each["level"], f"{each['text']} {each['remedy']}")
            for each in findings
            if each["check"] == name
        ]

    return look


def assert_found(findings, level, *words):
    assert any(found == level and all(word in text for word in words) for found, text in findings)


def is_well(findings):
    return {level for level, _text in findings} == {"ok"}


def age_jobs(by, **values):
    db.session.execute(sa.update(Job).values(due_at=utcnow() - by, **values))
    db.session.commit()


# How it answers


def test_site_that_is_well_has_nothing_to_be_mended(run, app):
    worker.plant_periodic_jobs()
    do_jobs(app)
    result = run("doctor")
    assert result.exit_code == 0, result.output
    assert "FAIL" not in result.output
    assert "To be mended: 0." in result.output


def test_every_check_has_found_something_and_they_stand_in_order(run):
    findings = json.loads(run("doctor", "--json").stdout)["findings"]
    names = list(dict.fromkeys(each["check"] for each in findings))
    # Of .env it only says what is odd.
    assert names == [check.name for check in CHECKS if check.name != ".env"]


def test_everything_that_is_not_well_comes_with_a_remedy(run):
    findings = json.loads(run("doctor", "--json").stdout)["findings"]
    assert {each["level"] for each in findings} > {"warning"}
    assert [each for each in findings if bool(each["remedy"]) == (each["level"] == "ok")] == []


@with_settings(**LIVE | {"PROXIES": "0"})
def test_error_is_marked_in_words_and_ends_the_command_with_status_1(run):
    result = run("doctor")
    assert result.exit_code == 1
    assert "\x1b" not in result.output
    [line] = [line for line in result.output.splitlines() if line.startswith("FAIL")]
    assert line.startswith("FAIL settings")
    assert "To be mended: 1." in result.output


@with_settings(**LIVE | {"PROXIES": "0"})
def test_monitoring_is_told_the_worst(run):
    assert json.loads(run("doctor", "--json").stdout)["status"] == "error"


def test_nothing_is_changed_or_sent(run, app):
    def state():
        path = Path(app.config["DATABASE_URL"].removeprefix("sqlite:///"))
        with sqlite3.connect(path) as connection:
            dump = "\n".join(connection.iterdump())
        connection.close()
        return dump

    make_post(make_user("ana"))
    db.session.rollback()
    before = state()
    run("doctor")
    assert state() == before
    assert mails(app) == []


def test_check_that_breaks_is_a_finding(app):
    def broken():
        yield ok("so far")
        raise ValueError("two\nlines")

    found = examine([Check("database", broken), Check("migrations", broken)])
    assert [each.level for each in found["database"]] == [Level.OK, Level.ERROR]
    assert "ValueError: two lines" in found["database"][1].text


def test_check_that_never_ends_is_given_up_and_keeps_no_other_waiting(app):
    never = Event()

    def hangs():
        yield ok("so far")
        never.wait()

    try:
        found = examine(
            [Check("database", hangs), Check("migrations", lambda: iter([ok("")]))], 0.2
        )
    finally:
        never.set()
    assert [each.level for each in found["database"]] == [Level.OK, Level.ERROR]
    assert "0.2 seconds" in found["database"][1].text
    assert found["migrations"] == [ok("")]


SECRETS = {
    "SECRET_KEY": "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk-key",
    "DATABASE_URL": "postgresql://microblog:dbsecret@127.0.0.1:9/microblog",
    "CELERY_BROKER_URL": "redis://:br%40kersecret@127.0.0.1:9",
    "REDIS_URL": "redis://:redissecret@127.0.0.1:9",
    "ELASTICSEARCH_URL": "http://elastic:elasticsecret@127.0.0.1:9",
    "MAIL_SERVER": "127.0.0.1",
    "MAIL_PORT": "9",
    "MAIL_USERNAME": "microblog",
    "MAIL_PASSWORD": "mailsecret",
}


@pytest.fixture(scope="module")
def lost(tmp_path_factory):
    """Run `flask doctor --json` on a site all of whose servers are away."""
    site = settings_for(tmp_path_factory.mktemp("lost"), int(PORT)) | SECRETS
    command = [sys.executable, "-m", "flask", "--app", "microblog.py", "doctor", "--json"]
    return subprocess.run(
        command, cwd=BASE_DIR, env=site, check=False, capture_output=True, text=True
    )


@pytest.mark.thorough
def test_with_every_server_away_each_is_named_and_there_is_no_traceback(lost):
    assert (lost.returncode, lost.stderr) == (1, "")
    assert "itself failed" not in lost.stdout
    levels = {each["check"]: each["level"] for each in json.loads(lost.stdout)["findings"]}
    for name in ("database", "broker", "limits", "mail"):
        assert levels[name] == "error", name
    for name in ("worker", "search", "clock"):
        assert levels[name] == "warning", name


@pytest.mark.thorough
def test_secrets_are_never_printed(lost):
    assert "127.0.0.1:9" in lost.stdout
    for secret in ("kkkk", "dbsecret", "kersecret", "redissecret", "mailsecret"):
        assert secret not in lost.stdout


def test_secret_that_an_exception_says_is_cut_out(app):
    def tells():
        yield ok("")
        raise ValueError("br%40kersecret or br@kersecret, redissecret, mailsecret, " + "k" * 36)

    app.config.update(SECRETS)
    found = examine([Check("database", tells), Check("migrations", lambda: iter([]))])
    assert "secret" not in found["database"][1].text


# Settings


@pytest.mark.parametrize(
    ("settings", "level", "words"),
    [
        ({}, "warning", "PUBLIC_URL"),
        (LIVE, "ok", "live at https://microblog.example"),
        (LIVE | {"PUBLIC_URL": "http://microblog.example"}, "warning", "HTTPS"),
        (LIVE | {"PROXIES": "0"}, "error", "PROXIES=1"),
        (LIVE | {"ADMINS": ""}, "warning", "ADMINS"),
        (LIVE | {"SECRET_KEY": "change me" * 5}, "error", "token_hex"),
        (LIVE | {"WEB_CONCURRENCY": "2"}, "warning", "REDIS_URL"),
    ],
    indirect=["settings"],
    ids=lambda value: str(value)[-40:],
)
def test_settings_that_do_not_fit_together_are_found(look, level, words):
    assert_found(look("settings"), level, words)


@with_settings(**LIVE)
def test_settings_of_a_live_site_can_be_well(look):
    assert is_well(look("settings"))


def test_name_in_the_file_env_that_is_nearly_a_setting_is_found(app, tmp_path):
    from app.cli.doctor.settings import check_names

    path = tmp_path / ".env"
    path.write_text("MAIL_SEVER=smtp.example\nMAIL_PORT=25\nTZ=UTC\nSSL_CERT_FILE=/etc/ca.pem\n")
    [found] = check_names(path)
    assert "MAIL_SEVER" in found.text
    assert "MAIL_SERVER" in found.remedy


# Files


@pytest.fixture
def open_folder():
    """Return a folder that everybody on this machine can look into."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def doctor_of(folder):
    app = create_app(make_config(folder))
    findings = json.loads(app.test_cli_runner().invoke(args=["doctor", "--json"]).stdout)[
        "findings"
    ]
    return [(each["check"], each["level"], f"{each['text']} {each['remedy']}") for each in findings]


@pytest.mark.parametrize("name", ["app.db", "secret_key"])
def test_secret_file_that_everybody_can_read_is_found(open_folder, empty_database, name):
    shutil.copy(empty_database, open_folder / "app.db")
    (open_folder / "secret_key").write_text("k" * 40)
    for path in open_folder.iterdir():
        path.chmod(0o644 if path.name == name else 0o600)
    path = open_folder / name
    found = [text for check, _level, text in doctor_of(open_folder) if check == "secrets"]
    assert found == [f"Everybody on this machine can read {path}. chmod o-rwx {path}"]


def test_secret_files_in_a_closed_folder_are_well(open_folder, empty_database):
    shutil.copy(empty_database, open_folder / "app.db")
    (open_folder / "app.db").chmod(0o644)
    open_folder.chmod(0o750)
    assert [level for check, level, _text in doctor_of(open_folder) if check == "secrets"] == ["ok"]


@as_root
def test_file_that_root_has_left_is_found(open_folder, empty_database):
    shutil.copy(empty_database, open_folder / "app.db")
    os.chown(open_folder, NOBODY, NOBODY)
    found = [(level, text) for check, level, text in doctor_of(open_folder) if check == "files"]
    assert_found(found, "warning", "runs as root", "sudo -u nobody")
    assert_found(found, "error", "belong to somebody else", f"chown -R nobody {open_folder}")


def test_missing_style_sheet_and_catalogue_are_found(app, tmp_path, monkeypatch):
    from app import assets
    from app.cli.doctor import files

    monkeypatch.setattr(assets, "DIST", tmp_path)
    monkeypatch.setattr(assets, "STATIC", tmp_path / "static")
    [found] = files.check_built()
    assert found.level == Level.ERROR
    assert "site.css, icons.svg" in found.text


# The database


def test_database_that_is_well(look):
    assert is_well(look("database"))
    assert is_well(look("migrations"))


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        ("0001", " behind"),
        ("9999", "9999, which this version of the site lacks"),
        (None, "no tables"),
    ],
)
def test_migration_that_is_not_at_head_is_found_and_what_to_do(look, revision, words):
    db.session.execute(sa.text("DELETE FROM alembic_version"))
    if revision:
        db.session.execute(sa.text("INSERT INTO alembic_version VALUES (:r)"), {"r": revision})
    db.session.commit()
    assert_found(look("migrations"), "error", words)


def test_what_needs_the_tables_is_not_looked_at_before_they_are_there(run):
    db.session.execute(sa.text("DELETE FROM alembic_version"))
    db.session.commit()
    result = run("doctor", "--json")
    levels = {each["check"]: each["level"] for each in json.loads(result.stdout)["findings"]}
    assert {levels[name] for name in ("worker", "search", "clock")} == {"warning"}


def test_file_that_is_no_database_is_found(tmp_path):
    (tmp_path / "app.db").write_text("This is a letter to my aunt. " * 100)
    found = [(level, text) for check, level, text in doctor_of(tmp_path) if check == "database"]
    assert_found(found, "error", "app.db does not answer", "DATABASE_URL")


def test_database_that_is_missing_is_found_and_not_made(tmp_path):
    found = doctor_of(tmp_path)
    errors = [(level, text) for check, level, text in found if check == "database"]
    assert_found(errors, "error", "no database at", "flask db upgrade")
    assert not (tmp_path / "app.db").exists()


# Jobs


def test_worker_that_was_never_there_is_worth_a_look(look):
    assert_found(look("worker"), "warning", "No worker has been here yet")


def test_worker_that_does_its_rounds_is_well(app, look):
    worker.plant_periodic_jobs()
    do_jobs(app)
    [(level, text)] = look("worker")
    assert level == "ok"
    assert "less than a minute ago" in text


def test_job_that_nobody_does_is_found(app, look):
    worker.plant_periodic_jobs()
    do_jobs(app)
    age_jobs(timedelta(hours=3))
    assert_found(look("worker"), "error", "Nobody does the jobs", "3:00:0")


@pytest.mark.parametrize(
    ("state", "attempts", "words"),
    [(JobState.FAILED, 5, "jobs failed"), (JobState.WAITING, 1, "tried in vain")],
)
def test_job_that_failed_is_worth_a_look(look, ana, state, attempts, words):
    job = tell_password_changed.ask(user_id=ana.id)
    job.state, job.attempts = state, attempts
    job.due_at = utcnow() + timedelta(hours=1) if state == JobState.WAITING else None
    db.session.commit()
    assert_found(look("worker"), "warning", words, "flask jobs list")


def test_folder_of_the_broker_that_is_a_file_is_found(tmp_path, empty_database):
    shutil.copy(empty_database, tmp_path / "app.db")
    (tmp_path / "broker").write_text("")
    found = [(level, text) for check, level, text in doctor_of(tmp_path) if check == "broker"]
    assert_found(found, "error", "cannot be written")


# Search


def test_index_that_has_everything_is_well(look, ana):
    make_post(ana)
    assert_found(look("search"), "ok", "has all 2 documents")


def test_index_that_lacks_something_is_found(look, ana):
    post = make_post(ana)
    embedded().remove(Collection.POSTS, [post.id])
    db.session.commit()
    assert_found(look("search"), "warning", "0 of 1 posts", "flask search status --repair")


@with_settings(ELASTICSEARCH_URL="http://127.0.0.1:9")
def test_elasticsearch_that_is_away_is_found(look):
    assert_found(look("search"), "error", "Elasticsearch does not answer")


# The machine


@pytest.mark.parametrize(
    ("free", "level"),
    [(0.5 * GIB, "warning"), (GIB / 20, "error"), (9 * GIB, "warning"), (11 * GIB, "ok")],
)
def test_disk_that_is_nearly_full_is_found(look, monkeypatch, free, level):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Disk(100 * GIB, 0, free))
    assert_found(look("disk"), level, "free")


def test_clock_that_went_back_is_found(look, ana):
    tell_password_changed.ask(user_id=ana.id)
    db.session.execute(sa.update(Job).values(created_at=utcnow() + timedelta(minutes=10)))
    db.session.commit()
    assert_found(look("clock"), "error", "Something was written at", "NTP")


# The site from outside


class Answer(BaseHTTPRequestHandler):
    """Answers whatever is asked for with the server's status."""

    def do_GET(self):
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_arguments):
        """Say nothing."""


@pytest.fixture
def stand_in(settings):
    with HTTPServer(("127.0.0.1", int(settings["PORT"])), Answer) as server:
        server.status = 200
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_site_that_answers_is_well(stand_in, look):
    assert is_well(look("site"))


def test_site_that_answers_with_an_error_is_found(stand_in, look):
    stand_in.status = 502
    assert_found(look("site"), "error", "/healthz answers 502")


def test_site_that_does_not_answer_is_worth_a_look(look):
    assert_found(look("site"), "warning", "cannot be reached from here", "Start web")


# Mail; with servers in tests/mail/test_doctor.py


def test_message_is_laid_into_the_outbox_only_if_asked_for(run, app):
    result = run("doctor", "--send-mail-to", "ana@example.com")
    assert result.exit_code == 0, result.output
    [message] = mails(app)
    assert message["To"] == "ana@example.com"
    assert "A message to ana@example.com is a file now" in " ".join(result.output.split())


@with_settings(**LIVE)
def test_live_site_without_a_mail_server_is_worth_a_look(look):
    assert_found(look("mail"), "warning", "Set MAIL_SERVER")


def test_wrong_setting_is_said_in_one_line(tmp_path):
    with pytest.raises(SystemExit, match="Configuration error: PORT"):
        create_app(make_config(tmp_path, PORT="x"))
