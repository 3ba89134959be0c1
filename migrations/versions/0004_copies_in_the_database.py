"""exports: members' copies in the database instead of files

Files in DATA_DIR/exports are not looked at any more.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-21
"""

import sqlalchemy as sa
from alembic import op

from app.database import TABLE_OPTIONS, BigId, LongBinary

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_parts",
        sa.Column("job_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("content", LongBinary, nullable=False),
        sa.PrimaryKeyConstraint("job_id", "number", name="pk_export_parts"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name="fk_export_parts_job_id_jobs", ondelete="CASCADE"
        ),
        **TABLE_OPTIONS | {"sqlite_autoincrement": False},
    )


def downgrade() -> None:
    op.drop_table("export_parts")
