"""Questions about posts. Every read starts from one of the three selects below.

`visible_to` has what a viewer may open, `shown_to` what comes to them unasked: without the people
whom they muted. Both have written posts only. `entries_for` has what stands in a timeline, where a
repost is an entry of its own.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from app.accounts.models import User
from app.posts.models import Audience, Post
from app.relationships.queries import id_of, in_sight, welcome_to

# What a repost passes on, and who wrote that. (Made once: that takes longer than the query.)
SUBJECT, SUBJECT_AUTHOR = aliased(Post), aliased(User)
# Said in this way so that no planner reads the index of reposts for it, and then has to sort.
IS_WRITTEN = sa.func.coalesce(Post.repost_of_id, 0) == 0


def audience_admits(viewer_id: Any, post: Any = Post) -> sa.ColumnElement[bool]:
    """Return the condition that a post is meant for a viewer (None: a visitor).

    `post` has the table's columns as attributes: the model, or the columns of an alias.
    """
    public = post.audience == Audience.PUBLIC
    return public if viewer_id is None else sa.or_(public, post.author_id == viewer_id)


def visible_to(viewer: Any) -> sa.Select[tuple[Post]]:
    """Return the query for every post that `viewer` may see, authors loaded with them."""
    viewer_id = id_of(viewer)
    return (
        sa.select(Post)
        .join(Post.author)
        .options(contains_eager(Post.author))
        .where(in_sight(viewer_id), audience_admits(viewer_id), IS_WRITTEN)
    )


def shown_to(viewer: Any) -> sa.Select[tuple[Post]]:
    """Return the query for every post that `viewer` is shown unasked: nobody muted wrote it."""
    return visible_to(viewer).where(welcome_to(id_of(viewer)))


def entries_for(viewer: Any) -> sa.Select[tuple[Post]]:
    """Return the query for posts and reposts that `viewer` may see; what is passed on, likewise.

    Authors are loaded with them, and so is the post that a repost passes on, and its author.
    """
    viewer_id = id_of(viewer)
    return (
        sa.select(Post)
        .join(Post.author)
        .outerjoin(SUBJECT, Post.repost_of_id == SUBJECT.id)
        .outerjoin(SUBJECT_AUTHOR, SUBJECT.author_id == SUBJECT_AUTHOR.id)
        .options(
            contains_eager(Post.author),
            contains_eager(Post.repost_of.of_type(SUBJECT)).contains_eager(
                SUBJECT.author.of_type(SUBJECT_AUTHOR)
            ),
        )
        .where(
            in_sight(viewer_id),
            audience_admits(viewer_id),
            sa.or_(
                Post.repost_of_id.is_(None),
                sa.and_(in_sight(viewer_id, SUBJECT_AUTHOR), audience_admits(viewer_id, SUBJECT)),
            ),
        )
    )
