"""private messages, and from whom a member takes them

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-26
"""

import sqlalchemy as sa
from alembic import op

from app.database import TABLE_OPTIONS, BigId, LongText

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "users",
        sa.Column(
            "messages_from", sa.String(16), nullable=False, server_default=sa.text("'everyone'")
        ),
    )
    op.create_table(
        "conversations",
        sa.Column("id", BigId, nullable=False),
        sa.Column("lower_id", BigId, nullable=False),
        sa.Column("upper_id", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.UniqueConstraint("lower_id", "upper_id", name="uq_conversations_lower_id_upper_id"),
        sa.CheckConstraint("lower_id < upper_id", name=op.f("ck_conversations_in_order")),
        *users("conversations", "lower_id", "upper_id"),
        **TABLE_OPTIONS,
    )
    op.create_index("ix_conversations_upper_id", "conversations", ["upper_id"])

    op.create_table(
        "participants",
        sa.Column("id", BigId, nullable=False),
        sa.Column("conversation_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("other_id", BigId, nullable=False),
        sa.Column("last_message_id", BigId),
        sa.Column("read_id", BigId, nullable=False),
        sa.Column("unread_count", sa.Integer(), nullable=False),
        sa.Column("cleared_id", BigId, nullable=False),
        sa.Column("has_written", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_participants"),
        sa.UniqueConstraint(
            "conversation_id", "user_id", name="uq_participants_conversation_id_user_id"
        ),
        sa.UniqueConstraint("user_id", "other_id", name="uq_participants_user_id_other_id"),
        conversation("participants"),
        *users("participants", "user_id", "other_id"),
        **TABLE_OPTIONS,
    )
    for columns in (["user_id", "last_message_id"], ["other_id"]):
        op.create_index(f"ix_participants_{'_'.join(columns)}", "participants", columns)

    op.create_table(
        "messages",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("conversation_id", BigId, nullable=False),
        sa.Column("sender_id", BigId, nullable=False),
        sa.Column("body", LongText, nullable=False),
        sa.Column("once_key", sa.String(32), nullable=False),
        sa.Column("is_gone_for_sender", sa.Boolean(), nullable=False),
        sa.Column("is_gone_for_recipient", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("sender_id", "once_key", name="uq_messages_sender_id_once_key"),
        conversation("messages"),
        *users("messages", "sender_id"),
        **TABLE_OPTIONS | {"sqlite_autoincrement": False},
    )
    op.create_index("ix_messages_conversation_id_id", "messages", ["conversation_id", "id"])


def users(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], ["users.id"], name=f"fk_{table}_{column}_users", ondelete="CASCADE"
        )
        for column in columns
    ]


def conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"],
        ["conversations.id"],
        name=f"fk_{table}_conversation_id_conversations",
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in ("messages", "participants", "conversations"):
        op.drop_table(table)
    op.drop_column("users", "messages_from")
