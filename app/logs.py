"""Logging: one line per event on standard error, each with the id of the request it belongs to."""

import logging
import re
import secrets

from flask import Flask, Response, g, has_request_context, request
from flask.logging import default_handler

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
FORMAT = "%(asctime)s %(levelname)s [%(request_id)s] %(name)s: %(message)s"


class LineFormatter(logging.Formatter):
    """One line per message: what a request brings along cannot begin another."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        """Return the line, control characters written out."""
        record.message = CONTROLS.sub(lambda match: repr(match[0])[1:-1], record.message)
        return super().formatMessage(record)


class RequestIdFilter(logging.Filter):
    """Puts the current request's id, or a dash, on every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add `request_id` and let every record pass."""
        record.request_id = g.get("request_id", "-") if has_request_context() else "-"
        return True


def init_app(app: Flask) -> None:
    """Send the application's log to standard error and number the requests."""
    default_handler.setFormatter(LineFormatter(FORMAT))
    if not any(isinstance(item, RequestIdFilter) for item in default_handler.filters):
        default_handler.addFilter(RequestIdFilter())
    app.logger.setLevel(app.config["LOG_LEVEL"])
    app.before_request(name_request)
    app.after_request(tell_request_id)


def name_request() -> None:
    """Take the id that a trusted proxy gave to this request, or make one."""
    given = request.headers.get("X-Request-ID", "")
    trusted = request.environ.get("microblog.proxied") and REQUEST_ID.fullmatch(given)
    g.request_id = given if trusted else secrets.token_hex(8)


def tell_request_id(response: Response) -> Response:
    """Name the request in the response, so that a member can quote it."""
    response.headers["X-Request-ID"] = g.get("request_id", "-")
    return response
