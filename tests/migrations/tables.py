"""Tables and rows as they are at some revision, whatever the models say."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Inspector

from app.database import MIGRATIONS
from app.extensions import db
from tests.queries import in_order

Rows = dict[str, list[dict[str, object]]]
REVISIONS = [script.revision for script in list(ScriptDirectory(MIGRATIONS).walk_revisions())[::-1]]
# Migrations ask for these jobs.
ASKED_FOR = {"search.rebuild", "posts.read_again"}


def inspector() -> Inspector:
    return sa.inspect(db.engine)


def is_ours(table: str) -> bool:
    """Tell whether a table is a model's: the search engines have others of their own."""
    engines = table.startswith("search_") and table != "search_indexes"
    return table != "alembic_version" and not engines


def tables() -> set[str]:
    return set(filter(is_ours, inspector().get_table_names()))


def revision() -> str | None:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def reflected() -> list[sa.Table]:
    """Return the models' tables as they are at this revision."""
    metadata = sa.MetaData()
    metadata.reflect(db.engine)
    return [table for table in metadata.sorted_tables if is_ours(table.name)]


def rows() -> Rows:
    """Return all rows, by whatever tables and columns there are at this revision.

    Those are left out that a migration itself wrote into `jobs`.
    """
    tables = reflected()
    with db.engine.connect() as connection:
        found = {table.name: connection.execute(in_order(table)).mappings() for table in tables}
        return {
            name: [dict(row) for row in rows if row.get("kind") not in ASKED_FOR]
            for name, rows in found.items()
        }


def assert_kept(old: Rows) -> None:
    """Tell whether every row is as it was, as far as there are tables and columns for it."""
    for table, now in rows().items():
        before = old.get(table, [])
        columns = set(now[0] if now else []) & set(before[0] if before else [])
        kept = [{name: row[name] for name in columns} for row in now]
        expected = [{name: row[name] for name in columns} for row in before]
        if table in old:
            assert kept == expected, table


def populate() -> None:
    """Put rows into every empty table, with whatever columns it has at this revision."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    by_type = {str: "text", bytes: b"bytes", int: 1, bool: False, datetime: now}
    there = rows()
    tables = reflected()
    users = next(table for table in tables if table.name == "users")
    empty = [table for table in tables if not there[table.name]]
    with db.engine.begin() as connection:
        for table in empty:
            row = {
                column.name: by_type[column.type.python_type]
                for column in table.columns
                # Ids that the database gives are left to it.
                if column.name != "id" or table.name in {"posts", "messages"}
                # No row points at itself.
                if not any(key.column.table is table for key in column.foreign_keys)
            }
            for column in table.columns:
                if isinstance(row.get(column.name), str):
                    row[column.name] = row[column.name][: column.type.length]
            # Two people, so that a tie between them is possible.
            people = (column for column in table.columns if column.references(users.c.id))
            row |= {column.name: number for number, column in enumerate(people, start=1)}
            connection.execute(sa.insert(table), row)
            if table.name == "users":
                other = {n: "other" for n, value in row.items() if value == "text"}
                connection.execute(sa.insert(table), row | other)
