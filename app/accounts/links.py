"""The links in our messages: made when a message is sent, read when somebody follows one.

Each is good for one purpose, is sealed with what it would change, and so works once (`signing`).
"""

from datetime import timedelta

from app.accounts import limits
from app.accounts.models import AddressChange, Registration, User
from app.email import link_to
from app.extensions import db
from app.signing import Claim, make_token, read_token

RESET, REGISTER, CHANGE, UNDO = "reset", "register", "change_address", "undo_change"


def reset_link(user: User) -> str:
    """Return the link to a new password. Dies when the password or the address changes."""
    token = make_token(RESET, user.id, *_reset_facts(user), lifetime=limits.RESET_LIFETIME)
    return link_to("auth.reset_password", token=token)


def user_to_reset(token: str, *, lock: bool = False) -> User | None:
    """Return the member whom a valid reset link is for; with `lock`, to be changed at once."""
    claim = read_token(token, RESET)
    user = (
        db.session.get(User, claim.subject, with_for_update=lock, populate_existing=lock)
        if claim
        else None
    )
    return user if user and claim.is_sealed_with(*_reset_facts(user)) else None


def registration_link(registration: Registration) -> str:
    """Return the link that finishes a registration; the row it is about goes with its use."""
    facts, lifetime = (registration.email_key,), limits.CONFIRM_LIFETIME
    return _confirm_link(REGISTER, registration.id, facts, lifetime)


def change_link(change: AddressChange) -> str:
    """Return the link that proves a new address. Dies when it is used, or the address changes."""
    return _confirm_link(CHANGE, change.id, _change_facts(change), limits.CONFIRM_LIFETIME)


def undo_link(change: AddressChange) -> str:
    """Return the link by which the owner of the old address takes the account back."""
    return _confirm_link(UNDO, change.id, _undo_facts(change), limits.UNDO_LIFETIME)


def to_confirm(
    token: str, *, lock: bool = False
) -> tuple[str, Registration | AddressChange] | None:
    """Return the purpose of a valid link to confirm something, and what it is about.

    With `lock` it is read anew and locked: of two clicks the second finds that all is done.
    """
    reading = {"with_for_update": lock, "populate_existing": lock}
    claim = read_token(token, REGISTER, CHANGE, UNDO)
    if claim is None:
        return None
    if claim.purpose == REGISTER:
        found = db.session.get(Registration, claim.subject, **reading)
        facts = (found.email_key,) if found else ()
    else:
        found = db.session.get(AddressChange, claim.subject, **reading)
        facts = _facts_of(claim, found)
    return (claim.purpose, found) if found and claim.is_sealed_with(*facts) else None


def _facts_of(claim: Claim, change: AddressChange | None) -> tuple[str, ...]:
    if change is None:
        return ()
    return _change_facts(change) if claim.purpose == CHANGE else _undo_facts(change)


def _reset_facts(user: User) -> tuple[str, ...]:
    return user.password_hash, user.email_key


def _change_facts(change: AddressChange) -> tuple[str, ...]:
    return change.new_email, change.user.email_key, str(change.confirmed_at)


def _undo_facts(change: AddressChange) -> tuple[str, ...]:
    return change.old_email, str(change.confirmed_at)


def _confirm_link(purpose: str, subject: int, facts: tuple[str, ...], lifetime: timedelta) -> str:
    token = make_token(purpose, subject, *facts, lifetime=lifetime)
    return link_to("auth.confirm", token=token)
