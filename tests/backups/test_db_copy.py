"""`flask db-copy`: a site moves to another database. (To other kinds: tests/servers.)"""

from pathlib import Path

import pytest

from app.backups.tables import Tables
from app.extensions import db
from app.search import upkeep
from app.search.embedded import embedded
from app.search.engine import Collection
from tests.backups.town import rows_of, run, site
from tests.factories import make_user

SECRET = "hunter2hunter2"


@pytest.fixture
def addresses(saved, tmp_path):
    """Return where the saved site is, and where there is nothing yet."""
    return f"sqlite:///{saved.folder / 'app.db'}", f"sqlite:///{tmp_path / 'new.db'}"


def test_every_row_arrives_and_is_found(app, saved, addresses, tmp_path):
    source, target = addresses
    output = run(app, "db-copy", source, target).output
    rows = sum(map(len, saved.rows.values()))
    assert f"{rows} rows in {len(saved.rows)} tables, compared one by one." in output
    with site(tmp_path, target):
        assert rows_of() == saved.rows
        for collection in Collection:
            found = upkeep.compare(embedded(), collection)
            assert (found.missing, found.extra) == ([], [])


def test_ids_go_on_where_they_were(app, saved, addresses, tmp_path):
    run(app, "db-copy", *addresses)
    entries = []
    for address in addresses:
        with site(tmp_path, address), db.engine.connect() as connection:
            entries.append(Tables(connection).entries)
    assert entries[0] == entries[1]
    assert entries[0]["users"].last_id > max(row[0] for row in saved.rows["users"])


def test_site_of_the_command_itself_is_not_touched(app, ana, addresses):
    before = rows_of()
    run(app, "db-copy", *addresses)
    assert rows_of() == before


def test_database_that_is_not_empty_is_named_and_left_alone(app, ana, addresses):
    before = rows_of()
    result = run(app, "db-copy", addresses[0], app.config["DATABASE_URL"], status=1)
    path = Path(app.config["DATA_DIR"]) / "app.db"
    assert f"sqlite: {path} is not empty (users has rows) and was left as it is" in result.output
    assert rows_of() == before


def test_database_onto_itself_is_refused(app, ana):
    before, address = rows_of(), app.config["DATABASE_URL"]
    assert "is not empty" in run(app, "db-copy", address, address, status=1).output
    assert rows_of() == before


def test_database_without_members_onto_itself_does_no_harm(app):
    run(app, "db-copy", app.config["DATABASE_URL"], app.config["DATABASE_URL"])
    make_user()


def test_source_that_is_missing_is_told_and_not_made(app, addresses, tmp_path):
    none = tmp_path / "none.db"
    result = run(app, "db-copy", f"sqlite:///{none}", addresses[1], status=1)
    assert f"There is no database sqlite: {none}." in result.output
    assert not none.exists()


def test_source_that_is_no_database_is_told(app, saved, addresses):
    result = run(app, "db-copy", f"sqlite:///{saved.file}", addresses[1], status=1)
    assert "The database says: file is not a database" in result.output


@pytest.mark.parametrize(
    "wrong",
    [
        "nonsense",
        f"nonsense:{SECRET}@x",
        f"oracle://u:{SECRET}@127.0.0.1/x",
        f"postgresql://u:{SECRET}@127.0.0.1:port/x",
        f"postgresql://u:{SECRET}@127.0.0.1:9/x",
        f"mysql://u:{SECRET}@127.0.0.1:9/x",
    ],
)
@pytest.mark.parametrize("place", [0, 1], ids=["from", "to"])
def test_address_that_leads_nowhere_is_told_without_its_password(app, addresses, wrong, place):
    both = list(addresses)
    both[place] = wrong
    result = run(app, "db-copy", *both, status=1)
    assert result.output.startswith("Error: ")
    assert SECRET not in result.output


def test_one_address_is_not_enough(app, addresses):
    run(app, "db-copy", addresses[0], status=2)
