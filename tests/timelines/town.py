"""A small town as plain Python, and the same one in the database.

What a reader's timelines hold is computed here in the slow and obvious way.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from app.accounts.models import User
from app.clock import utcnow
from app.extensions import db
from app.ids import RANDOM_BITS
from app.pagination import Key, Page
from app.posts.models import Audience, Hashtag, HashtagFollow, Post, Tagging
from app.relationships.models import Block, Follow, Mute
from app.timelines import queries as timelines

START = 1_800_000_000_000  # milliseconds
# A later feature's audience: nobody but the author sees such a post, and it must not cost a page.
HIDDEN = "someday"
LAST = 2**RANDOM_BITS - 1  # of the random parts that a millisecond has
HASHTAGS = range(1, 4)
A_WHILE = timedelta(hours=1)


class Kind(Enum):
    """What a row of posts is."""

    WRITTEN = 1
    ANSWER = 2
    REPOST = 3


@dataclass(frozen=True)
class Entry:
    """A row of posts. `of` is the post that is answered or passed on, `to` who wrote that."""

    author: int
    audience: str = Audience.PUBLIC
    kind: Kind = Kind.WRITTEN
    of: int | None = None
    to: int | None = None
    hashtags: frozenset[int] = frozenset()


@dataclass
class Town:
    """People are numbered from 1; the reader is number 1 (0: a visitor)."""

    people: int
    posts: dict[int, Entry]
    follows: set[tuple[int, int]] = field(default_factory=set)
    suspended: set[int] = field(default_factory=set)
    blocks: set[tuple[int, int]] = field(default_factory=set)
    # Who mutes whom, and whether that is over by now.
    mutes: dict[tuple[int, int], bool] = field(default_factory=dict)
    hashtags: set[int] = field(default_factory=set)  # that number 1 follows
    reader: int = 1
    subject: int = 1  # whose profile is read
    user: object = field(default=None, compare=False)

    def in_sight(self, who: int) -> bool:
        """Tell whether the reader may see somebody."""
        between = {(self.reader, who), (who, self.reader)}
        return who not in self.suspended and not between & self.blocks

    def is_welcome(self, who: int) -> bool:
        """Tell whether the reader sees somebody unasked."""
        return self.in_sight(who) and self.mutes.get((self.reader, who), True)

    def shows(self, post_id: int, rule: Callable[[int], bool]) -> bool:
        """Tell whether the reader sees an entry by that rule about people."""
        entry = self.posts[post_id]
        admitted = entry.audience != HIDDEN or entry.author == self.reader
        passed_on = entry.kind is not Kind.REPOST or self.shows(entry.of, rule)
        return rule(entry.author) and admitted and passed_on

    def is_for_home(self, entry: Entry) -> bool:
        """Tell whether an entry comes from a person or a hashtag that the reader follows."""
        near = {self.reader} | {b for a, b in self.follows if a == self.reader}
        heard = entry.kind is not Kind.ANSWER or entry.to in near | {entry.author}
        return bool(entry.hashtags & self.hashtags) or (entry.author in near and heard)

    def timeline(self, which: str) -> list[int]:
        """Return the ids of a whole timeline, newest first: no index, no cleverness."""
        rule = self.is_welcome if which in {"home", "explore"} else self.in_sight
        wanted = {
            "home": self.is_for_home,
            "explore": lambda entry: entry.kind is Kind.WRITTEN,
            "profile": lambda entry: entry.author == self.subject and entry.kind is not Kind.ANSWER,
            "replies": lambda entry: entry.author == self.subject,
        }[which]
        ids = (post_id for post_id, entry in self.posts.items() if wanted(entry))
        return sorted((post_id for post_id in ids if self.shows(post_id, rule)), reverse=True)

    def expected(self, which: str, key: Key) -> tuple[list[int], bool]:
        """Return the ids of the entries on a page, and whether there are more beyond it."""
        ids = self.timeline(which)
        if key.after is not None:
            beyond = [i for i in ids if i > key.after]
            return beyond[-key.size :], len(beyond) > key.size
        beyond = [i for i in ids if key.before is None or i < key.before]
        return beyond[: key.size], len(beyond) > key.size

    def subject_of(self, post_id: int) -> int:
        """Return which post an entry shows."""
        entry = self.posts[post_id]
        return entry.of if entry.kind is Kind.REPOST else post_id

    def once_each(self, ids: Iterable[int]) -> list[int]:
        """Return which of the entries on a page are shown: each post once."""
        shown: dict[int, int] = {}
        for post_id in ids:
            shown.setdefault(self.subject_of(post_id), post_id)
        return list(shown.values())

    def read(self, which: str, size: int, **where: int | None) -> Page[Post]:
        """Return a page as the application reads it."""
        key = Key(size, **where)
        if which == "home":
            return timelines.home(self.user, key)
        if which == "explore":
            return timelines.explore(self.user, key)
        author = db.session.get(User, self.subject)
        return timelines.profile(author, self.user, key, with_replies=which == "replies")

    def write(self, post_id: int, entry: Entry) -> None:
        """Add an entry."""
        self.posts[post_id] = entry
        insert_posts({post_id: entry})

    def delete(self, post_id: int) -> None:
        """Delete an entry, and whatever passes it on; answers stay."""
        for repost in [
            i for i, e in self.posts.items() if (e.kind, e.of) == (Kind.REPOST, post_id)
        ]:
            del self.posts[repost]
        del self.posts[post_id]
        db.session.execute(sa.delete(Post).where(Post.id == post_id))
        db.session.expunge_all()  # the number may come again

    def toggle_follow(self, a: int, b: int) -> None:
        """Let one follow another, or no more."""
        self.follows ^= {(a, b)}
        _toggle(Follow, follower_id=a, followed_id=b)

    def toggle_block(self, a: int, b: int) -> None:
        """Let one block another, or no more."""
        self.blocks ^= {(a, b)}
        _toggle(Block, blocker_id=a, blocked_id=b)

    def toggle_mute(self, a: int, b: int) -> None:
        """Let one mute another, or no more; also what is over already is taken back."""
        if self.mutes.pop((a, b), None) is None:
            self.mutes[a, b] = False
        _toggle(Mute, muter_id=a, muted_id=b)

    def toggle_hashtag(self, hashtag: int) -> None:
        """Let number 1 follow a hashtag, or no more."""
        self.hashtags ^= {hashtag}
        _toggle(HashtagFollow, user_id=1, hashtag_id=hashtag)

    def toggle_suspension(self, who: int) -> None:
        """Suspend somebody, or no more."""
        self.suspended ^= {who}
        moment = utcnow() if who in self.suspended else None
        db.session.execute(sa.update(User).where(User.id == who).values(suspended_at=moment))


def random_id(chance: random.Random) -> int:
    """Return an id of few: many posts share a millisecond, some follow without a gap."""
    return (START + chance.randrange(12)) << RANDOM_BITS | chance.choice([*range(6), LAST])


def random_entry(chance: random.Random, people: int, posts: dict[int, Entry]) -> Entry:
    """Return something that somebody could write, answer or pass on."""
    author = chance.randint(1, people)
    audience = HIDDEN if chance.random() < 0.2 else Audience.PUBLIC
    kind = chance.choice([Kind.WRITTEN, Kind.WRITTEN, Kind.ANSWER, Kind.REPOST])
    passed_on = {
        entry.of for entry in posts.values() if (entry.author, entry.kind) == (author, kind)
    }
    subjects = [
        post_id
        for post_id, entry in posts.items()
        if entry.kind is not Kind.REPOST
        and (kind is not Kind.REPOST or (post_id not in passed_on and entry.author != author))
    ]
    of = chance.choice(subjects) if subjects and kind is not Kind.WRITTEN else None
    if of is None:
        kind = Kind.WRITTEN
    hashtags = {tag for tag in HASHTAGS if kind is not Kind.REPOST and chance.random() < 0.2}
    to = None if of is None else posts[of].author
    return Entry(author, audience, kind, of, to, frozenset(hashtags))


@contextmanager
def settled(town: Town) -> Iterator[Town]:
    """Put a town into the database for as long as the block runs."""
    moment = utcnow()
    people = range(1, town.people + 1)
    try:
        insert(User, (_user_row(number, number in town.suspended) for number in people))
        insert(Hashtag, ({"id": n, "key": f"h{n}", "name": f"h{n}"} for n in HASHTAGS))
        insert(Follow, ({"follower_id": a, "followed_id": b} for a, b in sorted(town.follows)))
        insert(Block, ({"blocker_id": a, "blocked_id": b} for a, b in sorted(town.blocks)))
        insert(
            Mute,
            (
                {"muter_id": a, "muted_id": b, "ends_at": moment - A_WHILE if over else None}
                if over or (a + b) % 2
                else {"muter_id": a, "muted_id": b, "ends_at": moment + A_WHILE}
                for (a, b), over in sorted(town.mutes.items())
            ),
        )
        # What others follow is nothing to the reader.
        followed = {(1, n) for n in town.hashtags} | {(2, n) for n in HASHTAGS if town.people > 1}
        insert(HashtagFollow, ({"user_id": who, "hashtag_id": n} for who, n in sorted(followed)))
        insert_posts(town.posts)
        town.user = db.session.get(User, town.reader) if town.reader else AnonymousUserMixin()
        yield town
    finally:
        db.session.rollback()
        db.session.expunge_all()


def insert_posts(posts: dict[int, Entry]) -> None:
    """Write entries, what is passed on before what passes it on."""
    ordered = sorted(posts.items(), key=lambda item: item[1].kind is Kind.REPOST)
    insert(Post, (_post_row(post_id, entry) for post_id, entry in ordered))
    insert(
        Tagging,
        ({"hashtag_id": n, "post_id": i} for i, entry in ordered for n in sorted(entry.hashtags)),
    )


def insert(model: type, rows: Iterable[dict[str, object]]) -> None:
    """Write rows, if there are any."""
    rows = list(rows)
    if rows:
        db.session.execute(sa.insert(model), rows)


def _toggle(model: type, **columns: int) -> None:
    if not db.session.execute(sa.delete(model).filter_by(**columns)).rowcount:
        insert(model, [columns])


def _user_row(number: int, is_suspended: bool) -> dict[str, object]:
    name = f"p{number}"
    return {
        "id": number,
        "username": name,
        "username_key": name,
        "email": f"{name}@example.com",
        "email_key": f"{name}@example.com",
        "password_hash": "-",
        "suspended_at": utcnow() if is_suspended else None,
    }


def _post_row(post_id: int, entry: Entry) -> dict[str, object]:
    is_answer = entry.kind is Kind.ANSWER
    return {
        "id": post_id,
        "author_id": entry.author,
        "body": "" if entry.kind is Kind.REPOST else f"number {post_id}",
        "audience": entry.audience,
        "once_key": f"{post_id:x}",
        "repost_of_id": entry.of if entry.kind is Kind.REPOST else None,
        "parent_id": entry.of if is_answer else None,
        "parent_author_id": entry.to if is_answer else None,
    }
