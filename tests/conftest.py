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
def app(empty_database: Path, tmp_path: Path, settings: dict[str, str]) -> Iterator[Flask]:
    """Return an application on an empty, migrated database."""
    shutil.copy(empty_database, tmp_path / "app.db")
    app = create_app(make_config(tmp_path, **settings))
    app.test_client_class = Client
    # Each test has an application of its own; the templates need compiling only once.
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(empty_database.parent))
    with app.app_context():
        limiter.reset()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a browser without JavaScript, so to speak."""
    return app.test_client()
