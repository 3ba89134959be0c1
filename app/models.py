"""Every model in one place, for migrations, the shell and whoever looks for them."""

from app.accounts.models import SignInFailure, User, UserSession
from app.posts.models import Post
from app.relationships.models import Follow

__all__ = ["Follow", "Post", "SignInFailure", "User", "UserSession"]
