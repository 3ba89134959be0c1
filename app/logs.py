"""Logging: one line per event, each with the id of the request it belongs to.

By default lines for people, on standard error and in DATA_DIR/logs/microblog.log, which starts anew
when it is large and may be written by several processes. With LOG_TO_STDOUT one JSON object per
line, on standard output only. A job's lines carry the id of the request that asked for it.
"""

import logging
import re
import secrets
import sys
import time
from logging.handlers import BaseRotatingHandler
from pathlib import Path
from typing import Any

from concurrent_log_handler import ConcurrentRotatingFileHandler
from flask import Flask, Response, g, has_app_context, has_request_context, request
from flask.logging import wsgi_errors_stream
from pythonjsonlogger.json import JsonFormatter

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Whoever reads a log must not be able to use the links that members were sent.
SECRET_PATH = re.compile(r"(/auth/(?:reset_password|confirm)/)[^\s/?#\"'\\]+")
FORMAT = "%(asctime)s %(levelname)s [%(request_id)s] %(name)s: %(message)s"
JSON_FIELDS = ("levelname", "request_id", "name", "message")
JSON_NAMES = {"levelname": "level", "name": "logger"}
ACCESS_FORMAT = '%s "%s %s" %s %s %sms'
FILE_BYTES, OLD_FILES = 10 * 1024 * 1024, 5

access_log = logging.getLogger("app.access")


class LineFormatter(logging.Formatter):
    """One line per message: what a request brings along cannot begin another."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        """Return the line, control characters written out and secret links cut off."""
        record.message = write_out(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 (logging's name)
        """Return a traceback, indented: the text of an exception cannot begin a line either."""
        lines = super().formatException(ei).split("\n")
        return "\n".join(f"    {write_out(line)}" for line in lines)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line and a traceback, if there is one, secret links cut off."""
        return mask(super().format(record))


class LongFormatter(logging.Formatter):
    """Several lines per message, for mail; the traceback stands below."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        """Return the text; what a request brings along begins no line of its own."""
        record.message = write_out(record.message)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        """Return the text, secret links cut off."""
        return mask(super().format(record))


class ObjectFormatter(JsonFormatter):
    """One JSON object per message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object, secret links cut off."""
        return mask(super().format(record))


class ContextFilter(logging.Filter):
    """Puts the current request's id, or that of the request that asked for a job, on records."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add `request_id` and `where` (such as "GET /explore") and let every record pass."""
        record.request_id = g.get("request_id", "-") if has_app_context() else "-"
        record.where = "-"
        if has_request_context():
            record.where = write_out(f"{request.method} {mask(request.path)}")
        return True


def init_app(app: Flask) -> None:
    """Send the application's log where the settings say, and number the requests."""
    app.logger.setLevel(app.config["LOG_LEVEL"])
    for handler in app.logger.handlers:
        handler.close()
    app.logger.handlers = make_handlers(app)
    # Visits would soon push everything else out of the file.
    access_log.handlers, access_log.propagate = app.logger.handlers[:1], False
    app.before_request(name_request)
    app.after_request(tell_request_id)


def make_handlers(app: Flask) -> list[logging.Handler]:
    """Return the handlers that the settings ask for."""
    if app.config["LOG_TO_STDOUT"]:
        stdout = logging.StreamHandler(sys.stdout)
        stdout.setFormatter(
            ObjectFormatter(JSON_FIELDS, rename_fields=JSON_NAMES, timestamp="time")
        )
        handlers = [stdout]
    else:
        handlers = [
            logging.StreamHandler(wsgi_errors_stream),
            log_file(app.config["DATA_DIR"] / "logs"),
        ]
        for handler in handlers:
            handler.setFormatter(LineFormatter(FORMAT))
    for handler in handlers:
        handler.addFilter(ContextFilter())
    return handlers


def log_file(folder: Path) -> BaseRotatingHandler:
    """Return a handler whose file several processes may write and rotate."""
    # Of a new DATA_DIR, where the database will be, it is the first thing. mkdir() would give the
    # mode to the last folder alone.
    for path in (folder.parent, folder):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return ConcurrentRotatingFileHandler(
        folder / "microblog.log",
        maxBytes=FILE_BYTES,
        backupCount=OLD_FILES,
        encoding="utf-8",
        delay=True,
    )


def write_out(text: str) -> str:
    """Return text with its control characters written out: \\n for the end of a line."""
    return CONTROLS.sub(lambda match: repr(match[0])[1:-1], text)


def mask(text: str) -> str:
    """Return text without the secret part of links that were sent by mail."""
    return SECRET_PATH.sub(r"\1…", text)


def name_request() -> None:
    """Take the id that a trusted proxy gave to this request, or make one."""
    given = request.headers.get("X-Request-ID", "")
    trusted = request.environ.get("microblog.proxied") and REQUEST_ID.fullmatch(given)
    g.request_id = given if trusted else secrets.token_hex(8)
    g.began = time.perf_counter()


def tell_request_id(response: Response) -> Response:
    """Name the request in the response, so that a member can quote it, and log the visit."""
    response.headers["X-Request-ID"] = g.get("request_id", "-")
    visit = {
        "client": request.remote_addr,
        "method": request.method,
        "path": mask(request.full_path.rstrip("?")),
        "status": response.status_code,
        "bytes": response.content_length,
        "milliseconds": round(1000 * seconds_taken(), 1),
    }
    access_log.info(ACCESS_FORMAT, *visit.values(), extra=visit)
    return response


def seconds_taken() -> float:
    """Return how long the request has been worked on."""
    now = time.perf_counter()
    return now - g.get("began", now)
