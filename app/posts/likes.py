"""Liking posts. Actions flush; whoever calls them commits."""

from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.queries import locked
from app.events import post_liked, post_unliked
from app.extensions import db
from app.posts.actions import count, lock, lock_for
from app.posts.models import Like, Post
from app.relationships.queries import people_for


def like(user: User, post: Post) -> bool:
    """Let a member like a post. Returns False where nothing changed. Safe to repeat and race."""
    locked([user.id, post.author_id])
    if not lock_for(user, post) or _like_of(user, post) is not None:
        return False
    db.session.add(Like(user_id=user.id, post_id=post.id))
    db.session.flush()
    count(post.id, Post.likes_count, 1)
    post_liked.send(post, by=user)
    return True


def unlike(user: User, post: Post) -> bool:
    """Undo `like`. Returns False where nothing changed."""
    locked([user.id, post.author_id])
    found = _like_of(user, post) if lock(post.id) else None
    if found is None:
        return False
    db.session.delete(found)
    db.session.flush()
    if user.is_active:  # who is out of view does not count already
        count(post.id, Post.likes_count, -1)
    post_unliked.send(post, by=user)
    return True


def likers_of(post: Post, viewer: Any) -> sa.Select[tuple[User]]:
    """Return the query for the people who like a post; page it by `Like.id`."""
    tie = sa.and_(Like.user_id == User.id, Like.post_id == post.id)
    return people_for(viewer).join(Like, tie)


def _like_of(user: User, post: Post) -> Like | None:
    return db.session.scalar(
        sa.select(Like).where(Like.user_id == user.id, Like.post_id == post.id)
    )
