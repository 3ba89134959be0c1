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
from app.posts.limits import FORM_KEY_MAX


class Audience(StrEnum):
    """Who may see a post."""

    PUBLIC = "public"


class Post(db.Model):
    """A post. Its id carries the time of publication (see `app.ids`)."""

    __tablename__ = "posts"
    __table_args__: Any = (
        # The heads of the home timeline, and profiles.
        sa.Index(None, "author_id", "id"),
        # The same form sent twice is one post.
        sa.UniqueConstraint("author_id", "form_key"),
        TABLE_OPTIONS | {"sqlite_autoincrement": False},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    body: Mapped[str] = mapped_column(LongText)
    audience: Mapped[str] = mapped_column(sa.String(16), default=Audience.PUBLIC)
    form_key: Mapped[str] = mapped_column(sa.String(FORM_KEY_MAX))
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    author: Mapped[User] = relationship()

    @property
    def created_at(self) -> datetime:
        """When the post was published."""
        return time_of(self.id)

    def __repr__(self) -> str:
        return f"<Post {self.id}>"
