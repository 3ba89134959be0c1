"""Questions about private messages. All start from one side: nobody but the two ever reads them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.accounts.models import User
from app.extensions import db
from app.messages import limits
from app.messages.models import Message, Participant
from app.relationships.queries import in_sight, welcome_to


def conversations_of(user: User) -> sa.Select[tuple[Participant]]:
    """Return the query for a member's conversations; page it by `Participant.last_message_id`.

    The other side and the last message are loaded with them. Whom the member muted is among them.
    """
    return (
        sa.select(Participant)
        .join(Participant.other)
        .join(Participant.last_message)
        .options(contains_eager(Participant.other), contains_eager(Participant.last_message))
        .where(Participant.user_id == user.id, in_sight(user.id))
    )


def side_of(user: User, other: User) -> Participant | None:
    """Return what a member has of their conversation with another; None if there never was one."""
    return db.session.scalar(
        sa.select(Participant).where(
            Participant.user_id == user.id, Participant.other_id == other.id
        )
    )


def messages_of(side: Participant) -> sa.Select[tuple[Message]]:
    """Return the query for the messages that one side has; page it by `Message.id`."""
    return sa.select(Message).where(is_kept_by(side))


def message_in(side: Participant, message_id: int) -> sa.Select[tuple[Message]]:
    """Return the query for one message of a conversation, also if this side has deleted it."""
    return sa.select(Message).where(
        Message.id == message_id, Message.conversation_id == side.conversation_id
    )


def messages_kept(user: User) -> int:
    """Return how many messages a member has in all their conversations; this may take a while."""
    query = (
        sa.select(sa.func.count()).select_from(Participant).join(Message, is_kept_by(Participant))
    )
    return db.session.scalar(query.where(Participant.user_id == user.id)) or 0


def unread_conversations(user_id: Any) -> sa.ScalarSelect[int]:
    """Return, as a part of a statement, in how many conversations a member has something to read.

    The latest ones are looked at. Those with people whom they muted, or who are out of sight, do
    not count.
    """
    latest = (
        sa.select(Participant.other_id, Participant.unread_count)
        .where(Participant.user_id == user_id, Participant.last_message_id.is_not(None))
        .order_by(Participant.last_message_id.desc())
        .limit(limits.UNREAD_MAX)
        .subquery()
    )
    return (
        sa.select(sa.func.count())
        .select_from(latest)
        .join(User, User.id == latest.c.other_id)
        .where(latest.c.unread_count > 0, welcome_to(user_id))
        .scalar_subquery()
    )


def is_kept_by(side: Any) -> sa.ColumnElement[bool]:
    """Return the condition that a message belongs to one side, who has not deleted it.

    `side` is a Participant, or the model to be joined.
    """
    own = Message.sender_id == side.user_id
    return sa.and_(
        Message.conversation_id == side.conversation_id,
        Message.id > side.cleared_id,
        sa.or_(
            sa.and_(own, ~Message.is_gone_for_sender),
            sa.and_(~own, ~Message.is_gone_for_recipient),
        ),
    )


def is_new_to(side: Any) -> sa.ColumnElement[bool]:
    """Return the condition that one side has not read a message from the other yet."""
    return sa.and_(Message.sender_id == side.other_id, Message.id > side.read_id)
