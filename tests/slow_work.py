"""Watching Argon2, which is slow on purpose: how often it works, and what happens meanwhile."""

import sqlite3
from collections.abc import Callable

import argon2
import pytest
from flask import Flask

from app.extensions import db


def count_slow_work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by "hash" or "verify" with every call."""
    calls: list[str] = []
    for name in ("hash", "verify"):
        before(monkeypatch, name, lambda name=name: calls.append(name))
    return calls


def before(monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], object]) -> None:
    """Do something at the start of every "hash" or "verify"."""
    slow = getattr(argon2.PasswordHasher, name)

    def watched(self: argon2.PasswordHasher, *args: object, **kwargs: object) -> object:
        act()
        return slow(self, *args, **kwargs)

    monkeypatch.setattr(argon2.PasswordHasher, name, watched)


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, app: Flask, name: str, change: Callable[[], object]
) -> None:
    """Let somebody else change and commit something while the first password is worked on."""
    changes = [change]

    def act() -> None:
        if changes:
            with app.app_context():
                changes.pop()()
                db.session.commit()

    before(monkeypatch, name, act)


def can_write() -> bool:
    """Tell whether another process could write to the database at this moment.

    On a server it always could; there the question is whether the connection was given back.
    """
    if db.engine.name != "sqlite":
        return db.engine.pool.checkedout() == 0
    connection = sqlite3.connect(db.engine.url.database, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE").close()
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True
