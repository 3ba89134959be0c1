"""A row as a line of JSON, the same whichever database it comes from, and the sum over many lines.

Times are UTC to the microsecond, bytes are base64, columns stand in alphabetical order. So two
databases that hold the same rows have the same lines, and the same checksums.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from app.backups.errors import BackupError
from app.database import UtcDateTime

# So many rows are in memory at once, or fewer if they are long.
PORTION, PORTION_BYTES = 1000, 8 * 2**20
# A sum, unlike a chain, does not depend on the order: databases sort text in different ways.
CHECKSUM_BITS = 256

Row = dict[str, Any]
# Called with how many rows were done since the last call.
Report = Callable[[int], None]


class Tally:
    """How many lines there were, and a checksum of them in whatever order."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, lines: Iterable[bytes]) -> None:
        """Count some more."""
        for line in lines:
            self.rows += 1
            self._sum += int.from_bytes(hashlib.sha256(line).digest())

    @property
    def checksum(self) -> str:
        """The checksum so far, in hexadecimal digits."""
        return f"{self._sum % 2**CHECKSUM_BITS:0{CHECKSUM_BITS // 4}x}"


def portions(lines: Iterable[bytes], tally: Tally, report: Report) -> Iterator[list[bytes]]:
    """Hand lines on a portion at a time; count them, and report each portion that was used."""
    rest = iter(lines)
    while portion := list(_some(rest)):
        tally.add(portion)
        yield portion
        report(len(portion))


def tally_of(lines: Iterable[bytes], report: Report) -> Tally:
    """Count lines to their end."""
    tally = Tally()
    for _portion in portions(lines, tally, report):
        pass
    return tally


def holds_bytes(table: sa.Table) -> bool:
    """Tell whether a table's rows can be long: bytes that stand in an index cannot."""
    indexed = {column.name for index in table.indexes for column in index.columns}
    return any(
        column.type.python_type is bytes and column.name not in indexed for column in table.columns
    )


def line_of(row: Row) -> bytes:
    """Write a row as a line, without the end of the line."""
    return _encode(row).encode()


def row_reader(table: sa.Table) -> Callable[[bytes], Row]:
    """Return what reads the lines of a table back, as its columns want them."""
    decoders = {
        column.name: _decoder(column.type)
        for column in table.columns
        if _decoder(column.type) is not None
    }

    def read(line: bytes) -> Row:
        row = json.loads(line)
        for name, decode in decoders.items():
            if row[name] is not None:
                row[name] = decode(row[name])
        return row

    return read


def _some(lines: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for line in islice(lines, PORTION):
        yield line
        size += len(line)
        if size >= PORTION_BYTES:
            return


def _decoder(kind: sa.types.TypeEngine[Any]) -> Callable[[str], Any] | None:
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat
    return b64decode if kind.python_type is bytes else None


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise BackupError(f"A backup cannot hold a value of the kind {type(value).__name__}.")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
