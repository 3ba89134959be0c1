"""What a check finds, and how checks are run: side by side, for a limited time, never a traceback.

A check is a function that yields findings, in plain words: what is so, and how to mend it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from threading import Thread
from time import monotonic
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

# Longer than any time-out of the clients that checks use, so that these can say what is wrong.
SECONDS = 12
LONGEST = 300
ADDRESSES = ("SQLALCHEMY_DATABASE_URI", "CELERY_BROKER_URL", "REDIS_URL", "ELASTICSEARCH_URL")


class Level(StrEnum):
    """How bad it is: fine, worth a look, or broken."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """One thing that is so, and how to mend it where it is not as it should be."""

    level: Level
    text: str
    remedy: str = ""


def ok(text: str) -> Finding:
    """Return the finding that something is as it should be."""
    return Finding(Level.OK, text)


def warning(text: str, remedy: str) -> Finding:
    """Return the finding that something works, but should be looked at."""
    return Finding(Level.WARNING, text, remedy)


def error(text: str, remedy: str) -> Finding:
    """Return the finding that something does not work, or is not safe."""
    return Finding(Level.ERROR, text, remedy)


@dataclass(frozen=True)
class Check:
    """A subject, the function that looks at it, and whether that needs the database's answer."""

    name: str
    look: Callable[[], Iterator[Finding]]
    needs_database: bool = False


def examine(checks: Sequence[Check], seconds: float = SECONDS) -> dict[str, list[Finding]]:
    """Run every check and return what each found, in their order.

    What needs the database comes second, and is left out if there is none, or not the right one.
    """
    found = _run_together([check for check in checks if not check.needs_database], seconds)
    later = [check for check in checks if check.needs_database]
    if _is_usable(found["database"][:1] + found["migrations"]):
        found |= _run_together(later, seconds)
    else:
        found |= {check.name: [_not_looked_at()] for check in later}
    return {check.name: found[check.name] for check in checks}


def said_by(error: BaseException) -> str:
    """Return what an exception says, in one line and without the secrets of the settings."""
    cause = getattr(error, "orig", None) or error
    words = " ".join(str(cause).split())
    for secret in _secrets():
        words = words.replace(secret, "…")
    return f"{type(cause).__name__}: {words}"[:LONGEST] if words else type(cause).__name__


def place_of(url: str) -> str:
    """Return host and port of a server's address, and nothing that is secret."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _is_usable(findings: list[Finding]) -> bool:
    return all(finding.level != Level.ERROR for finding in findings)


def _run_together(checks: list[Check], seconds: float) -> dict[str, list[Finding]]:
    app = current_app._get_current_object()
    found: dict[str, list[Finding]] = {check.name: [] for check in checks}
    # Daemons: one that never ends must not keep the command from ending.
    threads = {
        check.name: Thread(target=_run, args=(app, check, found[check.name]), daemon=True)
        for check in checks
    }
    for thread in threads.values():
        thread.start()
    deadline = monotonic() + seconds
    for name, thread in threads.items():
        thread.join(max(0, deadline - monotonic()))
        if thread.is_alive():
            # A list of its own: the thread may still write into the first.
            found[name] = [*found[name], _too_slow(seconds)]
    return found


def _run(app: Flask, check: Check, found: list[Finding]) -> None:
    with app.app_context():
        try:
            # One by one: what was found before a failure counts.
            for finding in check.look():
                found.append(finding)  # noqa: PERF402
        except SQLAlchemyError as failure:
            found.append(_database_failed(failure))
        except Exception as failure:
            found.append(_broke(failure))


def _not_looked_at() -> Finding:
    return warning("Not looked at: the database cannot be used.", "Mend the database first.")


def _database_failed(failure: SQLAlchemyError) -> Finding:
    text = f"The database cannot answer: {said_by(failure)}"
    return error(text, "See what its own log says; may our user read and write all tables?")


def _too_slow(seconds: float) -> Finding:
    text = f"No answer within {seconds} seconds."
    return error(text, "Look whether its server is reachable, overloaded, or behind a firewall.")


def _broke(failure: Exception) -> Finding:
    text = f"This check itself failed: {said_by(failure)}"
    return error(text, "Please report it, with this line and the version of the site.")


def _secrets() -> Iterator[str]:
    config = current_app.config
    passwords = [urlsplit(config[name]).password for name in ADDRESSES]
    plain = [unquote(password) for password in passwords if password]
    yield from filter(None, [config["SECRET_KEY"], config["MAIL_PASSWORD"], *passwords, *plain])
