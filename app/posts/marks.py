"""What a viewer has done with the posts on a page: one query for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.extensions import db
from app.posts.models import Bookmark, Like, Post


@dataclass(frozen=True)
class Marks:
    """Ids of posts, by what the viewer did with them."""

    liked: frozenset[int] = frozenset()
    reposted: frozenset[int] = frozenset()
    bookmarked: frozenset[int] = frozenset()


def marks_of(viewer: Any, posts: Iterable[Post]) -> Marks:
    """Return what `viewer` did with those posts, or with what they pass on."""
    ids = {post.subject.id for post in posts}
    if not ids or not viewer.is_authenticated:
        return Marks()
    done = sa.union_all(
        sa.select(sa.literal("liked"), Like.post_id).where(
            Like.user_id == viewer.id, Like.post_id.in_(ids)
        ),
        sa.select(sa.literal("reposted"), Post.repost_of_id).where(
            Post.author_id == viewer.id, Post.repost_of_id.in_(ids)
        ),
        sa.select(sa.literal("bookmarked"), Bookmark.post_id).where(
            Bookmark.user_id == viewer.id, Bookmark.post_id.in_(ids)
        ),
    )
    found: dict[str, set[int]] = {"liked": set(), "reposted": set(), "bookmarked": set()}
    for what, post_id in db.session.execute(done):
        found[what].add(post_id)
    return Marks(**{what: frozenset(ids) for what, ids in found.items()})
