"""What the migrations make is what the models say, and keeps the habits of this house."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Inspector

from app.extensions import db
from tests.migrations.tables import inspector, is_ours, tables


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
        unique = found.get_unique_constraints(table)
        for key in unique:
            assert key["name"] == f"uq_{table}_{'_'.join(key['column_names'])}"
        for index in found.get_indexes(table):
            if index["name"] in {key["name"] for key in unique}:
                continue  # some databases keep such a constraint by an index of that name
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
