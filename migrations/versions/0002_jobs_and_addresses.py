"""jobs, addresses to confirm, accounts to delete

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-21
"""

import sqlalchemy as sa
from alembic import op

from app.database import TABLE_OPTIONS, BigId, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("deletion_due_at", UtcDateTime()))

    op.create_table(
        "jobs",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("user_id", BigId),
        sa.Column("subject_id", BigId),
        sa.Column("unique_key", sa.String(100)),
        sa.Column("locale", sa.String(16)),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("expires_at", UtcDateTime()),
        sa.Column("finished_at", UtcDateTime()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("mailed_at", UtcDateTime()),
        sa.Column("last_error", sa.String(500), nullable=False),
        sa.Column("progress_done", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("unique_key", name="uq_jobs_unique_key"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_jobs_user_id_users", ondelete="CASCADE"
        ),
        **TABLE_OPTIONS,
    )
    for columns in (["user_id", "id"], ["state"], ["due_at"], ["finished_at"]):
        op.create_index(f"ix_jobs_{'_'.join(columns)}", "jobs", columns)

    op.create_table(
        "mail_requests",
        sa.Column("id", BigId, nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mail_requests"),
        sa.UniqueConstraint("address_hash", "slot", name="uq_mail_requests_address_hash_slot"),
        **TABLE_OPTIONS,
    )
    op.create_index("ix_mail_requests_requested_at", "mail_requests", ["requested_at"])

    op.create_table(
        "registrations",
        sa.Column("id", BigId, nullable=False),
        sa.Column("username", sa.String(30), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_key", sa.String(254), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registrations"),
        **TABLE_OPTIONS,
    )
    for column in ("email_key", "created_at"):
        op.create_index(f"ix_registrations_{column}", "registrations", [column])

    op.create_table(
        "address_changes",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("old_email", sa.String(254), nullable=False),
        sa.Column("new_email", sa.String(254), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_address_changes"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_address_changes_user_id_users", ondelete="CASCADE"
        ),
        **TABLE_OPTIONS,
    )
    for column in ("user_id", "requested_at"):
        op.create_index(f"ix_address_changes_{column}", "address_changes", [column])


def downgrade() -> None:
    for table in ("address_changes", "registrations", "mail_requests", "jobs"):
        op.drop_table(table)
    op.drop_column("users", "deletion_due_at")
