"""`flask doctor` with servers that are well, away, frozen, or set up in the wrong way."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
import sqlalchemy as sa
import time_machine

from app import create_app
from app.clock import utcnow
from app.extensions import db
from app.jobs import worker
from app.search.elastic import elastic
from config import BASE_DIR
from tests.conftest import make_config
from tests.databases import migrate
from tests.factories import make_post, make_user
from tests.processes import flask, free_port, settings_for
from tests.servers.programs import MariaDB, PostgreSQL, Redis, running
from tests.servers.test_search_engines import forget_everything
from tests.working import do_jobs

# Far more than it may take; it only keeps a run from hanging.
ENDS_WITHIN = 60


@pytest.fixture
def site(tmp_path) -> dict[str, str]:
    """Return the settings of a site whose database is there."""
    settings = settings_for(tmp_path, free_port())
    flask(settings, "db", "upgrade")
    return settings


def ask(site: dict[str, str]) -> dict[str, list[tuple[str, str]]]:
    """Run the command in a process of its own; returns what each check found."""
    command = [sys.executable, "-m", "flask", "--app", "microblog.py", "doctor", "--json"]
    done = subprocess.run(
        command,
        cwd=BASE_DIR,
        env=site,
        check=False,
        capture_output=True,
        text=True,
        timeout=ENDS_WITHIN,
    )
    assert done.stderr == ""
    found: dict[str, list[tuple[str, str]]] = {}
    for each in json.loads(done.stdout)["findings"]:
        found.setdefault(each["check"], []).append((each["level"], each["text"]))
    levels = {level for several in found.values() for level, _text in several}
    assert done.returncode == (1 if "error" in levels else 0)
    return found


def says(findings: list[tuple[str, str]], level: str, words: str) -> bool:
    return any(found == level and words in text for found, text in findings)


# Databases


@pytest.fixture
def app_on(tmp_path) -> Callable[[str], object]:
    """Return a function that makes a site on a database, with tables."""

    def make(url: str):
        app = create_app(make_config(tmp_path, DATABASE_URL=url))
        migrate(app)
        return app

    return make


def look(app, name: str) -> list[tuple[str, str]]:
    """Run the command in this process; returns what one check found."""
    with app.app_context():
        db.session.rollback()
    findings = json.loads(app.test_cli_runner().invoke(args=["doctor", "--json"]).stdout)
    return [(e["level"], e["text"]) for e in findings["findings"] if e["check"] == name]


@pytest.fixture
def app(app_on, database):
    app = app_on(database.new_database())
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_database_that_is_well(app):
    make_post(make_user("ana"))
    worker.plant_periodic_jobs()
    do_jobs(app)
    for name in ("database", "migrations", "worker", "search", "clock"):
        findings = look(app, name)
        assert {level for level, _text in findings} == {"ok"}, findings
    [(_level, text)] = look(app, "database")
    assert text.startswith(("PostgreSQL ", "MariaDB "))


def test_clock_that_is_not_the_database_servers_is_found(app):
    assert says(look(app, "clock"), "ok", "as the database server's does")
    with time_machine.travel(utcnow().timestamp() + 600, tick=True):
        assert says(look(app, "clock"), "error", "The database server's clock says")


def test_user_who_may_not_read_the_tables_is_found(app):
    db.session.execute(sa.text("DROP TABLE address_changes"))
    db.session.execute(sa.text("ALTER TABLE jobs RENAME TO work"))
    db.session.commit()
    assert says(look(app, "worker"), "error", "The database cannot answer")


def test_database_that_takes_connections_and_says_nothing_is_given_up(database, site):
    site |= {"DATABASE_URL": database.url}
    database.freeze()
    try:
        found = ask(site)
    finally:
        database.thaw()
    assert says(found["database"], "error", "No answer within")
    assert says(found["worker"], "warning", "Not looked at")


def test_table_of_mariadb_that_folds_letters_is_found(app_on):
    with running(MariaDB) as server:
        app = app_on(server.new_database())
        with app.app_context():
            statement = "CREATE TABLE guests (name VARCHAR(9)) COLLATE utf8mb4_general_ci"
            db.session.execute(sa.text(statement))
            db.session.commit()
            assert says(look(app, "database"), "error", "guests.name")
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_database_of_postgresql_without_utf_8_is_found(tmp_path, encoding):
    with running(PostgreSQL) as server:
        engine = sa.create_engine(server.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            kind = f"ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
            connection.exec_driver_sql(f"CREATE DATABASE old {kind}")
        url = sa.make_url(server.url).set(database="old")
        settings = {"DATABASE_URL": url.render_as_string(hide_password=False)}
        app = create_app(make_config(tmp_path, **settings))
        assert says(look(app, "database"), "error", encoding)
        with app.app_context():
            db.engine.dispose()


# Brokers, limits


def test_broker_that_is_well_or_frozen(broker, site):
    site |= {"CELERY_BROKER_URL": broker.url}
    assert says(ask(site)["broker"], "ok", "answers")
    broker.freeze()
    try:
        found = ask(site)
    finally:
        broker.thaw()
    assert says(found["broker"], "error", "cannot be used")


def test_redis_that_counts_limits_is_well_or_frozen(site):
    with running(Redis) as server:
        site |= {"REDIS_URL": server.url}
        assert says(ask(site)["limits"], "ok", "counts limits")
        server.freeze()
        try:
            found = ask(site)
        finally:
            server.thaw()
    assert says(found["limits"], "error", "does not answer")


# Elasticsearch


def test_elasticsearch_that_is_new_full_and_short_of_something(elasticsearch_url, tmp_path):
    forget_everything(elasticsearch_url)
    app = create_app(make_config(tmp_path, ELASTICSEARCH_URL=elasticsearch_url))
    migrate(app)
    with app.app_context():
        post = make_post(make_user("ana"))
        assert says(look(app, "search"), "warning", "has no indexes of ours yet")
        app.test_cli_runner().invoke(args=["search", "rebuild"])
        assert [level for level, _text in look(app, "search")] == ["ok", "ok"]
        elastic().remove("posts", [post.id])
        assert says(look(app, "search"), "warning", "0 of 1 posts")
        elastic().client.close()
        db.session.remove()
        db.engine.dispose()
