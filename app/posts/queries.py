"""Questions about posts. Every read starts from `visible_to`."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.accounts.models import User
from app.posts.models import Audience, Post


def audience_admits(viewer: Any, post: type[Post] = Post) -> sa.ColumnElement[bool]:
    """Return the condition that a post is meant for `viewer`, a member or an anonymous visitor.

    `post` may be an alias of the table.
    """
    public = post.audience == Audience.PUBLIC
    return sa.or_(public, post.author_id == viewer.id) if viewer.is_authenticated else public


def visible_to(viewer: Any) -> sa.Select[tuple[Post]]:
    """Return the query for every post that `viewer` may see, authors loaded with them."""
    return (
        sa.select(Post)
        .join(Post.author)
        .options(contains_eager(Post.author))
        .where(User.suspended_at.is_(None), audience_admits(viewer))
    )
