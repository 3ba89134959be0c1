"""Every model in one place, for migrations, the shell and whoever looks for them."""

from app.accounts.models import (
    AddressChange,
    MailRequest,
    Registration,
    SignInFailure,
    User,
    UserSession,
)
from app.exports.models import ExportPart
from app.jobs.models import Job
from app.messages.models import Conversation, Message, Participant
from app.notifications.models import Notification, NotificationActor
from app.posts.models import Bookmark, Hashtag, HashtagFollow, Like, Post, Tagging
from app.relationships.models import Block, Follow, Mute
from app.search.models import SearchIndex

__all__ = [
    "AddressChange",
    "Block",
    "Bookmark",
    "Conversation",
    "ExportPart",
    "Follow",
    "Hashtag",
    "HashtagFollow",
    "Job",
    "Like",
    "MailRequest",
    "Message",
    "Mute",
    "Notification",
    "NotificationActor",
    "Participant",
    "Post",
    "Registration",
    "SearchIndex",
    "SignInFailure",
    "Tagging",
    "User",
    "UserSession",
]
