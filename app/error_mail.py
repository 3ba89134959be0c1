"""Telling ADMINS by mail when something breaks, without ever being in the way.

A request only puts the record into a queue; a thread sends it. Records are grouped by what was
raised and where: of each group the first is sent at once, and after that at most one in a while,
which says how many there were in between. All groups together have a limit too, so that a broken
page does not send a thousand messages.
"""

import atexit
import logging
import queue
import socket
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from logging.handlers import QueueHandler, SMTPHandler
from threading import Thread

import flask_mail
from flask import Flask

from app import email, logs
from app.jobs.tasks import GiveUp, Retry

GROUP_SECONDS = 15 * 60
HOURLY = 20
AN_HOUR = 3600
# After a message could not be sent, the next one waits so long.
REST_SECONDS = 60
# Records that wait for the thread; of more, only how many there were is kept.
WAITING = 100
# How long the end of the process may be held up to send what waits.
GOODBYE_SECONDS = 5
FORMAT = """%(levelname)s in %(name)s, at %(asctime)s
Request: %(where)s [%(request_id)s]

%(message)s
"""


def init_app(app: Flask) -> None:
    """Let errors reach the administrators, if the settings name any."""
    if app.config["ADMINS"]:
        app.logger.addHandler(make_handler(app))


def make_handler(app: Flask) -> "Mailbox":
    """Return a handler that takes records of errors and returns at once."""
    sender = ErrorMail(app)
    sender.setFormatter(logs.LongFormatter(FORMAT))
    mailbox = Mailbox(sender)
    mailbox.setLevel(logging.ERROR)
    mailbox.addFilter(logs.ContextFilter())
    return mailbox


class Mailbox(QueueHandler):
    """Takes records; its thread is begun with the first, in the process that has it."""

    def __init__(self, sender: "ErrorMail") -> None:
        super().__init__(queue.Queue(WAITING))
        self.sender = sender
        self.thread: Thread | None = None

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Note the record's group and write its text, while the exception is still there."""
        group, text = group_of(record), self.sender.format(record)
        prepared = super().prepare(record)
        prepared.group, prepared.text = group, text
        return prepared

    def enqueue(self, record: logging.LogRecord) -> None:
        """Put a record where the thread finds it; only count it rather than wait."""
        try:
            self.queue.put_nowait(record)
        except queue.Full:
            self.sender.count(record)
        if self.thread is None:
            self.thread = Thread(target=self._work, name="error mail", daemon=True)
            self.thread.start()
            atexit.register(self.stop)

    def stop(self) -> None:
        """Send what waits, if that can be done soon, and end the thread."""
        thread, self.thread = self.thread, None
        if thread is not None:
            with suppress(queue.Full):
                self.queue.put(None, timeout=GOODBYE_SECONDS)
            thread.join(GOODBYE_SECONDS)

    def _work(self) -> None:
        while (record := self.queue.get()) is not None:
            self.sender.handle(record)


@dataclass
class Group:
    """What is remembered of one kind of error: when it was last sent, and how many came since."""

    sent_at: float = float("-inf")
    unsent: int = 0


class ErrorMail(SMTPHandler):
    """Sends a record to the administrators, or counts it.

    It has its recipients and subject as logging's own handler has, and hands its messages over as
    all others are (`email.deliver`): encrypted, signed in, or into the outbox.
    """

    def __init__(self, app: Flask) -> None:
        config = app.config
        subject = f"[{config['SITE_NAME']}] Something broke"
        super().__init__(
            config["MAIL_SERVER"], config["MAIL_DEFAULT_SENDER"], config["ADMINS"], subject
        )
        self.app = app
        self.groups: dict[str, Group] = {}
        self.sent: deque[float] = deque(maxlen=HOURLY)
        self.resting_until = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Send a record unless its kind, or too much altogether, was sent lately."""
        now, group = time.monotonic(), self.group(record)
        flooded = len(self.sent) == HOURLY and now - self.sent[0] < AN_HOUR
        if flooded or now < self.resting_until or now - group.sent_at < GROUP_SECONDS:
            self.count(record)
            return
        before, body = group.unsent, record.text
        if before:
            body += f"\nThe same happened {before} times more since the last message about it.\n"
        try:
            self.post(record, body)
            group.sent_at, group.unsent = now, group.unsent - before
            self.sent.append(now)
        except (Retry, GiveUp) as reason:
            self.count(record)
            self.resting_until = now + REST_SECONDS
            # Not through the log: that would come back here.
            print(f"Could not tell the administrators: {reason}", file=sys.stderr)  # noqa: T201
        except Exception:
            self.handleError(record)

    def group(self, record: logging.LogRecord) -> Group:
        """Return what is remembered of a record's kind."""
        return self.groups.setdefault(record.group, Group())

    def count(self, record: logging.LogRecord) -> None:
        """Remember that there was one more of a kind, without a message."""
        self.group(record).unsent += 1

    def post(self, record: logging.LogRecord, body: str) -> None:
        """Hand one message over."""
        with self.app.app_context():
            message = flask_mail.Message(
                subject=f"{self.subject}: {record.group}"[:200],
                recipients=self.toaddrs,
                body=f"{body}\n-- \n{socket.gethostname()}, {self.app.config['PUBLIC_URL']}\n",
            )
            email.deliver(message, f"error-{time.time_ns()}")


def group_of(record: logging.LogRecord) -> str:
    """Return what was raised and where; without an exception, where it was logged.

    Whoever logs may name the group (`extra={"group": …}`).
    """
    if hasattr(record, "group"):
        return record.group
    if not record.exc_info or record.exc_info[1] is None:
        return f"{record.name}:{record.lineno}"
    error = record.exc_info[1]
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else record.name
    return f"{type(error).__name__} in {place}"
