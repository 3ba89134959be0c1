"""The engines that need servers do what the contract says, as SQLite does."""

import flask_migrate
import pytest
from elasticsearch import Elasticsearch as Connection

from app import create_app
from app.extensions import db
from app.search.elastic import elastic
from app.search.embedded import embedded
from tests.conftest import make_config
from tests.search.contract import (
    EmbeddedContract,
    SearchEngineContract,
    Shelf,
    empty_database,
    make_room,
)
from tests.servers.programs import MariaDB, PostgreSQL, running


class OnDatabaseServer(EmbeddedContract):
    """What PostgreSQL and MariaDB are tried with: one database, emptied before each test."""

    server = None

    @pytest.fixture(scope="class")
    def site(self, request, tmp_path_factory):
        with running(type(self).server) as server:
            folder = tmp_path_factory.mktemp("site")
            app = create_app(make_config(folder, DATABASE_URL=server.new_database()))
            with app.app_context():
                flask_migrate.upgrade()
                yield app
                db.session.remove()
                db.engine.dispose()

    @pytest.fixture
    def shelf(self, site):
        with site.app_context():
            empty_database()
            yield Shelf(embedded(), db.session.commit, make_room)
            db.session.remove()


class TestPostgreSQL(OnDatabaseServer):
    server = PostgreSQL

    def test_this_is_postgresql(self, shelf):
        assert shelf.engine.name == "PostgreSQL"


class TestMariaDB(OnDatabaseServer):
    server = MariaDB

    def test_this_is_mariadb(self, shelf):
        assert shelf.engine.name == "MariaDB or MySQL"
        assert "MariaDB" in db.session.connection().exec_driver_sql("SELECT version()").scalar()


class TestElasticsearch700EngineBehindACompatibilityShim(SearchEngineContract):
    """An old engine and a current client: what ELASTICSEARCH.md says that this proves."""

    @pytest.fixture(scope="class")
    def site(self, empty_database, tmp_path_factory, elasticsearch_url):
        folder = tmp_path_factory.mktemp("site")
        database = f"sqlite:///{empty_database}"
        settings = {"ELASTICSEARCH_URL": elasticsearch_url, "DATABASE_URL": database}
        return create_app(make_config(folder, **settings))

    @pytest.fixture
    def shelf(self, site, elasticsearch_url):
        with site.app_context():
            forget_everything(elasticsearch_url)
            elastic().prepare()
            yield Shelf(elastic(), elastic().refresh)
            db.session.remove()

    def test_this_is_elasticsearch(self, shelf, elasticsearch_url):
        assert shelf.engine.name == "Elasticsearch"
        with Connection(elasticsearch_url) as server:
            assert server.info()["version"]["number"]


def forget_everything(url):
    """Delete our indexes, and only ours."""
    with Connection(url) as server:
        for name in server.indices.get(index="microblog-*"):
            server.indices.delete(index=name)
