"""Filling an empty database, from a backup or from another database."""

import flask_migrate
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from app.backups.counters import set_last_id
from app.backups.errors import BackupError
from app.backups.rows import Report, tally_of
from app.backups.tables import Source, Tables, name_of
from app.database import MIGRATIONS
from app.extensions import db
from app.jobs.queries import periodic_kinds


def check_revision(revision: str) -> None:
    """Make sure that these migrations can build a database like that. Raises BackupError."""
    known = {script.revision for script in ScriptDirectory(MIGRATIONS).walk_revisions()}
    if revision not in known:
        raise BackupError(
            f"It is at revision {revision}, which this version of Microblog does not know:"
            " use the version that it comes from, or a later one."
        )


def check_empty() -> None:
    """Make sure that nobody has written anything into this site's database. Raises BackupError."""
    with db.engine.connect() as connection:
        tables = Tables(connection)
        for name, table in tables.by_name.items():
            rows = sa.select(sa.literal(1)).select_from(table).limit(1)
            if name == "jobs":
                # Without those that a worker writes by itself, as soon as it starts.
                rows = rows.where(table.c.kind.not_in(periodic_kinds()))
            if connection.scalar(rows):
                raise BackupError(
                    f"{name_of(db.engine)} is not empty ({name} has rows) and was left as it is."
                    " Use a new database."
                )
        if tables.revision is not None:
            check_revision(tables.revision)


def build(revision: str) -> None:
    """Let this site's empty database have the tables of a revision. Raises BackupError."""
    with db.engine.connect() as connection:
        present = Tables(connection).revision
    try:
        if present not in {None, revision}:
            flask_migrate.downgrade(str(MIGRATIONS), revision="base")
        flask_migrate.upgrade(str(MIGRATIONS), revision=revision)
    except DBAPIError as error:
        # On MariaDB and MySQL a migration that was killed leaves half of its tables.
        raise BackupError(
            f"{name_of(db.engine)} cannot be given its tables ({error.orig}). Use a new database."
        ) from error


def fill(source: Source, report: Report, *, skipped_ids: int = 0) -> list[str]:
    """Write all rows into this site's tables, and compare; all or nothing. Raises BackupError.

    Every row is reported twice. Ids go on after the greatest that was given out, and so many more.
    Returns the names of tables that were left out, since no migration makes them.
    """
    with db.engine.begin() as connection:
        target = Tables(connection)
        _compare_columns(source, target)
        for name in target.by_name:
            given_out = source.entries[name].last_id
            if given_out is not None:
                set_last_id(connection, name, given_out + skipped_ids)
        target.empty()
        loaded = {name: target.load(name, source, report) for name in target.by_name}
        for name, tally in loaded.items():
            if tally_of(target.lines(name), report).checksum != tally.checksum:
                raise BackupError(f"The database did not keep {name} as it was; all is undone.")
    return sorted(source.entries.keys() - target.by_name.keys())


def upgrade() -> None:
    """Bring this site's tables to the newest revision."""
    flask_migrate.upgrade(str(MIGRATIONS))


def _compare_columns(source: Source, target: Tables) -> None:
    for name, ours in target.entries.items():
        theirs = source.entries.get(name)
        if theirs is None or theirs.columns != ours.columns:
            raise BackupError(
                f"The table {name} is not as the migrations up to {source.revision} make it."
            )
