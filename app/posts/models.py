"""Table of posts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.database import TABLE_OPTIONS, BigId, LongText, UtcDateTime
from app.extensions import db
from app.ids import time_of


class Audience(StrEnum):
    """Who may see a post."""

    PUBLIC = "public"


class Post(db.Model):
    """A post. Its id carries the time of publication (see `app.ids`)."""

    __tablename__ = "posts"
    __table_args__: Any = (
        # The home timeline reads nothing but this; profiles begin here.
        sa.Index(None, "author_id", "id", "audience"),
        # The same form sent twice is one post. (In this order, so that MariaDB is not tempted to
        # read the timelines from it.)
        sa.UniqueConstraint("once_key", "author_id"),
        TABLE_OPTIONS | {"sqlite_autoincrement": False},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    body: Mapped[str] = mapped_column(LongText)
    # What the text is written in, as far as can be told (`text.language`): "en", "ja".
    language: Mapped[str] = mapped_column(sa.String(8), default="", server_default=sa.text("''"))
    audience: Mapped[str] = mapped_column(sa.String(16), default=Audience.PUBLIC)
    once_key: Mapped[str] = mapped_column(sa.String(32))
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    author: Mapped[User] = relationship()

    @property
    def created_at(self) -> datetime:
        """When the post was published."""
        return time_of(self.id)

    def __repr__(self) -> str:
        return f"<Post {self.id}>"
