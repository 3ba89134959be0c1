"""search: the language of posts, and the index inside the database

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-21
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from app.database import TABLE_OPTIONS, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = [
    (f"search_{collection}_{slot}", source)
    for collection, source in (("posts", "posts"), ("people", "users"))
    for slot in ("a", "b")
]


def upgrade() -> None:
    op.add_column(
        "posts", sa.Column("language", sa.String(8), nullable=False, server_default=sa.text("''"))
    )
    indexes = op.create_table(
        "search_indexes",
        sa.Column("collection", sa.String(16), nullable=False),
        sa.Column("live", sa.String(1), nullable=False),
        sa.Column("building", sa.String(1)),
        sa.Column("builder", sa.String(16)),
        sa.PrimaryKeyConstraint("collection", name="pk_search_indexes"),
        **TABLE_OPTIONS | {"sqlite_autoincrement": False},
    )
    op.bulk_insert(indexes, [{"collection": name, "live": "a"} for name in ("posts", "people")])
    make = {"sqlite": make_sqlite, "postgresql": make_postgresql}.get(
        op.get_bind().dialect.name, make_mysql
    )
    for table, source in TABLES:
        make(table, source)
    ask_for_rebuild()


def make_sqlite(table: str, source: str) -> None:
    op.execute(
        f"CREATE VIRTUAL TABLE {table} USING fts5 (terms, tokenize = 'ascii', prefix = '4 5 6')"
    )
    op.execute(
        f"CREATE TRIGGER {table}_deleted AFTER DELETE ON {source}"
        f" BEGIN DELETE FROM {table} WHERE rowid = old.id; END"
    )


def make_postgresql(table: str, source: str) -> None:
    op.execute(
        f"CREATE TABLE {table} (id BIGINT PRIMARY KEY REFERENCES {source} (id) ON DELETE CASCADE,"
        " terms TEXT NOT NULL, vector TSVECTOR NOT NULL)"
    )
    op.execute(
        f"CREATE INDEX ix_{table}_vector ON {table} USING gin (vector)"
        " WITH (gin_pending_list_limit = 256)"
    )


def make_mysql(table: str, source: str) -> None:
    op.execute(
        f"CREATE TABLE {table} (id BIGINT NOT NULL PRIMARY KEY,"
        " terms MEDIUMTEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,"
        f" FULLTEXT KEY ix_{table}_terms (terms),"
        f" CONSTRAINT fk_{table}_id_{source} FOREIGN KEY (id) REFERENCES {source} (id)"
        " ON DELETE CASCADE) ENGINE=InnoDB"
    )


def ask_for_rebuild() -> None:
    """Let the worker index what has been written before, if anything has."""
    now = datetime.now(UTC)
    jobs = sa.table(
        "jobs",
        *(sa.column(name) for name in ("kind", "unique_key", "request_id", "state", "last_error")),
        *(sa.column(name) for name in ("attempts", "claims", "progress_done", "progress_total")),
        *(sa.column(name, UtcDateTime()) for name in ("created_at", "due_at")),
    )
    users = sa.table("users", sa.column("id"))
    values = {
        "kind": "search.rebuild",
        "unique_key": "rebuild search",
        "request_id": "-",
        "state": "waiting",
        "last_error": "",
        "attempts": 0,
        "claims": 0,
        "progress_done": 0,
        "progress_total": 0,
        "created_at": now,
        "due_at": now,
    }
    if op.get_context().as_sql:
        return
    if op.get_bind().execute(sa.select(users.c.id).limit(1)).first() is not None:
        op.bulk_insert(jobs, [values])


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, _source in TABLES:
        if sqlite:
            op.execute(f"DROP TRIGGER {table}_deleted")
        op.execute(f"DROP TABLE {table}")
    op.drop_table("search_indexes")
    op.execute("DELETE FROM jobs WHERE kind LIKE 'search.%'")
    op.drop_column("posts", "language")
