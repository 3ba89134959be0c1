"""Making a backup, while the site runs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from flask import current_app

from app.backups import manifest
from app.backups.archive import digest, file_part, table_part
from app.backups.errors import BackupError
from app.backups.files import kept_files
from app.backups.manifest import FileEntry, Manifest, TableEntry
from app.backups.rows import Report, Tally, portions
from app.backups.tables import Tables
from app.clock import utcnow


def usual_path() -> Path:
    """Return where a backup is written if nobody says where."""
    name = f"microblog-{utcnow():%Y%m%dT%H%M%SZ}.zip"
    return current_app.config["DATA_DIR"] / "backups" / name


def save(tables: Tables, path: Path, report: Report) -> Manifest:
    """Write a backup; the file is there once it is whole. Raises BackupError."""
    with _new_file(path) as whole, ZipFile(whole, "w", ZIP_DEFLATED) as file:
        summary = Manifest(
            site=current_app.config["PUBLIC_URL"],
            created_at=f"{utcnow():%Y-%m-%dT%H:%M:%SZ}",
            database=tables.connection.dialect.name,
            revision=tables.revision,
            tables={name: _save_table(file, tables, name, report) for name in tables.by_name},
            files=dict(_save_files(file)),
        )
        file.writestr(manifest.NAME, summary.text())
    return summary


def _save_table(file: ZipFile, tables: Tables, name: str, report: Report) -> TableEntry:
    tally = Tally()
    with file.open(table_part(name), "w", force_zip64=True) as part:
        for portion in portions(tables.lines(name), tally, report):
            part.write(b"".join(line + b"\n" for line in portion))
    return replace(tables.entries[name], checksum=tally.checksum)


def _save_files(file: ZipFile) -> Iterator[tuple[str, FileEntry]]:
    for name, path in kept_files():
        try:
            content = path.open("rb")
        except FileNotFoundError:
            continue  # deleted a moment ago
        with content, file.open(file_part(name), "w", force_zip64=True) as part:
            yield name, digest(content, part)


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """Hand out a file that gets its name, and stays, only once it is whole and on the disk."""
    if path.exists():
        raise BackupError(f"{path} is there already.")
    draft = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.touch(mode=0o600, exist_ok=False)
        try:
            with draft.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)
        _keep_name(path.parent)
    except FileExistsError as error:
        raise BackupError(f"{draft} is there: a backup is made, or was broken off.") from error
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error}") from error


def _keep_name(folder: Path) -> None:
    """Wait until the disk has the names in a folder."""
    names = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(names)
    finally:
        os.close(names)
