"""Jobs about posts: reading old ones again, and taking back reactions across a block."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, selectinload

from app.accounts.models import User
from app.accounts.queries import locked
from app.database import begin_read
from app.events import post_written
from app.extensions import db
from app.jobs.models import Job
from app.jobs.tasks import subject, task
from app.jobs.worker import report
from app.posts import hashtags, mentions
from app.posts.likes import unlike
from app.posts.models import Hashtag, Like, Post, Tagging
from app.posts.reposts import unrepost
from app.relationships.models import Block
from app.text import marks

# So many posts are read in one go, and so many at most are written in one transaction.
PORTION, WRITTEN = 500, 50
PAUSE = 0.12
# What is taken back across a block: how, which post it is about, who did it.
REACTIONS: tuple[tuple[Callable[[User, Post], bool], Any, Any], ...] = (
    (unlike, Like.post_id, Like.user_id),
    (unrepost, Post.repost_of_id, Post.author_id),
)


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


@task("posts.take_back")
def take_back(job: Job) -> None:
    """Take back what two members like and pass on of each other, while a block is between them.

    May be killed anywhere: what is done stays done.
    """
    block, done = subject(job, Block), 0
    pair = (block.blocker_id, block.blocked_id)
    for doer_id, author_id in (pair, pair[::-1]):
        for undo, of, doer in REACTIONS:
            while ids := _reacted_to(of, doer == doer_id, author_id):
                people = locked(pair)
                subject(job, Block)  # raises Drop if it was undone meanwhile
                # The newest first, as in `read_again`.
                query = sa.select(Post).where(Post.id.in_(ids)).order_by(Post.id.desc())
                for post in db.session.scalars(query).all():
                    undo(people[doer_id], post)
                done += len(ids)
                report(job, done, done)
                _let_others_write()


def ask_to_take_back(blocker: User, whom: User) -> None:
    """Have likes and reposts between two members taken back: one has blocked the other."""
    query = sa.select(Block.id).where(Block.blocker_id == blocker.id, Block.blocked_id == whom.id)
    # Nothing but that: the job's row outlasts the block, and need not say who it was.
    take_back.ask(subject_id=db.session.scalars(query).one())


def _reacted_to(of: Any, by_doer: sa.ColumnElement[bool], author_id: int) -> Sequence[int]:
    """Return a portion of the posts of an author to which somebody reacted in one way."""
    begin_read(db.session)
    written = aliased(Post)
    query = sa.select(of).join(written, written.id == of)
    query = query.where(by_doer, written.author_id == author_id).order_by(of.desc())
    ids = db.session.scalars(query.limit(WRITTEN)).all()
    # What is written begins a transaction of its own (see `read_again`).
    db.session.rollback()
    return ids


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
