"""Tables of members, their sessions, and wrong passwords."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import limits
from app.clock import utcnow
from app.database import TABLE_OPTIONS, BigId, UtcDateTime
from app.extensions import db


class User(UserMixin, db.Model):
    """A member. Names and addresses are unique by their folded keys, whatever their case."""

    __tablename__ = "users"
    # The people worth suggesting, without a sort.
    __table_args__: Any = (sa.Index(None, "followers_count", "id"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(limits.USERNAME_MAX))
    username_key: Mapped[str] = mapped_column(sa.String(limits.USERNAME_MAX), unique=True)
    email: Mapped[str] = mapped_column(sa.String(limits.EMAIL_MAX))
    email_key: Mapped[str] = mapped_column(sa.String(limits.EMAIL_MAX), unique=True)
    password_hash: Mapped[str] = mapped_column(sa.String(255))

    display_name: Mapped[str] = mapped_column(sa.String(limits.NAME_COLUMN), default="")
    about_me: Mapped[str] = mapped_column(sa.Text, default="")
    location: Mapped[str] = mapped_column(sa.String(limits.LOCATION_COLUMN), default="")
    website: Mapped[str] = mapped_column(sa.String(limits.WEBSITE_MAX), default="")
    # The language chosen in the settings; None follows the browser.
    locale: Mapped[str | None] = mapped_column(sa.String(16))

    is_admin: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # Changed in the transaction that changes the rows they count; suspended people do not count.
    posts_count: Mapped[int] = mapped_column(default=0)
    followers_count: Mapped[int] = mapped_column(default=0)
    following_count: Mapped[int] = mapped_column(default=0)

    # The UserSession that the present request came with; set when loaded and at sign-in.
    session = None

    @property
    def name(self) -> str:
        """What the member is called on pages."""
        return self.display_name or self.username

    @property
    def is_active(self) -> bool:
        """Whether the member may sign in and be seen."""
        return self.suspended_at is None

    def get_id(self) -> str:
        """Return what Flask-Login keeps in the cookie: the session's secret, not a member's id."""
        if self.session is None or self.session.token is None:
            raise RuntimeError("Only accounts.sign_in.open_session() signs a member in.")
        return self.session.token

    def __repr__(self) -> str:
        return f"<User {self.id} {self.username}>"


class UserSession(db.Model):
    """One browser in which a member is signed in. Ending it is deleting the row."""

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_agent: Mapped[str] = mapped_column(sa.String(limits.USER_AGENT_MAX), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)

    user: Mapped[User] = relationship()

    # The secret itself (str), known only while the request that carries it is answered.
    token = None


class SignInFailure(db.Model):
    """One wrong password, remembered for a quarter of an hour. Holds a keyed hash, not the name."""

    __tablename__ = "sign_in_failures"
    __table_args__: Any = (
        sa.Index(None, "account_hash", "network", "failed_at"),
        sa.Index(None, "account_hash", "failed_at"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_hash: Mapped[str] = mapped_column(sa.String(64))
    network: Mapped[str] = mapped_column(sa.String(64))
    failed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow, index=True)
