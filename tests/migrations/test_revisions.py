"""Every revision up, down and up again, with people living in the database all the while."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy.engine import Inspector

from app import create_app
from app.database import MIGRATIONS, newest_revision
from app.extensions import db
from tests.conftest import make_config
from tests.factories import make_follow, make_post, make_user

REVISIONS = list(ScriptDirectory(MIGRATIONS).walk_revisions())[::-1]

# Two for each collection that can be searched.
ENGINES_TABLES = 4
# Migrations ask for jobs.
CHANGED_BY_MIGRATIONS = {"jobs"}

# A later revision that SQLite can only do by building the table anew and dropping the old one.
LATER_REVISION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "later", {head!r}, None, None


def upgrade():
    with op.batch_alter_table("users", recreate="always") as users:
        users.add_column(sa.Column("mood", sa.String(20), server_default="well", nullable=False))


def downgrade():
    with op.batch_alter_table("users", recreate="always") as users:
        users.drop_column("mood")
"""
BAD_REVISION = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "later", {head!r}, None, None


def upgrade():
    op.execute("CREATE TABLE footprints (id INTEGER)")
    op.execute("DELETE FROM users")


def downgrade():
    op.execute("DROP TABLE footprints")
"""


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Flask]:
    """Return an application whose database has no tables yet."""
    app = create_app(make_config(tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def inspector() -> Inspector:
    return sa.inspect(db.engine)


def is_ours(table: str) -> bool:
    """Tell whether a table is a model's: the search engines have others of their own."""
    engines = table.startswith("search_") and table != "search_indexes"
    return table != "alembic_version" and not engines


def tables() -> set[str]:
    return set(filter(is_ours, inspector().get_table_names()))


def revision() -> str | None:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def rows() -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables, by whatever columns they have at this revision."""
    metadata = sa.MetaData()
    metadata.reflect(db.engine)
    with db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table))]
            for table in metadata.sorted_tables
            if is_ours(table.name) and table.name not in CHANGED_BY_MIGRATIONS
        }


def populate() -> None:
    """Put one row into every table, with whatever columns it has at this revision."""
    metadata = sa.MetaData()
    metadata.reflect(db.engine)
    by_type = {str: "text", int: 1, bool: False, datetime: datetime(2026, 1, 1, tzinfo=UTC)}
    with db.engine.begin() as connection:
        for table in metadata.sorted_tables:
            # A migration may have written rows of its own.
            if not is_ours(table.name) or connection.execute(sa.select(table)).first():
                continue
            row = {column.name: by_type[column.type.python_type] for column in table.columns}
            for column in table.columns:
                if isinstance(row[column.name], str):
                    row[column.name] = row[column.name][: column.type.length]
            # Two people, so that a tie between them is possible.
            if table.name == "follows":
                row["followed_id"] = 2
            connection.execute(sa.insert(table), row)
            if table.name == "users":
                other = {n: "other" for n, value in row.items() if value == "text"}
                connection.execute(sa.insert(table), row | other | {"id": 2})


@pytest.mark.parametrize("target", REVISIONS, ids=lambda revision: revision.revision)
def test_revision_goes_up_down_and_up_again_on_a_populated_database(bare, target):
    below = target.down_revision or "base"
    if below != "base":
        flask_migrate.upgrade(revision=below)
        populate()
    tables_below, rows_below = tables(), rows() if below != "base" else {}

    flask_migrate.upgrade(revision=target.revision)
    assert revision() == target.revision
    kept = rows()
    assert all(len(kept[name]) == len(old) for name, old in rows_below.items() if name in kept)
    tables_above = tables()
    if below == "base":
        populate()

    flask_migrate.downgrade(revision=below)
    assert tables() == tables_below
    assert {name: len(old) for name, old in rows().items()} == {
        name: len(old) for name, old in rows_below.items()
    }

    flask_migrate.upgrade(revision=target.revision)
    assert tables() == tables_above
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_whole_way_down_leaves_nothing_and_back_up_makes_a_site_that_works(bare):
    flask_migrate.upgrade()
    populate()
    flask_migrate.downgrade(revision="base")
    assert tables() == set()
    flask_migrate.upgrade()
    assert revision() == newest_revision()
    ana, bob = make_user("ana"), make_user("bob")
    make_follow(bob, ana)
    assert "Low tide" in make_post(ana).body


def test_populate_puts_a_row_into_every_table(bare):
    # The premise of the tests above.
    flask_migrate.upgrade()
    populate()
    assert set(rows()) == set(db.metadata.tables) - CHANGED_BY_MIGRATIONS
    assert all(rows().values())


def test_there_is_one_head_and_one_base(bare):
    script = ScriptDirectory(MIGRATIONS)
    assert len(script.get_heads()) == len(script.get_bases()) == 1
    assert newest_revision() == script.get_current_head() == REVISIONS[-1].revision


def test_upgrading_twice_changes_nothing(app, ana):
    before = rows()
    flask_migrate.upgrade()
    assert rows() == before


def test_models_are_what_the_migrations_make(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, kind, _parents: kind != "table" or is_ours(name),
            },
        )
        assert compare_metadata(context, db.metadata) == []


def test_flask_db_check_finds_nothing_to_do(app):
    result = app.test_cli_runner().invoke(args=["db", "check"])
    assert result.exit_code == 0, result.output


def constraints_of(table: str, found: Inspector) -> set[tuple[str, tuple[str, ...]]]:
    """Return (name, columns) of every constraint and index of a table in the database.

    SQLite has no name for the primary key of a table whose ids it never gives out again.
    """
    primary = found.get_pk_constraint(table)
    entries = [(primary["name"] or f"pk_{table}", primary["constrained_columns"])]
    entries += [(key["name"], key["constrained_columns"]) for key in found.get_foreign_keys(table)]
    entries += [(key["name"], key["column_names"]) for key in found.get_unique_constraints(table)]
    entries += [(index["name"], index["column_names"]) for index in found.get_indexes(table)]
    entries += [(check["name"], ()) for check in found.get_check_constraints(table)]
    return {(str(name), tuple(columns)) for name, columns in entries}


def test_every_constraint_has_the_same_name_in_the_models_and_in_the_database(app):
    found = inspector()
    for table in db.metadata.sorted_tables:
        declared = {
            (
                str(db.engine.dialect.identifier_preparer.format_constraint(item)),
                () if isinstance(item, sa.CheckConstraint) else tuple(item.columns.keys()),
            )
            for item in (*table.constraints, *table.indexes)
        }
        assert constraints_of(table.name, found) == declared


def test_every_constraint_is_named_by_the_convention(app):
    found = inspector()
    for table in tables():
        names = {name for name, _columns in constraints_of(table, found)}
        assert names, table
        assert all(name.startswith(f"{name[:2]}_{table}") for name in names), names
        assert {name[:3] for name in names} <= {"pk_", "fk_", "uq_", "ix_", "ck_"}
        for key in found.get_foreign_keys(table):
            columns = "_".join(key["constrained_columns"])
            assert key["name"] == f"fk_{table}_{columns}_{key['referred_table']}"
        for key in found.get_unique_constraints(table):
            assert key["name"] == f"uq_{table}_{'_'.join(key['column_names'])}"
        for index in found.get_indexes(table):
            assert index["name"] == f"ix_{table}_{'_'.join(index['column_names'])}"
        # MySQL's limit is 64, PostgreSQL's 63 bytes.
        assert max(map(len, names)) <= 63


def foreign_keys(found: Inspector) -> list[tuple[str, dict[str, object]]]:
    return [
        (table, dict(key)) for table in sorted(tables()) for key in found.get_foreign_keys(table)
    ]


def test_every_foreign_key_says_what_happens_on_delete(app):
    found = foreign_keys(inspector())
    assert len(found) >= 4
    for table, key in found:
        assert key["options"].get("ondelete") in {"CASCADE", "SET NULL", "RESTRICT"}, (table, key)


def test_every_foreign_key_has_an_index_that_begins_with_it(app):
    found = inspector()
    for table, key in foreign_keys(found):
        columns = key["constrained_columns"]
        indexes = [index["column_names"] for index in found.get_indexes(table)]
        indexes += [unique["column_names"] for unique in found.get_unique_constraints(table)]
        indexes.append(found.get_pk_constraint(table)["constrained_columns"])
        assert any(index[: len(columns)] == columns for index in indexes), (table, columns)


def with_later_revision(text: str, folder: Path) -> AlembicConfig:
    """Return Alembic's settings with one more revision than there is."""
    (folder / "later.py").write_text(text.format(head=newest_revision()))
    config = flask_migrate.Config(str(MIGRATIONS / "alembic.ini"))
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{MIGRATIONS / 'versions'}\n{folder}")
    config.cmd_opts = None
    return config


