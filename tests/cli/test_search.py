"""`flask search`."""

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.posts.models import Post
from app.search.documents import post_entry
from app.search.embedded import embedded
from app.search.engine import Collection, Entry
from tests.factories import make_post
from tests.queries import all_rows


def spoil(*missing, extra=()):
    for post in missing:
        embedded().remove(Collection.POSTS, [post.id])
    for number in extra:
        embedded().put(Collection.POSTS, [Entry(number, "a0x w0ghost")])
    db.session.commit()


def indexed():
    db.session.rollback()
    with db.engine.connect() as connection:
        live = connection.exec_driver_sql(
            "SELECT live FROM search_indexes WHERE collection = 'posts'"
        ).scalar()
        rows = connection.exec_driver_sql(f"SELECT rowid, terms FROM search_posts_{live}")
        return dict(rows.all())


def test_status_of_a_right_index(run, ana):
    make_post(ana)
    result = run("search", "status")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "SQLite FTS5, posts: 1 indexed, right",
        "SQLite FTS5, people: 1 indexed, right",
    ]


def test_status_of_an_empty_site(run):
    assert run("search", "status").exit_code == 0


def test_status_counts_what_is_missing_and_what_is_too_much_and_changes_nothing(run, ana):
    posts = [make_post(ana) for _ in range(4)]
    spoil(posts[0], posts[2], extra=[7])
    before, rows = indexed(), all_rows()
    result = run("search", "status")
    assert result.exit_code == 1
    assert "posts: 3 indexed, 2 missing, 1 too many" in result.output
    assert "people: 1 indexed, right" in result.output
    assert "flask search status --repair" in result.output
    assert (indexed(), all_rows()) == (before, rows)


def test_repair_mends_and_then_everything_is_right(run, ana):
    posts = [make_post(ana, f"number {n}") for n in range(4)]
    spoil(posts[0], posts[2], extra=[7])
    result = run("search", "status", "--repair")
    assert result.exit_code == 0, result.output
    assert "Mended." in result.output
    assert indexed() == {
        post.id: post_entry(post).terms for post in db.session.scalars(sa.select(Post))
    }
    result = run("search", "status")
    assert result.exit_code == 0
    assert "Mended." not in run("search", "status", "--repair").output


def test_rebuild_says_how_far_it_is_and_what_it_did(run, ana):
    posts = [make_post(ana, f"number {n}") for n in range(3)]
    spoil(*posts, extra=[7])
    result = run("search", "rebuild")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("SQLite FTS5")
    assert "Indexed 4 documents." in result.output
    assert len(indexed()) == 3
    assert run("search", "status").exit_code == 0


def test_rebuild_of_an_empty_site(run):
    result = run("search", "rebuild")
    assert result.exit_code == 0, result.output
    assert "Indexed 0 documents." in result.output


@pytest.mark.parametrize("command", ["rebuild", "status"])
def test_command_has_a_help(run, command):
    assert run("search", command, "--help").exit_code == 0


class TestWithADeadElasticsearch:
    @pytest.fixture
    def settings(self):
        return {"ELASTICSEARCH_URL": "http://127.0.0.1:9"}

    def test_status_says_that_it_does_not_answer_after_the_state_of_our_own(self, run, ana):
        result = run("search", "status")
        assert result.exit_code == 1
        assert "SQLite FTS5, posts: 0 indexed, right" in result.output
        assert "Elasticsearch does not answer" in result.output
        assert "Traceback" not in result.output

    def test_rebuild_says_that_it_does_not_answer(self, run, ana):
        post = make_post(ana)
        result = run("search", "rebuild")
        assert result.exit_code == 1
        assert "Elasticsearch does not answer" in result.output
        assert "Traceback" not in result.output
        assert list(indexed()) == [post.id]
