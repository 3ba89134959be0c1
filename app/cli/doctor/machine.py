"""The machine: is there room, is there memory, and do all clocks say the same?"""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.cli.doctor.database import sqlite_file
from app.cli.doctor.findings import Finding, error, ok, warning
from app.clock import utcnow
from app.database import begin_read
from app.extensions import db
from app.jobs.models import Job
from app.jobs.worker import SKEW

MIB, GIB = 1024**2, 1024**3
# What should be free on a disk, as a part of it and in bytes; with how little it is about to fail.
SHARE, ENOUGH, ALMOST_NONE = 0.10, GIB, 100 * MIB
LEAST_MEMORY = 128 * MIB
MEMORY = Path("/proc/meminfo")


def check_disk() -> Iterator[Finding]:
    """See how much room is left where the site writes."""
    files = {"DATA_DIR": current_app.config["DATA_DIR"], "The database": sqlite_file()}
    devices = set()
    for name, path in files.items():
        if path is None:
            continue
        place = next(folder for folder in (path, *path.parents) if folder.exists())
        if place.stat().st_dev not in devices:
            devices.add(place.stat().st_dev)
            yield _room(name, place)


def _room(name: str, place: Path) -> Finding:
    disk = shutil.disk_usage(place)
    free = f"{disk.free / GIB:.1f} GiB ({disk.free / disk.total:.0%}) free"
    text = f"{name} is on a disk with {free}."
    if disk.free < ALMOST_NONE:
        return error(text, "Make room now: posts cannot be written on a full disk.")
    if disk.free < max(SHARE * disk.total, ENOUGH):
        return warning(text, "Make room, or use a larger disk.")
    return ok(text)


def check_memory() -> Iterator[Finding]:
    """See how much memory can still be used, where Linux says it."""
    if not MEMORY.exists():
        return
    lines = (line.split() for line in MEMORY.read_text().splitlines())
    free = next((int(line[1]) * 1024 for line in lines if line[0] == "MemAvailable:"), None)
    if free is None:
        return
    text = f"{free // MIB} MiB of memory can be used."
    if free < LEAST_MEMORY:
        yield warning(text, "Lower WEB_CONCURRENCY, or give the machine more.")
    else:
        yield ok(text)


def check_clock() -> Iterator[Finding]:
    """Compare this machine's clock with the database server's, and with what was written last."""
    begin_read(db.session)
    theirs = _database_time()
    ours = utcnow()
    newest = db.session.scalar(sa.select(sa.func.max(Job.created_at)))
    if theirs is not None and abs(ours - theirs) > SKEW:
        yield error(
            f"The database server's clock says {_spoken(theirs)}, ours {_spoken(ours)} (UTC).",
            "Let both keep time by NTP (systemd-timesyncd or chrony).",
        )
    elif newest is not None and newest - ours > SKEW:
        yield error(
            f"Something was written at {_spoken(newest)}, and now it is {_spoken(ours)} (UTC).",
            "A clock was wrong, or is: let every machine keep time by NTP.",
        )
    else:
        others = "as the database server's does" if theirs is not None else "and nothing is newer"
        yield ok(f"The clock says {_spoken(ours)} (UTC), {others}.")


def _database_time() -> datetime | None:
    """Return what time it is at the database's server; SQLite has none."""
    clocks = {
        "postgresql": sa.func.clock_timestamp(),
        "mysql": sa.func.utc_timestamp(6),
        "mariadb": sa.func.utc_timestamp(6),
    }
    clock = clocks.get(db.engine.dialect.name)
    moment = db.session.scalar(sa.select(clock)) if clock is not None else None
    return moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _spoken(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
