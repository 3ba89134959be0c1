"""Which of its two tables each index lives in."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db

SLOTS = ("a", "b")


class SearchIndex(db.Model):
    """The state of one collection's index (see `embedded`)."""

    __tablename__ = "search_indexes"

    collection: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    live: Mapped[str] = mapped_column(sa.String(1))
    # The table that is being built beside it, and by which rebuild: the latest one to begin.
    building: Mapped[str | None] = mapped_column(sa.String(1))
    builder: Mapped[str | None] = mapped_column(sa.String(16))
