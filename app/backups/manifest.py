"""What a backup says of itself: its last part, and the first that is read."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from app.backups.errors import BackupError

FORMAT = 1
NAME = "manifest.json"


@dataclass(frozen=True)
class TableEntry:
    """One table in a backup."""

    columns: list[str]
    rows: int
    # The greatest id that was ever given out; None if none was, or the table has no counter.
    last_id: int | None
    # Known once all rows were read.
    checksum: str = ""


@dataclass(frozen=True)
class FileEntry:
    """One file in a backup."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Where a backup comes from, and what must be in it."""

    site: str
    created_at: str
    database: str
    revision: str
    tables: dict[str, TableEntry]
    files: dict[str, FileEntry]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """How many rows all tables have together."""
        return sum(table.rows for table in self.tables.values())

    def text(self) -> str:
        """Return the manifest as it is written."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def read(text: bytes) -> Manifest:
    """Return what a manifest says. Raises BackupError."""
    try:
        values: dict[str, Any] = json.loads(text)
        written = values["format"]
        if written == FORMAT:
            tables = {name: TableEntry(**entry) for name, entry in values.pop("tables").items()}
            files = {name: FileEntry(**entry) for name, entry in values.pop("files").items()}
            return Manifest(tables=tables, files=files, **values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(f"The backup's {NAME} cannot be understood: {error!r}") from error
    raise BackupError(
        f"The backup has format {written!r}, and this version of Microblog reads format {FORMAT}."
    )
