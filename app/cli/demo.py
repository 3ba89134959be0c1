"""`flask demo`: a lively small town for a newcomer to look at."""

import random
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

import click
import sqlalchemy as sa
from flask.cli import with_appcontext
from sqlalchemy.orm import joinedload

from app.accounts import actions as accounts
from app.accounts import passwords
from app.accounts.models import User
from app.accounts.queries import anybody
from app.cli.demo_town import INHABITANTS, MESSAGES, POSTS, Inhabitant
from app.clock import utcnow
from app.extensions import db
from app.ids import new_id
from app.messages.actions import send
from app.notifications.models import Notification
from app.posts import actions as posts
from app.posts.likes import like
from app.posts.models import Post
from app.posts.reposts import repost
from app.relationships.actions import follow

# The town's story takes three weeks and ends a few minutes ago.
STORY = timedelta(days=21)
SHARED_INTERESTS = 2
SEED = 7
PASSED_ON = 0.06
# An answer, as people begin it.
ADDRESSED = re.compile(r"@(\w+)")


@click.command()
@with_appcontext
def demo() -> None:
    """Fill an empty database with people and what they have to say to each other."""
    if anybody():
        raise click.ClickException("This site has members already; the demo is for an empty one.")
    password = secrets.token_urlsafe(9)
    db.session.rollback()
    password_hash = passwords.hash_password(password)
    people = {person.username: _settle(person, password_hash) for person in INHABITANTS}
    ties = sum(follow(people[a], people[b]) for a, b in _ties())
    written = _tell(people)
    _react(people, written)
    _correspond(people)
    _date_notifications()
    db.session.commit()
    click.echo(f"{len(people)} people, {len(POSTS)} posts, {ties} follows.")
    click.echo(f"Sign in as {INHABITANTS[0].username} with the password {password}")


def _settle(person: Inhabitant, password_hash: str) -> User:
    user = accounts.register(person.username, f"{person.username}@example.com", password_hash)
    accounts.edit_profile(
        user,
        display_name=person.display_name,
        about_me=person.about_me,
        location=person.location,
        website=person.website,
    )
    user.created_at = utcnow() - 2 * STORY
    return user


def _tell(people: dict[str, User]) -> list[Post]:
    """Publish the story, answers to what was answered."""
    last: dict[str, Post] = {}
    written = []
    for post, moment in zip(POSTS, _moments(len(POSTS)), strict=True):
        named = ADDRESSED.match(post.text)
        answered = post.answers or (named and named[1])
        parent = last.get(answered) if answered else None
        said = posts.publish(people[post.author], post.text, parent=parent, at=moment)
        last[post.author] = said
        written.append(said)
    return written


def _react(people: dict[str, User], written: list[Post]) -> None:
    """Let people like what they care about, and now and then pass it on."""
    chance = random.Random(SEED)  # noqa: S311
    interests = {person.username: set(person.interests) for person in INHABITANTS}
    for post in written:
        warmth = chance.random() ** 3
        for name, user in people.items():
            shared = len(interests[name] & interests[post.author.username])
            if user is not post.author and chance.random() < warmth * (0.1 + 0.2 * shared):
                like(user, post)
                if chance.random() < PASSED_ON:
                    later = timedelta(seconds=chance.uniform(120, 20_000))
                    repost(user, post, at=min(post.created_at + later, utcnow()))


def _correspond(people: dict[str, User]) -> None:
    """Let people write to each other in private, over the last two days."""
    for hours, message in zip(range(5 * len(MESSAGES), 0, -5), MESSAGES, strict=True):
        sender, recipient = people[message.sender], people[message.recipient]
        send(sender, recipient, message.text, at=utcnow() - timedelta(hours=hours))


def _date_notifications() -> None:
    """Let what people are told of have happened when it could have; the older of it is read."""
    query = sa.select(Notification).options(joinedload(Notification.post))
    for notification in db.session.scalars(query):
        since = notification.post.created_at if notification.post else utcnow() - STORY
        happened_at = min(since + timedelta(minutes=40), utcnow())
        notification.latest_id = new_id(happened_at)
        if happened_at < utcnow() - timedelta(days=2):
            notification.read_at = happened_at


def _moments(count: int) -> Iterator[datetime]:
    chance = random.Random(SEED)  # noqa: S311
    end = utcnow() - timedelta(minutes=3)
    for seconds_ago in sorted(
        (chance.uniform(0, STORY.total_seconds()) for _ in range(count)), reverse=True
    ):
        yield end - timedelta(seconds=seconds_ago)


def _ties() -> Iterator[tuple[str, str]]:
    # People follow those they share interests with, and now and then somebody else.
    chance = random.Random(SEED)  # noqa: S311
    for person in INHABITANTS:
        for other in INHABITANTS:
            shared = len(set(person.interests) & set(other.interests))
            if other is not person and (
                shared >= SHARED_INTERESTS or chance.random() < 0.15 + 0.25 * shared
            ):
                yield person.username, other.username
