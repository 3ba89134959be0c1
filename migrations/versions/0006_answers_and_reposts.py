"""answers and reposts: what a post belongs to, and its counters

SQLite builds `posts` anew for it, which drops the triggers that clear the search index; they are
made again. The release before shows a repost as a post without words.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-26
"""

import sqlalchemy as sa
from alembic import op

from app.database import BigId, short_binary

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SEARCH_TABLES = ("search_posts_a", "search_posts_b")
OLD_INDEX = ("ix_posts_author_id_id_audience", ["author_id", "id", "audience"])
NEW_INDEX = (
    "ix_posts_author_id_id_audience_repost_of_id_parent_author_id",
    ["author_id", "id", "audience", "repost_of_id", "parent_author_id"],
)
FOREIGN_KEY, UNIQUE = "fk_posts_repost_of_id_posts", "uq_posts_repost_of_id_author_id"


def upgrade() -> None:
    with op.batch_alter_table("posts") as posts:
        posts.add_column(sa.Column("repost_of_id", BigId))
        posts.add_column(sa.Column("parent_id", BigId))
        posts.add_column(sa.Column("parent_author_id", BigId))
        posts.add_column(sa.Column("path", short_binary(320)))
        posts.add_column(
            sa.Column("mentions", sa.String(620), nullable=False, server_default=sa.text("''"))
        )
        for name in ("replies_count", "reposts_count", "likes_count"):
            posts.add_column(
                sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text("0"))
            )
        posts.create_unique_constraint(UNIQUE, ["repost_of_id", "author_id"])
        posts.create_foreign_key(FOREIGN_KEY, "posts", ["repost_of_id"], ["id"], ondelete="CASCADE")
        posts.create_index("ix_posts_path", ["path"])
        # First the new one: MariaDB wants an index for the foreign key of the author.
        posts.create_index(*NEW_INDEX)
        posts.drop_index(OLD_INDEX[0])
    make_triggers()


def downgrade() -> None:
    # A repost means nothing to the code of before.
    op.execute("DELETE FROM posts WHERE repost_of_id IS NOT NULL")
    with op.batch_alter_table("posts") as posts:
        posts.create_index(*OLD_INDEX)
        posts.drop_index(NEW_INDEX[0])
        posts.drop_index("ix_posts_path")
        posts.drop_constraint(FOREIGN_KEY, type_="foreignkey")
        posts.drop_constraint(UNIQUE, type_="unique")
        for name in ("likes_count", "reposts_count", "replies_count", "mentions", "path"):
            posts.drop_column(name)
        for name in ("parent_author_id", "parent_id", "repost_of_id"):
            posts.drop_column(name)
    make_triggers()


def make_triggers() -> None:
    """Make again what SQLite dropped together with the old table."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in SEARCH_TABLES:
        op.execute(f"DROP TRIGGER IF EXISTS {table}_deleted")
        op.execute(
            f"CREATE TRIGGER {table}_deleted AFTER DELETE ON posts"
            f" BEGIN DELETE FROM {table} WHERE rowid = old.id; END"
        )
