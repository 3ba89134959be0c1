"""Pages by key: "what came before this id", never "skip so many rows".

Ids only grow, so a page that was read once stays what it was while others write, and the database
finds its first row in an index. One row more than the page is read to know whether there are more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import abort, request
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute

from app.extensions import db
from app.ids import MAX_ID

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page, newest first, and the keys of its neighbours (None where there is none)."""

    items: Sequence[T]
    newer: int | None = None
    older: int | None = None
    is_first: bool = True


@dataclass(frozen=True)
class Key:
    """Where a page begins: rows older than `before`, newer than `after`, or the newest of all."""

    size: int
    before: int | None = None
    after: int | None = None

    @classmethod
    def from_request(cls, size: int) -> "Key":
        """Read `?before=` and `?after=`; anything but one plain id is a page nobody has."""
        before, after = _id_argument("before"), _id_argument("after")
        if before is not None and after is not None:
            abort(404)
        return cls(size, before, after)

    def beyond(self, column: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """Return the condition that holds for rows on this page or further on."""
        if self.after is not None:
            return column > self.after
        return column < (MAX_ID if self.before is None else self.before)

    def order(self, column: Any) -> ColumnElement[int]:
        """Return the order in which the page is read: away from its key."""
        return column.asc() if self.after is not None else column.desc()

    def narrow(self, query: Select[Any], column: InstrumentedAttribute[int]) -> Select[Any]:
        """Restrict a query to this page and the one row beyond it."""
        return query.where(self.beyond(column)).order_by(self.order(column)).limit(self.size + 1)

    def page(self, rows: Sequence[tuple[T, int]]) -> Page[T]:
        """Make a page of the (item, id) rows that a narrowed query returned."""
        more, rows = len(rows) > self.size, rows[: self.size]
        is_first = self.before is None and self.after is None
        if not rows:
            return Page([], is_first=is_first)
        backwards = self.after is not None
        if backwards:
            rows = rows[::-1]
        newest, oldest = rows[0][1], rows[-1][1]
        return Page(
            [item for item, _id in rows],
            newer=newest if (more if backwards else not is_first) else None,
            older=oldest if (backwards or more) else None,
            is_first=is_first,
        )


def read_page(query: Select[Any], column: InstrumentedAttribute[int], key: Key) -> Page[Any]:
    """Run a one-entity query for the page that `key` names; `column` orders and keys it."""
    rows = db.session.execute(key.narrow(query.add_columns(column), column)).all()
    return key.page([(item, row_id) for item, row_id in rows])


def _id_argument(name: str) -> int | None:
    values = request.args.getlist(name)
    if not values:
        return None
    text = values[0]
    if len(values) > 1 or not (text.isascii() and text.isdigit() and len(text) < 20):
        abort(404)
    return min(int(text), MAX_ID)
