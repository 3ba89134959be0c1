"""One of the processes of test_storm.py. Imports nothing of the test run."""

import random

import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.queries import by_username
from app.extensions import db
from app.posts import actions, bookmarks, likes, reposts
from app.posts.models import Post
from app.problems import Problem
from app.relationships import actions as relationships
from tests.posts.writers import app_of

# Everybody is at the same few posts.
NEWEST = 5


def react(number: int, site: tuple[str, str], people: int, rounds: int) -> list[str]:
    """Do at random what one member may do; returns what went wrong."""
    app, chance, wrong = app_of(*site), random.Random(number), []
    for _ in range(rounds):
        with app.app_context():
            deed = chance.choice(DEEDS)
            try:
                deed(by_username(f"writer{number}"), chance, people)
                db.session.commit()
            except Problem:  # what is answered or edited was deleted meanwhile
                db.session.rollback()
            except Exception as error:  # whatever it is, the test tells
                wrong.append(f"{deed.__name__}: {error!r}")
                db.session.rollback()
    return wrong


def mark(me: User, chance: random.Random, _people: int) -> None:
    """Like or keep a post, or pass it on, or no more."""
    do = chance.choice([*TOGETHER, likes.unlike, reposts.unrepost, bookmarks.unbookmark])
    do(me, _any_post(chance))


def mark_in_all_ways(me: User, chance: random.Random, _people: int) -> None:
    """Do all that in one transaction."""
    post = _any_post(chance)
    for do in TOGETHER:
        do(me, post)


def answer(me: User, chance: random.Random, people: int) -> None:
    """Answer a post, with names and hashtags that others are writing just then."""
    parent = _any_post(chance)
    actions.publish(me, _words(chance, people), parent=parent)


def change(me: User, chance: random.Random, people: int) -> None:
    """Edit the last thing that one wrote."""
    post = _own_post(me)
    if post is not None:
        actions.edit(post, _words(chance, people))


def delete(me: User, _chance: random.Random, _people: int) -> None:
    """Delete the last thing that one wrote, which others are just passing on."""
    post = _own_post(me)
    if post is not None:
        actions.delete(post)


def follow(me: User, chance: random.Random, people: int) -> None:
    """Follow somebody, or no more."""
    neighbour = by_username(f"writer{chance.randrange(people)}")
    chance.choice([relationships.follow, relationships.unfollow])(me, neighbour)


TOGETHER = [likes.like, reposts.repost, bookmarks.bookmark]
DEEDS = [mark, mark, mark, mark_in_all_ways, answer, answer, change, delete, follow]


def _any_post(chance: random.Random) -> Post:
    query = sa.select(Post).where(Post.repost_of_id.is_(None)).order_by(Post.id.desc())
    return chance.choice(db.session.scalars(query.limit(NEWEST)).all())


def _own_post(me: User) -> Post | None:
    query = sa.select(Post).where(Post.author_id == me.id, Post.parent_id.is_not(None))
    return db.session.scalar(query.order_by(Post.id.desc()).limit(1))


def _words(chance: random.Random, people: int) -> str:
    names = " ".join(f"@writer{chance.randrange(people)}" for _ in range(2))
    hashtags = " ".join(f"#tide{chance.randrange(12)}" for _ in range(3))
    return f"Number {chance.randrange(1000)}: {names} {hashtags}"
