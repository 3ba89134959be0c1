"""Writing, changing and removing posts. Actions flush; whoever calls them commits."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.accounts.queries import locked
from app.clock import utcnow
from app.events import mentions_dropped, people_mentioned, post_answered, post_deleted, post_written
from app.extensions import db
from app.ids import new_id
from app.posts import hashtags, mentions
from app.posts.models import Post
from app.posts.threads import path_below
from app.problems import Problem
from app.relationships.queries import in_sight
from app.text import marks
from app.text.language import language_of

TRIES = 3


def publish(
    author: User,
    body: str,
    form_key: str = "",
    *,
    parent: Post | None = None,
    at: datetime | None = None,
) -> Post:
    """Publish a post; the same text from the same form again returns the post that it made first.

    `body` is clean (`text.clean.paragraphs`) and within the limit. `form_key` is what the form was
    given when it was drawn; without one the post stands alone. `parent` is the post that this one
    answers; raises Problem if it is gone or out of sight by now. `at` is the moment of publication,
    now by default.
    """
    once_key = _once_key(form_key or secrets.token_hex(16), body)
    named = mentions.people_in(body, author)
    # Members' rows first, then posts': to insert a post and then count it would lock rows in two
    # steps, between which MySQL finds a deadlock with whoever else counts.
    locked({author.id, *(user.id for user in named), *([parent.author_id] if parent else [])})
    already = _by_once_key(author, once_key)
    if already is not None:
        return already
    if parent is not None and not lock_for(author, parent):
        raise Problem(_l("The post that you answer was deleted meanwhile."))
    columns = {
        "body": body,
        "language": language_of(body, _own_language(author)),
        "once_key": once_key,
        "mentions": mentions.column_of(named),
    }
    post = insert(author, columns, at or utcnow(), parent)
    count_posts(author.id, 1)
    hashtags.tag(post)
    post_written.send(post)
    if parent is not None:
        count(parent.id, Post.replies_count, 1)
        post_answered.send(post, parent=parent)
    if named:
        people_mentioned.send(post, people=named)
    return post


def edit(post: Post, body: str) -> None:
    """Change a post's text and say when; the same text again changes nothing.

    Raises Problem if the post was deleted meanwhile.
    """
    named = mentions.people_in(body, post.author)
    locked({post.author_id, *(user.id for user in named)})
    if not lock(post.id):
        raise Problem(_l("The post was deleted meanwhile."))
    db.session.refresh(post, ["body", "mentions"])
    if body == post.body:
        return
    new = [user for user in named if user.username_key not in post.mentioned]
    dropped = post.mentioned - {mark.key for mark in marks.names(body)}
    post.body = body
    post.language = language_of(body, _own_language(post.author))
    post.mentions = mentions.column_of(named)
    post.edited_at = utcnow()
    db.session.flush()
    hashtags.tag(post)
    post_written.send(post)
    if dropped:
        mentions_dropped.send(post, names=dropped)
    if new:
        people_mentioned.send(post, people=new)


def delete(post: Post) -> None:
    """Remove a post for good. What was answered to it stays; reposts of it go. Safe to race."""
    locked([post.author_id])
    if not lock(post.id):
        return
    db.session.delete(post)
    count_posts(post.author_id, -1)
    # Who is out of view does not count already.
    if post.parent_id is not None and post.author.is_active:
        count(post.parent_id, Post.replies_count, -1)
    db.session.flush()
    post_deleted.send(post.id)


def lock(post_id: int) -> bool:
    """Lock a post before what belongs to it is changed; returns False if it is gone."""
    query = sa.select(Post.id).where(Post.id == post_id).with_for_update()
    return db.session.scalar(query) is not None


def lock_for(user: User, post: Post) -> bool:
    """Lock a post that a member is about to react to; returns False if they see it no longer.

    Both members' rows are locked: a block or a suspension is there by now, or comes afterwards.
    """
    author = sa.select(User.id).where(User.id == post.author_id, in_sight(user.id))
    return user.is_active and db.session.scalar(author) is not None and lock(post.id)


def insert(author: User, columns: dict[str, Any], at: datetime, parent: Post | None = None) -> Post:
    """Write a row of `posts` with an id of that moment, drawn again if somebody has the same."""
    for tries_left in reversed(range(TRIES)):
        post = Post(id=new_id(at), author=author, **columns)
        if parent is not None:
            post.parent_id, post.parent_author_id = parent.id, parent.author_id
            post.path = path_below(parent, post.id)
        try:
            with db.session.begin_nested():
                db.session.add(post)
        except IntegrityError:
            if not tries_left:
                raise
        else:
            return post
    raise AssertionError("unreachable")


def count(post_id: int, column: Any, by: int) -> None:
    """Add to one of a post's counters; a post that is gone has none."""
    db.session.execute(
        sa.update(Post)
        .where(Post.id == post_id)
        .values({column: column + by})
        .execution_options(synchronize_session=False)
    )


def count_posts(author_id: int, by: int) -> None:
    """Add to the number of posts that a member wrote."""
    db.session.execute(
        sa.update(User).where(User.id == author_id).values(posts_count=User.posts_count + by)
    )


def _once_key(form_key: str, body: str) -> str:
    # With the text: somebody who goes back and sends the form with other words means another post.
    return hashlib.sha256(f"{form_key}\0{body}".encode(errors="replace")).hexdigest()[:32]


def _by_once_key(author: User, once_key: str) -> Post | None:
    return db.session.scalar(
        sa.select(Post).where(Post.author_id == author.id, Post.once_key == once_key)
    )


def _own_language(author: User) -> str:
    return author.locale or str(get_locale() or "")
