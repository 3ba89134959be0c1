"""Reading very many rows without holding them, and without keeping a transaction open."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.database import begin_read
from app.extensions import db
from app.ids import MAX_ID

PORTION = 500


def rows_by_key(query: sa.Select[Any], key: InstrumentedAttribute[int]) -> Iterator[sa.Row[Any]]:
    """Yield a query's rows, the greatest key first; the key is the first column."""
    below = MAX_ID
    while True:
        begin_read(db.session)
        page = query.where(key < below).order_by(key.desc()).limit(PORTION)
        rows = db.session.execute(page).all()
        db.session.rollback()
        yield from rows
        if len(rows) < PORTION:
            return
        below = rows[-1][0]
