"""Replicas that start together each upgrade the database, and are not in each other's way."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import MIGRATIONS, newest_revision, take_turns
from app.extensions import db
from tests.migrations.tables import REVISIONS, assert_kept, inspector, populate, revision, rows
from tests.processes import Process, settings_for, until

# Takes long: left to `make check`.
pytestmark = pytest.mark.thorough

# As docs/migrations.md has it.
INDEX_REVISION = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "later", {head!r}, None, None


def upgrade():
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.create_index(
                "ix_posts_edited_at", "posts", ["edited_at"], postgresql_concurrently=True
            )
    else:
        op.create_index("ix_posts_edited_at", "posts", ["edited_at"])
"""
UPGRADE = [sys.executable, "-m", "flask", "--app", "microblog.py", "db", "upgrade"]
CONNECTIONS = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()",
    "mysql": "SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE()",
}


@contextmanager
def all_kept_waiting(number: int) -> Iterator[None]:
    """Have the turn oneself until that many others have come. (On SQLite they just come.)"""
    if db.engine.name == "sqlite":
        yield
        return
    with db.engine.connect() as mine:
        take_turns(mine)
        yield
        counted = sa.text(CONNECTIONS[db.engine.name])
        # Each has two connections, one of them for the turn.
        enough = 2 * number + 1
        assert until(lambda: mine.execute(counted).scalar() == enough or mine.rollback(), 60)


def upgrade_at_once(app: Flask, folder: Path, number: int, *options: str) -> None:
    """Run so many `flask db upgrade` at the same moment, each a process of its own."""
    db.engine.dispose()
    address = {"DATABASE_URL": app.config["DATABASE_URL"]}
    settings = settings_for(app.config["DATA_DIR"], 1) | address
    command = [*UPGRADE, *options]
    replicas: list[Process] = []
    try:
        with all_kept_waiting(number):
            replicas += [Process(command, settings, folder / f"{n}.log") for n in range(number)]
        statuses = [replica.process.wait(120) for replica in replicas]
    finally:
        for replica in replicas:
            replica.kill()
    assert statuses == [0] * number, [replica.log.read_text()[-2000:] for replica in replicas]


@pytest.mark.parametrize("start", ["nothing", REVISIONS[0]])
@pytest.mark.parametrize("number", [2, 5])
def test_replicas_that_upgrade_at_the_same_moment_all_succeed(bare, tmp_path, number, start):
    if start != "nothing":
        flask_migrate.upgrade(revision=start)
        populate()
    before = rows()
    upgrade_at_once(bare, tmp_path, number)
    assert revision() == newest_revision()
    assert_kept(before)
    check = bare.test_cli_runner().invoke(args=["db", "check"])
    assert check.exit_code == 0, check.output


def test_index_that_is_built_beside_the_writers_is_built_once(bare, tmp_path):
    # PostgreSQL waits with it for whoever waits in a statement, and it ends the transaction.
    migrations = shutil.copytree(MIGRATIONS, tmp_path / "migrations")
    later = migrations / "versions" / "later.py"
    later.write_text(INDEX_REVISION.format(head=newest_revision()))
    upgrade_at_once(bare, tmp_path, 3, "--directory", str(migrations))
    assert revision() == "later"
    assert "ix_posts_edited_at" in {index["name"] for index in inspector().get_indexes("posts")}
