"""Passing posts on. A repost is a row of `posts` that points at what it passes on."""

import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.queries import locked
from app.clock import utcnow
from app.events import post_reposted, post_unreposted
from app.extensions import db
from app.posts.actions import count, insert, lock, lock_for
from app.posts.models import Post
from app.relationships.queries import people_for


def repost(user: User, post: Post, *, at: datetime | None = None) -> bool:
    """Let a member pass a post on. Returns False where nothing changed. Safe to repeat and race.

    `post` is a written one. Nobody passes on their own: their followers have it already. `at` is
    the moment when it happened, now by default.
    """
    locked([user.id, post.author_id])
    if user.id == post.author_id or not lock_for(user, post) or _repost_of(user, post) is not None:
        return False
    columns = {
        "body": "",
        "audience": post.audience,
        "once_key": secrets.token_hex(16),
        "repost_of_id": post.id,
    }
    insert(user, columns, at or utcnow())
    count(post.id, Post.reposts_count, 1)
    post_reposted.send(post, by=user)
    return True


def unrepost(user: User, post: Post) -> bool:
    """Undo `repost`. Returns False where nothing changed."""
    locked([user.id, post.author_id])
    found = _repost_of(user, post) if lock(post.id) else None
    if found is None:
        return False
    db.session.delete(found)
    db.session.flush()
    if user.is_active:  # who is out of view does not count already
        count(post.id, Post.reposts_count, -1)
    post_unreposted.send(post, by=user)
    return True


def reposters_of(post: Post, viewer: Any) -> sa.Select[tuple[User]]:
    """Return the query for the people who passed a post on; page it by `Post.author_id`.

    That is the order of the index, so that of a post that everybody passes on one page is read.
    """
    tie = sa.and_(Post.author_id == User.id, Post.repost_of_id == post.id)
    return people_for(viewer).join(Post, tie)


def _repost_of(user: User, post: Post) -> Post | None:
    return db.session.scalar(
        sa.select(Post).where(Post.author_id == user.id, Post.repost_of_id == post.id)
    )
