"""Telling members what others did, and taking it back. Most of it listens (`app.wiring`).

Listeners run within the action that announces. That has locked the recipient's row, so two members
who like a post at once come one after the other and find the same notification. What may be hidden
for a while (a mute, a suspension) is written all the same, and looked at when it is read.
"""

from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.queries import locked
from app.clock import utcnow
from app.extensions import db
from app.ids import MAX_ID, new_id
from app.notifications.limits import PORTION
from app.notifications.models import Kind, Notification, NotificationActor
from app.posts.models import Post
from app.relationships.queries import in_sight


def tell_of_answer(post: Post, parent: Post) -> None:
    """Tell somebody that their post was answered."""
    _tell([parent.author], Kind.REPLY, post.author, post.id)


def tell_of_mentions(post: Post, people: Sequence[User]) -> None:
    """Tell people that a post names them; not those who were told of it as an answer."""
    query = sa.select(Notification.recipient_id).where(
        Notification.post_id == post.id,
        Notification.recipient_id.in_([person.id for person in people]),
    )
    told = set(db.session.scalars(query))
    people = [person for person in people if person.id not in told]
    _tell(people, Kind.MENTION, post.author, post.id)


def take_back_mentions(post: Post, names: Collection[str]) -> None:
    """Say no longer that a post names people."""
    # They are not locked: nobody adds to it but the author, whose row is.
    people = sa.select(User.id).where(User.username_key.in_(names))
    about = _is_about(Kind.MENTION, post.id)
    _take_back(post.author_id, Notification.recipient_id.in_(people), about)


def tell_of_like(post: Post, by: User) -> None:
    """Tell somebody that their post is liked."""
    _tell([post.author], Kind.LIKE, by, post.id)


def take_back_like(post: Post, by: User) -> None:
    """Say no longer that somebody likes a post."""
    _take_back(by.id, _to(post.author_id), _is_about(Kind.LIKE, post.id))


def tell_of_repost(post: Post, by: User) -> None:
    """Tell somebody that their post was passed on."""
    _tell([post.author], Kind.REPOST, by, post.id)


def take_back_repost(post: Post, by: User) -> None:
    """Say no longer that somebody passed a post on."""
    _take_back(by.id, _to(post.author_id), _is_about(Kind.REPOST, post.id))


def tell_of_follow(follower: User, whom: User) -> None:
    """Tell somebody that they have a new follower."""
    _tell([whom], Kind.FOLLOW, follower)


def take_back_follow(follower: User, whom: User) -> None:
    """Say no longer that somebody follows."""
    _take_back(follower.id, _to(whom.id), _is_about(Kind.FOLLOW))


def forget_each_other(blocker: User, whom: User) -> None:
    """Remove what two members were told of one another."""
    _take_back(whom.id, _to(blocker.id))
    _take_back(blocker.id, _to(whom.id))


def forget_member(user: User) -> None:
    """Remove what others were told of a member: foreign keys would leave empty rows behind."""
    _take_back(user.id)


def mark_read(user: User, *, until: int = MAX_ID, kinds: Iterable[Kind] = Kind) -> None:
    """Note that a member has seen what happened, up to the `latest_id` that they have seen."""
    # Whoever adds to a notification has the lock until then: nothing joins one that is read.
    locked([user.id])
    db.session.execute(
        sa.update(Notification)
        .where(
            _to(user.id),
            Notification.read_at.is_(None),
            Notification.latest_id <= until,
            Notification.kind.in_(list(kinds)),
        )
        .values(read_at=utcnow())
        .execution_options(synchronize_session=False)
    )


def choose_kinds(user: User, wanted: Iterable[Kind]) -> None:
    """Set which kinds of notifications a member gets from now on."""
    kept = set(wanted)
    user.unwanted_notifications = " ".join(kind for kind in Kind if kind not in kept)
    db.session.flush()


def wanted_kinds(user: User) -> list[Kind]:
    """Return the kinds of notifications that a member gets."""
    unwanted = user.unwanted_notifications.split()
    return [kind for kind in Kind if kind not in unwanted]


def _tell(people: Iterable[User], kind: Kind, by: User, post_id: int | None = None) -> None:
    ids = [person.id for person in people if person.id != by.id]
    # In sight: active, and no block between them, whoever's it is.
    recipients = sa.select(User).where(User.id.in_(ids), in_sight(by.id)).order_by(User.id)
    for recipient in db.session.scalars(recipients).all() if ids else ():
        if kind in wanted_kinds(recipient):
            _add(recipient, kind, by, post_id)


def _add(recipient: User, kind: Kind, by: User, post_id: int | None) -> None:
    notification = db.session.scalar(
        sa.select(Notification)
        .where(_to(recipient.id), _is_about(kind, post_id), Notification.read_at.is_(None))
        .limit(1)
    )
    if notification is None:
        notification = Notification(recipient_id=recipient.id, kind=kind, post_id=post_id)
        db.session.add(notification)
    notification.latest_id = new_id(utcnow())
    db.session.flush()
    db.session.add(NotificationActor(notification_id=notification.id, actor_id=by.id))
    db.session.flush()


def _take_back(actor_id: int, *conditions: sa.ColumnElement[bool]) -> None:
    done = (
        sa.select(NotificationActor.id, NotificationActor.notification_id)
        .join(Notification, Notification.id == NotificationActor.notification_id)
        .where(NotificationActor.actor_id == actor_id, *conditions)
        .limit(PORTION)
    )
    while rows := db.session.execute(done).all():
        actor_ids, notification_ids = zip(*rows, strict=True)
        others = sa.exists().where(NotificationActor.notification_id == Notification.id)
        for statement in (
            sa.delete(NotificationActor).where(NotificationActor.id.in_(actor_ids)),
            sa.delete(Notification).where(Notification.id.in_(notification_ids), ~others),
        ):
            db.session.execute(statement.execution_options(synchronize_session=False))


def _to(recipient_id: int) -> sa.ColumnElement[bool]:
    return Notification.recipient_id == recipient_id


def _is_about(kind: Kind, post_id: int | None = None) -> sa.ColumnElement[bool]:
    return sa.and_(Notification.kind == kind, Notification.post_id == post_id)
