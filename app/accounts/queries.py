"""Questions about members."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from app.accounts import limits
from app.accounts.models import User, UserSession
from app.accounts.names import email_key, normal_email, username_key
from app.clock import utcnow
from app.extensions import db


def locked(user_ids: Iterable[int]) -> dict[int, User]:
    """Lock members' rows and return them as they are now, by id; who is gone is not among them.

    Always in the same order, and before the rows of posts, so that no two wait for each other.
    """
    query = sa.select(User).where(User.id.in_(set(user_ids))).order_by(User.id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {user.id: user for user in db.session.scalars(query)}


def by_username(username: str) -> User | None:
    """Return the member of that name, whatever the case, suspended or not."""
    return db.session.scalar(sa.select(User).where(User.username_key == username_key(username)))


def by_name_or_address(text: str) -> User | None:
    """Return the member whom somebody means at the sign-in form."""
    return by_address(text) if "@" in text else by_username(text)


def by_address(text: str) -> User | None:
    """Return the member with that address, however it is typed."""
    key = email_key(normal_email(text) or text[: limits.EMAIL_MAX])
    return db.session.scalar(sa.select(User).where(User.email_key == key))


def username_is_taken(username: str) -> bool:
    """Tell whether a member has that name in any case."""
    return _exists(User.username_key == username_key(username))


def email_is_taken(email: str) -> bool:
    """Tell whether a member has that address."""
    return _exists(User.email_key == email_key(email))


def anybody() -> bool:
    """Tell whether there is any member at all."""
    return _exists(sa.true())


def sessions_of(user: User) -> Sequence[UserSession]:
    """Return where a member is signed in, the latest seen first."""
    query = sa.select(UserSession).where(UserSession.user_id == user.id, alive())
    query = query.order_by(UserSession.last_seen_at.desc()).limit(limits.SESSIONS_SHOWN)
    return db.session.scalars(query).all()


def alive() -> sa.ColumnElement[bool]:
    """Return the condition that a session has been used lately enough to go on."""
    return UserSession.last_seen_at >= utcnow() - limits.SESSION_LIFETIME


def _exists(condition: sa.ColumnElement[bool]) -> bool:
    return db.session.scalar(sa.select(User.id).where(condition).limit(1)) is not None
