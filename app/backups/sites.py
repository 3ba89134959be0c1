"""Another database than the one that the settings name, for moving a site."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app
from sqlalchemy.engine import Engine

from app.backups.errors import BackupError
from app.extensions import db, migrate
from app.search import elastic
from config import Config, ConfigError


@contextmanager
def site_on(address: str) -> Iterator[Engine]:
    """Open a site that has nothing but a database: migrations and the index then work on that."""
    env = {"DATABASE_URL": address, "SECRET_KEY": current_app.config["SECRET_KEY"]}
    try:
        config = Config(env, instance=current_app.config["DATA_DIR"])
    except ConfigError as error:
        # Without the address: there may be a password in it.
        raise BackupError(
            "An address must be one of SQLite, PostgreSQL or MySQL, as in DATABASE_URL."
        ) from error
    site = Flask(current_app.import_name, static_folder=None)
    site.config.from_object(config)
    db.init_app(site)
    migrate.init_app(site, db)
    elastic.init_app(site)
    with site.app_context():
        try:
            yield db.engine
        finally:
            db.session.remove()
            db.engine.dispose()
