"""Ids of posts and messages, and what orders notifications: 63-bit numbers that sort by time.

The high 42 bits are milliseconds since 1970 (enough until 2109), the low 21 bits are random. So one
number is both the key and the time, a page needs no other order, and nobody can count or guess the
posts of others by adding one. Two posts in the same millisecond collide once in two million times;
the primary key notices and `posts.actions.insert` draws again. Messages do likewise; notifications
have keys of their own.
"""

import secrets
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RANDOM_BITS = 21
MAX_ID = 2**63 - 1


def new_id(at: datetime) -> int:
    """Return a fresh id for what happens at that (aware) moment."""
    return first_id(at) | secrets.randbits(RANDOM_BITS)


def first_id(at: datetime) -> int:
    """Return the least id that could be of that (aware) moment."""
    return (at - EPOCH) // timedelta(milliseconds=1) << RANDOM_BITS


def time_of(number: int) -> datetime:
    """Return the moment, aware and in UTC, that an id carries."""
    return EPOCH + timedelta(milliseconds=number >> RANDOM_BITS)
