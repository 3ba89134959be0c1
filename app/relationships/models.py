"""Tables of what is between two members: follows, blocks, mutes."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
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


class Block(db.Model):
    """Two members who are out of each other's sight, because one of them wants it so."""

    __tablename__ = "blocks"
    __table_args__: Any = (
        sa.UniqueConstraint("blocker_id", "blocked_id"),
        sa.CheckConstraint("blocker_id <> blocked_id", name="not_oneself"),
        # The other side asks as often; the list of one's own is paged by id.
        sa.Index(None, "blocked_id", "blocker_id"),
        sa.Index(None, "blocker_id", "id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    blocker_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    blocked_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class Mute(db.Model):
    """One member does not want to hear of another, for a while or for good; nobody is told."""

    __tablename__ = "mutes"
    __table_args__: Any = (
        sa.UniqueConstraint("muter_id", "muted_id"),
        sa.CheckConstraint("muter_id <> muted_id", name="not_oneself"),
        sa.Index(None, "muter_id", "id"),
        sa.Index(None, "muted_id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    muter_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    muted_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    # When it is over; None: not before it is taken back.
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    muted: Mapped[User] = relationship(foreign_keys=[muted_id])
