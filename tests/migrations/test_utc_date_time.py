from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import mysql, postgresql, sqlite

from app.accounts.models import SignInFailure
from app.clock import utcnow
from app.database import UtcDateTime
from app.extensions import db


def stored(moment: datetime) -> datetime:
    """Return a moment as it comes back from the database."""
    db.session.execute(sa.delete(SignInFailure))
    db.session.add(SignInFailure(account_hash="a", network="n", failed_at=moment))
    db.session.flush()
    db.session.expire_all()
    return db.session.scalars(sa.select(SignInFailure.failed_at)).one()


def test_clock_is_aware_and_in_utc():
    assert utcnow().utcoffset() == timedelta(0)


def test_naive_time_is_refused_when_written(app):
    with pytest.raises(sa.exc.StatementError, match="naive"):
        stored(datetime(2026, 1, 1, 12))  # noqa: DTZ001


def test_naive_time_is_refused_when_compared(app):
    naive = datetime(2026, 1, 1, 12)  # noqa: DTZ001
    with pytest.raises(sa.exc.StatementError, match="naive"):
        db.session.scalars(sa.select(SignInFailure.id).where(SignInFailure.failed_at > naive)).all()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, 0, 1, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, 59, 999_999, tzinfo=UTC),
        datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=14))),
        datetime(2026, 10, 25, 2, 30, fold=0, tzinfo=ZoneInfo("Europe/Madrid")),
        datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Madrid")),
        datetime(1969, 12, 31, 23, 59, tzinfo=UTC),
    ],
    ids=str,
)
def test_moment_comes_back_the_same_aware_and_in_utc(app, moment):
    back = stored(moment)
    # Through UTC: two moments of one zone are compared by the clock on the wall.
    assert back == moment.astimezone(UTC)
    assert back.tzinfo is UTC


@settings(
    max_examples=30,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.datetimes(
            datetime(2000, 1, 1),  # noqa: DTZ001
            datetime(2100, 1, 1),  # noqa: DTZ001
            timezones=st.timezones(),
        ),
        max_size=6,
    )
)
def test_database_orders_moments_as_time_does(app, moments):
    try:
        db.session.add_all(
            SignInFailure(account_hash=str(n), network="n", failed_at=moment)
            for n, moment in enumerate(moments)
        )
        query = sa.select(SignInFailure.failed_at).order_by(SignInFailure.failed_at)
        expected = sorted(moment.astimezone(UTC) for moment in moments)
        assert db.session.scalars(query).all() == expected
    finally:
        db.session.rollback()


@pytest.mark.parametrize(
    ("dialect", "column"),
    [
        (sqlite.dialect(), "DATETIME"),
        (mysql.dialect(), "DATETIME(6)"),
        (postgresql.dialect(), "TIMESTAMP WITH TIME ZONE"),
    ],
    ids=["sqlite", "mysql", "postgresql"],
)
def test_every_database_keeps_microseconds(dialect, column):
    assert UtcDateTime().compile(dialect=dialect) == column
