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
from app.posts.models import Post
from app.relationships.models import Follow
from app.search.models import SearchIndex

__all__ = [
    "AddressChange",
    "ExportPart",
    "Follow",
    "Job",
    "MailRequest",
    "Post",
    "Registration",
    "SearchIndex",
    "SignInFailure",
    "User",
    "UserSession",
]
