"""Real rows, quickly: members with a known password, posts, what is between members."""

from datetime import datetime, timedelta
from itertools import count

import sqlalchemy as sa

from app.accounts import actions as accounts
from app.accounts import passwords
from app.accounts.models import User
from app.clock import utcnow
from app.extensions import db
from app.ids import new_id
from app.messages import actions as messages
from app.messages.models import Message, Participant
from app.posts import actions as posts
from app.posts import likes, reposts
from app.posts.models import Hashtag, HashtagFollow, Post
from app.relationships import actions as relationships
from app.relationships.models import Block, Mute
from app.text.marks import hashtag_key

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


def make_reply(author: User, parent: Post, body: str = "And high tide at six.") -> Post:
    """Answer a post."""
    post = posts.publish(author, body, parent=parent)
    db.session.commit()
    return post


def make_repost(user: User, post: Post) -> Post:
    """Let somebody pass a post on; returns the entry that their followers see."""
    reposts.repost(user, post)
    mine = sa.select(Post).where(Post.author_id == user.id, Post.repost_of_id == post.id)
    entry = db.session.scalars(mine).one()
    db.session.commit()
    return entry


def make_like(post: Post, *people: User) -> None:
    """Let people like a post."""
    for person in people:
        likes.like(person, post)
    db.session.commit()


def make_hashtag_follow(user: User, *words: str) -> None:
    """Let somebody follow hashtags that stand in posts already."""
    keys = [hashtag_key(word) for word in words]
    for hashtag_id in db.session.scalars(sa.select(Hashtag.id).where(Hashtag.key.in_(keys))):
        db.session.add(HashtagFollow(user_id=user.id, hashtag_id=hashtag_id))
    db.session.commit()


def make_follow(follower: User, *followed: User) -> None:
    """Let one member follow others."""
    for person in followed:
        relationships.follow(follower, person)
    db.session.commit()


def make_block(blocker: User, blocked: User) -> None:
    """Put a block between two members, and nothing else: a follow stays."""
    db.session.add(Block(blocker_id=blocker.id, blocked_id=blocked.id))
    db.session.commit()


def make_mute(muter: User, muted: User, ends_at: datetime | None = None) -> None:
    """Let one member mute another, for good or until then."""
    db.session.add(Mute(muter_id=muter.id, muted_id=muted.id, ends_at=ends_at))
    db.session.commit()


def make_message(
    sender: User, recipient: User, body: str = "See you at the quay?", at: datetime | None = None
) -> Message:
    """Send something in private."""
    message = messages.send(sender, recipient, body, at=at)
    db.session.commit()
    return message


def delete_for(user: User, message: Message) -> None:
    """Let one of the two delete a message for themselves."""
    query = sa.select(Participant).where(
        Participant.conversation_id == message.conversation_id, Participant.user_id == user.id
    )
    messages.delete_message(db.session.scalars(query).one(), message)
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
