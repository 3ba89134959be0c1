"""Microblog: the application factory.

Imports run one way: core <- domains <- edges <- this file (tests/architecture checks it).
"""

from dotenv import load_dotenv
from flask import Flask

from app import (
    assets,
    caching,
    error_mail,
    i18n,
    logs,
    models,
    ratelimit,
    security,
    templating,
    wiring,
)
from app.auth import bp as auth
from app.auth.sessions import load_member, note_visit, refuse_visitor
from app.cli import register_commands
from app.errors import register_errors
from app.extensions import csrf, db, limiter, login, mail, migrate, moment
from app.jobs import celery, housekeeping
from app.main import bp as main
from app.metrics import page as metrics
from app.notifications import tasks as notification_tasks
from app.posts import tasks as posts_tasks
from app.relationships import tasks as relationship_tasks
from app.search import elastic
from config import BASE_DIR, Config, ConfigError


def create_app(config: Config | None = None) -> Flask:
    """Build the application; without a `config`, from the environment and the file .env."""
    if config is None:
        load_dotenv(BASE_DIR / ".env")
        config = Config()

    app = Flask(__name__, static_folder=None)
    app.config.from_object(config)
    if app.config["LIVE"] and app.debug:
        raise ConfigError("FLASK_DEBUG", "must not be set on a live site (see PUBLIC_URL).")

    logs.init_app(app)
    error_mail.init_app(app)
    security.init_app(app)
    metrics.init_app(app)
    caching.init_app(app)
    register_extensions(app)
    assets.init_app(app)
    templating.init_app(app)
    register_blueprints(app)
    register_errors(app)
    register_commands(app)
    return app


def register_extensions(app: Flask) -> None:
    """Bind every extension to the application."""
    db.init_app(app)
    migrate.init_app(app, db)
    ratelimit.init_app(app)
    limiter.init_app(app)
    csrf.init_app(app)
    mail.init_app(app)
    celery.init_app(app)
    elastic.init_app(app)
    wiring.connect()
    moment.init_app(app)
    i18n.init_app(app)
    login.init_app(app)
    login.user_loader(load_member)
    login.unauthorized_handler(refuse_visitor)
    app.after_request(note_visit)


def register_blueprints(app: Flask) -> None:
    """Mount the edges that people see."""
    app.register_blueprint(main)
    app.register_blueprint(auth, url_prefix="/auth")


__all__ = [
    "create_app",
    "housekeeping",
    "models",
    "notification_tasks",
    "posts_tasks",
    "relationship_tasks",
]
