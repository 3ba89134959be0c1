"""How Alembic reaches the database: through the application's own engine and models."""

import click
from alembic import context
from alembic.runtime.migration import MigrationContext
from flask import current_app
from sqlalchemy.engine import Connection

from app.database import take_turns

db = current_app.extensions["migrate"].db
options = current_app.extensions["migrate"].configure_args
TABLES_WITHIN = 10


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Tell whether Alembic should compare a table: those of the search engines are their own."""
    return kind != "table" or name == "search_indexes" or not str(name).startswith("search_")


def run_offline() -> None:
    """Write the SQL of the migrations instead of running them (`--sql`)."""
    context.configure(url=db.engine.url, target_metadata=db.metadata, literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Run the migrations, all in one transaction where the database can."""
    with db.engine.connect() as turn, db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        take_turns(turn)
        if wants_head() and is_ahead(connection):
            click.echo("The database was migrated by later code: nothing to do.")
            return
        enforce_sqlite_foreign_keys(connection, "OFF")
        # SQLite can undo a change of tables; Alembic has to be told.
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transactional_ddl=sqlite or None,
            include_name=is_ours,
            **options,
        )
        try:
            with context.begin_transaction():
                limit_waits(connection)
                context.run_migrations()
                check_sqlite_foreign_keys(connection)
        finally:
            enforce_sqlite_foreign_keys(connection, "ON")


def wants_head() -> bool:
    """Tell whether this is `flask db upgrade`, which has to bring the database up to this code."""
    try:
        return context.get_revision_argument() == context.script.get_current_head()
    except KeyError:  # a command without a destination
        return False


def is_ahead(connection: Connection) -> bool:
    """Tell whether the database is at a revision that only later code knows.

    Older code that is started again, or gone back to, can use it and must not fail here.
    """
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in context.script.walk_revisions()}
    connection.rollback()
    return current is not None and current not in known


def limit_waits(connection: Connection) -> None:
    """Give up rather than wait for a table for long: whoever comes after would wait as well."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{TABLES_WITHIN}s'")
    elif connection.dialect.name in {"mysql", "mariadb"}:
        connection.exec_driver_sql(f"SET lock_wait_timeout = {TABLES_WITHIN}")


def enforce_sqlite_foreign_keys(connection: Connection, state: str) -> None:
    """Switch SQLite's enforcement: to change a table it is dropped, which would cascade."""
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={state}").close()


def check_sqlite_foreign_keys(connection: Connection) -> None:
    """Make sure that no migration left a row pointing nowhere."""
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if orphans:
            raise RuntimeError(f"A migration broke foreign keys: {orphans[:5]}")


if context.is_offline_mode():
    run_offline()
else:
    run_online()
