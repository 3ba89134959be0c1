"""An application whose log is its own."""

from collections.abc import Iterator

import pytest
from flask import Flask, request

from app import error_mail


@pytest.fixture
def shared_app() -> bool:
    """Make a new application: the last one made has the log."""
    return False


@pytest.fixture
def own_log(app: Flask) -> Iterator[Flask]:
    """Take the log's handlers away in the end, and stop the threads behind them."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    for handler in app.logger.handlers:
        if isinstance(handler, error_mail.Mailbox):
            handler.stop()
        handler.close()
    app.logger.handlers = []


@pytest.fixture
def broken(own_log: Flask) -> Flask:
    """Give the application views that break."""

    def boom(rest: str = "") -> None:
        raise ZeroDivisionError("division of the fleet")

    def kinds(number: int) -> None:
        raise type(f"Error{number}", (Exception,), {})

    def words() -> None:
        raise ValueError(request.values["words"])

    methods = ["GET", "POST"]
    own_log.add_url_rule("/boom", view_func=boom, methods=methods)
    own_log.add_url_rule("/boom/<path:rest>", endpoint="boom_path", view_func=boom)
    own_log.add_url_rule("/boom-name/<rest>", endpoint="boom_name", view_func=boom)
    for link in ("confirm", "reset_password"):
        own_log.add_url_rule(f"/auth/{link}/<rest>/boom", endpoint=link, view_func=boom)
    own_log.add_url_rule("/kinds/<int:number>", view_func=kinds)
    own_log.add_url_rule("/words", view_func=words, methods=methods)
    return own_log
