"""What the collections are made from: the rows that have to be found, in the order of their ids."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.extensions import db
from app.posts.models import Post
from app.search.documents import person_entry, post_entry
from app.search.engine import Collection, Entry


@dataclass(frozen=True)
class Source:
    """Where a collection's documents come from."""

    model: type[Any]
    entry: Callable[[Any], Entry]
    # Which rows have something to be found.
    condition: sa.ColumnElement[bool]
    # In which order its rows are locked, so that no two who lock several wait for each other.
    lock_order: sa.ColumnElement[int]

    def ids(self, above: int, limit: int) -> Sequence[int]:
        """Return the least ids greater than `above`, in order."""
        query = sa.select(self.model.id).where(self.model.id > above, self.condition)
        return db.session.scalars(query.order_by(self.model.id).limit(limit)).all()

    def existing(self, ids: Sequence[int]) -> set[int]:
        """Return those of the ids that have rows."""
        query = sa.select(self.model.id).where(self.model.id.in_(ids), self.condition)
        return set(db.session.scalars(query))

    def last_id(self) -> int:
        """Return the greatest id there is."""
        return db.session.scalar(sa.select(sa.func.max(self.model.id))) or 0

    def entries(self, ids: Sequence[int], *, keep: bool = False) -> list[Entry]:
        """Return the documents with those ids; rows that are gone have none.

        With `keep` the rows stay as they are until the transaction ends.
        """
        if keep:
            rows = sa.select(self.model.id).where(self.model.id.in_(ids))
            rows = rows.order_by(self.lock_order).with_for_update(read=True)
            db.session.execute(rows).all()
        query = sa.select(self.model).where(self.model.id.in_(ids), self.condition)
        query = query.order_by(self.model.id).execution_options(populate_existing=keep)
        return [self.entry(row) for row in db.session.scalars(query)]

    def count(self) -> int:
        """Return how many documents there should be."""
        query = sa.select(sa.func.count()).select_from(self.model).where(self.condition)
        return db.session.scalar(query) or 0


SOURCES = {
    # A repost has no words of its own.
    Collection.POSTS: Source(Post, post_entry, Post.repost_of_id.is_(None), Post.id.desc()),
    Collection.PEOPLE: Source(User, person_entry, sa.true(), User.id.asc()),
}
