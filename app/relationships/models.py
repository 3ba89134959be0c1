"""Tables of ties between members."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import utcnow
from app.database import TABLE_OPTIONS, BigId, UtcDateTime
from app.extensions import db


class Follow(db.Model):
    """One member reads another's posts on their home timeline."""

    __tablename__ = "follows"
    __table_args__: Any = (
        sa.UniqueConstraint("follower_id", "followed_id"),
        sa.CheckConstraint("follower_id <> followed_id", name="not_oneself"),
        # The lists, newest first.
        sa.Index(None, "follower_id", "id"),
        sa.Index(None, "followed_id", "id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    follower_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    followed_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
