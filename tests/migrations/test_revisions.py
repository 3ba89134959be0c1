"""Every revision up, down and up again, with people living in the database all the while."""

import io

import flask_migrate
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask

from app import create_app
from app.database import MIGRATIONS, newest_revision
from app.extensions import db
from tests.browsing import enter, posts_on, submit
from tests.conftest import make_config
from tests.factories import make_follow, make_user
from tests.migrations.tables import REVISIONS, assert_kept, populate, revision, rows, tables
from tests.queries import indexed

# Two for each collection that can be searched.
ENGINES_TABLES = 4


def assert_site_works(app: Flask) -> None:
    """Tell whether people can use the site: join, write, follow, search, leave nothing behind."""
    client, ana, bob = app.test_client(), make_user("ana"), make_user("bob")
    assert client.get("/readyz").text.startswith("ready\n")
    make_follow(bob, ana)
    enter(client, ana)
    assert submit(client, "/write", body="Low tide at noon.").status_code == 302
    enter(client, bob)
    [post] = posts_on(client.get("/user/ana"))
    for path in ("/", "/search?q=tide"):
        assert posts_on(client.get(path)) == [post]
    assert indexed("posts")
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM posts WHERE body = 'Low tide at noon.'")
        connection.exec_driver_sql("DELETE FROM users WHERE username IN ('ana', 'bob')")
    assert (indexed("posts"), indexed("people")) == ({}, {})


@pytest.mark.thorough
@pytest.mark.parametrize("start", REVISIONS)
def test_rows_from_every_revision_survive_the_way_up_and_the_way_down(bare, start):
    flask_migrate.upgrade(revision=start)
    populate()
    original, steps = rows(), REVISIONS[REVISIONS.index(start) + 1 :]
    for step in steps:
        flask_migrate.upgrade(revision=step)
        assert revision() == step
        assert_kept(original)
    populate()  # what there was no table for before
    everything, everywhere = rows(), tables()
    assert_site_works(bare)
    db.session.remove()
    for step in ["base", *REVISIONS[:-1]][::-1]:
        flask_migrate.downgrade(revision=step)
        assert revision() == (None if step == "base" else step)
        assert_kept(everything)
    assert tables() == set()
    flask_migrate.upgrade()
    assert tables() == everywhere
    assert_site_works(bare)


def test_populate_puts_a_row_into_every_table(bare):
    # The premise of the test above.
    flask_migrate.upgrade()
    populate()
    assert set(rows()) == set(db.metadata.tables)
    assert all(rows().values())
    with pytest.raises(AssertionError):
        assert_kept(rows() | {"follows": []})


def test_there_is_one_head_and_one_base(bare):
    script = ScriptDirectory(MIGRATIONS)
    assert len(script.get_heads()) == len(script.get_bases()) == 1
    assert newest_revision() == script.get_current_head() == REVISIONS[-1]


def test_upgrading_twice_changes_nothing(app, ana):
    before = rows()
    flask_migrate.upgrade()
    assert rows() == before


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
