"""The database: is it there, is it set up as the site needs it, are its migrations at head?"""

from collections.abc import Iterator
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from app.cli.doctor.findings import Finding, error, ok, said_by, warning
from app.database import MIGRATIONS, begin_read, newest_revision
from app.extensions import db

# Older ones lack what a statement of ours needs.
OLDEST_POSTGRESQL = 12
NETWORK = {"9p", "afs", "ceph", "cifs", "glusterfs", "lustre", "nfs", "nfs4", "smb3", "smbfs"}
MOUNTS = Path("/proc/self/mounts")


def check_database() -> Iterator[Finding]:
    """See whether the database answers, and how it is set up."""
    if _is_missing():
        yield error(
            f"There is no database at {_place()}.",
            "Run `flask db upgrade`, or correct DATABASE_URL.",
        )
        return
    try:
        connection = db.engine.connect()
    except SQLAlchemyError as failure:
        yield error(
            f"The database at {_place()} does not answer: {said_by(failure)}",
            "Start it, or correct DATABASE_URL (name, password, host, port, database).",
        )
        return
    except TypeError:
        # What psycopg returns from a database that has no encoding is bytes, not text.
        yield _has_no_utf8("SQL_ASCII")
        return
    with connection.execution_options(reads=True):
        yield ok(f"{_name_of(connection)} answers at {_place()}.")
        yield from HABITS[connection.dialect.name](connection)
        yield from _check_isolation(connection)


def check_migrations() -> Iterator[Finding]:
    """See whether the tables are those that this version of the site needs."""
    if _is_missing():
        return
    try:
        begin_read(db.session)
        current = MigrationContext.configure(db.session.connection()).get_current_revision()
    except SQLAlchemyError:
        return  # that is what the check before this one says
    known = [script.revision for script in ScriptDirectory(MIGRATIONS).walk_revisions()]
    if current is None:
        yield error("The database has no tables yet.", "Run `flask db upgrade`.")
    elif current == newest_revision():
        yield ok(f"Migrations are at head ({current}).")
    elif current in known:
        behind = known.index(current)
        text = f"The database is at migration {current}, {behind} behind this version of the site."
        yield error(text, "Run `flask backup create`, then `flask db upgrade`.")
    else:
        yield error(
            f"The database is at migration {current}, which this version of the site lacks.",
            "Install the version that the database was upgraded by; this one is older.",
        )


def sqlite_file() -> Path | None:
    """Return the file that is the database, if one is."""
    url = db.engine.url
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _is_missing() -> bool:
    """Tell whether there is no file of SQLite's; it would be made by looking into it."""
    file = sqlite_file()
    return file is not None and not file.exists()


def _place() -> str:
    url = db.engine.url
    return str(sqlite_file() or f"{url.host}:{url.port or 'its usual port'}/{url.database}")


def _name_of(connection: Connection) -> str:
    version = ".".join(map(str, connection.dialect.server_version_info or ()))
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MySQL"}
    maria = getattr(connection.dialect, "is_mariadb", False)
    return f"{'MariaDB' if maria else names[connection.dialect.name]} {version}"


def _check_sqlite(connection: Connection) -> Iterator[Finding]:
    file = sqlite_file()
    kind = _file_system_of(file) if file is not None else ""
    if kind in NETWORK or kind.startswith("fuse."):
        yield error(
            f"{file} is on a network disk ({kind}), where SQLite can lose what was written.",
            "Move it to a disk of this machine (DATABASE_URL), or use PostgreSQL or MariaDB.",
        )
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    if mode != "wal":
        yield error(
            f"SQLite's journal is in the mode {mode!r}: readers and writers wait for each other.",
            "Move the file to a local disk: a write-ahead log needs shared memory.",
        )


def _check_postgresql(connection: Connection) -> Iterator[Finding]:
    version = connection.dialect.server_version_info or (0,)
    if version[0] < OLDEST_POSTGRESQL:
        yield error(
            f"PostgreSQL {version[0]} is too old.",
            f"Upgrade it to {OLDEST_POSTGRESQL} or later; 15 is what the site was tried with.",
        )
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        yield _has_no_utf8(encoding)


def _has_no_utf8(encoding: str) -> Finding:
    return error(
        f"The database's encoding is {encoding}: most of the world's letters do not fit in.",
        "Use another: createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0 NAME",
    )


def _check_mysql(connection: Connection) -> Iterator[Finding]:
    if not getattr(connection.dialect, "is_mariadb", False):
        yield warning(
            "This is MySQL; the site was tried with MariaDB only.", "Please report what fails."
        )
    wrong = connection.exec_driver_sql(
        "SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns"
        " WHERE table_schema = DATABASE() AND table_name <> 'alembic_version'"
        " AND RIGHT(collation_name, 4) <> '_bin' ORDER BY 1"
    ).scalars()
    columns = ", ".join(wrong)
    if columns:
        yield error(
            f"Text is not compared as bytes in {columns}.",
            "ALTER TABLE name CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        )


def _check_isolation(connection: Connection) -> Iterator[Finding]:
    level = connection.get_isolation_level()
    if connection.dialect.name != "sqlite" and level != "READ COMMITTED":
        yield error(
            f"Transactions are isolated as {level}, not READ COMMITTED.",
            "Take settings of transactions out of DATABASE_URL and of the server's proxy.",
        )


def _file_system_of(path: Path) -> str:
    """Return the kind of file system that a file lies on; nothing where Linux does not say."""
    if not MOUNTS.exists():
        return ""
    mounts = [line.split()[1:3] for line in MOUNTS.read_text().splitlines()]
    above = [(point, kind) for point, kind in mounts if path.resolve().is_relative_to(point)]
    return max(above, key=lambda mount: len(mount[0]), default=("", ""))[1]


HABITS = {
    "sqlite": _check_sqlite,
    "postgresql": _check_postgresql,
    "mysql": _check_mysql,
    "mariadb": _check_mysql,
}
