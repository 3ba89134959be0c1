"""Writing the copy: JSON for programs and pages for people, in one zip file.

Everything is read in portions by key and written as it is read, so that memory stays the same
however much somebody wrote. Between portions no transaction is open.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

import sqlalchemy as sa
from flask import current_app
from flask_babel import get_locale

from app.accounts.models import User
from app.clock import utcnow
from app.exports import portions, reactions
from app.exports.messages import conversations_of, message_entries, messages_in
from app.exports.portions import rows_by_key
from app.exports.reactions import post_url
from app.ids import time_of
from app.posts.models import Post
from app.relationships.models import Follow

POSTS_ON_A_PAGE = 200
# Lists that stand in the copy for programs only.
LISTS = {
    "likes": reactions.likes_of,
    "bookmarks": reactions.bookmarks_of,
    "reposts": reactions.reposts_of,
    "hashtags": reactions.hashtags_of,
    "blocked": reactions.blocked_by,
    "muted": reactions.muted_by,
    "notifications": reactions.notifications_of,
}
STYLE = Path(__file__).parent.parent / "templates" / "exports" / "style.css"

Report = Callable[[int], None]
Person = tuple[str, str, datetime]


@dataclass(frozen=True)
class ExportedPost:
    """What of a post is copied."""

    id: int
    body: str
    audience: str
    edited_at: datetime | None
    parent_id: int | None
    mentions: str

    @property
    def created_at(self) -> datetime:
        """When the post was published."""
        return time_of(self.id)

    @property
    def answered(self) -> str | None:
        """The address of the post that this one answers, if it does."""
        return post_url(self.parent_id) if self.parent_id is not None else None

    @property
    def mentioned(self) -> frozenset[str]:
        """The usernames, in lower case, that are links in the text."""
        return frozenset(self.mentions.split())


def write_archive(file: IO[bytes], user: User, report: Report) -> None:
    """Write the copy of everything that is a member's to a file.

    `report` is called now and then with the number of entries written so far; posts are written
    twice, as JSON and on a page.
    """
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        Archive(archive, user, report).write()


class Archive:
    """One copy in the making."""

    def __init__(self, archive: ZipFile, user: User, report: Report) -> None:
        self.archive = archive
        self.user = user
        self.report = report
        self.written = 0
        self.context = {
            "site_name": current_app.config["SITE_NAME"],
            "public_url": current_app.config["PUBLIC_URL"],
            "locale": str(get_locale()).replace("_", "-"),
            "text_direction": get_locale().text_direction,
            "username": user.username,
            "name": user.name,
        }

    def write(self) -> None:
        """Write every file."""
        user, ties = self.user, (("following", followed_by), ("followers", followers_of))
        self.json("profile", [profile_entry(user)])
        self.json("posts", (post_entry(post) for post in self.counted(posts_of(user))))
        for kind, people in ties:
            self.json(kind, (person_entry(*person) for person in self.counted(people(user))))
        for name, entries in LISTS.items():
            self.json(name, entries(user))
        self.json("messages", self.counted(message_entries(user)))
        pages = self.post_pages()
        partners = (other.username for other in conversations_of(user))
        context = {"user": user, "pages": pages, "partners": partners, "made_at": utcnow()}
        self.page("index.html", "index", **context)
        for kind, people in ties:
            self.page(f"{kind}.html", "people", kind=kind, people=self.counted(people(user)))
        for other in conversations_of(user):
            messages = self.counted(messages_in(other))
            path = f"messages/{other.username}.html"
            self.page(path, "messages", other=other, messages=messages, prefix="../")
        self.archive.write(STYLE, "style.css")

    def post_pages(self) -> int:
        """Write the pages of posts, newest first; returns how many there are, one at least."""
        pages = max(1, -(-self.user.posts_count // POSTS_ON_A_PAGE))
        posts = self.counted(posts_of(self.user))
        number = 0
        while number < pages:
            number += 1
            # The last page takes what was written meanwhile.
            mine = posts if number == pages else islice(posts, POSTS_ON_A_PAGE)
            context = {"posts": mine, "number": number, "pages": pages, "prefix": "../"}
            self.page(f"posts/page-{number}.html", "posts", **context)
        return pages

    def counted(self, entries: Iterable[object]) -> Iterator[object]:
        """Hand entries on, and tell how far we are after each portion."""
        for entry in entries:
            yield entry
            self.written += 1
            if self.written % portions.PORTION == 0:
                self.report(self.written)

    def json(self, name: str, entries: Iterable[dict[str, object]]) -> None:
        """Write data/<name>.json: one array, an entry a line."""
        with self.archive.open(f"data/{name}.json", "w", force_zip64=True) as file:
            opening = b"[\n"
            for entry in entries:
                file.write(opening + json.dumps(entry, ensure_ascii=False).encode())
                opening = b",\n"
            file.write(b"\n]\n" if opening == b",\n" else b"[]\n")

    def page(self, path: str, template: str, **context: object) -> None:
        """Write a page, as it is drawn."""
        source = current_app.jinja_env.get_template(f"exports/{template}.html")
        with self.archive.open(path, "w") as file:
            for part in source.stream(**self.context, **context):
                file.write(part.encode())


def posts_of(user: User) -> Iterator[ExportedPost]:
    """Yield everything a member wrote, newest first."""
    columns = (Post.body, Post.audience, Post.edited_at, Post.parent_id, Post.mentions)
    query = sa.select(Post.id, *columns)
    query = query.where(Post.author_id == user.id, Post.repost_of_id.is_(None))
    for row in rows_by_key(query, Post.id):
        yield ExportedPost(*row)


def followed_by(user: User) -> Iterator[Person]:
    """Yield (username, name, since) of everybody whom a member follows, the latest first."""
    tie = sa.and_(Follow.followed_id == User.id, Follow.follower_id == user.id)
    return _people(tie)


def followers_of(user: User) -> Iterator[Person]:
    """Yield (username, name, since) of everybody who follows a member, the latest first."""
    tie = sa.and_(Follow.follower_id == User.id, Follow.followed_id == user.id)
    return _people(tie)


def profile_entry(user: User) -> dict[str, object]:
    """Return a profile as JSON has it."""
    return {
        "username": user.username,
        "email": user.email,
        "display_name": user.display_name,
        "about_me": user.about_me,
        "location": user.location,
        "website": user.website,
        "language": user.locale,
        "messages_from": user.messages_from,
        "unwanted_notifications": user.unwanted_notifications.split(),
        "joined": user.created_at.isoformat(),
    }


def post_entry(post: ExportedPost) -> dict[str, object]:
    """Return a post as JSON has it; the id as text, for it is too long for JavaScript's numbers."""
    return {
        "id": str(post.id),
        "url": post_url(post.id),
        "answers": post.answered,
        "published": post.created_at.isoformat(),
        "edited": post.edited_at and post.edited_at.isoformat(),
        "audience": post.audience,
        "text": post.body,
    }


def person_entry(username: str, name: str, since: datetime) -> dict[str, object]:
    """Return one end of a follow as JSON has it."""
    return {"username": username, "name": name, "since": since.isoformat()}


def _people(tie: sa.ColumnElement[bool]) -> Iterator[Person]:
    columns = sa.select(Follow.id, User.username, User.display_name, Follow.created_at)
    query = columns.join(User, tie).where(User.is_active)
    for _id, username, name, since in rows_by_key(query, Follow.id):
        yield username, name or username, since
