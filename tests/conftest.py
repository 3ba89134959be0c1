"""Fixtures shared by every test: an application on its own fresh SQLite file, a client, the cast."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.extensions import db, limiter
from config import Config

SETTINGS = {"SECRET_KEY": "a key for tests only, long enough to be live with"}


def make_config(folder: Path, **env: str) -> Config:
    """Return a configuration whose files are all in `folder`; nothing is read from outside."""
    config = Config(SETTINGS | env, instance=folder)
    config.TESTING = True
    return config


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
    with app.app_context():
        limiter.reset()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a browser without JavaScript, so to speak."""
    return app.test_client()
