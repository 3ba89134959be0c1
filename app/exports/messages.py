"""What a copy has of private messages: all that the member has not deleted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.exports.portions import rows_by_key
from app.ids import time_of
from app.messages.models import Message, Participant
from app.messages.queries import is_kept_by

# What tells which messages somebody has of a conversation.
SIDE = (Participant.conversation_id, Participant.user_id, Participant.cleared_id)


@dataclass(frozen=True)
class ExportedMessage:
    """What of a private message is copied."""

    id: int
    is_own: bool
    body: str

    @property
    def sent_at(self) -> datetime:
        """When the message was sent."""
        return time_of(self.id)


def conversations_of(user: User) -> Iterator[sa.Row[Any]]:
    """Yield what a member has of each conversation, and with whom, in or out of sight."""
    columns = sa.select(Participant.id, *SIDE, User.username, User.display_name)
    query = columns.join(Participant.other).where(
        Participant.user_id == user.id, Participant.last_message_id.is_not(None)
    )
    return rows_by_key(query, Participant.id)


def messages_in(side: sa.Row[Any]) -> Iterator[ExportedMessage]:
    """Yield every message that a member has of a conversation, the oldest first."""
    columns = sa.select(Message.id, Message.sender_id == side.user_id, Message.body)
    for row in rows_by_key(columns.where(is_kept_by(side)), Message.id, oldest_first=True):
        yield ExportedMessage(*row)


def message_entries(user: User) -> Iterator[dict[str, object]]:
    """Yield every message that a member has as JSON has it, one conversation after the other."""
    for side in conversations_of(user):
        for message in messages_in(side):
            sender, recipient = user.username, side.username
            if not message.is_own:
                sender, recipient = recipient, sender
            yield {
                "id": str(message.id),
                "conversation_with": side.username,
                "from": sender,
                "to": recipient,
                "sent": message.sent_at.isoformat(),
                "text": message.body,
            }
