"""What every table and every connection has in common, and how transactions begin.

SQLite needs care to serve many writers: its driver's own BEGIN is switched off and `_begin` says
which kind is wanted. A request that only reads begins DEFERRED and never writes in that transaction
(a read that turns into a write fails at once, whatever the time-out). Everything else begins
IMMEDIATE, so that it waits for its turn at the start and never fails in the middle.
"""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import has_request_context, request
from sqlalchemy import event
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session

logger = logging.getLogger(__name__)
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
SQLITE_BUSY_MS = 15_000
# What SQLite says of a file that cannot be read or written just now.
UNAVAILABLE = ("database is locked", "database or disk is full", "unable to open", "disk I/O")
# The last one is said of whatever is asked after a connection was lost.
UNAVAILABLE_ERRORS = (
    OperationalError,
    sa.exc.InterfaceError,
    sa.exc.TimeoutError,
    sa.exc.PendingRollbackError,
)
# Any number, as long as nobody else in the database locks the same one.
TURNS = {
    "postgresql": "SELECT pg_try_advisory_lock{shared}(7361042)",
    "mysql": "SELECT GET_LOCK(SHA1(CONCAT('microblog 7361042 ', DATABASE())), 0)",
}
TURNS["mariadb"] = TURNS["mysql"]
TURNS_SECONDS, TURNS_PAUSE = 600, 0.2

# MySQL and MariaDB compare text as bytes, as the other databases do; keys are folded in Python.
TABLE_OPTIONS = {
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
    "mariadb_charset": "utf8mb4",
    "mariadb_collate": "utf8mb4_bin",
    # Ids are never given out twice, also after the newest row was deleted.
    "sqlite_autoincrement": True,
}

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# MySQL's TEXT and BLOB end at 64 KiB.
LongText = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
LongBinary = sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")


def short_binary(length: int) -> sa.types.TypeEngine[bytes]:
    """Return the type of a few bytes that an index can hold whole; MySQL indexes no BLOB so."""
    return sa.LargeBinary(length).with_variant(mysql.VARBINARY(length), "mysql", "mariadb")


class Base(DeclarativeBase):
    """Base of every model; its naming convention lets migrations name every constraint."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    __table_args__: Any = TABLE_OPTIONS


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database, to the microsecond. Refuses naive ones."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Give MySQL its fractional seconds and PostgreSQL its time zone."""
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A naive time has no place in the database; use app.clock.utcnow().")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Say of a stored time that it is UTC."""
        if value is None or value.tzinfo is not None:
            return value and value.astimezone(UTC)
        return value.replace(tzinfo=UTC)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # the driver's own BEGIN
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={SQLITE_BUSY_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        options = connection.get_execution_options()
        safe_request = has_request_context() and request.method in SAFE_METHODS
        deferred = options.get("reads") or (safe_request and not options.get("writes"))
        connection.exec_driver_sql("BEGIN DEFERRED" if deferred else "BEGIN IMMEDIATE")


def begin_read(session: "Session | scoped_session[Session]") -> None:
    """Begin a transaction that only reads, so that on SQLite a job does not keep others waiting.

    Within a transaction that has begun already it changes nothing.
    """
    current = session() if isinstance(session, scoped_session) else session
    if not current.in_transaction():
        current.connection(execution_options={"reads": True})


def end_read(session: Session) -> None:
    """Close the open transaction before slow work (hashing a password): no one waits for it.

    The next query begins a new one. Raises RuntimeError if that would lose unsaved changes.
    """
    if session.new or session.dirty or session.deleted:
        raise RuntimeError(
            "There are unsaved changes: end_read() belongs before the first of them."
        )
    session.rollback()


def let_go(session: "Session | scoped_session[Session]") -> None:
    """End the transaction of an answer that is good even if the database has gone since."""
    try:
        session.close()
    except DBAPIError as error:
        logger.warning("The database went away after it was asked: %r", error.orig)


@contextmanager
def brief_write(engine: Engine) -> Iterator[Connection]:
    """Open a short write transaction of its own, beside the request's.

    For what is nice to have (when somebody was last seen): on SQLite, where one writer at a time is
    the rule, it gives up at once with `OperationalError` rather than wait for its turn.
    """
    with engine.connect().execution_options(writes=True) as connection:
        sqlite = connection.dialect.name == "sqlite"
        driver = connection.connection.driver_connection
        if sqlite:
            driver.execute("PRAGMA busy_timeout=0").close()
        try:
            with connection.begin():
                yield connection
        finally:
            if sqlite:
                driver.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MS}").close()


def take_turns(connection: Connection, *, shared: bool = False) -> None:
    """Let migrations run one after the other, and none while a backup reads (`shared`).

    A migration that waited for a table would keep all others waiting who want to read it. The turn
    ends with the connection, which then is not used again. (On SQLite migrations take turns as all
    writers do, and who reads is in nobody's way.) Raises TimeoutError.
    """
    if connection.dialect.name == "sqlite":
        return
    connection.detach()
    question = TURNS[connection.dialect.name].format(shared="_shared" if shared else "")
    end = time.monotonic() + TURNS_SECONDS
    while not connection.exec_driver_sql(question).scalar():
        if time.monotonic() > end:
            raise TimeoutError("A migration or a backup has been running for long; try later.")
        # Asked again and again, for PostgreSQL's CREATE INDEX CONCURRENTLY would wait for whoever
        # waits in a statement.
        connection.rollback()
        time.sleep(TURNS_PAUSE)
    connection.rollback()


def is_unavailable(error: BaseException | None) -> bool:
    """Tell whether an exception means that the database cannot be reached just now."""
    cause = getattr(error, "orig", None)
    if isinstance(cause, sqlite3.OperationalError):
        # SQLite says the same of a file that is busy and of a column that is not there.
        return str(cause).startswith(UNAVAILABLE)
    if getattr(error, "connection_invalidated", False):
        return True  # it went away in the middle of a statement, whatever the driver calls that
    return isinstance(error, UNAVAILABLE_ERRORS)


@cache
def newest_revision() -> str | None:
    """Return the revision that the migrations of this code lead to."""
    return ScriptDirectory(MIGRATIONS).get_current_head()


@cache
def older_revisions() -> frozenset[str]:
    """Return the revisions that come before the newest one.

    A database at one of these waits for its migrations. One whose revision is not known here was
    migrated by later code already, and does for this one too (docs/migrations.md).
    """
    scripts = ScriptDirectory(MIGRATIONS).walk_revisions()
    return frozenset(script.revision for script in scripts) - {newest_revision()}
