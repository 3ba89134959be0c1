"""`flask backup` and `flask db-copy`: saving a site, bringing it back, moving it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from app.backups import archive, filling, saving
from app.backups.archive import Archive
from app.backups.errors import BackupError
from app.backups.files import put_back
from app.backups.sites import site_on
from app.backups.tables import Source, snapshot
from app.cli.search import rebuild_indexes
from app.extensions import db
from app.jobs.actions import drop_open

# What was given out between the backup and the loss must not be given out again: by its number the
# mail programs of members tell one message from another.
SKIPPED_IDS = 1_000_000
FINISH = "Begin again with an empty database, or run `flask db upgrade` and `flask search rebuild`."
WRITTEN = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def backup() -> None:
    """Everything a site knows, in one file (docs/backup.md)."""


@backup.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@with_appcontext
def create(file: Path | None) -> None:
    """Save the site while it runs, to FILE or to a new file in DATA_DIR/backups."""
    file = file or saving.usual_path()
    with in_plain_words(), snapshot(db.engine) as tables, bar("Saving", tables) as report:
        saved = saving.save(tables, file, report)
    size = f"{file.stat().st_size:,} bytes"
    click.echo(f"{file}: {saved.rows:,} rows, {len(saved.files):,} files, {size}.")


@backup.command()
@click.argument("file", type=WRITTEN)
@with_appcontext
def verify(file: Path) -> None:
    """Read every byte of a backup, and say what is in it and whether it is whole."""
    with in_plain_words(), archive.opened(file) as found:
        check(found)
    made = found.manifest
    click.echo(
        f"Whole: {made.site} as it was at {made.created_at},"
        f" from {made.database} at revision {made.revision}."
    )
    for name, table in sorted(made.tables.items()):
        click.echo(f"{table.rows:>12,} {name:<20} {table.checksum[:16]}")
    click.echo(f"{len(made.files):>12,} files")


@backup.command()
@click.argument("file", type=WRITTEN)
@click.option("--without-jobs", is_flag=True, help="Drop what waits to be done, such as mail.")
@with_appcontext
def restore(file: Path, without_jobs: bool) -> None:
    """Bring a backup back, into an empty database. Stop the site first."""
    with in_plain_words(), archive.opened(file) as found:
        filling.check_empty()
        check(found)
        filling.build(found.revision)
        load(found, skipped_ids=SKIPPED_IDS)
        with finishing():
            filling.upgrade()
            if without_jobs:
                click.echo(f"Dropped {drop_open():,} jobs.")
                db.session.commit()
            for name in found.manifest.files:
                with found.open_file(name) as content:
                    if not put_back(name, content):
                        click.echo(f"{name} is there already and stays as it is.", err=True)
            click.echo(f"Indexed {rebuild_indexes(alone=True):,} documents.")


@click.command("db-copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@with_appcontext
def db_copy(source: str, target: str) -> None:
    """Copy a site from one database to another, empty one. Stop the site first.

    FROM and TO are addresses as in DATABASE_URL, of the same or of different kinds.
    """
    with in_plain_words(), site_on(source) as origin, site_on(target):
        filling.check_empty()
        with snapshot(origin) as tables:
            revision = tables.revision
        filling.check_revision(revision)
        filling.build(revision)
        with snapshot(origin) as tables:
            load(tables)
        with finishing():
            filling.upgrade()
            click.echo(f"Indexed {rebuild_indexes(alone=True):,} documents.")


def check(found: Archive) -> None:
    """Read a backup to its end. Raises BackupError, with everything that is wrong."""
    filling.check_revision(found.revision)
    with bar("Reading", found) as report:
        faults = list(found.faults(report))
    if faults:
        raise BackupError("\n".join(["The backup is damaged:", *faults]))


def load(source: Source, skipped_ids: int = 0) -> None:
    """Fill the database, and say with what."""
    with bar("Loading", source, times=2) as report:
        left_out = filling.fill(source, report, skipped_ids=skipped_ids)
    kept = [entry.rows for name, entry in source.entries.items() if name not in left_out]
    click.echo(f"{sum(kept):,} rows in {len(kept)} tables, compared one by one.")
    if left_out:
        click.echo(f"Left out, since no migration makes them: {', '.join(left_out)}.", err=True)


@contextmanager
def finishing() -> Iterator[None]:
    """Say what to do if a command breaks off once the rows are there."""
    try:
        yield
    except BaseException:
        click.echo("All rows are there, but the rest is not done. " + FINISH, err=True)
        raise


@contextmanager
def bar(label: str, source: Source, times: int = 1) -> Iterator[Callable[[int], None]]:
    """Show how many of a source's rows are done, each of which is reported so many times."""
    rows = sum(entry.rows for entry in source.entries.values())
    with click.progressbar(length=times * rows, label=label) as progress:
        yield progress.update


@contextmanager
def in_plain_words() -> Iterator[None]:
    """End a command with one line instead of a traceback."""
    try:
        yield
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    except DBAPIError as error:
        words = " ".join(str(error.orig).split())
        raise click.ClickException(f"The database says: {words}") from error
    except OSError as error:
        raise click.ClickException(str(error)) from error
