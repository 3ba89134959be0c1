"""Fixtures shared by every test: an application on its own SQLite file, a client, the cast."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse
from xdist.scheduler import LoadScopeScheduling

from app import create_app
from app.extensions import db, limiter
from config import Config
from tests.cast import ana, bob, carla
from tests.databases import SERVERS, ServerDatabase, SQLiteFile, migrate
from tests.servers.programs import DatabaseServer, running

__all__ = ["ana", "bob", "carla"]

TESTS = Path(__file__).parent
# Where tests that use the application depend on what the database does: run on all three.
DATABASE_ROOMS = [
    *("accounts", "exports", "jobs", "messages", "migrations", "moderation", "notifications"),
    *("posts", "relationships", "search", "timelines", "web/auth", "web/main", "web/settings"),
]
# One site with its browser, one town, one worker that is killed: for all tests there.
TOGETHER = ("tests/browser/", "tests/cli/test_demo.py", "tests/jobs/test_crashes_embedded.py")
SETTINGS = {"SECRET_KEY": "a key for tests only, long enough to be live with"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", *SERVERS], default="sqlite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that are run on every database, and skip those that only fit SQLite."""
    for item in items:
        folder = item.path.relative_to(TESTS).parent
        uses_one = {"app", "bare"} & set(item.fixturenames)
        if uses_one and any(folder.is_relative_to(room) for room in DATABASE_ROOMS):
            item.add_marker(pytest.mark.database)
        only = item.get_closest_marker("sqlite")
        if only and config.getoption("database") != "sqlite":
            item.add_marker(pytest.mark.skip(reason=f"NOT RUN, only for SQLite: {only.args[0]}"))


class Together(LoadScopeScheduling):
    """Gives tests to the workers one by one, but those that share something dear to one of them."""

    def _split_scope(self, nodeid: str) -> str:
        return next((room for room in TOGETHER if nodeid.startswith(room)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together | None:
    """Take the place of `--dist loadgroup`, whose groups pytest 9 does not keep together."""
    return Together(config, log) if config.getoption("dist") == "loadgroup" else None


def make_config(folder: Path, **env: str) -> Config:
    """Return a configuration whose files are all in `folder`; nothing is read from outside."""
    config = Config(SETTINGS | env, instance=folder)
    config.TESTING = True
    return config


class Client(FlaskClient):
    """A client whose requests share nothing with the test but the database file.

    The test itself has an application context open (for factories and queries). Each request gets
    one of its own, and the test's transaction is closed first, so that its rows are read anew.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request and read the whole answer, so that a sent file is closed."""
        kwargs.setdefault("buffered", True)
        db.session.rollback()
        db.session.expire_all()
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one SQLite file; each test gets a copy of it."""
    folder = tmp_path_factory.mktemp("database")
    migrate(create_app(make_config(folder)))
    return folder / "app.db"


@pytest.fixture(scope="session")
def database_server(request: pytest.FixtureRequest) -> Iterator[DatabaseServer | None]:
    """Start what `--database` names, for this process alone; SQLite needs none."""
    kind = request.config.getoption("database")
    if kind == "sqlite":
        yield None
        return
    with running(SERVERS[kind]) as server:
        yield server


@pytest.fixture(scope="session")
def renewable_database(
    empty_database: Path,
    database_server: DatabaseServer | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SQLiteFile | ServerDatabase]:
    """Return where the rows of a test are."""
    if database_server is None:
        yield SQLiteFile(empty_database)
        return
    settings = {"DATABASE_URL": database_server.new_database()}
    database = ServerDatabase(
        create_app(make_config(tmp_path_factory.mktemp("server"), **settings))
    )
    yield database
    database.engine.dispose()


@pytest.fixture
def settings() -> dict[str, str]:
    """Return what a test wants in the environment; override it in a module."""
    return {}


@pytest.fixture
def shared_app() -> bool:
    """Whether the application may be one that earlier tests used; not if views are added."""
    return True


@pytest.fixture(scope="session")
def applications() -> dict[object, Flask]:
    """Keep applications by their settings: making one takes longer than most tests."""
    return {}


@pytest.fixture
def app(
    empty_database: Path,
    renewable_database: SQLiteFile | ServerDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    settings: dict[str, str],
    shared_app: bool,
    applications: dict[object, Flask],
) -> Iterator[Flask]:
    """Return an application on an empty, migrated database, with nothing left of other tests."""
    key = frozenset(settings.items()) if shared_app else object()
    if key not in applications:
        folder = tmp_path_factory.mktemp("app")
        applications[key] = create_app(
            make_config(folder, **renewable_database.settings | settings)
        )
        applications[key].test_client_class = Client
        applications[key].jinja_env.bytecode_cache = FileSystemBytecodeCache(
            str(empty_database.parent)
        )
    app = applications[key]
    config = dict(app.config)
    shutil.rmtree(app.config["DATA_DIR"] / "outbox", ignore_errors=True)
    if "DATABASE_URL" not in settings:
        renewable_database.renew(app)
    # The limiter is one for all applications, and counts where the one made last wants it to.
    limiter.init_app(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    app.config.clear()
    app.config.update(config)


@pytest.fixture
def bare(database_server: DatabaseServer | None, tmp_path: Path) -> Iterator[Flask]:
    """Return an application whose database has no tables yet."""
    settings = {"DATABASE_URL": database_server.new_database()} if database_server else {}
    app = create_app(make_config(tmp_path, **settings))
    app.test_client_class = Client
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a browser without JavaScript, so to speak."""
    return app.test_client()
