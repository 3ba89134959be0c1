"""Questions about private messages."""

from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.messages.models import Participant
from app.relationships.queries import welcome_to

# The badge looks at so many of the latest conversations.
CONVERSATIONS_COUNTED = 100


def unread_conversations(user_id: Any) -> sa.ScalarSelect[int]:
    """Return, as a part of a statement, in how many conversations a member has something to read.

    Those with people whom they muted, or who are out of sight, do not count.
    """
    latest = (
        sa.select(Participant.other_id, Participant.unread_count)
        .where(Participant.user_id == user_id, Participant.last_message_id.is_not(None))
        .order_by(Participant.last_message_id.desc())
        .limit(CONVERSATIONS_COUNTED)
        .subquery()
    )
    return (
        sa.select(sa.func.count())
        .select_from(latest)
        .join(User, User.id == latest.c.other_id)
        .where(latest.c.unread_count > 0, welcome_to(user_id))
        .scalar_subquery()
    )
