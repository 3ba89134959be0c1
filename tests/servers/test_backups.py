"""Backups on PostgreSQL and MariaDB, and sites that move between all three databases."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import flask_migrate
import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.backups.rows import tally_of
from app.backups.tables import Tables, snapshot
from app.cli.backup import SKIPPED_IDS
from app.database import newest_revision
from app.extensions import db
from app.posts.models import Post
from app.relationships.models import Follow
from app.search import upkeep
from app.search.embedded import embedded
from app.search.engine import Collection
from tests.backups.town import FILE, populate, populate_files, rows_of, run, site
from tests.factories import make_follow, make_post, make_user
from tests.processes import KEY, Process, until
from tests.servers.programs import MariaDB, PostgreSQL, running

# What PostgreSQL and MariaDB refuse and SQLite does not.
TOO_LONG = "x" * 300
# Who waits for a lock shall fail rather than keep the test waiting.
IMPATIENT = {"postgresql": "SET lock_timeout = '5s'", "mysql": "SET lock_wait_timeout = 5"}


def content_of(address, folder):
    """Return (rows, checksum, greatest id given out) of every table in a database."""
    with site(folder, address), db.engine.connect() as connection:
        tables = Tables(connection)
        return {
            name: (tally_of(tables.lines(name), lambda _rows: None).checksum, entry)
            for name, entry in tables.entries.items()
        }


# A repost has no words, so no index has it, no counter counts it, and older code knows none.
WRITTEN = Post.repost_of_id.is_(None)


def assert_everything_is_found():
    posts = db.session.scalar(sa.select(sa.func.count()).select_from(Post).where(WRITTEN))
    for collection in Collection:
        found = upkeep.compare(embedded(), collection)
        assert (found.missing, found.extra) == ([], [])
    assert upkeep.compare(embedded(), Collection.POSTS).indexed == posts


@pytest.fixture
def empty(database, tmp_path):
    """A site on a database without tables."""
    with site(tmp_path / "empty", database.new_database()) as app:
        yield app


@pytest.fixture
def town(database, tmp_path):
    """A site with something in every table."""
    with site(tmp_path / "town", database.new_database(), revision="head") as app:
        populate()
        populate_files(app.config["DATA_DIR"])
        yield app


def test_site_goes_round_all_databases_and_is_the_same(tmp_path):
    with running(PostgreSQL) as postgresql, running(MariaDB) as mariadb:
        stations = [
            f"sqlite:///{tmp_path / 'first.db'}",
            postgresql.new_database(),
            mariadb.new_database(),
            mariadb.new_database(),
            postgresql.new_database(),
            postgresql.new_database(),
            f"sqlite:///{tmp_path / 'last.db'}",
            mariadb.new_database(),
            f"sqlite:///{tmp_path / 'very_last.db'}",
        ]
        with site(tmp_path, stations[0], revision="head"):
            populate()
        with site(tmp_path / "other") as other:
            for source, target in pairwise(stations):
                run(other, "db-copy", source, target)
        contents = [content_of(station, tmp_path) for station in stations]
        assert all(rows.rows for _checksum, rows in contents[0].values())  # the premise
        assert contents == contents[:1] * len(stations)
        for station in stations[1:]:
            with site(tmp_path, station):
                assert_everything_is_found()


def test_backup_comes_back_with_everything(town, empty, tmp_path):
    file = tmp_path / "backup.zip"
    with town.app_context():
        rows, gone = rows_of(), make_user()
        given_out = gone.id
        db.session.delete(gone)
        db.session.commit()
        run(town, "backup", "create", file)
        run(town, "backup", "verify", file)
        refused = run(town, "backup", "restore", file, status=1)
        assert "has rows) and was left as it is" in refused.output
        assert rows_of() == rows
    output = run(empty, "backup", "restore", file).output
    assert "compared one by one" in output
    assert rows_of() == rows
    assert_everything_is_found()
    assert (empty.config["DATA_DIR"] / FILE).exists()
    assert make_user().id > given_out + SKIPPED_IDS


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_backup_of_an_older_revision_is_brought_up_to_date(town, empty, tmp_path, revision):
    with town.app_context():
        written = sa.select(Post.id, Post.body).where(WRITTEN).order_by(Post.id)
        posts = db.session.execute(written).all()
        db.session.remove()
        flask_migrate.downgrade(revision=revision)
        run(town, "backup", "create", tmp_path / "old.zip")
    run(empty, "backup", "restore", tmp_path / "old.zip")
    assert db.session.execute(written).all() == posts
    with db.engine.connect() as connection:
        assert Tables(connection).revision == newest_revision()
    assert_everything_is_found()


def test_row_that_the_database_refuses_undoes_everything(empty, tmp_path):
    wrong = f"sqlite:///{tmp_path / 'wrong.db'}"
    with site(tmp_path, wrong, revision="head"):
        ana = make_user("ana")
        make_post(ana)
        with db.engine.begin() as connection:
            connection.execute(sa.insert(Post), [post_of(ana, 5, once_key=TOO_LONG)])
        db.session.remove()
    file = tmp_path / "wrong.zip"
    with site(tmp_path, wrong) as app:
        run(app, "backup", "create", file)
    result = run(empty, "backup", "restore", file, status=1)
    assert "The database says: " in result.output
    assert TOO_LONG not in result.output
    assert not any(rows_of().values())
    with site(tmp_path, wrong) as app:
        db.session.execute(sa.delete(Post).where(Post.id == 5))
        db.session.commit()
        run(app, "backup", "create", tmp_path / "right.zip")
    run(empty, "backup", "restore", tmp_path / "right.zip")
    assert len(rows_of()["posts"]) == 1


def post_of(author, number, **columns):
    return {"id": number, "author_id": author.id, "body": "b", "once_key": str(number)} | columns


def test_backup_is_of_one_moment_while_others_write(town, empty, tmp_path):
    file, stop, written = tmp_path / "backup.zip", threading.Event(), []

    def write():
        with town.app_context():
            author = make_user(f"writer{threading.get_ident()}")
            while not stop.is_set():
                written.append(make_post(author, f"number {len(written)}"))
                make_follow(make_user(), author)
            db.session.remove()

    writers = [threading.Thread(target=write) for _writer in range(2)]
    with town.app_context():
        for _number in range(200):
            make_post(db.session.get_one(User, 1))
    for writer in writers:
        writer.start()
    try:
        assert until(lambda: written, 20)
        before = len(written)
        with town.app_context():
            run(town, "backup", "create", file)
        meanwhile = len(written) - before
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert meanwhile > 1  # the premise
    run(empty, "backup", "restore", file)
    for counter, of_the_user in (
        (User.posts_count, sa.and_(Post.author_id == User.id, WRITTEN)),
        (User.following_count, Follow.follower_id == User.id),
    ):
        rows = sa.select(sa.func.count()).where(of_the_user).scalar_subquery()
        wrong = db.session.execute(
            sa.select(User.username, counter, rows).where(counter != rows, User.is_active)
        )
        assert wrong.all() == []


def test_migration_waits_for_a_backup_and_nobody_waits_for_the_migration(town, tmp_path):
    flask_migrate.downgrade(revision="0001")
    settings = {
        "DATABASE_URL": town.config["DATABASE_URL"],
        "DATA_DIR": str(town.config["DATA_DIR"]),
        "SECRET_KEY": KEY,
    }
    upgrade = [sys.executable, "-m", "flask", "--app", "microblog.py", "db", "upgrade"]
    with snapshot(db.engine) as tables:
        rows = sum(entry.rows for entry in tables.entries.values())  # reads all tables
        migration = Process(upgrade, settings, tmp_path / "log")
        try:
            # Long enough to reach the tables, if nothing kept it.
            assert not until(lambda: not migration.runs, 8)
            with db.engine.connect() as page:
                page.exec_driver_sql(IMPATIENT[page.dialect.name])
                assert page.scalar(sa.text("SELECT count(*) FROM users")) > 0
            assert sum(len(list(tables.lines(name))) for name in tables.by_name) == rows
        except BaseException:
            migration.kill()
            raise
    assert until(lambda: not migration.runs, 60)
    with db.engine.connect() as connection:
        assert Tables(connection).revision == newest_revision()


def test_two_backups_at_once_are_both_whole(town, tmp_path):
    files = [tmp_path / "one.zip", tmp_path / "two.zip"]

    def save(file):
        with town.app_context():
            run(town, "backup", "create", file)

    db.session.remove()
    with ThreadPoolExecutor() as pool:
        list(pool.map(save, files))
    for file in files:
        run(town, "backup", "verify", file)


def test_password_of_a_server_that_refuses_us_is_not_printed(database, tmp_path):
    url = sa.make_url(database.new_database())
    wrong = url.set(username="nobody", password="hunter2hunter2", database="none")
    with site(tmp_path) as app:
        for pair in (wrong, f"sqlite:///{tmp_path / 'new.db'}"), (f"sqlite:///{tmp_path}", wrong):
            addresses = [
                part if isinstance(part, str) else part.render_as_string(hide_password=False)
                for part in pair
            ]
            result = run(app, "db-copy", *addresses, status=1)
            assert "The database says: " in result.output
            assert "hunter2" not in result.output
