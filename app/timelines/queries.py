"""The pages of posts: home, explore, profile."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.accounts.models import User
from app.extensions import db
from app.pagination import Key, Page, read_page
from app.posts.models import Post
from app.posts.queries import entries_for, shown_to
from app.timelines.home import home_ids


def home(member: User, key: Key) -> Page[Post]:
    """Return a page of what a member, the people and the hashtags that they follow have to say."""
    ids = key.page([(post_id, post_id) for post_id in home_ids(member, key)])
    return replace(ids, items=_once_each(_load(member, ids.items)))


def explore(viewer: object, key: Key) -> Page[Post]:
    """Return a page of what everybody wrote, the answers left out."""
    return read_page(shown_to(viewer).where(Post.parent_id.is_(None)), Post.id, key)


def profile(author: User, viewer: object, key: Key, *, with_replies: bool = False) -> Page[Post]:
    """Return a page of what one member wrote and passed on, on wish with their answers.

    Nothing is there twice: nobody passes on what they wrote themselves, or anything twice.
    """
    query = entries_for(viewer).where(Post.author_id == author.id)
    if not with_replies:
        query = query.where(Post.parent_author_id.is_(None))
    return read_page(query, Post.id, key)


def _load(viewer: User, ids: Sequence[int]) -> list[Post]:
    posts = db.session.scalars(entries_for(viewer).where(Post.id.in_(ids)))
    by_id = {post.id: post for post in posts}
    return [by_id[post_id] for post_id in ids if post_id in by_id]


def _once_each(entries: Iterable[Post]) -> list[Post]:
    """Return entries of which no two show the same post; the first one of them stays.

    The keys of the page's neighbours are those of all its entries: such a page is just shorter.
    """
    shown: dict[int, Post] = {}
    for entry in entries:
        shown.setdefault(entry.subject.id, entry)
    return list(shown.values())
