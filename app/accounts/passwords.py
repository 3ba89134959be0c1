"""Passwords: how they are stored (Argon2id, RFC 9106) and which ones are refused.

Hashing is slow on purpose. Views call it with no transaction open (`database.end_read`).
"""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from app.accounts import limits

# OWASP's parameters for a small machine: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS_HASH = _hasher.hash("nobody has this password")
# Stands in the place of a hash where no password is to work any more.
NO_PASSWORD = "!"  # noqa: S105
# Before normalisation a character may be spelt with several code points.
RAW_MAX = 4 * limits.PASSWORD_MAX
_COMMON = frozenset(FREQUENCY_LISTS["passwords"])


def normal(password: str) -> str:
    """Return the password in NFKC, so that every keyboard types the same one (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """Return the hash to store, with its salt and parameters."""
    return _hasher.hash(normal(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Tell whether that is the password. Takes as long for nobody (None) as for somebody."""
    if is_too_long(password):
        return False
    has_one = password_hash is not None and password_hash != NO_PASSWORD
    try:
        matches = _hasher.verify(password_hash if has_one else _NOBODYS_HASH, normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return matches and has_one


def renewed(password_hash: str, password: str) -> str | None:
    """Return a new hash of the right password if its hash was made with outdated parameters."""
    outdated = _hasher.check_needs_rehash(password_hash)
    return hash_password(password) if outdated else None


def is_too_long(password: str) -> bool:
    """Tell whether a password cannot be one; before it is normalised, which would take long."""
    return len(password) > RAW_MAX


def is_common(password: str, *personal: str) -> bool:
    """Tell whether a guesser would try it early: on the common list, or the member's own name."""
    folded = normal(password).casefold()
    return folded in _COMMON or folded in {normal(text).casefold() for text in personal if text}
