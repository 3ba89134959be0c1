"""likes and bookmarks

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-26
"""

import sqlalchemy as sa
from alembic import op

from app.database import TABLE_OPTIONS, BigId, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("likes", "bookmarks"):
        op.create_table(
            table,
            sa.Column("id", BigId, nullable=False),
            sa.Column("user_id", BigId, nullable=False),
            sa.Column("post_id", BigId, nullable=False),
            sa.Column("created_at", UtcDateTime(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
            sa.UniqueConstraint("user_id", "post_id", name=f"uq_{table}_user_id_post_id"),
            sa.ForeignKeyConstraint(
                ["user_id"], ["users.id"], name=f"fk_{table}_user_id_users", ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["post_id"], ["posts.id"], name=f"fk_{table}_post_id_posts", ondelete="CASCADE"
            ),
            **TABLE_OPTIONS,
        )
    op.create_index("ix_likes_post_id_id", "likes", ["post_id", "id"])
    op.create_index("ix_bookmarks_user_id_id", "bookmarks", ["user_id", "id"])
    op.create_index("ix_bookmarks_post_id", "bookmarks", ["post_id"])


def downgrade() -> None:
    for table in ("bookmarks", "likes"):
        op.drop_table(table)
