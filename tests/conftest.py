"""Fixtures shared by every test: an application on its own SQLite file, a client, the cast."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from app import create_app
from app.extensions import db, limiter
from config import Config
from tests.cast import ana, bob, carla

__all__ = ["ana", "bob", "carla"]

SETTINGS = {"SECRET_KEY": "a key for tests only, long enough to be live with"}


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
    app = create_app(make_config(folder))
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
    return folder / "app.db"


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
    tmp_path_factory: pytest.TempPathFactory,
    settings: dict[str, str],
    shared_app: bool,
    applications: dict[object, Flask],
) -> Iterator[Flask]:
    """Return an application on an empty, migrated database, with nothing left of other tests."""
    key = frozenset(settings.items()) if shared_app else object()
    if key not in applications:
        folder = tmp_path_factory.mktemp("app")
        applications[key] = create_app(make_config(folder, **settings))
        applications[key].test_client_class = Client
        applications[key].jinja_env.bytecode_cache = FileSystemBytecodeCache(
            str(empty_database.parent)
        )
    app = applications[key]
    config = dict(app.config)
    for folder in ("outbox", "exports"):
        shutil.rmtree(app.config["DATA_DIR"] / folder, ignore_errors=True)
    if "DATABASE_URL" not in settings:
        renew_database(empty_database, Path(app.config["DATABASE_URL"].removeprefix("sqlite:///")))
    with app.app_context():
        limiter.reset()
        yield app
        db.session.remove()
        db.engine.dispose()
    app.config.clear()
    app.config.update(config)


def renew_database(original: Path, database: Path) -> None:
    """Put a copy in the place of a database that nobody has open."""
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    shutil.copy(original, database)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a browser without JavaScript, so to speak."""
    return app.test_client()
