"""Jobs about posts: reading again what was written before names and hashtags counted."""

import time
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.database import begin_read
from app.events import post_written
from app.extensions import db
from app.jobs.models import Job
from app.jobs.tasks import task
from app.jobs.worker import report
from app.posts import hashtags, mentions
from app.posts.models import Hashtag, Post, Tagging
from app.text import marks

# So many posts are read in one go, and so many at most are written in one transaction.
PORTION, WRITTEN = 500, 50
PAUSE = 0.12


@task("posts.read_again", is_long=True)
def read_again(job: Job) -> None:
    """Find the names and hashtags in everything that was written before; nobody is told.

    May be killed anywhere: what is done stays done, and is only looked at the next time.
    """
    begin_read(db.session)
    done, above = 0, 0
    total = db.session.scalars(sa.select(sa.func.count()).select_from(Post)).one()
    while ids := _ids(above):
        for unread in _cut(_unread(ids)):
            # What is written begins a transaction of its own, or on SQLite it might fail at once.
            db.session.rollback()
            _read(unread)
            report(job, done, total)
            _let_others_write()
            begin_read(db.session)
        done, above = done + len(ids), ids[-1]
        db.session.rollback()
        report(job, done, max(done, total))
        begin_read(db.session)


def _ids(above: int) -> Sequence[int]:
    return db.session.scalars(
        sa.select(Post.id).where(Post.id > above).order_by(Post.id).limit(PORTION)
    ).all()


def _unread(ids: Sequence[int]) -> list[int]:
    """Return those of the posts whose names or hashtags are not what their texts say."""
    rows = sa.select(Post.id, Post.body, Post.mentions).where(Post.id.in_(ids)).order_by(Post.id)
    tagged: dict[int, set[str]] = {}
    tags = sa.select(Tagging.post_id, Hashtag.key).join(Hashtag, Hashtag.id == Tagging.hashtag_id)
    for post_id, key in db.session.execute(tags.where(Tagging.post_id.in_(ids))):
        tagged.setdefault(post_id, set()).add(key)
    return [
        post_id
        for post_id, body, named in db.session.execute(rows)
        if {mark.key for mark in marks.hashtags(body)} != tagged.get(post_id, set())
        or (not named and next(marks.names(body), None) is not None)
    ]


def _read(ids: Sequence[int]) -> None:
    # Authors apart: their rows are not locked after those of posts.
    query = sa.select(Post).options(selectinload(Post.author)).where(Post.id.in_(ids))
    # The newest first, as when a post is deleted that answers another.
    query = query.order_by(Post.id.desc()).with_for_update()
    for post in db.session.scalars(query.execution_options(populate_existing=True)).all():
        post.mentions = mentions.column_of(mentions.people_in(post.body, post.author))
        hashtags.tag(post)
        # The index may have had another idea of what a hashtag is.
        post_written.send(post)


def _let_others_write() -> None:
    # SQLite has one writer at a time, and who waits only looks now and then whether it is free.
    if db.engine.dialect.name == "sqlite":
        time.sleep(PAUSE)


def _cut(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + WRITTEN] for start in range(0, len(ids), WRITTEN)]
