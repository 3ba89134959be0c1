"""The table of copies, in parts."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import TABLE_OPTIONS, LongBinary
from app.extensions import db


class ExportPart(db.Model):
    """Some of the bytes of a copy, which is written and read in parts: none is ever held whole."""

    __tablename__ = "export_parts"
    __table_args__: Any = TABLE_OPTIONS | {"sqlite_autoincrement": False}

    # The job that made the copy; its parts go with it.
    job_id: Mapped[int] = mapped_column(
        sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LongBinary)
