"""Addresses: confirming them, changing them, and a new password by mail. Actions flush.

A stranger learns nothing here about who has an account. Whether a member has an address or not, the
same rows are written, in the same time, and the same is said; only the message differs.
"""

import hashlib
import hmac

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from app.accounts import actions, limits, passwords, tasks
from app.accounts.models import AddressChange, MailRequest, Registration, User
from app.accounts.names import email_key
from app.accounts.queries import by_address
from app.clock import utcnow
from app.extensions import db
from app.jobs.tasks import PATIENCE
from app.problems import Problem


def ask_for_reset(address: str) -> None:
    """Ask for a link to a new password, for the member who has that address, if there is one.

    Raises Problem if that was asked for too often.
    """
    _count_request("reset", address)
    user = by_address(address)
    tasks.send_reset_link.ask(user_id=user.id if user else None)


def begin_registration(username: str, email: str, password_hash: str) -> Registration:
    """Note who wants to join, and send them a link to confirm the address.

    If a member has it, the message tells them instead. Raises Problem if too many were asked for.
    """
    _count_request("register", email)
    registration = Registration(
        username=username, email=email, email_key=email_key(email), password_hash=password_hash
    )
    db.session.add(registration)
    db.session.flush()
    owner = by_address(email)
    if owner is None:
        tasks.send_registration_link.ask(subject_id=registration.id)
    else:
        tasks.tell_address_is_taken.ask(user_id=owner.id, subject_id=registration.id)
    return registration


def finish_registration(registration: Registration) -> User:
    """Make a member of somebody who confirmed. Raises IntegrityError if the name was taken."""
    user = actions.register(registration.username, registration.email, registration.password_hash)
    # Others with this address can no longer become members.
    db.session.execute(
        sa.delete(Registration).where(Registration.email_key == registration.email_key)
    )
    return user


def begin_change(user: User, email: str) -> AddressChange:
    """Note a member's new address, and send a link there; it counts once that is followed.

    Raises Problem if too many messages were asked for.
    """
    _count_request("change", email)
    db.session.execute(_changes_of(user).where(AddressChange.confirmed_at.is_(None)))
    change = AddressChange(user_id=user.id, old_email=user.email, new_email=email)
    db.session.add(change)
    db.session.flush()
    owner = by_address(email)
    if owner is None or owner.id == user.id:
        tasks.send_address_link.ask(user_id=user.id, subject_id=change.id)
    else:
        tasks.tell_address_is_taken.ask(user_id=owner.id, subject_id=change.id)
    return change


def finish_change(change: AddressChange) -> None:
    """Let the new address count, and tell the old one. Raises IntegrityError if it was taken."""
    _set_address(change.user, change.new_email)
    change.confirmed_at = utcnow()
    db.session.flush()
    tasks.tell_address_changed.ask(user_id=change.user_id, subject_id=change.id)


def undo_change(change: AddressChange) -> None:
    """Give an account back to the old address: whoever changed it may know the password.

    So that ends too, with every session, and a link to a new one is sent. Changes before this one
    can still be undone: this one may be the thief's own. Raises IntegrityError if somebody else has
    the old address by now.
    """
    user = change.user
    _set_address(user, change.old_email)
    user.password_hash = passwords.NO_PASSWORD
    actions.end_sessions(user)
    db.session.execute(_changes_of(user).where(AddressChange.id >= change.id))
    tasks.send_reset_link.ask(user_id=user.id, subject_id=change.id)


def pending_change(user: User) -> AddressChange | None:
    """Return a member's change of address that waits to be confirmed."""
    query = sa.select(AddressChange).where(
        AddressChange.user_id == user.id,
        AddressChange.confirmed_at.is_(None),
        AddressChange.requested_at > utcnow() - PATIENCE - limits.CONFIRM_LIFETIME,
    )
    return db.session.scalars(query.order_by(AddressChange.id.desc())).first()


def _changes_of(user: User) -> sa.Delete:
    return sa.delete(AddressChange).where(AddressChange.user_id == user.id)


def _set_address(user: User, email: str) -> None:
    user.email, user.email_key = email, email_key(email)
    db.session.flush()


def _count_request(purpose: str, address: str) -> None:
    """Count a message that somebody wants sent to an address; raises Problem if it is too many."""
    key = current_app.config["SECRET_KEY"].encode()
    text = f"mail to {email_key(address)} for {purpose}"
    digest = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    old = MailRequest.requested_at <= utcnow() - limits.MAIL_REQUEST_WINDOW
    db.session.execute(sa.delete(MailRequest).where(MailRequest.address_hash == digest, old))
    for slot in range(limits.MAIL_REQUESTS):
        try:
            with db.session.begin_nested():
                db.session.add(MailRequest(address_hash=digest, slot=slot))
        except IntegrityError:
            continue
        return
    raise Problem(
        _l("We have sent several messages to that address already. Try again in half an hour."),
        status=429,
    )
