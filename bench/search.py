"""What a page of search results costs, with 10,000 and with 1,000,000 posts.

    python -m bench.search URL [SIZE ...]

URL is an empty database: sqlite:////tmp/bench.db, postgresql://… For each size the posts are made
(fixed seed, words by a power law, indexed by `flask search rebuild`), then pages are asked for in
this process. The figures are CPU seconds of the whole page, of Python and of the database together
(of PostgreSQL: of the connection's own process, as Linux counts it), the median of five rounds, and
the ratio to a page of explore of the same size.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate, islice
from pathlib import Path
from statistics import median

import flask_migrate
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.accounts.models import User
from app.extensions import db, limiter
from app.posts.models import Post
from app.search import upkeep
from app.search.embedded import embedded
from app.search.engine import Collection
from config import Config

SIZES = (10_000, 1_000_000)
PEOPLE = 1_000
VOCABULARY = 60_000
ROUNDS, REPEATS = 5, 20
SEED = 11
PORTION = 5_000
QUERIES = {
    "explore": "/explore",
    "common word": "/search?q={word1}",
    "common word, newest": "/search?q={word1}&order=newest",
    "two common words": "/search?q={word1}+{word5}",
    "rare word": "/search?q=zanzibarquay",
    "phrase": "/search?q=%22{word1}+{word2}%22",
    "rare phrase": "/search?q=%22zanzibarquay+lighthouse%22",
    "from:": "/search?q=from:person7",
    "from: and word": "/search?q=from:person7+{word3}",
    "prefix": "/search?q={prefix}",
    "no hit": "/search?q=qqqqqqqq",
}


def main() -> None:
    """Measure every query at every size."""
    url, sizes = sys.argv[1], [int(text) for text in sys.argv[2:]] or SIZES
    words = vocabulary()
    names = {f"word{n}": words[n] for n in range(10)} | {"prefix": words[3][:4]}
    with tempfile.TemporaryDirectory() as folder:
        app = site(Path(folder), url)
        with app.app_context():
            flask_migrate.upgrade()
            made = 0
            for size in sizes:
                made = grow(words, made, size)
                began = time.perf_counter()
                upkeep.rebuild()
                print(f"\n{size:,} posts, indexed in {time.perf_counter() - began:.0f} s")
                report_size(size)
                report(app, names)


def report(app: Flask, names: dict[str, str]) -> None:
    """Print a line for each query."""
    client = app.test_client()
    costs = {name: cost_of(client, path.format(**names)) for name, path in QUERIES.items()}
    for name, (python, database) in costs.items():
        whole, explore = python + database, sum(costs["explore"])
        print(
            f"{name:<22} {1000 * whole:8.1f} ms  (database {1000 * database:6.1f})"
            f"  {whole / explore:5.2f} x explore"
        )
    print(f"{'writing a post':<22} {write_ratio():8.2f} x a post without the index")


def cost_of(client: "FlaskClient", path: str) -> tuple[float, float]:  # noqa: F821
    """Return the CPU seconds of one page, in Python and in the database's process."""
    rounds = []
    for _round in range(ROUNDS):
        limiter.reset()
        own, theirs = time.process_time(), database_cpu()
        for _repeat in range(REPEATS):
            response = client.get(path)
            assert response.status_code == 200, path
        rounds.append(
            (
                (time.process_time() - own) / REPEATS,
                (database_cpu() - theirs) / REPEATS,
            )
        )
    return median(r[0] for r in rounds), median(r[1] for r in rounds)


def database_cpu() -> float:
    """Return the CPU seconds so far of the processes that serve us; SQLite has none of its own."""
    if db.engine.dialect.name != "postgresql":
        return 0.0
    query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    with db.engine.connect() as connection:
        pids = connection.exec_driver_sql(query).scalars().all()
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / ticks
    return total


def write_ratio() -> float:
    """Return how much longer it takes to write and commit a post with the index than without."""
    from app.posts import actions

    newest = db.session.scalar(sa.select(sa.func.max(Post.id)))
    author = db.session.scalars(sa.select(User).limit(1)).one()
    body = " ".join(islice(texts(vocabulary(), random.Random(1)), 1))

    def seconds(write: Callable[[], object]) -> float:
        began = time.perf_counter()
        for _number in range(200):
            write()
            db.session.commit()
        return time.perf_counter() - began

    def without_index() -> None:
        put = type(embedded()).put
        type(embedded()).put = lambda *_arguments: None
        try:
            actions.publish(author, body)
        finally:
            type(embedded()).put = put

    pairs = [
        (seconds(lambda: actions.publish(author, body)), seconds(without_index)) for _ in "abc"
    ]
    # Another measurement begins with what this one did.
    db.session.execute(sa.delete(Post).where(Post.id > newest))
    db.session.commit()
    return median(with_it / without for with_it, without in pairs)


def report_size(size: int) -> None:
    """Print how many bytes the index takes for each post."""
    table = f"search_{Collection.POSTS}_"
    if db.engine.dialect.name == "sqlite":
        query = f"SELECT sum(pgsize) FROM dbstat WHERE name LIKE '{table}%'"
    elif db.engine.dialect.name == "postgresql":
        query = (
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
            f" WHERE relkind = 'r' AND relname LIKE '{table}%'"
        )
    else:
        return
    total = db.session.scalar(sa.text(query))
    db.session.rollback()
    print(f"index: {total / size:.0f} bytes a post")


def grow(words: list[str], made: int, size: int) -> int:
    """Make members, once, and posts until there are `size`."""
    chance = random.Random(SEED + made)
    if not made:
        people = (
            {
                "username": f"person{n}",
                "username_key": f"person{n}",
                "email": f"person{n}@example.com",
                "email_key": f"person{n}@example.com",
                "password_hash": "none",
            }
            for n in range(PEOPLE)
        )
        db.session.execute(sa.insert(User), list(people))
        db.session.commit()
    ids = db.session.scalars(sa.select(User.id)).all()
    bodies = texts(words, chance)
    while made < size:
        rows = []
        for number in range(made, min(size, made + PORTION)):
            body = next(bodies)
            if number % 2_500 == 0 and number < 10_000:
                body += " zanzibarquay lighthouse"
            rows.append(
                {
                    "id": (1_700_000_000_000 + number * 20_000) << 21,
                    "author_id": ids[int(PEOPLE * chance.random() ** 3)],
                    "body": body,
                    "language": "en",
                    "once_key": str(number),
                }
            )
        db.session.execute(sa.insert(Post), rows)
        db.session.commit()
        made += len(rows)
    return made


def vocabulary() -> list[str]:
    """Return made-up words, the commonest first."""
    chance = random.Random(SEED)
    syllables = [a + b for a in "bdfgklmnprstv" for b in ("a", "e", "i", "o", "u", "an", "er")]
    seen = dict.fromkeys(
        "".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(2 * VOCABULARY)
    )
    return list(seen)[:VOCABULARY]


def texts(words: list[str], chance: random.Random) -> Iterator[str]:
    """Yield texts of 5 to 45 words; the n-th word is as common as 1/n."""
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    while True:
        yield " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(5, 45)))


def site(folder: Path, url: str) -> Flask:
    """Return an application on that database, its other files in `folder`."""
    env = {"SECRET_KEY": "a key for measurements only", "DATABASE_URL": url, "LOG_LEVEL": "ERROR"}
    return create_app(Config(env, instance=folder))


if __name__ == "__main__":
    main()
