"""Who sees whom, and what they wrote, on every surface: one table, and every case of it.

A new surface is a line of SURFACES and, if none of the looks fits, a function that looks there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from app.accounts.models import User
from app.clock import utcnow
from app.extensions import db
from app.ids import MAX_ID
from app.messages.models import Conversation, Message, Participant
from app.messages.policy import may_write
from app.messages.queries import conversations_of, unread_conversations
from app.notifications import queries as notifications
from app.notifications.models import Kind, Notification, NotificationActor
from app.pagination import Key
from app.posts.bookmarks import bookmarked_by
from app.posts.conversations import conversation_of
from app.posts.hashtags import posts_with
from app.posts.likes import likers_of
from app.posts.models import Audience, Bookmark, Hashtag, HashtagFollow, Like, Post, Tagging
from app.posts.queries import entries_for, shown_to, visible_to
from app.posts.reposts import reposters_of
from app.posts.threads import path_through
from app.relationships.models import Block, Follow, Mute
from app.relationships.queries import followed_by, followers_of, people_for, suggestions_for
from app.search import actions as index
from app.search import queries as search
from app.search.naming import people_to_name
from app.search.parser import parse
from app.text import marks
from app.timelines import queries as timelines

HOST = 1000  # whom every author follows, and who follows every author
HOSTS_POST = 9_000  # which every author likes and passes on
FAR = (2 * MAX_ID, MAX_ID)
(TIDE,) = marks.hashtags("#tide")


@dataclass
class Case:
    """Somebody looks, somebody wrote, and this is between them. A friend passes it on."""

    number: int
    viewer: str
    audience: str = Audience.PUBLIC
    block: str = ""
    mute: str = ""
    suspended: bool = False
    user: object = field(default=None, repr=False)
    author: User | None = field(default=None, repr=False)

    @property
    def author_id(self) -> int:
        return self.number * 3 + 1

    @property
    def viewer_id(self) -> int:
        return self.author_id if self.viewer == "author" else self.number * 3 + 2

    @property
    def friend_id(self) -> int:
        return self.number * 3 + 3

    @property
    def post_id(self) -> int:
        """What the author wrote: this one, the next one with a hashtag, and one to pass on.

        The fourth is the friend's who does that, the fifth theirs too; the sixth is the author's
        answer to that.
        """
        return self.number * 10 + 10_000

    @property
    def hidden_by(self) -> set[str]:
        """Return what there is to hide the author or the post from the viewer."""
        reasons = {
            "audience": self.audience != Audience.PUBLIC and self.viewer != "author",
            "block": self.block,
            "mute": self.mute == "lasting",
            "suspended": self.suspended,
        }
        return {name for name, applies in reasons.items() if applies}


def cases() -> list[Case]:
    """Return every case that there can be: nobody blocks themselves or reads while suspended."""
    audiences, either = ["public", "someday"], [False, True]
    blocks, mutes = ["", "by viewer", "by author"], ["", "lasting", "ended"]
    found = [("author", audience, "", "", False) for audience in audiences]
    found += product(["visitor"], audiences, [""], [""], either)
    found += product(["follower", "stranger"], audiences, blocks, mutes, either)
    return [Case(number, *case) for number, case in enumerate(found)]


@pytest.fixture
def town(app) -> list[Case]:
    """Put all cases into one database, each with people and posts of its own."""
    rows = list(cases())
    now, hour = utcnow(), timedelta(hours=1)
    insert(User, (row for case in rows for row in people_of(case, now)))
    insert(User, [person(HOST)])
    insert(Hashtag, [{"id": 1, "key": "tide", "name": "tide"}])
    insert(Post, [post(HOSTS_POST, HOST)])
    insert(Post, (row for case in rows for row in posts_of(case)))
    insert(Tagging, ({"hashtag_id": 1, "post_id": case.post_id + 1} for case in rows))
    members = [case for case in rows if case.viewer != "visitor"]
    ties = [(case.viewer_id, case.friend_id) for case in members]
    ties += [(case.viewer_id, case.author_id) for case in members if case.viewer == "follower"]
    ties += [pair for case in rows for pair in ((case.author_id, HOST), (HOST, case.author_id))]
    insert(Follow, ({"follower_id": a, "followed_id": b} for a, b in ties))
    insert(HashtagFollow, ({"user_id": case.viewer_id, "hashtag_id": 1} for case in members))
    deal_with_each_other(rows)
    for case in rows:
        pair = [case.viewer_id, case.author_id]
        if case.block:
            blocker, blocked = pair if case.block == "by viewer" else pair[::-1]
            insert(Block, [{"blocker_id": blocker, "blocked_id": blocked}])
        if case.mute:
            ends_at = now - hour if case.mute == "ended" else now + hour
            insert(Mute, [{"muter_id": pair[0], "muted_id": pair[1], "ends_at": ends_at}])
    db.session.commit()
    users = {user.id: user for user in db.session.scalars(sa.select(User))}
    for case in rows:
        case.author = users[case.author_id]
        case.user = AnonymousUserMixin() if case.viewer == "visitor" else users[case.viewer_id]
    return rows


def insert(model: type, rows: object) -> None:
    db.session.execute(sa.insert(model), list(rows))


def people_of(case: Case, now: object) -> Iterator[dict[str, object]]:
    yield person(case.author_id, suspended_at=now if case.suspended else None)
    yield person(case.friend_id)
    if case.viewer_id != case.author_id:
        yield person(case.viewer_id)


def person(number: int, suspended_at: object = None) -> dict[str, object]:
    return {
        "id": number,
        "username": f"p{number}",
        "username_key": f"p{number}",
        "email": f"p{number}@example.com",
        "email_key": f"p{number}@example.com",
        "password_hash": "-",
        "suspended_at": suspended_at,
    }


def posts_of(case: Case) -> Iterator[dict[str, object]]:
    author, friend, first = case.author_id, case.friend_id, case.post_id
    for number in range(3):
        yield post(first + number, author, audience=case.audience)
    yield post(first + 3, friend, repost_of_id=first + 2)
    yield post(first + 4, friend)
    way = path_through([first + 4, first + 5])
    answered = {"parent_id": first + 4, "parent_author_id": friend, "path": way}
    yield post(first + 5, author, audience=case.audience, **answered)
    yield post(first + 6, author, repost_of_id=HOSTS_POST)


def post(post_id: int, author: int, **columns: object) -> dict[str, object]:
    return {
        "id": post_id,
        "author_id": author,
        "body": f"herring{post_id}",
        "audience": Audience.PUBLIC,
        "once_key": str(post_id),
        "repost_of_id": None,
        "parent_id": None,
        "parent_author_id": None,
        "path": None,
    } | columns


def deal_with_each_other(rows: list[Case]) -> None:
    """Let each author like the host's post and turn to the viewer, who has kept what they wrote."""
    insert(Like, ({"user_id": case.author_id, "post_id": HOSTS_POST} for case in rows))
    members = [case for case in rows if case.viewer != "visitor"]
    kept = ({"user_id": case.viewer_id, "post_id": case.post_id} for case in members)
    insert(Bookmark, kept)
    for number, case in enumerate((c for c in members if c.viewer != "author"), start=1):
        told = {"recipient_id": case.viewer_id, "kind": Kind.MENTION, "post_id": case.post_id}
        insert(Notification, [told | {"id": number, "latest_id": case.post_id}])
        insert(NotificationActor, [{"notification_id": number, "actor_id": case.author_id}])
        pair = sorted([case.author_id, case.viewer_id])
        insert(Conversation, [{"id": number, "lower_id": pair[0], "upper_id": pair[1]}])
        message = {"id": number, "conversation_id": number, "once_key": str(number)}
        insert(Message, [message | {"sender_id": case.author_id, "body": "See you at the quay?"}])
        for user_id, other_id in (pair, pair[::-1]):
            side = {"conversation_id": number, "user_id": user_id, "other_id": other_id}
            unread = int(user_id == case.viewer_id)
            insert(Participant, [side | {"last_message_id": number, "unread_count": unread}])


