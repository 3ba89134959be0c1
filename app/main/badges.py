"""What the frame of every page says is waiting: the numbers on the badges."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import g
from flask_login import current_user

from app.extensions import db
from app.main import bp
from app.messages.queries import unread_conversations
from app.notifications.queries import unread as unread_notifications


@dataclass(frozen=True)
class Unread:
    """How many things a member has not read, by what they are."""

    notifications: int = 0
    messages: int = 0


def unread() -> Unread:
    """Return what the member has not read: one query, and once in a request."""
    if not current_user.is_authenticated:
        return Unread()
    if "unread" not in g:
        reader = current_user.id
        counts = sa.select(unread_notifications(reader), unread_conversations(reader))
        g.unread = Unread(*db.session.execute(counts).one())
    return g.unread


@bp.app_context_processor
def badge_names() -> dict[str, Callable[[], Any]]:
    """Let templates ask. Only those who ask cost a query; pages of errors do not."""
    return {"unread": unread}
