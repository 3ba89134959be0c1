"""What can be done to an account. Actions flush; whoever calls them commits."""

from typing import Any

import sqlalchemy as sa

from app.accounts import tasks
from app.accounts.models import AddressChange, User, UserSession
from app.accounts.names import email_key, username_key
from app.events import member_changed
from app.extensions import db


def register(username: str, email: str, password_hash: str, *, is_admin: bool = False) -> User:
    """Create a member. Raises IntegrityError if the name or the address was taken meanwhile."""
    user = User(
        username=username,
        username_key=username_key(username),
        email=email,
        email_key=email_key(email),
        password_hash=password_hash,
        is_admin=is_admin,
    )
    db.session.add(user)
    db.session.flush()
    member_changed.send(user)
    return user


def change_password(user: User, password_hash: str, *, keep: UserSession | None = None) -> None:
    """Set a new password and sign the member out everywhere but in the session to `keep`.

    A message tells them. A change of address that waits to be confirmed is forgotten: somebody who
    knew the old password may have asked for it.
    """
    user.password_hash = password_hash
    end_sessions(user, keep=keep)
    unconfirmed = AddressChange.confirmed_at.is_(None)
    db.session.execute(
        sa.delete(AddressChange).where(AddressChange.user_id == user.id, unconfirmed)
    )
    tasks.tell_password_changed.ask(user_id=user.id)


def end_sessions(user: User, *, keep: UserSession | None = None) -> None:
    """Sign a member out everywhere, or everywhere else."""
    others = sa.delete(UserSession).where(UserSession.user_id == user.id)
    if keep is not None:
        others = others.where(UserSession.id != keep.id)
    db.session.execute(others)


def end_session(user: User, session_id: int) -> bool:
    """Sign a member out in one place; returns False if that is not a session of theirs."""
    query = sa.delete(UserSession).where(
        UserSession.id == session_id, UserSession.user_id == user.id
    )
    result: Any = db.session.execute(query)
    return result.rowcount > 0


def edit_profile(
    user: User, *, display_name: str, about_me: str, location: str, website: str
) -> None:
    """Change what a member says about themselves."""
    user.display_name = display_name
    user.about_me = about_me
    user.location = location
    user.website = website
    db.session.flush()
    member_changed.send(user)


def choose_language(user: User, locale: str | None) -> None:
    """Set the language of a member's pages; None follows the browser."""
    user.locale = locale


def set_admin(user: User, *, is_admin: bool) -> None:
    """Give a member the rights of an administrator, or take them away."""
    user.is_admin = is_admin
