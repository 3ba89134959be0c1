"""Signing in: checking a password with care, and opening and finding sessions.

Wrong passwords are counted per account and client network, in the database, so that the count holds
for every process and survives a restart. Too many from one network shut that network out of that
account for a while; nobody else can lock a member out. Very many from everywhere only slow down
every attempt on the account. Names nobody has are counted alike, so that they look the same.
"""

import hashlib
import hmac
import secrets
import time
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.accounts import limits, passwords
from app.accounts.models import SignInFailure, User, UserSession
from app.accounts.queries import alive, by_name_or_address
from app.clock import utcnow
from app.database import brief_write, end_read
from app.extensions import db
from app.metrics.counters import count
from app.problems import Problem

FAILURE_WINDOW = timedelta(minutes=15)
FAILURES_PER_NETWORK = 10
FAILURES_PER_ACCOUNT = 50
SLOW_DOWN = timedelta(seconds=1)
SEEN_INTERVAL = timedelta(minutes=5)


def authenticate(name_or_address: str, password: str, network: str) -> User:
    """Return the member whose name or address and password these are. Raises Problem.

    They may be about to leave (`moderation.leaving.keep_account`).

    Leaves a wrong password's count to be committed by the caller.
    """
    user = by_name_or_address(name_or_address)
    account = _account_hash(user, name_or_address)
    since = utcnow() - FAILURE_WINDOW
    if _failures(account, since, FAILURES_PER_NETWORK, network) >= FAILURES_PER_NETWORK:
        count("sign_in_failures", reason="locked")
        raise Problem(
            _l("Too many wrong passwords. Wait a quarter of an hour, then try again."), status=429
        )
    slow = _failures(account, since, FAILURES_PER_ACCOUNT) >= FAILURES_PER_ACCOUNT
    user_id, password_hash = (user.id, user.password_hash) if user else (None, None)
    end_read(db.session)

    if slow:
        time.sleep(SLOW_DOWN.total_seconds())
    matches = passwords.verify(password_hash, password)
    new_hash = passwords.renewed(password_hash, password) if matches else None

    user = _still(user_id, password_hash) if matches else None
    if user is None or _is_being_removed(user):
        _remember_failure(account, network, since)
        count("sign_in_failures", reason="password")
        raise Problem(_l("That name and password do not belong together."))
    if user.suspended_at is not None:
        raise Problem(_l("This account is suspended."), status=403)
    user.password_hash = new_hash or user.password_hash
    return user


def _still(user_id: int | None, password_hash: str | None) -> User | None:
    # While we were hashing, the password may have been changed and every session ended.
    query = sa.select(User).where(User.id == user_id, User.password_hash == password_hash)
    return db.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _is_being_removed(user: User) -> bool:
    return user.deletion_due_at is not None and user.deletion_due_at <= utcnow()


def open_session(user: User, user_agent: str, network: str) -> UserSession:
    """Record that a member has signed in, and give the session a secret. Forgives old mistakes."""
    forgive(user, network)
    db.session.execute(sa.delete(UserSession).where(UserSession.user_id == user.id, ~alive()))

    token = secrets.token_urlsafe(32)
    session = UserSession(
        user_id=user.id,
        token_hash=_token_hash(token),
        user_agent=user_agent[: limits.USER_AGENT_MAX],
    )
    session.token = token
    db.session.add(session)
    db.session.flush()
    user.session = session
    return session


def forgive(user: User, network: str | None = None) -> None:
    """Forget the wrong passwords for an account, those from one network or all."""
    failures = sa.delete(SignInFailure).where(SignInFailure.account_hash == _account_hash(user, ""))
    if network is not None:
        failures = failures.where(SignInFailure.network == network)
    db.session.execute(failures)


def find_session(token: str) -> UserSession | None:
    """Return the living session with that secret, its member loaded with it."""
    session = db.session.scalar(
        sa.select(UserSession)
        .options(joinedload(UserSession.user, innerjoin=True))
        .where(UserSession.token_hash == _token_hash(token), alive())
    )
    if session is None or not session.user.is_active:
        return None
    session.token = token
    session.user.session = session
    return session


def touch(session_id: int) -> None:
    """Note, in a transaction of its own, that a session is in use; not when all is busy."""
    now = utcnow()
    stale = UserSession.last_seen_at < now - SEEN_INTERVAL
    try:
        with brief_write(db.engine) as connection:
            connection.execute(
                sa.update(UserSession)
                .where(UserSession.id == session_id, stale)
                .values(last_seen_at=now)
            )
    except sa.exc.DBAPIError as error:
        current_app.logger.debug("Did not note a visit: %s", error.orig)


def is_stale(session: UserSession) -> bool:
    """Tell whether it is time to note that a session is in use."""
    return session.last_seen_at < utcnow() - SEEN_INTERVAL


def _failures(account: str, since: datetime, enough: int, network: str | None = None) -> int:
    query = sa.select(SignInFailure.id).where(
        SignInFailure.account_hash == account, SignInFailure.failed_at > since
    )
    if network is not None:
        query = query.where(SignInFailure.network == network)
    return len(db.session.scalars(query.limit(enough)).all())


def _remember_failure(account: str, network: str, since: datetime) -> None:
    db.session.execute(sa.delete(SignInFailure).where(SignInFailure.failed_at <= since))
    db.session.add(SignInFailure(account_hash=account, network=network))
    db.session.flush()


def _account_hash(user: User | None, typed: str) -> str:
    # Keyed, because people type their password into the wrong field now and then.
    account = f"member {user.id}" if user else f"nobody {typed.casefold()}"
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, account.encode(errors="replace"), hashlib.sha256).hexdigest()


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
