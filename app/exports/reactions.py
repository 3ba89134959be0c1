"""What a member did with posts, people and hashtags, as their copy has it.

Of a post by somebody else the copy holds the address, not the words. People are named where the
site's own lists name them to the member.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.accounts.models import User
from app.exports.portions import rows_by_key
from app.ids import time_of
from app.notifications.models import Notification, NotificationActor
from app.notifications.queries import is_shown
from app.posts.models import Bookmark, Hashtag, HashtagFollow, Like, Post
from app.relationships import queries
from app.relationships.models import Block, Mute

Entry = dict[str, object]


def likes_of(user: User) -> Iterator[Entry]:
    """Yield the posts that a member likes, the latest first."""
    return _posts(Like, user)


def bookmarks_of(user: User) -> Iterator[Entry]:
    """Yield the posts that a member keeps, the latest first."""
    return _posts(Bookmark, user)


def reposts_of(user: User) -> Iterator[Entry]:
    """Yield the posts that a member passed on, the latest first."""
    query = sa.select(Post.id, Post.repost_of_id)
    query = query.where(Post.author_id == user.id, Post.repost_of_id.is_not(None))
    for repost_id, post_id in rows_by_key(query, Post.id):
        yield {"url": post_url(post_id), "since": time_of(repost_id).isoformat()}


def hashtags_of(user: User) -> Iterator[Entry]:
    """Yield the hashtags that a member follows, the latest first."""
    query = sa.select(HashtagFollow.id, Hashtag.name, HashtagFollow.created_at)
    query = query.join(HashtagFollow.hashtag).where(HashtagFollow.user_id == user.id)
    for _id, name, since in rows_by_key(query, HashtagFollow.id):
        yield {"hashtag": name, "since": since.isoformat()}


def blocked_by(user: User) -> Iterator[Entry]:
    """Yield the people whom a member blocks, the latest first."""
    query = queries.blocked_by(user)
    query = query.with_only_columns(Block.id, User.username, Block.created_at)
    for _id, username, since in rows_by_key(query, Block.id):
        yield {"username": username, "since": since.isoformat()}


def muted_by(user: User) -> Iterator[Entry]:
    """Yield the people whom a member does not want to hear of, the latest first."""
    query = queries.muted_by(user)
    query = query.with_only_columns(Mute.id, User.username, Mute.created_at, Mute.ends_at)
    for _id, username, since, ends_at in rows_by_key(query, Mute.id):
        yield {"username": username, "since": since.isoformat(), "until": _moment(ends_at)}


def notifications_of(user: User) -> Iterator[Entry]:
    """Yield what a member was told of, and whose doing it was, the latest first."""
    query = (
        sa.select(NotificationActor.id, Notification.kind, Notification.post_id, User.username)
        .join(Notification, Notification.id == NotificationActor.notification_id)
        .join(NotificationActor.actor)
        .where(Notification.recipient_id == user.id)
        .where(queries.welcome_to(user.id), is_shown(user.id, Notification))
    )
    for _id, kind, post_id, username in rows_by_key(query, NotificationActor.id):
        yield {"kind": kind, "by": username, "url": post_id and post_url(post_id)}


def post_url(post_id: int) -> str:
    """Return the address of a post under the site's public name."""
    return f"{current_app.config['PUBLIC_URL']}/post/{post_id}"


def _posts(kind: type[Any], user: User) -> Iterator[Entry]:
    query = sa.select(kind.id, kind.post_id, kind.created_at).where(kind.user_id == user.id)
    for _id, post_id, since in rows_by_key(query, kind.id):
        yield {"url": post_url(post_id), "since": since.isoformat()}


def _moment(at: datetime | None) -> str | None:
    return at and at.isoformat()
