"""Writing, changing and removing posts. Actions flush; whoever calls them commits."""

import hashlib
import secrets
from datetime import datetime

import sqlalchemy as sa
from flask_babel import get_locale
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.clock import utcnow
from app.events import post_deleted, post_written
from app.extensions import db
from app.ids import new_id
from app.posts.models import Post
from app.text.language import language_of

TRIES = 3


def publish(author: User, body: str, form_key: str = "", *, at: datetime | None = None) -> Post:
    """Publish a post; the same text from the same form again returns the post that it made first.

    `body` is clean (`text.clean.paragraphs`) and within the limit. `form_key` is what the form was
    given when it was drawn; without one the post stands alone. `at` is the moment of publication,
    now by default.
    """
    once_key = _once_key(form_key or secrets.token_hex(16), body)
    # The author's row first: to insert a post and then count it would lock the row in two steps,
    # between which MySQL finds a deadlock with whoever else counts.
    author_row = sa.select(User.id).where(User.id == author.id)
    db.session.execute(author_row.with_for_update(key_share=True))
    for tries_left in reversed(range(TRIES)):
        already = _by_once_key(author, once_key)
        if already is not None:
            return already
        post = Post(
            id=new_id(at or utcnow()),
            author=author,
            body=body,
            language=language_of(body, _own_language(author)),
            once_key=once_key,
        )
        try:
            with db.session.begin_nested():
                db.session.add(post)
        except IntegrityError:
            # Another request sent the same form first, or drew the same id: look, and draw again.
            if not tries_left:
                raise
        else:
            _count(author.id, 1)
            post_written.send(post)
            return post
    raise AssertionError("unreachable")


def edit(post: Post, body: str) -> None:
    """Change a post's text and say when; the same text again changes nothing."""
    if body != post.body:
        post.body = body
        post.language = language_of(body, _own_language(post.author))
        post.edited_at = utcnow()
        db.session.flush()
        post_written.send(post)


def delete(post: Post) -> None:
    """Remove a post for good."""
    db.session.delete(post)
    _count(post.author_id, -1)
    db.session.flush()
    post_deleted.send(post.id)


def recount() -> int:
    """Compare every counter of posts with its rows and mend it; returns how many were wrong."""
    rows = sa.select(Post.author_id, sa.func.count().label("posts")).group_by(Post.author_id)
    rows = rows.subquery()
    right = sa.func.coalesce(rows.c.posts, 0)
    wrong = sa.select(User.id, right).outerjoin(rows, rows.c.author_id == User.id)
    values = db.session.execute(wrong.where(User.posts_count != right)).all()
    for user_id, count in values:
        db.session.execute(sa.update(User).where(User.id == user_id).values(posts_count=count))
    return len(values)


def _once_key(form_key: str, body: str) -> str:
    # With the text: somebody who goes back and sends the form with other words means another post.
    return hashlib.sha256(f"{form_key}\0{body}".encode(errors="replace")).hexdigest()[:32]


def _by_once_key(author: User, once_key: str) -> Post | None:
    return db.session.scalar(
        sa.select(Post).where(Post.author_id == author.id, Post.once_key == once_key)
    )


def _own_language(author: User) -> str:
    return author.locale or str(get_locale() or "")


def _count(author_id: int, by: int) -> None:
    db.session.execute(
        sa.update(User).where(User.id == author_id).values(posts_count=User.posts_count + by)
    )
