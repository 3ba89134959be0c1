"""A row is the same line wherever it comes from."""

import json
import random
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import chain

import pytest
import sqlalchemy as sa

from app.backups.errors import BackupError
from app.backups.rows import (
    PORTION,
    PORTION_BYTES,
    Tally,
    line_of,
    portions,
    row_reader,
    tally_of,
)
from app.database import UtcDateTime
from app.extensions import db
from app.ids import MAX_ID

TABLE = sa.Table(
    "things",
    sa.MetaData(),
    sa.Column("id", sa.BigInteger),
    sa.Column("at", UtcDateTime),
    sa.Column("bits", sa.LargeBinary),
    sa.Column("text", sa.Text),
    sa.Column("yes", sa.Boolean),
)
MOMENT = datetime(2026, 3, 1, 0, 0, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "row",
    [
        {"id": MAX_ID, "at": MOMENT, "bits": bytes(range(256)), "text": "a", "yes": True},
        {"id": -1, "at": None, "bits": None, "text": None, "yes": None},
        {"id": 0, "at": MOMENT, "bits": b"", "text": "", "yes": False},
        {"id": 1, "at": datetime.max.replace(tzinfo=UTC), "bits": b"\n", "text": "\n\r\u2028\x85"},
        {
            "id": 1,
            "at": datetime.min.replace(tzinfo=UTC),
            "bits": b"\0",
            "text": "👩‍👩‍👧‍👦 \\ \" '",
        },
    ],
)
def test_row_is_read_as_it_was_written(row):
    whole = dict.fromkeys(TABLE.columns.keys()) | row
    assert row_reader(TABLE)(line_of(whole)) == whole


def test_line_has_no_end_of_line_in_it():
    assert b"\n" not in line_of({"text": "one\ntwo\r\nthree"})


def test_line_is_plain_json_in_utf_8():
    assert line_of({"a": "港", "b": None, "c": True, "d": 1}) == (
        '{"a":"港","b":null,"c":true,"d":1}'.encode()
    )


def test_same_moment_is_the_same_text_in_any_time_zone():
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=-9, minutes=-30)))
    expected = {"at": "2026-03-01T00:00:00.000001Z"}
    assert json.loads(line_of({"at": MOMENT})) == expected
    assert json.loads(line_of({"at": elsewhere})) == expected


def test_full_second_has_its_microseconds():
    assert b'"2026-03-01T00:00:00.000000Z"' in line_of({"at": MOMENT.replace(microsecond=0)})


@pytest.mark.parametrize("value", [Decimal("1.1"), timedelta(1), {1}])
def test_value_that_no_column_of_ours_has_is_refused(value):
    with pytest.raises(BackupError, match="cannot hold"):
        line_of({"a": value})


def test_every_column_of_the_models_can_be_held():
    columns = [column for table in db.metadata.sorted_tables for column in table.columns]
    held = {int, str, bool, bytes}
    assert [
        str(column)
        for column in columns
        if not isinstance(column.type, UtcDateTime) and column.type.python_type not in held
    ] == []


def checksum(some):
    return tally_of(some, lambda _rows: None).checksum


def lines(count):
    return [b"line %d" % number for number in range(count)]


def test_checksum_does_not_depend_on_the_order():
    some = lines(50)
    mixed = random.sample(some, len(some))
    assert mixed != some
    assert checksum(some) == checksum(mixed)


@pytest.mark.parametrize(
    "others",
    [
        pytest.param(lines(9), id="one fewer"),
        pytest.param([*lines(9), b"line 8"], id="one twice instead of another"),
        pytest.param([*lines(9), b"line 10"], id="one changed"),
        pytest.param([*lines(10), b""], id="one more"),
    ],
)
def test_other_lines_have_another_checksum(others):
    assert checksum(others) != checksum(lines(10))


def test_lines_that_come_in_pairs_do_not_cancel_out():
    assert checksum([b"a", b"a"]) != checksum([b"b", b"b"])


def test_no_lines_have_a_checksum_too():
    assert Tally().checksum == "0" * 64


@pytest.mark.parametrize("count", [0, 1, PORTION, PORTION + 1, 2 * PORTION])
def test_portions_report_every_line_once(count):
    counted, reported = Tally(), []
    handed = list(portions(lines(count), counted, reported.append))
    assert list(chain.from_iterable(handed)) == lines(count)
    assert all(len(portion) <= PORTION for portion in handed)
    assert sum(reported) == counted.rows == count


def test_portions_of_long_lines_are_short():
    long = [b"x" * (PORTION_BYTES // 4)] * 10 + [b"y" * PORTION_BYTES, b"z"]
    handed = list(portions(long, Tally(), lambda _count: None))
    assert [len(portion) for portion in handed] == [4, 4, 3, 1]
    assert list(chain.from_iterable(handed)) == long