def at(post_id: int) -> Key:
    """Return the page of one that begins with that post, if the viewer sees it there."""
    return Key(1, before=post_id + 1)


def finds(query: sa.Select, condition: object) -> bool:
    return db.session.scalar(query.where(condition)) is not None


def on_home(case: Case, number: int) -> bool:
    post_id = case.post_id + number
    page = timelines.home(case.user, at(post_id)) if case.viewer != "visitor" else None
    return page is not None and [post.id for post in page.items] == [post_id]


def on_explore(case: Case) -> bool:
    return [p.id for p in timelines.explore(case.user, at(case.post_id)).items] == [case.post_id]


def on_profile(case: Case) -> bool:
    page = timelines.profile(case.author, case.user, at(case.post_id))
    return [post.id for post in page.items] == [case.post_id]


def in_results(case: Case) -> bool:
    index.index_post(db.session.get(Post, case.post_id))
    db.session.commit()  # MariaDB finds what is committed
    query = parse(f"herring{case.post_id}")
    return bool(search.newest_posts(case.user, query, 5, FAR).items)


def in_people(case: Case) -> bool:
    return bool(search.people(case.user, parse(case.author.username), 5, FAR).items)


def in_suggestions(case: Case) -> bool:
    people = suggestions_for(case.user, 500) if case.viewer != "visitor" else []
    return case.author_id in {user.id for user in people}


def in_thread(case: Case) -> bool:
    parent = db.session.get(Post, case.post_id + 4)
    answers = conversation_of(parent, case.user, [], 5).posts
    return [answer.id for answer in answers] == [case.post_id + 5]


