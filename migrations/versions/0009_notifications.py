"""notifications, and which of them a member wants

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-26
"""

import sqlalchemy as sa
from alembic import op

from app.database import TABLE_OPTIONS, BigId, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "users",
        sa.Column(
            "unwanted_notifications", sa.String(100), nullable=False, server_default=sa.text("''")
        ),
    )
    op.create_table(
        "notifications",
        sa.Column("id", BigId, nullable=False),
        sa.Column("recipient_id", BigId, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("post_id", BigId),
        sa.Column("latest_id", BigId, nullable=False),
        sa.Column("read_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["users.id"],
            name="fk_notifications_recipient_id_users",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_notifications_post_id_posts", ondelete="CASCADE"
        ),
        **TABLE_OPTIONS,
    )
    for columns in (
        ["recipient_id", "latest_id"],
        ["recipient_id", "read_at", "latest_id"],
        ["post_id", "recipient_id", "kind"],
    ):
        op.create_index(f"ix_notifications_{'_'.join(columns)}", "notifications", columns)

    op.create_table(
        "notification_actors",
        sa.Column("id", BigId, nullable=False),
        sa.Column("notification_id", BigId, nullable=False),
        sa.Column("actor_id", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notification_actors"),
        sa.UniqueConstraint(
            "notification_id", "actor_id", name="uq_notification_actors_notification_id_actor_id"
        ),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notifications.id"],
            name="fk_notification_actors_notification_id_notifications",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["users.id"],
            name="fk_notification_actors_actor_id_users",
            ondelete="CASCADE",
        ),
        **TABLE_OPTIONS,
    )
    for columns in (["notification_id", "id"], ["actor_id"]):
        name = f"ix_notification_actors_{'_'.join(columns)}"
        op.create_index(name, "notification_actors", columns)


def downgrade() -> None:
    for table in ("notification_actors", "notifications"):
        op.drop_table(table)
    op.drop_column("users", "unwanted_notifications")
