"""What members do to one another, and what is told of it."""

from datetime import timedelta

import sqlalchemy as sa

from app.accounts.models import User
from app.clock import utcnow
from app.events import member_blocked
from app.extensions import db
from app.notifications import actions
from app.notifications.models import Kind, Notification, NotificationActor
from app.posts import actions as posts
from app.posts import likes, reposts
from app.posts.models import Post
from app.relationships import actions as relationships
from app.relationships.models import Block, Mute

Told = list[tuple[str, str, set[str]]]


def answer(author: User, parent: Post, body: str = "So it is.") -> Post:
    """Answer a post."""
    post = posts.publish(author, body, parent=parent)
    db.session.commit()
    return post


def like(user: User, post: Post) -> None:
    """Like a post."""
    likes.like(user, post)
    db.session.commit()


def unlike(user: User, post: Post) -> None:
    """Like it no longer."""
    likes.unlike(user, post)
    db.session.commit()


def repost(user: User, post: Post) -> None:
    """Pass a post on."""
    reposts.repost(user, post)
    db.session.commit()


def unrepost(user: User, post: Post) -> None:
    """Pass it on no longer."""
    reposts.unrepost(user, post)
    db.session.commit()


def follow(user: User, whom: User) -> None:
    """Follow somebody."""
    relationships.follow(user, whom)
    db.session.commit()


def unfollow(user: User, whom: User) -> None:
    """Follow them no longer."""
    relationships.unfollow(user, whom)
    db.session.commit()


def block(user: User, whom: User) -> None:
    """Put somebody out of sight, as the rows have it."""
    db.session.add(Block(blocker_id=user.id, blocked_id=whom.id))
    db.session.flush()
    member_blocked.send(user, whom=whom)
    db.session.commit()


def mute(user: User, whom: User, hours: int | None = None) -> None:
    """Hear no more of somebody; with `hours`, until then (or since then)."""
    ends_at = None if hours is None else utcnow() + timedelta(hours=hours)
    db.session.add(Mute(muter_id=user.id, muted_id=whom.id, ends_at=ends_at))
    db.session.commit()


def read(user: User) -> None:
    """See everything that there is."""
    actions.mark_read(user)
    db.session.commit()


def want(user: User, *kinds: Kind) -> None:
    """Want to be told of nothing else."""
    actions.choose_kinds(user, kinds)
    db.session.commit()


def written() -> Told:
    """Return every notification there is, the oldest first: (recipient, kind, actors)."""
    db.session.rollback()
    rows = db.session.scalars(sa.select(Notification).order_by(Notification.id)).all()
    return [(row.recipient.username, row.kind, actors_of(row)) for row in rows]


def actors_of(notification: Notification) -> set[str]:
    """Return who did what a notification tells of, shown or not."""
    query = sa.select(User.username).join(NotificationActor, NotificationActor.actor_id == User.id)
    query = query.where(NotificationActor.notification_id == notification.id)
    return set(db.session.scalars(query))
