"""Post ids: 63-bit numbers that sort by time of publication.

The high 42 bits are milliseconds since 1970 (enough until 2109), the low 21 bits are random. So one
number is both the key and the time, a page of posts needs no other order, and nobody can count or
guess the posts of others by adding one. Two posts in the same millisecond collide once in two
million times; the primary key notices and `posts.actions.publish` draws again.
"""

import secrets
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RANDOM_BITS = 21
MAX_ID = 2**63 - 1


def new_id(at: datetime) -> int:
    """Return a fresh id for something published at that (aware) moment."""
    return first_id(at) | secrets.randbits(RANDOM_BITS)


def first_id(at: datetime) -> int:
    """Return the least id that something published at that (aware) moment could have."""
    return (at - EPOCH) // timedelta(milliseconds=1) << RANDOM_BITS


def time_of(post_id: int) -> datetime:
    """Return the moment, aware and in UTC, that an id carries."""
    return EPOCH + timedelta(milliseconds=post_id >> RANDOM_BITS)
