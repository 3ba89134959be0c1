"""Who listens to what happens (`events`): one table, so that nothing happens out of sight."""

from app import events
from app.search import actions as search

LISTENERS = (
    (events.post_written, search.index_post),
    (events.post_deleted, search.forget_post),
    (events.member_changed, search.index_member),
    (events.member_deleted, search.forget_member),
)


def connect() -> None:
    """Let everybody hear what they are to hear; doing it again changes nothing."""
    for event, listener in LISTENERS:
        event.connect(listener)
