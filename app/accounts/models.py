"""Tables of members, their sessions, their addresses on the way, and what is limited."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import limits
from app.clock import utcnow
from app.database import TABLE_OPTIONS, BigId, UtcDateTime
from app.extensions import db


class MessagesFrom(StrEnum):
    """Whose private messages a member takes; whomever they wrote to may always answer."""

    EVERYONE = "everyone"
    FOLLOWED = "followed"
    NOBODY = "nobody"


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

    # Who may write to them in private.
    messages_from: Mapped[str] = mapped_column(
        sa.String(16), default=MessagesFrom.EVERYONE, server_default=MessagesFrom.EVERYONE
    )
    # The kinds of notifications that they do not want, with spaces between.
    unwanted_notifications: Mapped[str] = mapped_column(
        sa.String(100), default="", server_default=sa.text("''")
    )

    is_admin: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    # Shut out by a moderator.
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Leaving: hidden at once, and deleted then unless they sign in before.
    deletion_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # Changed in the transaction that changes the rows they count; who is hidden does not count.
    posts_count: Mapped[int] = mapped_column(default=0)
    followers_count: Mapped[int] = mapped_column(default=0)
    following_count: Mapped[int] = mapped_column(default=0)

    # The UserSession that the present request came with; set when loaded and at sign-in.
    session = None

    @property
    def name(self) -> str:
        """What the member is called on pages."""
        return self.display_name or self.username

    @hybrid_property
    def is_active(self) -> bool:
        """Whether the member may be seen and stay signed in; also a condition for queries."""
        return self.suspended_at is None and self.deletion_due_at is None

    @is_active.inplace.expression
    @classmethod
    def _is_active_expression(cls) -> sa.ColumnElement[bool]:
        return sa.and_(cls.suspended_at.is_(None), cls.deletion_due_at.is_(None))

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


class MailRequest(db.Model):
    """One message that somebody asked us to send to an address, remembered for half an hour.

    Holds a keyed hash, not the address, and is written whether or not a member has the address.
    An address has a few numbered slots, so that two requests at once cannot both be the last.
    """

    __tablename__ = "mail_requests"
    __table_args__: Any = (sa.UniqueConstraint("address_hash", "slot"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    address_hash: Mapped[str] = mapped_column(sa.String(64))
    slot: Mapped[int] = mapped_column(sa.SmallInteger)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow, index=True)


class Registration(db.Model):
    """Somebody who wants to join and has not yet confirmed their address. Reserves nothing."""

    __tablename__ = "registrations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(limits.USERNAME_MAX))
    email: Mapped[str] = mapped_column(sa.String(limits.EMAIL_MAX))
    email_key: Mapped[str] = mapped_column(sa.String(limits.EMAIL_MAX), index=True)
    password_hash: Mapped[str] = mapped_column(sa.String(255))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow, index=True)

    # What a message needs to know of its recipient.
    locale = None

    @property
    def name(self) -> str:
        """What the person is called in messages."""
        return self.username


class AddressChange(db.Model):
    """A member's change of address: asked for, confirmed, and for some days undone if need be."""

    __tablename__ = "address_changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    old_email: Mapped[str] = mapped_column(sa.String(limits.EMAIL_MAX))
    new_email: Mapped[str] = mapped_column(sa.String(limits.EMAIL_MAX))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow, index=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()
