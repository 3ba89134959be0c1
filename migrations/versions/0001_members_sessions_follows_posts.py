"""members, their sessions, follows and posts

Revision ID: 0001
Revises:
Create Date: 2026-11-21
"""

import sqlalchemy as sa
from alembic import op

from app.database import TABLE_OPTIONS, BigId, LongText, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", BigId, nullable=False),
        sa.Column("username", sa.String(30), nullable=False),
        sa.Column("username_key", sa.String(30), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_key", sa.String(254), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("display_name", sa.String(250), nullable=False),
        sa.Column("about_me", sa.Text(), nullable=False),
        sa.Column("location", sa.String(250), nullable=False),
        sa.Column("website", sa.String(200), nullable=False),
        sa.Column("locale", sa.String(16)),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("suspended_at", UtcDateTime()),
        sa.Column("posts_count", sa.Integer(), nullable=False),
        sa.Column("followers_count", sa.Integer(), nullable=False),
        sa.Column("following_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("username_key", name="uq_users_username_key"),
        sa.UniqueConstraint("email_key", name="uq_users_email_key"),
        **TABLE_OPTIONS,
    )
    op.create_index("ix_users_followers_count_id", "users", ["followers_count", "id"])

    op.create_table(
        "user_sessions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("user_agent", sa.String(255), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_user_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_user_sessions_token_hash"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_user_sessions_user_id_users", ondelete="CASCADE"
        ),
        **TABLE_OPTIONS,
    )
    op.create_index("ix_user_sessions_user_id", "user_sessions", ["user_id"])

    op.create_table(
        "sign_in_failures",
        sa.Column("id", BigId, nullable=False),
        sa.Column("account_hash", sa.String(64), nullable=False),
        sa.Column("network", sa.String(64), nullable=False),
        sa.Column("failed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_failures"),
        **TABLE_OPTIONS,
    )
    for columns in (
        ["account_hash", "network", "failed_at"],
        ["account_hash", "failed_at"],
        ["failed_at"],
    ):
        op.create_index(f"ix_sign_in_failures_{'_'.join(columns)}", "sign_in_failures", columns)

    op.create_table(
        "follows",
        sa.Column("id", BigId, nullable=False),
        sa.Column("follower_id", BigId, nullable=False),
        sa.Column("followed_id", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_follows"),
        sa.UniqueConstraint(
            "follower_id", "followed_id", name="uq_follows_follower_id_followed_id"
        ),
        sa.CheckConstraint("follower_id <> followed_id", name=op.f("ck_follows_not_oneself")),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["users.id"], name="fk_follows_follower_id_users", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["followed_id"], ["users.id"], name="fk_follows_followed_id_users", ondelete="CASCADE"
        ),
        **TABLE_OPTIONS,
    )
    op.create_index("ix_follows_follower_id_id", "follows", ["follower_id", "id"])
    op.create_index("ix_follows_followed_id_id", "follows", ["followed_id", "id"])

    op.create_table(
        "posts",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("author_id", BigId, nullable=False),
        sa.Column("body", LongText, nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("once_key", sa.String(32), nullable=False),
        sa.Column("edited_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint("once_key", "author_id", name="uq_posts_once_key_author_id"),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name="fk_posts_author_id_users", ondelete="CASCADE"
        ),
        **TABLE_OPTIONS | {"sqlite_autoincrement": False},
    )
    op.create_index("ix_posts_author_id_id_audience", "posts", ["author_id", "id", "audience"])


def downgrade() -> None:
    for table in ("posts", "follows", "sign_in_failures", "user_sessions", "users"):
        op.drop_table(table)
