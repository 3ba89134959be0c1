"""Where the rows of a test are: in a file of SQLite's, or in a database on a server.

`pytest --database postgresql` (or `mariadb`) chooses. Every test finds what the migrations leave
behind, and nothing else.
"""

import shutil
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from tests.servers.programs import MariaDB, PostgreSQL


class HastyPostgreSQL(PostgreSQL):
    """PostgreSQL that waits for no disk: what is in it may be lost."""

    options = ("--fsync=off", "--synchronous_commit=off", "--full_page_writes=off")


class HastyMariaDB(MariaDB):
    """MariaDB that waits for no disk: what is in it may be lost."""

    options = ("--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0")


SERVERS = {"postgresql": HastyPostgreSQL, "mariadb": HastyMariaDB}
# Somebody who still holds a lock is a fault of a test, and shall be seen.
LOCKS_WITHIN = 10


def migrate(app: Flask) -> sa.URL:
    """Bring an empty database to the newest revision and return its address."""
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
        return db.engine.url


class SQLiteFile:
    """A migrated file; before each test the application gets a copy of it."""

    def __init__(self, original: Path) -> None:
        self.original = original
        self.settings: dict[str, str] = {}

    def renew(self, app: Flask) -> None:
        """Put a copy in the place of a database that nobody has open."""
        database = Path(app.config["DATABASE_URL"].removeprefix("sqlite:///"))
        for suffix in ("-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        shutil.copy(self.original, database)


class ServerDatabase:
    """A migrated database on a server, which all applications of this process share.

    Emptying tables by DELETE takes 5 ms. TRUNCATE takes 70 (PostgreSQL) or 120 (MariaDB), a copy of
    a template 50: both make files anew.
    """

    def __init__(self, app: Flask) -> None:
        self.settings = {"DATABASE_URL": app.config["DATABASE_URL"]}
        self.engine = sa.create_engine(migrate(app))
        self.columns = self._count_columns()
        metadata = sa.MetaData()
        metadata.reflect(self.engine)
        self.tables = metadata.sorted_tables[::-1]
        with self.engine.connect() as connection:
            rows = {table: connection.execute(sa.select(table)).all() for table in self.tables}
        # What the migrations themselves wrote.
        self.planted = {
            table: [row._asdict() for row in found] for table, found in rows.items() if found
        }

    def renew(self, app: Flask) -> None:
        """Delete all rows but those that the migrations wrote, and count ids from 1 again."""
        if self._count_columns() != self.columns:  # a test broke the tables to see what happens
            self._rebuild(app)
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCKS_WITHIN}s'")
                self._empty(connection)
                connection.exec_driver_sql(
                    "SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences"
                )
            else:
                connection.exec_driver_sql(f"SET innodb_lock_wait_timeout = {LOCKS_WITHIN}")
                for table in self._empty(connection):
                    connection.exec_driver_sql(f"ALTER TABLE {table} AUTO_INCREMENT = 1")

    def _count_columns(self) -> int:
        query = "SELECT count(*) FROM information_schema.columns WHERE table_schema = :schema"
        with self.engine.connect() as connection:
            schema = {"schema": connection.dialect.default_schema_name}
            return connection.execute(sa.text(query), schema).scalar_one()

    def _rebuild(self, app: Flask) -> None:
        with self.engine.begin() as connection:
            schema = connection.dialect.default_schema_name
            cascade = "CASCADE" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP SCHEMA {schema} {cascade}")
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        self.engine.dispose()
        migrate(app)

    def _empty(self, connection: sa.Connection) -> list[sa.Table]:
        emptied = [table for table in self.tables if connection.execute(table.delete()).rowcount]
        for table, rows in self.planted.items():
            connection.execute(table.insert(), rows)
        return emptied
