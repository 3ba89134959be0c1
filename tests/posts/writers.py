"""One of the writer processes of test_concurrent_writers.py. Imports nothing of the test run."""

import sys
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from app import create_app
from app.accounts.queries import by_username
from app.extensions import db, limiter
from app.posts import actions as posts
from app.relationships import actions as relationships
from tests.browsing import sign_in, token_for
from tests.conftest import make_config


def app_of(folder: str, database: str) -> Flask:
    """Return an application on the files and the database of the test."""
    return create_app(make_config(Path(folder), DATABASE_URL=database))


def write(
    number: int, site: tuple[str, str], cache: str, rounds: int
) -> tuple[list[str], list[str]]:
    """Write, follow and unfollow as one member. Returns (acknowledged texts, what went wrong).

    `site` is where the files and the database are, `cache` has the compiled templates.
    """
    app = app_of(*site)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(cache)
    acknowledged, wrong = [], []
    client = app.test_client()
    sign_in(client, f"writer{number}")
    token = token_for(client)

    def post(path: str, what: str, **fields: str) -> bool:
        response = client.post(path, data={"csrf_token": token} | fields)
        if response.status_code != 302:
            wrong.append(f"{what}: {response.status_code}")
        return response.status_code == 302

    for turn in range(rounds):
        body = f"writer{number} by form {turn}"
        if post("/write", body, body=body):
            acknowledged.append(body)
        # Everybody pulls at the same few rows.
        neighbour = f"writer{(number + turn) % 8}"
        post(f"/{'unfollow' if turn % 3 == 2 else 'follow'}/{neighbour}", neighbour)
        if client.get("/").status_code != 200:
            wrong.append("home did not open")
        with app.app_context():
            body = f"writer{number} by command {turn}"
            posts.publish(by_username("crowd"), body)
            relationships.follow(by_username(f"writer{number}"), by_username("crowd"))
            db.session.commit()
            acknowledged.append(body)
    return acknowledged, wrong


def write_until_killed(folder: str, database: str) -> None:
    """Write without end; say on standard output what was acknowledged, as soon as it was."""
    app = app_of(folder, database)
    client = app.test_client()
    sign_in(client, "writer0")
    token, turn = token_for(client), 0
    while True:
        body = f"number {turn}"
        if client.post("/write", data={"csrf_token": token, "body": body}).status_code == 302:
            print(body, flush=True)  # noqa: T201
        turn += 1
        limiter.reset()


if __name__ == "__main__":
    write_until_killed(*sys.argv[1:])
