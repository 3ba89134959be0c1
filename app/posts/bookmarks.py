"""Bookmarks: posts that a member means to find again. Actions flush; whoever calls them commits."""

import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.queries import locked
from app.extensions import db
from app.posts.actions import lock
from app.posts.models import Bookmark, Post
from app.posts.queries import visible_to


def bookmark(user: User, post: Post) -> bool:
    """Keep a post. Returns False where nothing changed. Safe to repeat and race."""
    locked([user.id])
    if not lock(post.id) or _bookmark_of(user, post) is not None:
        return False
    db.session.add(Bookmark(user_id=user.id, post_id=post.id))
    db.session.flush()
    return True


def unbookmark(user: User, post: Post) -> bool:
    """Undo `bookmark`. Returns False where nothing changed."""
    locked([user.id])
    found = _bookmark_of(user, post)
    if found is None:
        return False
    db.session.delete(found)
    db.session.flush()
    return True


def bookmarked_by(user: User) -> sa.Select[tuple[Post]]:
    """Return the query for what a member kept and may still see; page it by `Bookmark.id`."""
    tie = sa.and_(Bookmark.post_id == Post.id, Bookmark.user_id == user.id)
    return visible_to(user).join(Bookmark, tie)


def _bookmark_of(user: User, post: Post) -> Bookmark | None:
    return db.session.scalar(
        sa.select(Bookmark).where(Bookmark.user_id == user.id, Bookmark.post_id == post.id)
    )
