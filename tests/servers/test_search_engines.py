"""The engines that need servers do what the contract says, as SQLite does."""

import random
import time
from threading import Event, Thread

import flask_migrate
import pytest
import sqlalchemy as sa
from elasticsearch import Elasticsearch as Connection
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from app import create_app
from app.accounts.models import User
from app.extensions import db
from app.posts import actions as posts
from app.posts.models import Post
from app.search import upkeep
from app.search.documents import post_entry
from app.search.elastic import elastic
from app.search.embedded import PostgresEngine, embedded
from app.search.engine import Collection
from tests.conftest import make_config
from tests.search.contract import (
    EmbeddedContract,
    SearchEngineContract,
    Shelf,
    empty_database,
    make_room,
    post_row,
)
from tests.search.test_upkeep import not_for_ever
from tests.servers.programs import MariaDB, PostgreSQL, running


class OnDatabaseServer(EmbeddedContract):
    """What PostgreSQL and MariaDB are tried with: one database, emptied before each test."""

    server = None
    shelf_class = Shelf

    @pytest.fixture(scope="class")
    @classmethod
    def site(cls, tmp_path_factory):
        with running(cls.server) as server:
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
            yield self.shelf_class(embedded(), db.session.commit, make_room)
            db.session.remove()

    def test_rebuild_while_others_write(self, site, shelf):
        stop, written, wrong = Event(), [], []
        make_room(Collection.PEOPLE, [2, 3])
        db.session.execute(sa.insert(Post), list(map(post_row, range(1, 1500))))
        db.session.commit()

        def write(number):
            with site.app_context():
                while not stop.is_set():
                    try:
                        author = db.session.get_one(User, number)
                        mine = posts.publish(author, f"thread {number}")
                        db.session.commit()
                        # Also those that are just being read.
                        for other in random.sample(range(1, 1500), 4):
                            post = db.session.get(Post, other)
                            if post is not None and other % 2:
                                posts.delete(post)
                            elif post is not None:
                                posts.edit(post, f"edited {len(written)}")
                            db.session.commit()
                        written.append(mine.id)
                    except (StaleDataError, ObjectDeletedError):
                        db.session.rollback()  # the other one deleted it
                    except Exception as error:
                        wrong.append(error)
                        return

        threads = [Thread(target=write, args=(number,)) for number in (2, 3)]
        for thread in threads:
            thread.start()
        try:
            for _round in range(3):
                upkeep.rebuild(not_for_ever())
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert wrong == []
        assert len(written) > 10  # the premise
        self.assert_right()

    def test_edit_that_had_begun_before_the_rebuild_did_counts(self, site, shelf):
        shelf.put(dict.fromkeys((1, 2), "first"))
        db.session.commit()
        begun, go_on = Event(), Event()

        def edit():
            with site.app_context():
                posts.edit(db.session.get_one(Post, 1), "second")
                begun.set()
                go_on.wait(2)
                db.session.commit()

        def meanwhile(_done):
            # After the posts were read.
            go_on.set()
            thread.join()

        thread = Thread(target=edit)
        thread.start()
        assert begun.wait(10)
        upkeep.rebuild(meanwhile)
        self.assert_right()

    @staticmethod
    def assert_right():
        """Tell whether the index holds the present text of every post, and nothing else."""
        db.session.rollback()
        db.session.expire_all()
        right = {post.id: post_entry(post).terms for post in db.session.scalars(sa.select(Post))}
        stored = {}
        for ids in upkeep.portions(Collection.POSTS):
            stored |= embedded().terms(Collection.POSTS, ids)
        assert stored == right
        found = upkeep.compare(embedded(), Collection.POSTS)
        assert (found.missing, found.extra) == ([], [])


class TestPostgreSQL(OnDatabaseServer):
    server = PostgreSQL

    def test_this_is_postgresql(self, shelf):
        assert shelf.engine.name == "PostgreSQL"


class IndexOnly(PostgresEngine):
    """PostgreSQL's engine, on its way to documents that are not among the newest."""

    newest = 0


class IndexShelf(Shelf):
    def __init__(self, _engine, *arguments):
        super().__init__(IndexOnly(), *arguments)


class TestPostgreSQLIndex(OnDatabaseServer):
    server = PostgreSQL
    shelf_class = IndexShelf


class MariaDBShelf(Shelf):
    """Looks twice when there are long documents.

    These fill a cache of MariaDB's. While a thread of its own writes that to disk, a document is
    missed now and then, for a moment. (What is found wrongly is found by either look.)
    """

    has_long_ones = False

    def put(self, texts, *marks, **options):
        super().put(texts, *marks, **options)
        self.has_long_ones |= any(len(text) > 1000 for text in texts.values())

    def look(self, *arguments, **options):
        found = super().look(*arguments, **options)
        if self.has_long_ones:
            time.sleep(0.2)
            found = sorted({*found, *super().look(*arguments, **options)}, reverse=True)
        return found


class TestMariaDB(OnDatabaseServer):
    server = MariaDB
    shelf_class = MariaDBShelf

    def test_this_is_mariadb(self, shelf):
        assert shelf.engine.name == "MariaDB or MySQL"
        assert "MariaDB" in db.session.connection().exec_driver_sql("SELECT version()").scalar()


class TestElasticsearch700EngineBehindACompatibilityShim(SearchEngineContract):
    """An old engine and a current client: what ELASTICSEARCH.md says that this proves."""

    @pytest.fixture(scope="class")
    @classmethod
    def site(cls, empty_database, tmp_path_factory, elasticsearch_url):
        folder = tmp_path_factory.mktemp("site")
        database = f"sqlite:///{empty_database}"
        settings = {"ELASTICSEARCH_URL": elasticsearch_url, "DATABASE_URL": database}
        return create_app(make_config(folder, **settings))

    @pytest.fixture(scope="class")
    @classmethod
    def empty_indexes(cls, site, elasticsearch_url):
        forget_everything(elasticsearch_url)
        with site.app_context():
            for collection in Collection:
                elastic().swap(collection, elastic().begin(collection))

    @pytest.fixture
    def shelf(self, site, empty_indexes):
        with site.app_context():
            for collection in Collection:
                elastic().remove(collection, elastic().ids(collection, 0, 10_000))
            elastic().refresh()
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
