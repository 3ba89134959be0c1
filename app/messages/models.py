"""Tables of private messages. Nothing here is ever read by a timeline or a search."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.database import TABLE_OPTIONS, BigId, LongText
from app.extensions import db
from app.ids import time_of


class Conversation(db.Model):
    """What two members write to each other; the one with the lesser id is named first."""

    __tablename__ = "conversations"
    __table_args__: Any = (
        sa.UniqueConstraint("lower_id", "upper_id"),
        sa.CheckConstraint("lower_id < upper_id", name="in_order"),
        sa.Index(None, "upper_id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    lower_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    upper_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))


class Participant(db.Model):
    """One side of a conversation: what that member has of it, and has read."""

    __tablename__ = "participants"
    __table_args__: Any = (
        sa.UniqueConstraint("conversation_id", "user_id"),
        sa.UniqueConstraint("user_id", "other_id"),
        # Their conversations, the latest first.
        sa.Index(None, "user_id", "last_message_id"),
        sa.Index(None, "other_id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("conversations.id", ondelete="CASCADE")
    )
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    # The newest message that they have not deleted; None: there is none, so it is not listed.
    last_message_id: Mapped[int | None] = mapped_column(BigId)
    # They have read up to this message, and how many from the other side stand after it.
    read_id: Mapped[int] = mapped_column(BigId, default=0)
    unread_count: Mapped[int] = mapped_column(default=0)
    # They have deleted the conversation up to this message.
    cleared_id: Mapped[int] = mapped_column(BigId, default=0)
    # They have written to the other side, who may therefore always answer.
    has_written: Mapped[bool] = mapped_column(default=False)

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    other: Mapped[User] = relationship(foreign_keys=[other_id])
    conversation: Mapped[Conversation] = relationship()
    last_message: Mapped["Message | None"] = relationship(
        primaryjoin="foreign(Participant.last_message_id) == Message.id", viewonly=True
    )


class Message(db.Model):
    """One private message. Its id carries the time at which it was sent (see `app.ids`)."""

    __tablename__ = "messages"
    __table_args__: Any = (
        sa.Index(None, "conversation_id", "id"),
        # The same form sent twice is one message.
        sa.UniqueConstraint("sender_id", "once_key"),
        TABLE_OPTIONS | {"sqlite_autoincrement": False},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    conversation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("conversations.id", ondelete="CASCADE")
    )
    sender_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    body: Mapped[str] = mapped_column(LongText)
    once_key: Mapped[str] = mapped_column(sa.String(32))
    # Who has deleted it for themselves; when both have, the row goes.
    is_gone_for_sender: Mapped[bool] = mapped_column(default=False)
    is_gone_for_recipient: Mapped[bool] = mapped_column(default=False)

    sender: Mapped[User] = relationship()

    @property
    def sent_at(self) -> datetime:
        """When the message was sent."""
        return time_of(self.id)
