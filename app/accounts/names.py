"""Which usernames and addresses can be had, and the keys that make them unique."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from app.accounts import limits

# A letter, then letters, digits and underscores: works in addresses, in print and in @mentions.
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)

# Names that would pass for the house itself, or for a part of it.
RESERVED = frozenset(
    [
        "about",
        "abuse",
        "account",
        "accounts",
        "admin",
        "administrator",
        "administrators",
        "all",
        "anonymous",
        "api",
        "app",
        "auth",
        "block",
        "blog",
        "bookmarks",
        "contact",
        "deleted",
        "edit_profile",
        "everyone",
        "explore",
        "feed",
        "feeds",
        "follow",
        "followers",
        "following",
        "guest",
        "healthz",
        "help",
        "here",
        "home",
        "hostmaster",
        "index",
        "info",
        "legal",
        "login",
        "logout",
        "mail",
        "me",
        "messages",
        "microblog",
        "mod",
        "moderation",
        "moderator",
        "moderators",
        "mute",
        "news",
        "nobody",
        "noreply",
        "notifications",
        "null",
        "official",
        "owner",
        "password",
        "policy",
        "post",
        "postmaster",
        "posts",
        "privacy",
        "profile",
        "readyz",
        "register",
        "reset",
        "root",
        "rules",
        "search",
        "security",
        "settings",
        "signin",
        "signout",
        "signup",
        "site",
        "staff",
        "static",
        "status",
        "suggest",
        "support",
        "sysadmin",
        "system",
        "tag",
        "tags",
        "team",
        "terms",
        "unblock",
        "undefined",
        "unfollow",
        "unmute",
        "user",
        "username",
        "users",
        "webmaster",
        "write",
        "www",
        "you",
    ]
)


def username_key(username: str) -> str:
    """Return the key under which a username is unique."""
    return username.lower()


def is_well_formed(username: str) -> bool:
    """Tell whether a username keeps the rule and the length limits."""
    fits = limits.USERNAME_MIN <= len(username) <= limits.USERNAME_MAX
    return fits and USERNAME.fullmatch(username) is not None


def normal_email(email: str) -> str | None:
    """Return an address in its normal form (RFC 5321, 6531), or None if it cannot be one."""
    if len(email) > limits.EMAIL_MAX:
        return None
    try:
        normal = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError:
        return None
    return normal if len(email_key(normal)) <= limits.EMAIL_MAX else None


def email_key(email: str) -> str:
    """Return the key under which an address is unique."""
    return unicodedata.normalize("NFKC", email).casefold()
