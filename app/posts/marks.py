"""What cards say besides the posts themselves: one query for all the posts on a page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.extensions import db
from app.posts.models import Bookmark, Like, Post
from app.posts.queries import audience_admits
from app.relationships.queries import id_of, welcome_to


@dataclass(frozen=True)
class Marks:
    """Ids of posts, by what the viewer did with them, and whom the answers among them answer."""

    liked: frozenset[int] = frozenset()
    reposted: frozenset[int] = frozenset()
    bookmarked: frozenset[int] = frozenset()
    # The username of who wrote a post, by its id: the parents that the viewer is shown.
    answered: Mapping[int, str] = field(default_factory=dict)


def marks_of(viewer: Any, posts: Iterable[Post]) -> Marks:
    """Return what `viewer` did with those posts (or what they pass on), and whom they answer."""
    subjects = {post.subject.id: post.subject for post in posts}
    parents = {post.parent_id for post in subjects.values() if post.parent_id is not None}
    parts = _done_by(viewer.id, list(subjects)) if viewer.is_authenticated and subjects else []
    if parents:
        parts.append(_writers_of(parents, id_of(viewer)))
    found: dict[str, dict[int, str]] = {"liked": {}, "reposted": {}, "bookmarked": {}}
    for what, post_id, name in db.session.execute(sa.union_all(*parts)) if parts else ():
        found.setdefault(what, {})[post_id] = name
    answered = found.pop("answered", {})
    return Marks(**{what: frozenset(ids) for what, ids in found.items()}, answered=answered)


def _done_by(viewer_id: int, ids: list[int]) -> list[sa.Select[Any]]:
    """Return queries for (what, post's id, nothing)."""
    return [
        sa.select(sa.literal(what), column, sa.literal("")).where(by == viewer_id, column.in_(ids))
        for what, column, by in (
            ("liked", Like.post_id, Like.user_id),
            ("reposted", Post.repost_of_id, Post.author_id),
            ("bookmarked", Bookmark.post_id, Bookmark.user_id),
        )
    ]


def _writers_of(ids: Iterable[int], viewer_id: int | None) -> sa.Select[Any]:
    """Return the query for ("answered", post's id, its author's username)."""
    query = sa.select(sa.literal("answered"), Post.id, User.username).join(Post.author)
    return query.where(Post.id.in_(ids), welcome_to(viewer_id), audience_admits(viewer_id))
