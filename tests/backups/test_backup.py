"""`flask backup`: what is saved comes back, all of it, and nothing else."""

import json
import re
import stat
import threading
from zipfile import ZipFile

import flask_migrate
import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.cli.backup import SKIPPED_IDS
from app.database import newest_revision
from app.extensions import db
from app.jobs.models import Job, JobState
from app.jobs.worker import plant_periodic_jobs
from app.posts.models import Post
from app.search import upkeep
from app.search.embedded import embedded
from app.search.engine import Collection
from tests.backups.town import FILE, FILES, OTHER, TEXTS, newest_job, rows_of, run
from tests.factories import make_post, make_user


def manifest_of(file):
    with ZipFile(file) as archive:
        return json.loads(archive.read("manifest.json"))


def tables_of(file):
    """Return (rows, checksum) of every table in a backup."""
    return {
        name: (entry["rows"], entry["checksum"])
        for name, entry in manifest_of(file)["tables"].items()
    }


def revision():
    with db.engine.connect() as connection:
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


@pytest.mark.thorough
class TestCreate:
    def test_there_is_something_in_every_table(self, saved):
        # The premise of what follows.
        assert set(saved.rows) == set(db.metadata.tables) - {"search_indexes"}
        assert all(saved.rows.values())

    def test_every_table_and_every_row_is_in_it(self, saved):
        with ZipFile(saved.file) as archive:
            found = {name: archive.read(f"tables/{name}.jsonl").count(b"\n") for name in saved.rows}
        assert found == {name: len(rows) for name, rows in saved.rows.items()}

    def test_only_files_that_must_last_are_in_it(self, saved):
        with ZipFile(saved.file) as archive:
            names = {name for name in archive.namelist() if name.startswith("files/")}
            assert names == {f"files/{name}" for name in FILES}
            assert archive.read(f"files/{FILE}") == (saved.folder / FILE).read_bytes()

    def test_it_says_where_it_comes_from(self, saved):
        manifest = manifest_of(saved.file)
        assert manifest["format"] == 1
        assert manifest["site"] == "http://127.0.0.1:5000"
        assert manifest["database"] == "sqlite"
        assert manifest["revision"] == newest_revision()
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", manifest["created_at"])

    def test_the_key_is_not_in_it(self, saved):
        key = b"a key for tests only"
        with ZipFile(saved.file) as archive:
            assert not any(key in archive.read(name) for name in archive.namelist())

    def test_only_its_owner_may_read_it(self, saved):
        assert stat.S_IMODE(saved.file.stat().st_mode) == 0o600

    def test_it_lies_in_the_data_folder_unless_told_otherwise(self, app):
        result = run(app, "backup", "create")
        [file] = (app.config["DATA_DIR"] / "backups").iterdir()
        assert re.fullmatch(r"microblog-\d{8}T\d{6}Z\.zip", file.name)
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        assert f"{file}: " in result.output

    def test_two_of_the_same_site_have_the_same_checksums(self, app, ana, tmp_path):
        make_post(ana)
        for name in ("one", "two"):
            run(app, "backup", "create", tmp_path / name)
        assert tables_of(tmp_path / "one") == tables_of(tmp_path / "two")

    def test_file_that_is_there_is_not_replaced(self, app, tmp_path):
        file = tmp_path / "backup.zip"
        file.write_text("precious")
        result = run(app, "backup", "create", file, status=1)
        assert f"{file} is there already" in result.output
        assert file.read_text() == "precious"
        assert list(tmp_path.iterdir()) == [file]

    def test_backup_that_is_being_written_by_somebody_else_is_left_to_them(self, app, tmp_path):
        draft = tmp_path / "backup.zip.part"
        draft.write_text("half")
        result = run(app, "backup", "create", tmp_path / "backup.zip", status=1)
        assert f"{draft} is there" in result.output
        assert draft.read_text() == "half"

    def test_folder_where_nothing_can_be_written_is_named(self, app):
        result = run(app, "backup", "create", "/proc/backup.zip", status=1)
        assert "Error: /proc/backup.zip cannot be written" in result.output

    def test_database_that_is_missing_is_not_made(self, bare, tmp_path):
        file = bare.config["DATA_DIR"] / "app.db"
        result = run(bare, "backup", "create", tmp_path / "backup.zip", status=1)
        assert f"There is no database sqlite: {file}" in result.output
        assert not file.exists()
        assert not (tmp_path / "backup.zip").exists()

    def test_database_without_tables_has_nothing_to_save(self, bare, tmp_path):
        with db.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE shells (id INTEGER)")
        result = run(bare, "backup", "create", tmp_path / "backup.zip", status=1)
        assert "There is no site in sqlite: " in result.output

    def test_table_of_somebody_else_is_saved_and_left_out_later(self, app, bare, tmp_path):
        with app.app_context():
            with db.engine.begin() as connection:
                connection.exec_driver_sql("CREATE TABLE shells (colour TEXT)")
                connection.exec_driver_sql("INSERT INTO shells VALUES ('pink')")
            run(app, "backup", "create", tmp_path / "backup.zip")
        assert tables_of(tmp_path / "backup.zip")["shells"][0] == 1
        result = run(bare, "backup", "restore", tmp_path / "backup.zip")
        assert "Left out, since no migration makes them: shells." in result.output


