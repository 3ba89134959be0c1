"""Tables of notifications."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.database import TABLE_OPTIONS, BigId, UtcDateTime
from app.extensions import db
from app.ids import time_of
from app.posts.models import Post


class Kind(StrEnum):
    """What a notification tells of."""

    REPLY = "reply"
    MENTION = "mention"
    LIKE = "like"
    REPOST = "repost"
    FOLLOW = "follow"


class Notification(db.Model):
    """Something that happened to a member, once or several times alike until they look.

    "Ana and 4 others liked your post" is one row with five `NotificationActor`s. What happens
    after it was read begins a new one.
    """

    __tablename__ = "notifications"
    __table_args__: Any = (
        sa.Index(None, "recipient_id", "latest_id"),
        # The badge.
        sa.Index(None, "recipient_id", "read_at", "latest_id"),
        sa.Index(None, "post_id", "recipient_id", "kind"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recipient_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(16))
    # The post that was liked or reposted, or the one that answers or mentions; None for follows.
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"))
    # Grows with whatever is added (see `app.ids`): orders the page, and tells the time.
    latest_id: Mapped[int] = mapped_column(BigId)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    recipient: Mapped[User] = relationship()
    post: Mapped[Post | None] = relationship()

    @property
    def happened_at(self) -> datetime:
        """When the latest of it happened."""
        return time_of(self.latest_id)


class NotificationActor(db.Model):
    """One of those who did what a notification tells of."""

    __tablename__ = "notification_actors"
    __table_args__: Any = (
        sa.UniqueConstraint("notification_id", "actor_id"),
        # The latest first.
        sa.Index(None, "notification_id", "id"),
        sa.Index(None, "actor_id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    notification_id: Mapped[int] = mapped_column(
        sa.ForeignKey("notifications.id", ondelete="CASCADE")
    )
    actor_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))

    actor: Mapped[User] = relationship()
