"""Liking posts. Actions flush; whoever calls them commits."""

import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.queries import locked
from app.events import post_liked, post_unliked
from app.extensions import db
from app.posts.actions import count, lock
from app.posts.models import Like, Post


def like(user: User, post: Post) -> bool:
    """Let a member like a post. Returns False where nothing changed. Safe to repeat and race."""
    locked([user.id, post.author_id])
    if not lock(post.id) or _like_of(user, post) is not None:
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
    count(post.id, Post.likes_count, -1)
    post_unliked.send(post, by=user)
    return True


def _like_of(user: User, post: Post) -> Like | None:
    return db.session.scalar(
        sa.select(Like).where(Like.user_id == user.id, Like.post_id == post.id)
    )
