"""Passwords: how they are stored (Argon2id, RFC 9106) and which ones are refused.

Hashing is slow on purpose. Views call it with no transaction open (`database.end_read`).
"""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

# OWASP's parameters for a small machine: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_COMMON = frozenset(FREQUENCY_LISTS["passwords"])


def normal(password: str) -> str:
    """Return the password in NFKC, so that every keyboard types the same one (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """Return the hash to store, with its salt and parameters."""
    return _hasher.hash(normal(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Tell whether that is the password. Takes as long for nobody (None) as for somebody."""
    try:
        matches = _hasher.verify(password_hash or _nobodys_hash(), normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return matches and password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Tell whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def is_common(password: str, *personal: str) -> bool:
    """Tell whether a guesser would try it early: on the common list, or the member's own name."""
    folded = normal(password).casefold()
    return folded in _COMMON or folded in {normal(text).casefold() for text in personal if text}


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password")
