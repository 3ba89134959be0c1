"""Tables of posts, and of what members do with them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.clock import utcnow
from app.database import TABLE_OPTIONS, BigId, LongText, UtcDateTime, short_binary
from app.extensions import db
from app.ids import time_of
from app.posts import limits


class Audience(StrEnum):
    """Who may see a post."""

    PUBLIC = "public"


class Post(db.Model):
    """A post, an answer to one, or the repost of one. Its id carries the time of publication.

    What an answer belongs to is in numbers without foreign keys: a post may be deleted, and what
    was answered to it stays (see `posts.threads`).
    """

    __tablename__ = "posts"
    __table_args__: Any = (
        # The home timeline reads nothing but this; profiles begin here.
        sa.Index(None, "author_id", "id", "audience", "repost_of_id", "parent_author_id"),
        # The same form sent twice is one post. (In this order, so that MariaDB is not tempted to
        # read the timelines from it.)
        sa.UniqueConstraint("once_key", "author_id"),
        # Nobody reposts a post twice.
        sa.UniqueConstraint("repost_of_id", "author_id"),
        sa.Index(None, "path"),
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

    # The post that this one only passes on; then it has no text of its own.
    repost_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"))
    # The post that this one answers, and who wrote that.
    parent_id: Mapped[int | None] = mapped_column(BigId)
    parent_author_id: Mapped[int | None] = mapped_column(BigId)
    # Where an answer stands in its conversation; None for all others.
    path: Mapped[bytes | None] = mapped_column(short_binary(limits.PATH_MAX))
    # Whom the text names, of those who were members then: their usernames, with spaces between.
    mentions: Mapped[str] = mapped_column(
        sa.String(limits.MENTIONS_COLUMN), default="", server_default=sa.text("''")
    )

    # Changed in the transaction that changes the rows they count; who is hidden does not count.
    replies_count: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    reposts_count: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    likes_count: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))

    author: Mapped[User] = relationship()
    repost_of: Mapped["Post | None"] = relationship(remote_side="Post.id")

    @property
    def created_at(self) -> datetime:
        """When the post was published."""
        return time_of(self.id)

    @property
    def subject(self) -> "Post":
        """The post that is shown: the one that is passed on, or this one."""
        return self.repost_of or self

    @property
    def is_reply(self) -> bool:
        """Whether the post answers another, which may be gone."""
        return self.parent_id is not None

    @property
    def mentioned(self) -> frozenset[str]:
        """The usernames, in lower case, that are links in the text."""
        return frozenset(self.mentions.split())

    def __repr__(self) -> str:
        return f"<Post {self.id}>"


class Like(db.Model):
    """One member likes a post."""

    __tablename__ = "likes"
    __table_args__: Any = (
        sa.UniqueConstraint("user_id", "post_id"),
        # Who likes it, the latest first.
        sa.Index(None, "post_id", "id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class Bookmark(db.Model):
    """A post that one member means to find again; nobody else knows."""

    __tablename__ = "bookmarks"
    __table_args__: Any = (
        sa.UniqueConstraint("user_id", "post_id"),
        sa.Index(None, "user_id", "id"),
        sa.Index(None, "post_id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class Hashtag(db.Model):
    """A word that joins posts, unique by its folded key."""

    __tablename__ = "hashtags"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(limits.HASHTAG_COLUMN), unique=True)
    # As it was written first.
    name: Mapped[str] = mapped_column(sa.String(limits.HASHTAG_COLUMN))


class Tagging(db.Model):
    """A post has a hashtag in its text."""

    __tablename__ = "taggings"
    __table_args__: Any = (
        # Read from the newest on: the page of a hashtag, and the home timeline.
        sa.Index(None, "post_id"),
        TABLE_OPTIONS | {"sqlite_autoincrement": False},
    )

    hashtag_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hashtags.id", ondelete="CASCADE"), primary_key=True
    )
    post_id: Mapped[int] = mapped_column(
        sa.ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True
    )


class HashtagFollow(db.Model):
    """One member reads the posts with a hashtag on their home timeline."""

    __tablename__ = "hashtag_follows"
    __table_args__: Any = (
        sa.UniqueConstraint("user_id", "hashtag_id"),
        sa.Index(None, "user_id", "id"),
        sa.Index(None, "hashtag_id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    hashtag_id: Mapped[int] = mapped_column(sa.ForeignKey("hashtags.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)

    hashtag: Mapped[Hashtag] = relationship()
