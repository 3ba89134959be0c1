"""Questions about notifications.

What a member is told of is shown while they would see it unasked: one of those who did it is
neither muted nor out of sight, and the post may be seen. So lifting a mute brings it back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from app.accounts.models import User
from app.extensions import db
from app.notifications.limits import ACTORS_COUNTED, ACTORS_SHOWN, UNREAD_COUNTED
from app.notifications.models import Kind, Notification, NotificationActor
from app.pagination import Key, Page, read_page
from app.posts.models import Post
from app.posts.queries import audience_admits
from app.relationships.queries import in_sight, welcome_to

NOTHING = 0


@dataclass
class Notice:
    """A notification as its recipient sees it."""

    notification: Notification
    # The latest of those who did it.
    actors: list[User] = field(default_factory=list)
    # How many there are; no more than `limits.ACTORS_COUNTED`, though there may be.
    count: int = 0

    @property
    def is_capped(self) -> bool:
        """Whether there may be more of them than were counted."""
        return self.count >= ACTORS_COUNTED


def is_shown(user_id: Any, notification: Any) -> sa.ColumnElement[bool]:
    """Return the condition that a notification (with the columns as attributes) is shown."""
    actor, author = aliased(User), aliased(User)
    seen_actor = (
        sa.exists()
        .where(NotificationActor.notification_id == notification.id)
        .where(NotificationActor.actor_id == actor.id, welcome_to(user_id, actor))
    )
    seen_post = (
        sa.exists()
        .where(Post.id == notification.post_id, Post.author_id == author.id)
        .where(in_sight(user_id, author), audience_admits(user_id))
    )
    return sa.and_(seen_actor, sa.or_(notification.post_id.is_(None), seen_post))


def page_of(user: User, key: Key, kinds: Iterable[Kind] = Kind) -> Page[Notice]:
    """Return a page of what a member is told, the latest first. Keyed by `latest_id`."""
    query = sa.select(Notification).options(joinedload(Notification.post))
    query = query.where(
        Notification.recipient_id == user.id,
        Notification.kind.in_(list(kinds)),
        is_shown(user.id, Notification),
    )
    page = read_page(query, Notification.latest_id, key)
    return replace(page, items=_with_actors(user, page.items, key.size))


def unread(user_id: Any) -> sa.ScalarSelect[int]:
    """Return, as a part of a statement, how many unread notifications a member has.

    Looks at the latest `limits.UNREAD_COUNTED`.
    """
    some = (
        sa.select(Notification.id, Notification.post_id)
        .where(Notification.recipient_id == user_id, Notification.read_at.is_(None))
        # All alike in the first column, and yet named: so PostgreSQL reads the index backwards.
        .order_by(Notification.read_at.desc(), Notification.latest_id.desc())
        .limit(UNREAD_COUNTED)
        .subquery()
    )
    shown = sa.select(some.c.id).where(is_shown(user_id, some.c)).subquery()
    return sa.select(sa.func.count()).select_from(shown).scalar_subquery()


def _with_actors(user: User, notifications: Sequence[Notification], size: int) -> list[Notice]:
    """Load who did what the notifications tell of: one statement for the page."""
    if not notifications:
        return []
    notices = {notification.id: Notice(notification) for notification in notifications}
    ids = [*notices, *[NOTHING] * (size - len(notices))]
    values = {f"notification_{n}": number for n, number in enumerate(ids)}
    for notification_id, count, actor in db.session.execute(
        _latest_actors(size), values | {"reader": user.id}
    ):
        notices[notification_id].actors.append(actor)
        notices[notification_id].count = count
    # Where the latest hundred are all hidden, nobody is left to name.
    return [notice for notice in notices.values() if notice.actors]


@cache
def _latest_actors(size: int) -> sa.Select[tuple[int, int, User]]:
    """Select (notification, count, actor) for `notification_0` to `notification_<size - 1>`.

    However many liked a post, no more than `ACTORS_COUNTED` rows are read for each.
    """
    numbers = [sa.bindparam(f"notification_{n}", type_=sa.BigInteger) for n in range(size)]
    branches = (_latest_rows(number).subquery() for number in numbers)
    row = sa.union_all(*(sa.select(branch) for branch in branches)).subquery("row")
    alike = {"partition_by": row.c.notification_id}
    someone = aliased(User)
    ranked = (
        sa.select(
            row.c.notification_id,
            row.c.actor_id,
            sa.func.count().over(**alike).label("total"),
            sa.func.row_number().over(**alike, order_by=row.c.id.desc()).label("place"),
        )
        .join(someone, someone.id == row.c.actor_id)
        .where(welcome_to(sa.bindparam("reader", type_=sa.BigInteger), someone))
        .subquery("ranked")
    )
    return (
        sa.select(ranked.c.notification_id, ranked.c.total, User)
        .join(User, User.id == ranked.c.actor_id)
        .where(ranked.c.place <= ACTORS_SHOWN)
        .order_by(ranked.c.notification_id, ranked.c.place)
    )


def _latest_rows(number: sa.ColumnElement[int]) -> sa.Select[tuple[int, int, int]]:
    actor = sa.alias(NotificationActor.__table__)
    query = sa.select(actor.c.id, actor.c.notification_id, actor.c.actor_id)
    query = query.where(actor.c.notification_id == number)
    return query.order_by(actor.c.id.desc()).limit(ACTORS_COUNTED)
