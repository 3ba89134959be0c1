"""No page reads a whole table: every statement it issues is explained by SQLite."""

import re

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.extensions import db
from tests.browsing import enter, submit
from tests.factories import (
    make_follow,
    make_hashtag_follow,
    make_message,
    make_post,
    make_reply,
    make_repost,
    make_user,
)

pytestmark = pytest.mark.sqlite("reads the plans as it writes them")

TABLES = (
    "users|posts|follows|blocks|mutes|likes|bookmarks|hashtags|taggings|hashtag_follows"
    "|user_sessions|sign_in_failures|notifications|notification_actors|participants"
    "|conversations|messages"
)
TABLE_SCAN = re.compile(rf"^SCAN ({TABLES})(_\d+)?\b")
# Walks down the index of well-followed people and stops at the third.
SUGGESTIONS = "SCAN users USING INDEX ix_users_followers_count_id"
PAGES = [
    "/",
    "/explore",
    "/user/ana",
    "/user/ana/followers",
    "/user/ana/following",
    "/user/ana/popup",
    "/tag/boats",
    "/suggest?q=an",
    "/settings/hashtags",
    "/settings",
    "/settings/sessions",
    "/settings/blocked",
    "/settings/muted",
    "/messages",
    "/messages/ana",
    "/settings/messages",
    "/write",
    "/edit_profile",
    "/notifications",
    "/notifications/count",
    "/bookmarks",
]


class Explained:
    """Keeps the statements sent to the database, with their parameters, to explain them."""

    def __init__(self):
        self.statements = []

    def __enter__(self):
        event.listen(Engine, "before_cursor_execute", self.note)
        return self

    def __exit__(self, *_error):
        event.remove(Engine, "before_cursor_execute", self.note)

    def note(self, _connection, _cursor, statement, parameters, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "INSERT")):
            self.statements.append((statement, parameters))

    def steps(self):
        with db.engine.connect() as connection:
            return [
                (row[-1], statement)
                for statement, parameters in self.statements
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            ]


def scans(explained):
    return [
        (step, statement)
        for step, statement in explained.steps()
        if TABLE_SCAN.match(step) and not (step == SUGGESTIONS and "LIMIT" in statement)
    ]


@pytest.fixture
def town(app, ana, bob):
    for _ in range(6):
        person = make_user()
        make_follow(bob, person)
        make_follow(person, ana)
        make_reply(person, make_post(person, "@bob, low #tide at noon."))
        make_message(person, bob)
    make_message(ana, bob)
    make_follow(ana, bob)
    make_hashtag_follow(bob, "tide")
    post = make_post(ana)
    make_repost(bob, post)
    return post


def test_a_whole_table_read_would_be_noticed(town):
    with Explained() as explained, db.engine.connect() as connection:
        connection.execute(sa.text("SELECT * FROM posts WHERE body = 'x'"))
    assert scans(explained)


def assert_no_page_reads_a_whole_table(client, paths, key):
    # All of them in one town: to settle it takes longer than to read a page.
    for path in paths:
        for argument in ("", f"?before={key}", f"?after={key}"):
            with Explained() as explained:
                assert client.get(path + argument).status_code == 200, path
            assert explained.statements, path
            assert scans(explained) == [], path + argument


def test_a_visitors_page_reads_no_whole_table(client, town):
    assert_no_page_reads_a_whole_table(client, [*PAGES[:6], f"/post/{town.id}"], town.id)


def test_a_members_page_reads_no_whole_table(client, bob, town):
    post_id = town.id
    enter(client, bob)
    pages = [f"/post/{post_id}", f"/post/{post_id}/likes", f"/post/{post_id}/reposts"]
    assert_no_page_reads_a_whole_table(client, [*PAGES, *pages], post_id)


def test_no_page_of_posts_sorts_all_posts(client, bob, town):
    # A temporary tree for the order of posts means that all of them were read first.
    enter(client, bob)
    for path in ("/explore", "/user/ana"):
        with Explained() as explained:
            client.get(path)
        assert not [step for step, _statement in explained.steps() if "TEMP B-TREE" in step]


def test_changes_read_no_whole_table(client, ana, town):
    enter(client, ana)
    post_id = town.id
    with Explained() as explained:
        submit(client, "/write", body="Hello")
        submit(client, "/follow/bob")
        submit(client, "/unfollow/bob")
        submit(client, "/notifications/read")
        submit(client, "/mute/bob", duration="day")
        submit(client, "/unmute/bob")
        submit(client, "/block/bob")
        submit(client, "/unblock/bob")
        for deed in ("like", "unlike", "bookmark", "unbookmark", "reply"):
            submit(client, f"/post/{post_id}/{deed}", body="Save me a loaf.")
        submit(client, f"/post/{post_id}/edit", body="Changed")
        submit(client, f"/post/{post_id}/delete")
        submit(client, "/messages/bob", message="Hello")
        submit(client, "/messages/bob/read", up_to=post_id)
        submit(client, "/messages/bob/delete", up_to=post_id)
        submit(client, "/settings", locale="")
        submit(client, "/auth/logout")
    assert len(explained.statements) > 20
    assert scans(explained) == []
