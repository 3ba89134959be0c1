"""How Alembic reaches the database: through the application's own engine and models."""

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

db = current_app.extensions["migrate"].db
options = current_app.extensions["migrate"].configure_args
# Any number, as long as nobody else on the server locks the same one.
LOCK_NUMBER = 7_361_042


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
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
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
                take_turns(connection)
                context.run_migrations()
                check_sqlite_foreign_keys(connection)
        finally:
            enforce_sqlite_foreign_keys(connection, "ON")


def take_turns(connection: Connection) -> None:
    """Let replicas that start together upgrade one after the other (SQLite does so by itself)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_NUMBER})")
    elif connection.dialect.name in {"mysql", "mariadb"}:
        connection.exec_driver_sql(f"SELECT GET_LOCK('microblog {LOCK_NUMBER}', 600)")


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
