"""Reading what may be very much, a portion at a time; between portions no transaction is open."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.database import begin_read
from app.extensions import db
from app.ids import MAX_ID

PORTION = 500


def rows_by_key(
    query: sa.Select[Any], key: InstrumentedAttribute[int], *, oldest_first: bool = False
) -> Iterator[sa.Row[Any]]:
    """Yield a query's rows, the greatest key first; the key is the first column."""
    last = 0 if oldest_first else MAX_ID
    while True:
        begin_read(db.session)
        beyond, order = (key > last, key.asc()) if oldest_first else (key < last, key.desc())
        rows = db.session.execute(query.where(beyond).order_by(order).limit(PORTION)).all()
        db.session.rollback()
        yield from rows
        if len(rows) < PORTION:
            return
        last = rows[-1][0]
