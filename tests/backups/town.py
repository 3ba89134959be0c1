"""A site with something in every table, and helpers that save it and bring it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from app import create_app
from app.accounts import addresses
from app.accounts.models import SignInFailure
from app.accounts.sign_in import open_session
from app.accounts.tasks import tell_password_changed
from app.clock import utcnow
from app.exports.copies import keep
from app.exports.tasks import export
from app.extensions import db
from app.jobs.models import Job, JobState
from app.jobs.worker import plant_periodic_jobs
from app.posts import actions as posts
from app.posts.bookmarks import bookmark
from tests.conftest import make_config
from tests.factories import (
    make_block,
    make_follow,
    make_hashtag_follow,
    make_like,
    make_message,
    make_mute,
    make_post,
    make_reply,
    make_repost,
    make_user,
)

TEXTS = (
    "Low tide at noon.",
    "Der Fähre fehlt ein Ruder – schöne Grüße",
    "Το λιμάνι είναι ήσυχο",
    "Туман над гаванью",
    "المرفأ هادئ الليلة",
    "הנמל שקט",
    "बंदरगाह शांत है",
    "港は静かです",
    "항구는 조용하다",
    "ท่าเรือเงียบสงบ",
    "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ⛴️",
    "quotes ' \" ` and \\ backslashes; % and _ and : and {braces}",
    'two\n\nparagraphs, a line\u2028separator and "tables/posts.jsonl"',
    "0",
    "null",
    "long " * 4000 + "end 🐚",
)
FILES = FILE, OTHER = "outbox/000001-hello.eml", "outbox/000002-again.eml"


def populate() -> None:
    """Put rows into every table."""
    ana = make_user("ana", display_name="Ana 🌊", about_me="", is_admin=True, locale="es")
    bob = make_user("bob", suspended_at=datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=UTC))
    carla = make_user("carla", created_at=datetime(1999, 12, 31, 12, 0, 0, 1, tzinfo=UTC))
    make_follow(bob, ana)
    make_follow(carla, ana, bob)
    post = make_post(ana, "High #tide at six.")
    make_reply(carla, post, "@ana, thank you.")
    make_repost(carla, post)
    make_like(post, carla)
    bookmark(carla, post)
    make_hashtag_follow(carla, "tide")
    make_message(ana, carla)
    make_block(ana, bob)
    make_mute(carla, bob, utcnow() + timedelta(days=1))
    for number, text in enumerate(TEXTS):
        make_post(ana if number % 2 else carla, text, at=utcnow() - timedelta(days=number))
    posts.edit(make_post(ana), "Low tide at one.")
    open_session(ana, "a browser", "192.0.2.1")
    db.session.add(SignInFailure(account_hash="0" * 64, network="2001:db8::/64"))
    addresses.ask_for_reset(ana.email)
    addresses.begin_change(carla, "carla@example.org")
    addresses.begin_registration("dora", "dora@example.com", "no password")
    # The greatest ids of all are gone, and must not be given out again.
    gone = make_user("gone")
    db.session.delete(gone)
    db.session.delete(tell_password_changed.ask(user_id=carla.id))
    waits, failed = (tell_password_changed.ask(user_id=carla.id) for _ in range(2))
    failed.state, failed.due_at, failed.last_error = JobState.FAILED, None, "551 5.1.1 ünknown"
    waits.due_at = utcnow() + timedelta(hours=1)
    done = export.ask(user_id=ana.id)
    done.state, done.due_at, done.finished_at = JobState.DONE, None, utcnow()
    keep(done, BytesIO(bytes(range(256)) * 5000))
    db.session.commit()
    plant_periodic_jobs()


def populate_files(folder: Path) -> None:
    """Put a file of each kind into DATA_DIR, among others that stay behind."""
    for name in (*FILES, "outbox/.000002-draft", "exports/7.zip", "broker/1.msg", "log"):
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(f"content of {name}".encode() + bytes(range(256)) * 999)


@contextmanager
def site(folder: Path, url: str = "", *, revision: str | None = None) -> Iterator[Flask]:
    """Hand out an application in its context, at a revision or without any tables."""
    env = {"DATABASE_URL": url} if url else {}
    app = create_app(make_config(folder, **env))
    with app.app_context():
        if revision is not None:
            flask_migrate.upgrade(revision=revision)
        yield app
        db.session.remove()
        db.engine.dispose()


def run(app: Flask, *args: object, status: int = 0) -> Result:
    """Run `flask …` as an administrator does; it has to end with that status."""
    db.session.rollback()
    db.session.expire_all()
    result = app.test_cli_runner().invoke(args=[str(arg) for arg in args])
    db.session.rollback()
    assert result.exit_code == status, result.output
    assert status == 0 or "Traceback" not in result.output
    return result


def rows_of(*, without: tuple[str, ...] = ()) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table but those of the search engines, by what the models say."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return {
            table.name: connection.execute(sa.select(table).order_by(*table.primary_key)).all()
            for table in db.metadata.sorted_tables
            if table.name not in {"search_indexes", *without}
        }


def newest_job() -> Job:
    """Return the job that was asked for last."""
    return db.session.scalars(sa.select(Job).order_by(Job.id.desc()).limit(1)).one()
