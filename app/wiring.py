"""Who listens to what happens (`events`): one table, so that nothing happens out of sight."""

from app import events
from app.notifications import actions as notifications
from app.posts import tasks as posts
from app.search import actions as search

LISTENERS = (
    (events.post_written, search.index_post),
    (events.post_deleted, search.forget_post),
    (events.member_changed, search.index_member),
    (events.member_deleted, search.forget_member),
    (events.post_answered, notifications.tell_of_answer),
    (events.people_mentioned, notifications.tell_of_mentions),
    (events.mentions_dropped, notifications.take_back_mentions),
    (events.post_liked, notifications.tell_of_like),
    (events.post_unliked, notifications.take_back_like),
    (events.post_reposted, notifications.tell_of_repost),
    (events.post_unreposted, notifications.take_back_repost),
    (events.member_followed, notifications.tell_of_follow),
    (events.member_unfollowed, notifications.take_back_follow),
    (events.member_blocked, notifications.forget_each_other),
    (events.member_blocked, posts.ask_to_take_back),
    (events.deletion_begun, notifications.forget_member),
)


def connect() -> None:
    """Let everybody hear what they are to hear; doing it again changes nothing."""
    for event, listener in LISTENERS:
        event.connect(listener)
