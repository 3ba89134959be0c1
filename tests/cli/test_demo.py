"""`flask demo`: one town, looked at from several sides."""

import re
import shutil
import unicodedata

import pytest
import sqlalchemy as sa

from app import create_app
from app.accounts.models import User
from app.clock import utcnow
from app.extensions import db
from app.posts.models import Post
from app.text.clean import grapheme_count
from tests.browsing import sign_in
from tests.conftest import make_config
from tests.queries import all_rows

pytestmark = pytest.mark.thorough


def test_site_that_has_members_is_refused_and_left_alone(run, ana):
    before = all_rows()
    result = run("demo")
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert all_rows() == before


@pytest.fixture(scope="module")
def town(empty_database, tmp_path_factory):
    """The application of a site with the town in it, for all who only look."""
    folder = tmp_path_factory.mktemp("town")
    shutil.copy(empty_database, folder / "app.db")
    app = create_app(make_config(folder))
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["demo"])
        assert result.exit_code == 0
        app.config["SAID"] = result.output
        yield app
        db.session.remove()
        db.engine.dispose()


def test_demo_tells_what_it_made_and_how_to_sign_in(town):
    said = town.config["SAID"]
    numbers = re.search(r"(\d+) people, (\d+) posts, (\d+) follows", said).groups()
    rows = all_rows()
    written = db.session.scalars(sa.select(Post.id).where(Post.repost_of_id.is_(None))).all()
    made = (len(rows["users"]), len(written), len(rows["follows"]))
    assert made == tuple(map(int, numbers))
    name, password = re.search(r"Sign in as (\S+) with the password (\S+)", said).groups()
    client = town.test_client()
    assert sign_in(client, name, password).status_code == 302
    assert 'class="post"' in client.get("/").text


def test_it_is_lively(town):
    rows = all_rows()
    assert len(rows["users"]) >= 15
    assert len(rows["posts"]) >= 200
    assert len(rows["follows"]) >= 50
    assert len(rows["likes"]) >= 300
    assert len(rows["messages"]) >= 5
    for column in (Post.parent_id, Post.repost_of_id):
        assert len(db.session.scalars(sa.select(column).where(column.is_not(None))).all()) >= 20


def test_everybody_has_a_name_and_most_say_something(town):
    people = db.session.scalars(sa.select(User)).all()
    assert all(person.display_name for person in people)
    assert sum(bool(person.about_me) for person in people) > len(people) / 2


def test_it_speaks_several_scripts(town):
    text = "".join(db.session.scalars(sa.select(Post.body)))
    scripts = {unicodedata.name(c, "?").split()[0] for c in set(text) if c.isalpha()}
    assert len(scripts & {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "CJK", "HIRAGANA"}) >= 4


def test_every_post_keeps_the_limit(town):
    longest = max(map(grapheme_count, db.session.scalars(sa.select(Post.body))))
    assert longest <= town.config["POST_MAX_LENGTH"]


def test_its_counters_are_right(town):
    result = town.test_cli_runner().invoke(args=["counters", "repair"])
    assert result.output == "All counters are right.\n"


def test_nothing_happens_in_the_future(town):
    newest = db.session.scalars(sa.select(Post).order_by(Post.id.desc()).limit(1)).one()
    assert newest.created_at < utcnow()


def test_second_demo_is_refused(town):
    assert town.test_cli_runner().invoke(args=["demo"]).exit_code == 1