def test_table_that_is_built_anew_keeps_its_rows_and_those_that_point_to_them(app, tmp_path):
    ana, bob = make_user("ana"), make_user("bob")
    make_follow(bob, ana)
    make_post(ana)
    before = rows()
    folder = tmp_path / "versions"
    folder.mkdir()
    config = with_later_revision(LATER_REVISION, folder)
    db.session.remove()

    command.upgrade(config, "head")
    after = rows()
    assert [row[-1] for row in after["users"]] == ["well", "well"]
    assert (after["posts"], after["follows"]) == (before["posts"], before["follows"])

    command.downgrade(config, "-1")
    assert rows() == before
    # Enforcement is back on the connections that served the migration.
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_migration_that_breaks_a_foreign_key_is_undone_as_a_whole(app, tmp_path):
    make_post(make_user("ana"))
    before = rows()
    folder = tmp_path / "versions"
    folder.mkdir()
    config = with_later_revision(BAD_REVISION, folder)
    db.session.remove()
    with pytest.raises(RuntimeError, match="foreign keys"):
        command.upgrade(config, "head")
    assert rows() == before
    assert revision() == newest_revision()
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.parametrize(
    "url", ["postgresql://u:p@127.0.0.1/none", "mysql://u:p@127.0.0.1/none"], ids=["pg", "mysql"]
)
def test_migrations_can_be_written_as_sql_for_other_databases(tmp_path, url):
    app = create_app(make_config(tmp_path, DATABASE_URL=url))
    with app.app_context():
        config = flask_migrate.Config(str(MIGRATIONS / "alembic.ini"))
        config.set_main_option("script_location", str(MIGRATIONS))
        config.cmd_opts = None
        config.output_buffer = io.StringIO()
        command.upgrade(config, "head", sql=True)
        sql = config.output_buffer.getvalue()
    assert sql.count("CREATE TABLE search_") == ENGINES_TABLES + 1
    assert sql.count("CREATE TABLE") == len(db.metadata.tables) + ENGINES_TABLES + 1
    assert sql.count("ON DELETE CASCADE") == ENGINES_TABLES + sum(
        key.ondelete == "CASCADE"
        for table in db.metadata.tables.values()
        for key in table.foreign_key_constraints
    )
    if url.startswith("mysql"):
        assert sql.count("utf8mb4_bin") == len(db.metadata.tables)