def in_notifications(case: Case) -> bool:
    if case.viewer == "visitor":
        return False
    shown = [
        notice.notification.post_id for notice in notifications.page_of(case.user, Key(5)).items
    ]
    counted = db.session.scalar(sa.select(notifications.unread(case.viewer_id)))
    assert counted == len(shown)
    return shown == [case.post_id]


def in_messages(case: Case) -> bool:
    if case.viewer == "visitor":
        return False
    return finds(conversations_of(case.user), Participant.other_id == case.author_id)


def on_badge(case: Case) -> bool:
    if case.viewer == "visitor":
        return False
    return db.session.scalar(sa.select(unread_conversations(case.viewer_id))) == 1


def may_be_written_to(case: Case) -> bool:
    return case.viewer != "visitor" and may_write(case.user, case.author)


def is_suggested_by_name(case: Case) -> bool:
    if case.viewer == "visitor":
        return False
    people = people_to_name(case.user, case.author.username)
    return case.author_id in {user.id for user in people}


def host() -> User:
    return db.session.get(User, HOST)


def hosts_post() -> Post:
    return db.session.get(Post, HOSTS_POST)


ANYBODY = {"visitor", "author", "follower", "stranger"}
MEMBERS = ANYBODY - {"visitor"}
OTHERS = MEMBERS - {"author"}
PEOPLE, POSTS = {"block", "suspended"}, {"block", "suspended", "audience"}
UNASKED = {"mute"}

# Who sees it there at all, what hides it from them, and how to look.
SURFACES: dict[str, tuple[set[str], set[str], Callable[[Case], bool]]] = {
    "post page": (ANYBODY, POSTS, lambda c: finds(visible_to(c.user), Post.id == c.post_id)),
    "entry": (ANYBODY, POSTS, lambda c: finds(entries_for(c.user), Post.id == c.post_id)),
    "entry that passes it on": (
        ANYBODY,
        POSTS,
        lambda c: finds(entries_for(c.user), Post.id == c.post_id + 3),
    ),
    "list of posts": (
        ANYBODY,
        POSTS | UNASKED,
        lambda c: finds(shown_to(c.user), Post.id == c.post_id),
    ),
    "home": ({"author", "follower"}, POSTS | UNASKED, lambda c: on_home(c, 0)),
    "home by hashtag": (MEMBERS, POSTS | UNASKED, lambda c: on_home(c, 1)),
    "home by a friend": (MEMBERS, POSTS | UNASKED, lambda c: on_home(c, 3)),
    "explore": (ANYBODY, POSTS | UNASKED, on_explore),
    "search": (ANYBODY, POSTS | UNASKED, in_results),
    "profile": (ANYBODY, PEOPLE, lambda c: finds(people_for(c.user), User.id == c.author_id)),
    "posts on profile": (ANYBODY, POSTS, on_profile),
    "followers": (
        ANYBODY,
        PEOPLE,
        lambda c: finds(followers_of(host(), c.user), User.id == c.author_id),
    ),
    "following": (
        ANYBODY,
        PEOPLE,
        lambda c: finds(followed_by(host(), c.user), User.id == c.author_id),
    ),
    "people search": (ANYBODY, PEOPLE, in_people),
    "thread": (ANYBODY, POSTS | UNASKED, in_thread),
    "hashtag": (
        ANYBODY,
        POSTS | UNASKED,
        lambda c: finds(posts_with(TIDE, c.user), Post.id == c.post_id + 1),
    ),
    "who likes it": (
        ANYBODY,
        PEOPLE,
        lambda c: finds(likers_of(hosts_post(), c.user), User.id == c.author_id),
    ),
    "who passed it on": (
        ANYBODY,
        PEOPLE,
        lambda c: finds(reposters_of(hosts_post(), c.user), User.id == c.author_id),
    ),
    "bookmarks": (
        MEMBERS,
        POSTS,
        lambda c: c.viewer != "visitor" and finds(bookmarked_by(c.user), Post.id == c.post_id),
    ),
    "notifications": (OTHERS, POSTS | UNASKED, in_notifications),
    "messages": (OTHERS, PEOPLE, in_messages),
    "badge of messages": (OTHERS, PEOPLE | UNASKED, on_badge),
    "somebody to write to": (OTHERS, PEOPLE, may_be_written_to),
    "names while typing": (OTHERS, PEOPLE, is_suggested_by_name),
    "suggestions": ({"stranger"}, PEOPLE | UNASKED, in_suggestions),
}


def test_surfaces_show_what_the_table_says_and_nothing_else(town):
    # All in one town: to settle one takes longer than to look at it from everywhere.
    wrong = {}
    for surface, (open_to, hides, look) in SURFACES.items():
        expected = [case for case in town if case.viewer in open_to and not case.hidden_by & hides]
        assert expected, surface
        seen = [case for case in town if look(case)]
        if seen != expected:
            wrong[surface] = [case for case in town if (case in seen) != (case in expected)]
    assert not wrong
