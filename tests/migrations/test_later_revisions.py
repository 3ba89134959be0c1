"""Revisions that are still to come: what they may do, and that older code goes on meanwhile."""

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig

from app.accounts.queries import by_username
from app.database import MIGRATIONS, newest_revision
from app.extensions import db
from app.posts.models import Post
from tests.browsing import enter, submit
from tests.factories import make_follow, make_post, make_user
from tests.migrations.tables import assert_kept, revision, rows, tables
from tests.working import do_jobs

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
# What a release may bring while the code of the one before it still runs: docs/migrations.md.
EXPANSION = """
import sqlalchemy as sa
from alembic import op

from app.database import TABLE_OPTIONS, BigId

revision, down_revision, branch_labels, depends_on = "later", {head!r}, None, None


def upgrade():
    mood = sa.Column("mood", sa.String(20), nullable=False, server_default=sa.text("''"))
    op.add_column("posts", mood)
    op.add_column("users", sa.Column("birthday", sa.Date()))
    op.create_index("ix_posts_mood", "posts", ["mood"])
    op.create_table(
        "polls",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("post_id", BigId, sa.ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
        **TABLE_OPTIONS,
    )


def downgrade():
    op.drop_table("polls")
    op.drop_index("ix_posts_mood", "posts")
    op.drop_column("users", "birthday")
    op.drop_column("posts", "mood")
"""
# It fails after it has changed something.
FAILING_REVISION = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "later", {head!r}, None, None


def upgrade():
    op.execute("CREATE TABLE footprints (id INTEGER)")
    op.execute("DELETE FROM posts")
    op.execute("SELECT nonsense")


def downgrade():
    op.execute("DROP TABLE footprints")
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
def later(app, tmp_path):
    """Return what makes Alembic's settings for one revision more than there is."""
    folder = tmp_path / "versions"
    folder.mkdir()

    def write(text: str) -> AlembicConfig:
        (folder / "later.py").write_text(text.format(head=newest_revision()))
        config = flask_migrate.Config(str(MIGRATIONS / "alembic.ini"))
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", f"{MIGRATIONS / 'versions'}\n{folder}")
        config.cmd_opts = None
        return config

    return write


@pytest.fixture
def town(app):
    ana, bob = make_user("ana"), make_user("bob")
    make_follow(bob, ana)
    make_post(ana)
    return rows()


def enforces_foreign_keys() -> bool:
    with db.engine.connect() as connection:
        return connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.sqlite("the others change a table where it stands")
def test_table_that_is_built_anew_keeps_its_rows_and_those_that_point_to_them(town, later):
    db.session.remove()
    config = later(LATER_REVISION)
    command.upgrade(config, "head")
    after = rows()
    assert [row["mood"] for row in after["users"]] == ["well", "well"]
    assert (after["posts"], after["follows"]) == (town["posts"], town["follows"])

    command.downgrade(config, "-1")
    assert rows() == town
    # Enforcement is back on the connections that served the migration.
    assert enforces_foreign_keys()


@pytest.mark.sqlite("the others enforce foreign keys also while a migration runs")
def test_migration_that_breaks_a_foreign_key_is_undone_as_a_whole(town, later):
    db.session.remove()
    with pytest.raises(RuntimeError, match="foreign keys"):
        command.upgrade(later(BAD_REVISION), "head")
    assert rows() == town
    assert revision() == newest_revision()
    assert enforces_foreign_keys()


def test_migration_that_fails_half_way_changes_no_row_and_counts_as_not_run(town, later):
    # MariaDB commits at every change of a table: what came before it stays.
    is_undone = db.engine.name not in {"mysql", "mariadb"}
    db.session.remove()
    with pytest.raises(sa.exc.DBAPIError):
        command.upgrade(later(FAILING_REVISION), "head")
    assert_kept(town)
    assert revision() == newest_revision()
    assert ("footprints" in tables()) is not is_undone


@pytest.mark.thorough
def test_migration_gives_up_when_somebody_keeps_a_table_and_can_be_tried_again(town, later):
    db.session.remove()
    with db.engine.connect() as somebody:
        somebody.execute(sa.select(Post)).all()
        with pytest.raises(sa.exc.OperationalError):
            command.upgrade(later(EXPANSION), "head")
    assert revision() == newest_revision()
    command.upgrade(later(EXPANSION), "head")
    assert revision() == "later"
    assert_kept(town)


def test_code_of_today_goes_on_while_the_tables_of_tomorrow_arrive(app, client, town, later):
    enter(client, by_username("ana"))
    db.session.remove()
    command.upgrade(later(EXPANSION), "head")
    assert revision() == "later"
    assert client.get("/readyz").text.startswith("ready\n")
    for path in ("/", "/explore", "/user/ana", "/search?q=tide", "/settings"):
        assert client.get(path).status_code == 200
    assert submit(client, "/write", body="Written by the code of today.").status_code == 302
    assert submit(client, "/follow/bob").status_code == 302
    post = db.session.scalars(sa.select(Post).where(Post.body.contains("today"))).one()
    assert submit(client, f"/post/{post.id}/edit", body="Edited by it.").status_code == 302
    assert submit(client, f"/post/{post.id}/delete").status_code == 302
    do_jobs(app)
    make_user("newcomer")
    assert {row["mood"] for row in rows()["posts"]} == {""}

    command.downgrade(later(EXPANSION), "-1")
    assert client.get("/readyz").text.startswith("ready\n")
    assert client.get("/").status_code == 200


def test_upgrade_by_code_of_today_leaves_the_tables_of_tomorrow_alone(app, town, later):
    # An old instance starts again, or somebody goes back to the code of yesterday.
    db.session.remove()
    command.upgrade(later(EXPANSION), "head")
    before = rows()
    result = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert result.exit_code == 0, result.output
    assert "migrated by later code" in result.output
    assert rows() == before
    assert revision() == "later"


def test_downgrade_by_code_that_does_not_know_the_revision_is_refused(app, town, later):
    db.session.remove()
    command.upgrade(later(EXPANSION), "head")
    result = app.test_cli_runner().invoke(args=["db", "downgrade"])
    assert result.exit_code == 1
    assert revision() == "later"
