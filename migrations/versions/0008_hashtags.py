"""hashtags, and who follows them

Posts from before are read once more, by a job, for the hashtags and the names in them. It begins
after a while: until then the code of before may still write posts without them.

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-26
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from app.database import TABLE_OPTIONS, BigId, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OLD_CODE_IS_GONE = timedelta(minutes=10)


def upgrade() -> None:
    op.create_table(
        "hashtags",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.String(250), nullable=False),
        sa.Column("name", sa.String(250), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hashtags"),
        sa.UniqueConstraint("key", name="uq_hashtags_key"),
        **TABLE_OPTIONS,
    )
    op.create_table(
        "taggings",
        sa.Column("hashtag_id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=False),
        sa.PrimaryKeyConstraint("hashtag_id", "post_id", name="pk_taggings"),
        sa.ForeignKeyConstraint(
            ["hashtag_id"],
            ["hashtags.id"],
            name="fk_taggings_hashtag_id_hashtags",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_taggings_post_id_posts", ondelete="CASCADE"
        ),
        **TABLE_OPTIONS | {"sqlite_autoincrement": False},
    )
    op.create_index("ix_taggings_post_id", "taggings", ["post_id"])
    op.create_table(
        "hashtag_follows",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("hashtag_id", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hashtag_follows"),
        sa.UniqueConstraint("user_id", "hashtag_id", name="uq_hashtag_follows_user_id_hashtag_id"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_hashtag_follows_user_id_users", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["hashtag_id"],
            ["hashtags.id"],
            name="fk_hashtag_follows_hashtag_id_hashtags",
            ondelete="CASCADE",
        ),
        **TABLE_OPTIONS,
    )
    op.create_index("ix_hashtag_follows_user_id_id", "hashtag_follows", ["user_id", "id"])
    op.create_index("ix_hashtag_follows_hashtag_id", "hashtag_follows", ["hashtag_id"])
    ask_for_reading()


def ask_for_reading() -> None:
    """Let the worker read what has been written before, if anything has."""
    now = datetime.now(UTC)
    jobs = sa.table(
        "jobs",
        *(sa.column(name) for name in ("kind", "unique_key", "request_id", "state", "last_error")),
        *(sa.column(name) for name in ("attempts", "claims", "progress_done", "progress_total")),
        *(sa.column(name, UtcDateTime()) for name in ("created_at", "due_at")),
    )
    values = {
        "kind": "posts.read_again",
        "unique_key": "read posts again",
        "request_id": "-",
        "state": "waiting",
        "last_error": "",
        "attempts": 0,
        "claims": 0,
        "progress_done": 0,
        "progress_total": 0,
        "created_at": now,
        "due_at": now + OLD_CODE_IS_GONE,
    }
    if op.get_context().as_sql:
        return
    posts = sa.table("posts", sa.column("id"))
    if op.get_bind().execute(sa.select(posts.c.id).limit(1)).first() is not None:
        op.bulk_insert(jobs, [values])


def downgrade() -> None:
    for table in ("hashtag_follows", "taggings", "hashtags"):
        op.drop_table(table)
    op.execute("DELETE FROM jobs WHERE kind = 'posts.read_again'")
