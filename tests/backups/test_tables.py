"""Tables are found by looking, and rows may point at rows of the same table."""

from itertools import count

import pytest
import sqlalchemy as sa

from app.backups.rows import PORTION, line_of
from app.backups.tables import Tables, snapshot
from app.database import BigId
from app.extensions import db
from tests.backups.town import site
from tests.factories import make_post, make_user

MANY = PORTION + 5


@pytest.fixture
def engine(tmp_path):
    """A database with a table whose rows point at each other, also at later ones."""
    metadata = sa.MetaData()
    sa.Table(
        "echoes",
        metadata,
        sa.Column("id", BigId, primary_key=True),
        sa.Column("subject_id", sa.ForeignKey("echoes.id")),
    )
    with site(tmp_path):
        metadata.create_all(db.engine)
        yield db.engine


class Echoes:
    """Rows of that table: each points at the next one, the last at nothing."""

    def lines(self, _name):
        for number in range(1, MANY + 1):
            subject = number + 1 if number < MANY else None
            yield line_of({"id": number, "subject_id": subject})


def test_rows_that_point_at_later_rows_of_their_table_are_loaded(engine):
    reported = []
    with engine.begin() as connection:
        tables = Tables(connection)
        tally = tables.load("echoes", Echoes(), reported.append)
        assert list(tables.lines("echoes")) == list(Echoes().lines("echoes"))
    assert tally.rows == sum(reported) == MANY


def test_foreign_keys_are_enforced_meanwhile(engine):
    # The premise of the test above.
    with engine.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.exec_driver_sql("INSERT INTO echoes (id, subject_id) VALUES (1, 2)")


def test_tables_of_the_search_engines_and_of_alembic_hold_no_data(app):
    with db.engine.connect() as connection:
        names = set(Tables(connection).by_name)
    assert names == set(db.metadata.tables) - {"search_indexes"}


def test_tables_stand_after_those_that_they_point_to(app):
    with db.engine.connect() as connection:
        tables = Tables(connection).by_name
    order = list(tables)
    assert all(
        order.index(key.column.table.name) < order.index(name)
        for name, table in tables.items()
        for key in table.foreign_keys
        if key.column.table is not table
    )


def test_snapshot_does_not_see_what_is_written_later(app, ana):
    make_post(ana)
    with snapshot(db.engine) as tables:
        before = list(tables.lines("posts"))
        make_post(ana)
        make_user("late")
        assert list(tables.lines("posts")) == before
        assert len(list(tables.lines("users"))) == 1
    with snapshot(db.engine) as tables:
        assert len(list(tables.lines("posts"))) == len(before) + 1
        assert len(list(tables.lines("users"))) == 1 + 1


def test_nobody_waits_for_a_snapshot(app, ana):
    written = count()
    with snapshot(db.engine) as tables:
        for _line in tables.lines("users"):
            make_post(ana, f"number {next(written)}")
    assert next(written) == 1
