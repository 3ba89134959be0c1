"""Writing, reading and deleting private messages. Actions flush; whoever calls them commits.

Whatever changes what a member has of a conversation locks that member's row first, so that two who
write to each other at once make one conversation, and counters equal rows.
"""

import hashlib
import secrets
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from app.accounts.models import MessagesFrom, User
from app.accounts.queries import locked
from app.clock import utcnow
from app.extensions import db
from app.ids import new_id
from app.messages.models import Conversation, Message, Participant
from app.messages.policy import may_write
from app.messages.queries import is_kept_by, is_new_to, messages_of
from app.problems import Problem

TRIES = 3


def send(
    sender: User,
    recipient: User,
    body: str,
    form_key: str = "",
    *,
    at: datetime | None = None,
) -> Message:
    """Send a message; the same text from the same form again returns the one that it made first.

    `body` is clean (`text.clean.paragraphs`) and within the limit. Who answers has read what stands
    above. Raises Problem if the recipient does not take the sender's messages.
    """
    locked({sender.id, recipient.id})
    once_key = _once_key(form_key or secrets.token_hex(16), recipient, body)
    already = _by_once_key(sender, once_key)
    if already is not None:
        return already
    if not may_write(sender, recipient):
        raise Problem(_l("%(name)s does not take messages from you.", name=recipient.name))
    own, theirs = _begin(sender.id, recipient.id)
    message = _add(own, theirs, body, once_key, at or utcnow())
    own.last_message_id = theirs.last_message_id = own.read_id = message.id
    own.unread_count, own.has_written = 0, True
    theirs.unread_count += 1
    db.session.flush()
    return message


def mark_read(side: Participant, up_to: int) -> None:
    """Note that a member has seen a conversation up to a message; what came later stays unread."""
    locked([side.user_id])
    db.session.expire(side)
    side.read_id = max(side.read_id, min(up_to, side.last_message_id or 0))
    _count(side)


def delete_message(side: Participant, message: Message) -> None:
    """Delete a message for one of the two. Once both have deleted it, it is gone."""
    own, theirs = _lock_both(side)
    is_own = message.sender_id == own.user_id
    gone = Message.is_gone_for_sender if is_own else Message.is_gone_for_recipient
    # Not by the object: a second click may find that the first has removed the row.
    db.session.execute(
        sa.update(Message)
        .where(Message.id == message.id)
        .values({gone: True})
        .execution_options(synchronize_session=False)
    )
    _forget(own, theirs, Message.id == message.id)
    _count(own)


def delete_conversation(side: Participant, up_to: int) -> None:
    """Delete a conversation for one of the two, up to a message; a later one brings it back."""
    own, theirs = _lock_both(side)
    before = own.cleared_id
    own.cleared_id = max(before, min(up_to, own.last_message_id or 0))
    db.session.flush()
    _forget(own, theirs, Message.id.between(before, own.cleared_id))
    _count(own)


def take_messages_from(user: User, whom: MessagesFrom) -> None:
    """Choose who may write to a member."""
    user.messages_from = whom
    db.session.flush()


def recount() -> int:
    """Compare the counters of every side with its messages; returns how many were mended."""
    last = sa.func.coalesce(sa.func.max(Message.id), 0)
    unread = sa.func.coalesce(sa.func.sum(sa.case((is_new_to(Participant), 1), else_=0)), 0)
    query = (
        sa.select(Participant, last, unread)
        .outerjoin(Message, is_kept_by(Participant))
        .group_by(Participant.id)
        .having(
            sa.or_(
                sa.func.coalesce(Participant.last_message_id, 0) != last,
                Participant.unread_count != unread,
            )
        )
    )
    wrong = db.session.execute(query).all()
    for side, last_message_id, unread_count in wrong:
        side.last_message_id = last_message_id or None
        side.unread_count = int(unread_count)  # MariaDB sums to decimals
    db.session.flush()
    return len(wrong)


def _begin(user_id: int, other_id: int) -> tuple[Participant, Participant]:
    """Return both sides of a conversation as they are now; make them where there are none.

    The members' rows are locked, so nobody else makes them at the same time.
    """
    sides = _sides(user_id, other_id)
    if not sides:
        conversation = Conversation(
            lower_id=min(user_id, other_id), upper_id=max(user_id, other_id)
        )
        db.session.add_all(
            Participant(conversation=conversation, user_id=user, other_id=other)
            for user, other in ((user_id, other_id), (other_id, user_id))
        )
        db.session.flush()
        sides = _sides(user_id, other_id)
    return sides[user_id], sides[other_id]


def _lock_both(side: Participant) -> tuple[Participant, Participant]:
    locked({side.user_id, side.other_id})
    # If the other account went meanwhile, the conversation did: to look at it says so.
    db.session.expire(side)
    sides = _sides(side.user_id, side.other_id)
    return sides[side.user_id], sides[side.other_id]


def _sides(user_id: int, other_id: int) -> dict[int, Participant]:
    pair = sa.and_(Participant.user_id == user_id, Participant.other_id == other_id)
    reverse = sa.and_(Participant.user_id == other_id, Participant.other_id == user_id)
    query = sa.select(Participant).where(sa.or_(pair, reverse))
    found = db.session.scalars(query.execution_options(populate_existing=True))
    return {side.user_id: side for side in found}


def _add(own: Participant, theirs: Participant, body: str, once_key: str, at: datetime) -> Message:
    # Clocks differ, and are put back: nothing may stand before what was read or deleted already.
    latest = max(
        max(side.last_message_id or 0, side.read_id, side.cleared_id) for side in (own, theirs)
    )
    for tries_left in reversed(range(TRIES)):
        message = Message(
            id=max(new_id(at), latest + 1),
            conversation_id=own.conversation_id,
            sender_id=own.user_id,
            body=body,
            once_key=once_key,
        )
        try:
            with db.session.begin_nested():
                db.session.add(message)
        except IntegrityError:
            # A message elsewhere has the same id: draw again.
            if not tries_left:
                raise
            latest = max(latest, message.id)
        else:
            break
    return message


def _forget(own: Participant, theirs: Participant, among: sa.ColumnElement[bool]) -> None:
    """Remove those messages of a conversation that neither side has any more."""
    db.session.execute(
        sa.delete(Message)
        .where(
            Message.conversation_id == own.conversation_id,
            among,
            ~is_kept_by(own),
            ~is_kept_by(theirs),
        )
        .execution_options(synchronize_session=False)
    )


def _count(side: Participant) -> None:
    """Have a side's counters say what there is."""
    db.session.flush()
    kept = messages_of(side).with_only_columns(Message.id)
    side.last_message_id = db.session.scalar(kept.order_by(Message.id.desc()).limit(1))
    unread = messages_of(side).where(is_new_to(side)).with_only_columns(sa.func.count())
    side.unread_count = db.session.scalar(unread) or 0
    db.session.flush()


def _once_key(form_key: str, recipient: User, body: str) -> str:
    # With the text: somebody who goes back and sends the form with other words means another one.
    text = f"{form_key}\0{recipient.id}\0{body}"
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32]


def _by_once_key(sender: User, once_key: str) -> Message | None:
    return db.session.scalar(
        sa.select(Message).where(Message.sender_id == sender.id, Message.once_key == once_key)
    )
