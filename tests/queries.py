"""Counting the statements that a page sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.extensions import db
from app.search.embedded import embedded


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """Collect the statements run inside the block, BEGIN and PRAGMA left out."""
    statements: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def all_rows() -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, to see that a request changed nothing."""
    db.session.rollback()  # lets go of the lock that the test itself may hold
    with db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(in_order(table))]
            for table in db.metadata.sorted_tables
        }


def in_order(table: sa.Table) -> sa.Select[tuple[object, ...]]:
    """Select all rows; PostgreSQL moves one that was changed to the end unless it is told."""
    return sa.select(table).order_by(*table.primary_key)


def indexed(collection: str, slot: str = "a") -> dict[int, str]:
    """Return what a table of the search index holds, looked at from outside."""
    with db.engine.connect().execution_options(reads=True) as connection:
        table, key = f"search_{collection}_{slot}", embedded().id_column
        return dict(connection.exec_driver_sql(f"SELECT {key}, terms FROM {table}").all())
