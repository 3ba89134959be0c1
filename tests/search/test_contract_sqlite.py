"""SQLite's index, as every site has it that names no other database."""

import pytest

from app.extensions import db
from app.search.embedded import embedded
from tests.search.contract import EmbeddedContract, Shelf, empty_database, make_room


@pytest.mark.sqlite("tests/servers/test_search_engines.py holds the others to the contract")
class TestSqlite(EmbeddedContract):
    @pytest.fixture
    def shelf(self, app):
        empty_database()
        assert embedded().name == "SQLite FTS5"  # the premise
        return Shelf(embedded(), db.session.commit, make_room)
