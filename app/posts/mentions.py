"""Whom a text names."""

from collections.abc import Iterable

import sqlalchemy as sa

from app.accounts.models import User
from app.extensions import db
from app.posts import limits
from app.relationships.queries import in_sight
from app.text import marks


def people_in(text: str, author: User) -> list[User]:
    """Return the members whom a text names and its author may see, the author not among them."""
    keys = dict.fromkeys(mark.key for mark in marks.names(text))
    keys.pop(author.username_key, None)
    wanted = list(keys)[: limits.MENTIONS_MAX]
    if not wanted:
        return []
    query = sa.select(User).where(User.username_key.in_(wanted), in_sight(author.id))
    return list(db.session.scalars(query.order_by(User.id)))


def column_of(people: Iterable[User]) -> str:
    """Return what `Post.mentions` says of those people."""
    return " ".join(user.username_key for user in people)