class TestVerify:
    def test_it_says_what_is_in_a_whole_one(self, app, saved):
        output = run(app, "backup", "verify", saved.file).output
        assert "Whole: http://127.0.0.1:5000 as it was at 20" in output
        assert f"from sqlite at revision {newest_revision()}." in output
        lines = output.splitlines()
        rows, checksum = tables_of(saved.file)["posts"]
        assert f"{rows:>12} {'posts':<20} {checksum[:16]}" in lines
        assert f"{2:>12} files" in lines

    def test_it_looks_at_no_database(self, bare, saved):
        run(bare, "backup", "verify", saved.file)
        assert not (bare.config["DATA_DIR"] / "app.db").exists()


@pytest.mark.thorough
class TestRestore:
    def test_every_row_of_every_table_comes_back(self, bare, saved):
        run(bare, "backup", "restore", saved.file)
        assert rows_of() == saved.rows
        assert {post[2] for post in rows_of()["posts"]} > set(TEXTS)

    def test_backup_of_what_came_back_has_the_same_checksums(self, bare, saved, tmp_path):
        run(bare, "backup", "restore", saved.file)
        run(bare, "backup", "create", tmp_path / "again.zip")
        assert tables_of(tmp_path / "again.zip") == tables_of(saved.file)
        assert manifest_of(tmp_path / "again.zip")["files"] == manifest_of(saved.file)["files"]

    def test_result_says_that_all_was_compared(self, bare, saved):
        output = run(bare, "backup", "restore", saved.file).output
        rows = sum(map(len, saved.rows.values()))
        assert f"{rows} rows in {len(saved.rows)} tables, compared one by one." in output

    def test_everything_is_found_by_searching(self, bare, saved):
        run(bare, "backup", "restore", saved.file)
        for collection in Collection:
            found = upkeep.compare(embedded(), collection)
            assert (found.missing, found.extra) == ([], [])
            assert found.indexed > 2
        db.session.rollback()
        page = bare.test_client().get("/search?q=港").text
        assert 'class="post"' in page

    def test_files_come_back_and_only_their_owner_may_read_them(self, bare, saved):
        run(bare, "backup", "restore", saved.file)
        for name in FILES:
            path = bare.config["DATA_DIR"] / name
            assert path.read_bytes() == (saved.folder / name).read_bytes()
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
            assert len(list(path.parent.iterdir())) == len(FILES)

    def test_file_that_is_there_is_left_as_it_is(self, bare, saved):
        path = bare.config["DATA_DIR"] / FILE
        path.parent.mkdir()
        path.write_text("another")
        result = run(bare, "backup", "restore", saved.file)
        assert f"{FILE} is there already and stays as it is." in result.output
        assert path.read_text() == "another"
        assert (bare.config["DATA_DIR"] / OTHER).exists()

    def test_ids_are_never_given_out_again(self, bare, saved):
        given_out = {
            name: entry["last_id"] for name, entry in manifest_of(saved.file)["tables"].items()
        }
        ids = {name: max(row[0] for row in rows) for name, rows in saved.rows.items()}
        assert given_out["users"] > ids["users"]  # the premise: the newest were deleted
        run(bare, "backup", "restore", saved.file)
        assert make_user().id == given_out["users"] + SKIPPED_IDS + 1
        plant_periodic_jobs()
        db.session.execute(sa.delete(Job))
        db.session.commit()
        plant_periodic_jobs()
        assert newest_job().id > given_out["jobs"] + SKIPPED_IDS

    def test_jobs_come_back_as_they_were(self, bare, saved):
        run(bare, "backup", "restore", saved.file)
        states = [(job.kind, job.state, job.due_at) for job in db.session.scalars(sa.select(Job))]
        assert ("accounts.tell_password_changed", JobState.WAITING) in {s[:2] for s in states}
        assert rows_of()["jobs"] == saved.rows["jobs"]

    def test_nothing_of_what_waited_happens_without_jobs(self, bare, saved):
        output = run(bare, "backup", "restore", saved.file, "--without-jobs").output
        open_jobs = db.session.scalars(sa.select(Job).where(Job.due_at.is_not(None))).all()
        assert open_jobs
        assert all(job.unique_key == f"every {job.kind}" for job in open_jobs)
        dropped = db.session.scalars(sa.select(Job).where(Job.state == JobState.DROPPED)).all()
        assert f"Dropped {len(dropped)} jobs." in output
        assert "accounts.tell_password_changed" in {job.kind for job in dropped}
        assert len(rows_of()["jobs"]) == len(saved.rows["jobs"])

    def test_site_that_has_members_is_refused_and_left_alone(self, app, ana, saved):
        before = rows_of()
        result = run(app, "backup", "restore", saved.file, status=1)
        assert "is not empty (users has rows) and was left as it is." in result.output
        assert rows_of() == before
        assert not (app.config["DATA_DIR"] / FILE).exists()

    def test_one_row_of_any_kind_is_enough_to_refuse(self, app, saved):
        db.session.add(Job(kind="some.thing"))
        db.session.commit()
        result = run(app, "backup", "restore", saved.file, status=1)
        assert "(jobs has rows)" in result.output

    def test_database_where_only_a_worker_has_run_counts_as_empty(self, app, saved):
        plant_periodic_jobs()
        run(app, "backup", "restore", saved.file)
        assert rows_of() == saved.rows

    def test_database_with_empty_tables_of_another_revision_is_used(self, bare, saved):
        flask_migrate.upgrade(revision="0001")
        run(bare, "backup", "restore", saved.file)
        assert rows_of() == saved.rows

    def test_database_of_a_later_version_is_refused(self, app, saved):
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        result = run(app, "backup", "restore", saved.file, status=1)
        assert "revision 9999, which this version of Microblog does not know" in result.output

    def test_row_that_the_database_refuses_undoes_everything(self, bare, saved):
        flask_migrate.upgrade()
        with db.engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TRIGGER no BEFORE INSERT ON posts WHEN new.body = 'null'"
                " BEGIN SELECT RAISE(ABORT, 'not this one'); END"
            )
        result = run(bare, "backup", "restore", saved.file, status=1)
        assert "The database says: not this one" in result.output
        assert not any(rows_of().values())

    def test_row_that_the_database_changes_undoes_everything(self, bare, saved):
        flask_migrate.upgrade()
        with db.engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TRIGGER no AFTER INSERT ON posts WHEN new.body = 'null'"
                " BEGIN UPDATE posts SET body = 'NULL' WHERE id = new.id; END"
            )
        result = run(bare, "backup", "restore", saved.file, status=1)
        assert "The database did not keep posts as it was; all is undone." in result.output
        assert not any(rows_of().values())
        assert not (bare.config["DATA_DIR"] / FILE).exists()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER no")
        run(bare, "backup", "restore", saved.file)
        assert rows_of() == saved.rows


