"""Addresses that fail in the ways that a mistake of ours would."""

import pytest
import sqlalchemy as sa
from flask import abort
from flask_login import current_user

from app.extensions import db
from app.posts import actions


@pytest.fixture
def shared_app():
    return False


@pytest.fixture
def broken(app):
    """Give the application views that fail, and let their exceptions meet the error handlers."""
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def raise_error(rest=""):
        raise ZeroDivisionError("a secret detail")

    def ask_badly(rest):
        db.session.execute(sa.text("SELECT * FROM nowhere"))

    def write_then_raise():
        actions.publish(current_user, "Written by halves")
        db.session.flush()
        raise ZeroDivisionError

    def answer(code):
        abort(code)

    def lose_database():
        current_user.is_authenticated  # noqa: B018 (asks for the member and their session)
        connection = db.session.connection().connection
        connection.driver_connection.close()
        return "A good answer."

    methods = ["GET", "POST"]
    app.add_url_rule("/broken", view_func=raise_error, methods=methods)
    app.add_url_rule("/broken/<rest>", endpoint="broken_path", view_func=raise_error)
    app.add_url_rule("/broken-query/<rest>", view_func=ask_badly)
    app.add_url_rule("/broken-write", view_func=write_then_raise, methods=methods)
    app.add_url_rule("/lose-database", view_func=lose_database)
    app.add_url_rule("/abort/<int:code>", view_func=answer, methods=methods)
    return app


@pytest.fixture
def lose_tables(app):
    """Return a function that takes the tables away."""

    def lose():
        app.config["PROPAGATE_EXCEPTIONS"] = False
        db.session.rollback()
        db.drop_all()

    return lose
