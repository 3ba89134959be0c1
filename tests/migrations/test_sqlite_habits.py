"""What every connection and every table promises, whatever the revision: SQLite needs care."""

import secrets
import sqlite3
from collections.abc import Callable
from contextlib import contextmanager
from threading import Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from app.accounts.models import (
    AddressChange,
    MailRequest,
    Registration,
    SignInFailure,
    User,
    UserSession,
)
from app.database import brief_write, end_read
from app.extensions import db
from app.jobs.models import Job
from app.messages.models import Conversation, Participant
from app.notifications.models import Kind, Notification, NotificationActor
from app.posts.models import Bookmark, Hashtag, HashtagFollow, Like
from app.relationships.models import Block, Follow, Mute
from tests.factories import make_post, make_user

only_sqlite = pytest.mark.sqlite("the others need no such care")
PRAGMAS = {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2, "busy_timeout": 15_000}


def pragmas(connection: sa.Connection) -> dict[str, object]:
    # Past SQLAlchemy, which would begin a transaction first.
    driver = connection.connection.driver_connection
    return {name: driver.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}


@only_sqlite
def test_every_connection_has_the_pragmas(app):
    with db.engine.connect() as first, db.engine.connect() as second:
        assert pragmas(first) == pragmas(second) == PRAGMAS


@only_sqlite
def test_connection_of_another_thread_has_the_pragmas(app):
    found: list[dict[str, object]] = []

    def look() -> None:
        with app.app_context(), db.engine.connect() as connection:
            found.append(pragmas(connection))

    thread = Thread(target=look)
    thread.start()
    thread.join()
    assert found == [PRAGMAS]


@only_sqlite
def test_pragmas_stand_again_after_a_brief_write_that_was_refused(app):
    path = db.engine.url.database
    db.engine.dispose()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sa.exc.OperationalError, match="locked"), brief_write(db.engine):
        pass
    other.close()
    with db.engine.connect() as connection:
        assert pragmas(connection) == PRAGMAS


def test_foreign_keys_are_enforced(app):
    db.session.add(Follow(follower_id=1, followed_id=2))
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)foreign key"):
        db.session.flush()


def _session_of(user: User) -> UserSession:
    return UserSession(user_id=user.id, token_hash="0" * 64)


def _other_than(user: User) -> int:
    return db.session.scalars(sa.select(User.id).where(User.id != user.id)).first()


def _notification_of(user: User) -> Notification:
    return Notification(recipient_id=user.id, kind=Kind.FOLLOW, latest_id=1)


def _notification_actor_of(user: User) -> NotificationActor:
    notification = _notification_of(user)
    db.session.add(notification)
    db.session.flush()
    return NotificationActor(notification_id=notification.id, actor_id=user.id)


def _conversation_of(user: User) -> Conversation:
    lower_id, upper_id = sorted([user.id, _other_than(user)])
    return Conversation(lower_id=lower_id, upper_id=upper_id)


def _participant_of(user: User) -> Participant:
    conversation = db.session.scalar(sa.select(Conversation)) or _conversation_of(user)
    return Participant(conversation=conversation, user_id=user.id, other_id=_other_than(user))


MAKERS: dict[type, Callable[[User], object]] = {
    User: lambda _user: User(
        username="new", username_key="new", email="n@e.org", email_key="n@e.org", password_hash="-"
    ),
    UserSession: _session_of,
    Follow: lambda user: Follow(follower_id=user.id, followed_id=_other_than(user)),
    Block: lambda user: Block(blocker_id=user.id, blocked_id=_other_than(user)),
    Mute: lambda user: Mute(muter_id=user.id, muted_id=_other_than(user)),
    SignInFailure: lambda _user: SignInFailure(account_hash="a", network="n"),
    MailRequest: lambda _user: MailRequest(address_hash="a", slot=0),
    Registration: lambda _user: Registration(
        username="new", email="n@e.org", email_key="n@e.org", password_hash="-"
    ),
    AddressChange: lambda user: AddressChange(
        user_id=user.id, old_email=user.email, new_email="n@e.org"
    ),
    Job: lambda user: Job(kind="exports.export", user_id=user.id),
    Like: lambda user: Like(user_id=user.id, post_id=make_post(user).id),
    Bookmark: lambda user: Bookmark(user_id=user.id, post_id=make_post(user).id),
    Hashtag: lambda _user: Hashtag(key="tide", name="Tide"),
    HashtagFollow: lambda user: HashtagFollow(
        user_id=user.id, hashtag=Hashtag(key=secrets.token_hex(8), name="Tide")
    ),
    Notification: _notification_of,
    NotificationActor: _notification_actor_of,
    Conversation: _conversation_of,
    Participant: _participant_of,
}


# Their ids are made in Python, or are names, or another row's.
OWN_IDS = {"posts", "taggings", "messages", "search_indexes", "export_parts"}


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__tablename__)
def test_id_is_not_given_out_again_after_the_newest_row_was_deleted(app, model):
    user = make_user()
    make_user()

    def insert() -> int:
        row = MAKERS[model](user)
        db.session.add(row)
        db.session.commit()
        return row.id

    first = insert()
    db.session.execute(sa.delete(model).where(model.id == first))
    db.session.commit()
    db.engine.dispose()  # as after a restart
    assert insert() > first


def test_every_table_is_spoken_for(app):
    # The test above covers every table whose ids the database gives.
    given = {table.name for table in db.metadata.tables.values() if table.name not in OWN_IDS}
    assert {model.__tablename__ for model in MAKERS} == given


@contextmanager
def begins(app: Flask):
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@only_sqlite
@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("GET", "BEGIN DEFERRED"),
        ("HEAD", "BEGIN DEFERRED"),
        ("OPTIONS", "BEGIN DEFERRED"),
        ("POST", "BEGIN IMMEDIATE"),
        ("PUT", "BEGIN IMMEDIATE"),
        ("DELETE", "BEGIN IMMEDIATE"),
    ],
)
def test_request_that_only_reads_takes_no_write_lock(app, method, kind):
    with begins(app) as seen, app.test_request_context(method=method):
        db.session.execute(sa.select(User.id))
        db.session.rollback()
    assert seen == [kind]


@only_sqlite
def test_work_outside_a_request_takes_its_turn_at_the_start(app):
    with begins(app) as seen:
        db.session.execute(sa.select(User.id))
        db.session.rollback()
    assert seen == ["BEGIN IMMEDIATE"]


def test_rolled_back_savepoint_leaves_the_rest(app):
    # The driver's own BEGIN would have ended the transaction here.
    kept = make_user("kept")
    kept.display_name = "Kept"
    twins = [MAKERS[User](kept), MAKERS[User](kept)]
    savepoint = db.session.begin_nested()
    db.session.add(twins[0])
    db.session.flush()
    db.session.add(twins[1])
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()
    savepoint.rollback()
    db.session.commit()
    assert db.session.scalars(sa.select(User.display_name)).all() == ["Kept"]


def test_end_read_does_not_throw_changes_away(app, ana):
    ana.display_name = "Changed"
    with pytest.raises(RuntimeError):
        end_read(db.session)


@only_sqlite
def test_end_read_lets_others_write(app, ana):
    db.session.scalar(sa.select(User.id))
    other = sqlite3.connect(db.engine.url.database, timeout=0, isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        other.execute("BEGIN IMMEDIATE")
    end_read(db.session)
    other.execute("BEGIN IMMEDIATE")
    other.close()