@pytest.mark.parametrize("old", ["0001", "0002", "0003"])
def test_backup_of_an_older_revision_is_brought_up_to_date(old, bare, saved, tmp_path):
    run(bare, "backup", "restore", saved.file)
    # Older code knows no reposts.
    written = sa.select(Post.id, Post.body).where(Post.repost_of_id.is_(None)).order_by(Post.id)
    posts = db.session.execute(written).all()
    people = db.session.execute(sa.select(User.id, User.display_name).order_by(User.id)).all()
    db.session.remove()
    flask_migrate.downgrade(revision=old)
    file = tmp_path / "old.zip"
    run(bare, "backup", "create", file)
    assert manifest_of(file)["revision"] == old
    assert "Whole" in run(bare, "backup", "verify", file).output
    flask_migrate.downgrade(revision="base")

    run(bare, "backup", "restore", file)
    assert revision() == newest_revision()
    assert db.session.execute(written).all() == posts
    assert (
        db.session.execute(sa.select(User.id, User.display_name).order_by(User.id)).all() == people
    )
    found = upkeep.compare(embedded(), Collection.POSTS)
    assert (found.indexed, found.missing, found.extra) == (len(posts), [], [])


@pytest.mark.thorough
def test_backup_is_of_one_moment_while_others_write(app, ana, bare, tmp_path):
    stop, written, file = threading.Event(), [], tmp_path / "backup.zip"

    def write():
        with app.app_context():
            author = db.session.get_one(User, ana.id)
            while not stop.is_set():
                written.append(make_post(author, f"number {len(written)}"))
            db.session.remove()

    with app.app_context():
        author = db.session.get_one(User, ana.id)
        for _number in range(300):
            make_post(author)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        before = len(written)
        with app.app_context():
            run(app, "backup", "create", file)
        meanwhile = len(written) - before
    finally:
        stop.set()
        writer.join()
    assert meanwhile > 1  # the premise
    run(bare, "backup", "restore", file)
    user = db.session.get_one(User, ana.id)
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Post))
    assert user.posts_count == count
    assert 300 <= count <= 300 + len(written)
