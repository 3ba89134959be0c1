"""The tables of a database as they are, whatever the models say of them.

They are found by looking (reflection), so that a database at an older revision can be saved and
rebuilt by newer code.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import Connection, Engine

from app.backups.counters import last_id
from app.backups.errors import BackupError
from app.backups.manifest import TableEntry
from app.backups.rows import (
    PORTION,
    Report,
    Row,
    Tally,
    holds_bytes,
    line_of,
    portions,
    row_reader,
)
from app.database import UtcDateTime, take_turns

# One moment for all tables, from the first read on.
ONE_MOMENT: dict[str, dict[str, Any]] = {
    "sqlite": {"reads": True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
    "mysql": {"isolation_level": "REPEATABLE READ"},
    "mariadb": {"isolation_level": "REPEATABLE READ"},
}


class Source(Protocol):
    """Where rows come from: a database, or a backup."""

    revision: str
    entries: dict[str, TableEntry]

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the rows of a table as lines."""


class Tables:
    """The tables that hold what people wrote, as one connection sees them.

    Not among them are those of the search engines, which differ and are built anew.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.revision = MigrationContext.configure(connection).get_current_revision()
        metadata = sa.MetaData()
        event.listen(metadata, "column_reflect", _as_the_models_have_it)
        metadata.reflect(connection, only=lambda name, _metadata: _holds_data(name))
        # Those first that others point to.
        self.by_name = {table.name: table for table in metadata.sorted_tables}

    @cached_property
    def entries(self) -> dict[str, TableEntry]:
        """What a manifest says of each table, but for the checksums."""
        return {name: self._entry(table) for name, table in self.by_name.items()}

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the rows of a table as lines, without ever holding many of them."""
        table = self.by_name[name]
        columns = sorted(table.columns.keys())
        query = sa.select(*(table.columns[column] for column in columns))
        query = query.order_by(*table.primary_key.columns)
        at_once = PORTION // 100 if holds_bytes(table) else PORTION
        rows = self.connection.execute(query, execution_options={"yield_per": at_once})
        return (line_of(dict(zip(columns, row, strict=True))) for row in rows)

    def load(self, name: str, source: "Source", report: Report) -> Tally:
        """Write a table's rows; returns what was counted of them.

        Rows may point at other rows of the same table, so those ties are made when all are there.
        """
        table, tally = self.by_name[name], Tally()
        read, ties = row_reader(table), _ties_within(table)
        for portion in portions(source.lines(name), tally, report):
            rows = [read(line) | dict.fromkeys(ties) for line in portion]
            self.connection.execute(sa.insert(table), rows)
        for column in ties:
            self._tie(table, column, map(read, source.lines(name)))
        return tally

    def _tie(self, table: sa.Table, column: str, rows: Iterator[Row]) -> None:
        update = sa.update(table).where(table.c.id == sa.bindparam("row_id"))
        update = update.values({column: sa.bindparam("tied_to")})
        ties = ({"row_id": row["id"], "tied_to": row[column]} for row in rows if row[column])
        while portion := list(islice(ties, PORTION)):
            self.connection.execute(update, portion)

    def empty(self) -> None:
        """Delete every row."""
        for table in reversed(self.by_name.values()):
            self.connection.execute(sa.delete(table))

    def _entry(self, table: sa.Table) -> TableEntry:
        rows = self.connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        columns = sorted(table.columns.keys())
        counted = last_id(self.connection, table.name) if "id" in columns else None
        return TableEntry(columns, rows, counted)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Tables]:
    """Hand out the tables of a database as they are at one moment, while others go on writing."""
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").is_file():
        # To open it would make it.
        raise BackupError(f"There is no database {name_of(engine)}.")
    with engine.connect() as turn, engine.connect() as connection:
        take_turns(turn, shared=True)
        connection.execution_options(**ONE_MOMENT[engine.dialect.name])
        tables = Tables(connection)
        if tables.revision is None:
            raise BackupError(f"There is no site in {name_of(engine)}.")
        yield tables


def name_of(engine: Engine) -> str:
    """Return what a database is called in messages: its kind and place, and nothing secret."""
    url = engine.url
    place = url.database if url.host is None else f"{url.host}/{url.database}"
    return f"{url.get_backend_name()}: {place}"


def _ties_within(table: sa.Table) -> list[str]:
    return [key.parent.name for key in table.foreign_keys if key.column.table is table]


def _holds_data(name: str) -> bool:
    return name != "alembic_version" and not name.startswith("search_")


def _as_the_models_have_it(_inspector: object, _table: object, column: Any) -> None:
    kind = column["type"]
    if isinstance(kind, sa.DateTime):
        column["type"] = UtcDateTime()
    elif isinstance(kind, mysql.TINYINT) and kind.display_width == 1:
        column["type"] = sa.Boolean()
