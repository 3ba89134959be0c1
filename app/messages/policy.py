"""Who may write to whom."""

import sqlalchemy as sa

from app.accounts.models import MessagesFrom, User
from app.extensions import db
from app.messages.models import Participant
from app.relationships.models import Follow
from app.relationships.queries import in_sight


def may_write(sender: User, recipient: User) -> bool:
    """Tell whether a member may send another a message.

    Both must be in each other's sight, and the recipient says whose messages they take. Whoever
    they have written to may always answer.
    """
    if sender.id == recipient.id or not sender.is_active:
        return False
    is_followed = sa.exists().where(
        Follow.follower_id == recipient.id, Follow.followed_id == sender.id
    )
    may_answer = sa.exists().where(
        Participant.user_id == recipient.id,
        Participant.other_id == sender.id,
        Participant.has_written,
    )
    query = sa.select(User.id).where(
        User.id == recipient.id,
        in_sight(sender.id),
        sa.or_(
            User.messages_from == MessagesFrom.EVERYONE,
            sa.and_(User.messages_from == MessagesFrom.FOLLOWED, is_followed),
            may_answer,
        ),
    )
    return db.session.scalar(query) is not None
