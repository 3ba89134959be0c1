"""Questions about posts. Every read starts from `visible_to`."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.accounts.models import User
from app.posts.models import Audience, Post


def audience_admits(viewer_id: Any, post: Any = Post) -> sa.ColumnElement[bool]:
    """Return the condition that a post is meant for a viewer (None: a visitor).

    `post` has the table's columns as attributes: the model, or the columns of an alias.
    """
    public = post.audience == Audience.PUBLIC
    return public if viewer_id is None else sa.or_(public, post.author_id == viewer_id)


def visible_to(viewer: Any) -> sa.Select[tuple[Post]]:
    """Return the query for every post that `viewer` may see, authors loaded with them."""
    viewer_id = viewer.id if viewer.is_authenticated else None
    return (
        sa.select(Post)
        .join(Post.author)
        .options(contains_eager(Post.author))
        .where(User.is_active, audience_admits(viewer_id))
    )
