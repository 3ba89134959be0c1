"""Real rows, quickly: members with a known password, posts, follows."""

from datetime import datetime, timedelta
from itertools import count

import sqlalchemy as sa

from app.accounts import actions as accounts
from app.accounts import passwords
from app.accounts.models import User
from app.clock import utcnow
from app.extensions import db
from app.ids import new_id
from app.posts import actions as posts
from app.posts.models import Post
from app.relationships import actions as relationships

PASSWORD = "a walk along the quay"
# Hashing is slow on purpose; every member of a test has the same password, hashed once.
PASSWORD_HASH = passwords.hash_password(PASSWORD)
_numbers = count(1)


def make_user(username: str | None = None, **columns: object) -> User:
    """Register somebody; further `columns` are set as they are."""
    username = username or f"member{next(_numbers)}"
    user = accounts.register(username, f"{username.lower()}@example.com", PASSWORD_HASH)
    for name, value in columns.items():
        setattr(user, name, value)
    db.session.commit()
    return user


def make_post(author: User, body: str = "Low tide at noon.", at: datetime | None = None) -> Post:
    """Publish something."""
    post = posts.publish(author, body, at=at)
    db.session.commit()
    return post


def make_reply(author: User, parent: Post, body: str = "Save me a loaf.") -> Post:
    """Answer a post."""
    post = posts.publish(author, body, parent=parent)
    db.session.commit()
    return post


def make_follow(follower: User, *followed: User) -> None:
    """Let one member follow others."""
    for person in followed:
        relationships.follow(follower, person)
    db.session.commit()


def write_many(number: int, author: User, body: str = "herring number {n}") -> None:
    """Publish posts quickly, without the index, as a bulk import would."""
    first = utcnow() - timedelta(days=1)
    rows = [
        {
            "id": new_id(first + timedelta(milliseconds=n)),
            "author_id": author.id,
            "body": body.format(n=n),
            "language": "en",
            "once_key": f"{author.id}-{n}",
        }
        for n in range(number)
    ]
    db.session.execute(sa.insert(Post), rows)
    db.session.commit()
