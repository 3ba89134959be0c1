"""The file of a backup, as it is read: a zip file.

    tables/posts.jsonl    a row a line, as JSON
    files/outbox/1-a.eml  a file of DATA_DIR
    manifest.json         where it comes from, and the checksums of all that

Any program can open it, and people can read most of it.
"""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from app.backups import manifest
from app.backups.errors import BackupError
from app.backups.files import is_kept
from app.backups.manifest import FileEntry, Manifest
from app.backups.rows import Report, tally_of

BLOCK = 2**20
# What zipfile raises at damage of one kind or another.
DAMAGE = (BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError)


class Archive:
    """A backup that is being read."""

    def __init__(self, file: ZipFile) -> None:
        self.file = file
        self.manifest = _manifest_in(file)
        self.revision = self.manifest.revision
        self.entries = self.manifest.tables

    def lines(self, table: str) -> Iterator[bytes]:
        """Yield the rows of a table as lines."""
        with self.file.open(table_part(table)) as file:
            for line in file:
                yield line.removesuffix(b"\n")

    def open_file(self, name: str) -> IO[bytes]:
        """Open a file of DATA_DIR."""
        return self.file.open(file_part(name))

    def faults(self, report: Report) -> Iterator[str]:
        """Read every byte, and say in plain words what is not as it should be."""
        tables, files = self.manifest.tables, self.manifest.files
        known = {manifest.NAME, *map(table_part, tables), *map(file_part, files)}
        parts = self.file.namelist()
        for part in sorted(set(parts) - known):
            yield f"{part} does not belong into it"
        if len(set(parts)) < len(parts):
            yield "something is in it twice"
        for name in tables:
            yield from self._read(table_part(name), self._fault_of_table(name, report))
        for name in files:
            yield from self._read(file_part(name), self._fault_of_file(name))

    def _fault_of_table(self, name: str, report: Report) -> Iterator[str]:
        saved, found = self.manifest.tables[name], tally_of(self.lines(name), report)
        if found.rows != saved.rows:
            yield f"the table {name} has {found.rows:,} rows, not {saved.rows:,}"
        elif found.checksum != saved.checksum:
            yield f"the table {name} has other rows than were saved"

    def _fault_of_file(self, name: str) -> Iterator[str]:
        with self.open_file(name) as file:
            if digest(file) != self.manifest.files[name] or not is_kept(name):
                yield f"the file {name} is another than was saved"

    @staticmethod
    def _read(part: str, faults: Iterator[str]) -> Iterator[str]:
        try:
            yield from faults
        except KeyError:
            yield f"{part} is missing"
        except DAMAGE as error:
            yield f"{part} is damaged: {error}"


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a backup. Raises BackupError if it is none, or none that this program can read."""
    try:
        file = ZipFile(path)
    except DAMAGE as error:
        raise BackupError(f"This is no backup, or it was cut off: {error}") from error
    with file:
        yield Archive(file)


def table_part(table: str) -> str:
    """Return the name in the zip file of a table."""
    return f"tables/{table}.jsonl"


def file_part(name: str) -> str:
    """Return the name in the zip file of a file of DATA_DIR."""
    return f"files/{name}"


def digest(file: IO[bytes], copy: IO[bytes] | None = None) -> FileEntry:
    """Read a file to its end, perhaps copying it; return how long it is and its checksum."""
    size, checksum = 0, hashlib.sha256()
    while block := file.read(BLOCK):
        size += len(block)
        checksum.update(block)
        if copy is not None:
            copy.write(block)
    return FileEntry(size, checksum.hexdigest())


def _manifest_in(file: ZipFile) -> Manifest:
    try:
        return manifest.read(file.read(manifest.NAME))
    except KeyError as error:
        raise BackupError(f"This is no backup: it has no {manifest.NAME}.") from error
    except DAMAGE as error:
        raise BackupError(f"The backup's {manifest.NAME} is damaged: {error}") from error
