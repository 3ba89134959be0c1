"""The rows of the site under test, made from outside while it runs, and who is signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from app import create_app
from app.accounts.models import User
from app.extensions import db, limiter
from tests.browsing import cookie_of, sign_in
from tests.conftest import Client, make_config
from tests.factories import make_follow, make_message, make_post, make_user


class Town:
    """Members, posts, follows and messages in the database of the served site."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.url = settings["PUBLIC_URL"]
        self.app: Flask = create_app(make_config(folder, **settings))
        self.app.test_client_class = Client
        self._numbers = count(1)
        self._ids: dict[str, int] = {}

    def member(self, username: str | None = None, **columns: object) -> str:
        """Register somebody and return their username."""
        username = username or f"guest{next(self._numbers)}"
        with self.app.app_context():
            self._ids[username] = make_user(username, **columns).id
        return username

    def post(self, author: str, body: str = "Low tide at noon.", at: datetime | None = None) -> int:
        """Publish something and return its id."""
        with self.app.app_context():
            return make_post(self.find(author), body, at).id

    def message(self, sender: str, recipient: str, body: str = "See you at the quay?") -> int:
        """Send something in private and return its id."""
        with self.app.app_context():
            return make_message(self.find(sender), self.find(recipient), body).id

    def follow(self, follower: str, *followed: str) -> None:
        """Let one member follow others."""
        with self.app.app_context():
            make_follow(self.find(follower), *map(self.find, followed))

    def session_cookie(self, username: str) -> dict[str, str]:
        """Sign somebody in through the form and return their cookie, as Playwright takes it.

        Asks this process instead of the served one: the limit on sign-ins is counted in each.
        """
        with self.app.app_context():
            limiter.reset()
            client = self.app.test_client()
            assert sign_in(client, username).status_code == 302
            return {"name": "session", "value": cookie_of(client, "session") or "", "url": self.url}

    @contextmanager
    def context(self) -> Iterator[SQLAlchemy]:
        """Hand out the database of the served site."""
        with self.app.app_context():
            yield db

    def find(self, username: str) -> User:
        """Return a member; inside of `context`."""
        return db.session.get_one(User, self._ids[username])
