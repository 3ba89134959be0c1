"""The index inside the database: written in the transaction that writes the post.

Each collection has two tables, `search_posts_a` and `search_posts_b`. A row of `search_indexes`
says which one is live, and which one is being built beside it, if any; what is written meanwhile
goes to both. So a rebuild ends by changing one row.

The three databases differ only in how a row is written and how a lookup is said. Rows go with the
posts and members that they are about: by a foreign key, or on SQLite by a trigger.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa

from app.extensions import db
from app.search.analysis import Phrase
from app.search.engine import Collection, Entry, Lookup
from app.search.models import SearchIndex

# PostgreSQL counts positions up to here.
LAST_POSITION = 16_383


class EmbeddedEngine:
    """What the three have in common."""

    name: ClassVar[str]
    id_column: ClassVar[str] = "id"
    # Writes one row; takes :id, :terms and what `row` adds.
    put_statement: ClassVar[str]
    # The same, but leaves a row that is there as it is: whoever changed the text just wrote it.
    fill_statement: ClassVar[str]
    # Empties a table that is not live, without keeping those waiting who write into it.
    clear_statement: ClassVar[str] = "DELETE FROM {table}"
    # Tells the database's planner what a table that was just filled is like.
    learn_statement: ClassVar[str | None] = None
    # Holds for documents that match; takes :match.
    condition: ClassVar[str]

    def find(self, collection: Collection, lookup: Lookup, limit: int) -> Sequence[int]:
        """Return the ids of at most `limit` documents, the greatest first."""
        table, key = live_table(collection), self.id_column
        statement = (
            f"SELECT {key} FROM {table} WHERE {self.condition.format(table=table)}"
            f" AND {key} > :above AND {key} < :below ORDER BY {key} DESC LIMIT :limit"
        )
        bounds = {"above": lookup.above, "below": lookup.below, "limit": limit}
        return self._ids(statement, match=self.match(lookup), **bounds)

    def match(self, lookup: Lookup) -> str:
        """Say a lookup in the engine's own language."""
        raise NotImplementedError

    def row(self, entry: Entry) -> dict[str, Any]:
        """Return the values of a document's row."""
        return {"id": entry.id, "terms": entry.terms}

    def put(self, collection: Collection, entries: Iterable[Entry]) -> None:
        """Add documents, or replace those with the same ids, wherever they have to be."""
        rows = [self.row(entry) for entry in entries]
        for table in _tables(collection):
            _write(self.put_statement, table, rows)

    def fill(self, collection: Collection, slot: str, entries: Iterable[Entry]) -> None:
        """Add documents to the table that is being built, where they are not there yet."""
        rows = [self.row(entry) for entry in entries]
        _write(self.fill_statement, table_of(collection, slot), rows)

    def learn(self, collection: Collection, slot: str) -> None:
        """Make a table ready to be asked, once it is filled."""
        if self.learn_statement:
            statement = self.learn_statement.format(table=table_of(collection, slot))
            db.session.execute(sa.text(statement))

    def clear(self, collection: Collection, slot: str) -> None:
        """Empty a table that is not live."""
        db.session.execute(sa.text(self.clear_statement.format(table=table_of(collection, slot))))

    def remove(self, collection: Collection, ids: Iterable[int]) -> None:
        """Remove documents; ids that are not there do no harm."""
        rows = [{"id": document_id} for document_id in ids]
        for table in _tables(collection):
            if rows:
                statement = f"DELETE FROM {table} WHERE {self.id_column} = :id"
                db.session.execute(sa.text(statement), rows)

    def ids(self, collection: Collection, above: int, limit: int) -> Sequence[int]:
        """Return the least ids greater than `above`, in order."""
        table, key = live_table(collection), self.id_column
        statement = f"SELECT {key} FROM {table} WHERE {key} > :above ORDER BY {key} LIMIT :limit"
        return self._ids(statement, above=above, limit=limit)

    def terms(self, collection: Collection, ids: Sequence[int]) -> dict[int, str]:
        """Return the terms of documents, by id."""
        table = live_table(collection)
        statement = f"SELECT {self.id_column}, terms FROM {table} WHERE {self.id_column} IN :ids"
        query = sa.text(statement).bindparams(sa.bindparam("ids", expanding=True))
        return {row[0]: row[1] for row in db.session.execute(query, {"ids": list(ids)})}

    def _ids(self, statement: str, **values: Any) -> Sequence[int]:
        return db.session.scalars(sa.text(statement), values).all()


class SqliteEngine(EmbeddedEngine):
    """SQLite's FTS5. It reads a word's documents from the newest on, so it may stop early."""

    name = "SQLite FTS5"
    id_column = "rowid"
    put_statement = "INSERT OR REPLACE INTO {table} (rowid, terms) VALUES (:id, :terms)"
    # FTS5 knows no INSERT OR IGNORE.
    fill_statement = (
        "INSERT INTO {table} (rowid, terms) SELECT :id, :terms"
        " WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE rowid = :id)"
    )
    condition = "{table} MATCH :match"

    def match(self, lookup: Lookup) -> str:
        """Say a lookup as FTS5 has it: ("a b" AND "c" *) NOT "d"."""
        required = " AND ".join(f"({_fts5(phrase)})" for phrase in lookup.required)
        return "".join((f"({required})", *(f" NOT ({_fts5(p)})" for p in lookup.excluded)))


class PostgresEngine(EmbeddedEngine):
    """PostgreSQL's text search vectors, with a GIN index.

    A GIN index has no order, so for a word that stands in very many documents all of them would be
    read and sorted. Such a word is found often enough among the newest; so these are looked through
    first, and the index is asked only for what is rare.
    """

    name = "PostgreSQL"
    # So many of the newest are looked through at first; and then so many times more, if that will
    # do: for a phrase, which costs the index most, many more.
    newest, more_for_words, more_for_phrases = 4_000, 6, 20
    clear_statement = "TRUNCATE TABLE {table}"
    # It would find out by itself, but only in a minute or so.
    learn_statement = "ANALYZE {table}"
    put_statement = (
        "INSERT INTO {table} (id, terms, vector) VALUES (:id, :terms, CAST(:vector AS tsvector))"
        " ON CONFLICT (id) DO UPDATE SET terms = excluded.terms, vector = excluded.vector"
    )
    fill_statement = (
        "INSERT INTO {table} (id, terms, vector) VALUES (:id, :terms, CAST(:vector AS tsvector))"
        " ON CONFLICT (id) DO NOTHING"
    )

    # The planner must see the window, or it sorts all there is before it takes the newest.
    newest_statement = (
        "SELECT id FROM (SELECT id, vector FROM {table} WHERE id > :above AND id < :below"
        " ORDER BY id DESC LIMIT {window}) AS newest"
        " WHERE vector @@ CAST(:match AS tsquery) ORDER BY id DESC LIMIT :limit"
    )
    older_statement = (
        "SELECT id FROM {table} WHERE id > :above AND id < :below"
        " ORDER BY id DESC OFFSET {window} LIMIT 1"
    )
    whole_statement = (
        "WITH found AS MATERIALIZED (SELECT id FROM {table}"
        " WHERE vector @@ CAST(:match AS tsquery))"
        " SELECT id FROM found WHERE id > :above AND id < :below ORDER BY id DESC LIMIT :limit"
    )

    def row(self, entry: Entry) -> dict[str, Any]:
        """Return the values of a document's row, its vector written out."""
        return {"id": entry.id, "terms": entry.terms, "vector": _vector(entry.terms)}

    def find(self, collection: Collection, lookup: Lookup, limit: int) -> Sequence[int]:
        """Return the ids of at most `limit` documents, the greatest first."""
        table = live_table(collection)
        bounds = {"above": lookup.above, "below": lookup.below}
        look = {"match": self.match(lookup), "limit": limit, **bounds}
        has_phrase = any(len(phrase.terms) > 1 for phrase in lookup.required)
        more = self.more_for_phrases if has_phrase else self.more_for_words
        window = self.newest
        found = self._ids(self.newest_statement.format(table=table, window=window), **look)
        if len(found) < limit <= len(found) * more:
            window *= more
            found = self._ids(self.newest_statement.format(table=table, window=window), **look)
        older = self.older_statement.format(table=table, window=window)
        if len(found) == limit or not self._ids(older, **bounds):
            return found
        return self._ids(self.whole_statement.format(table=table), **look)

    def match(self, lookup: Lookup) -> str:
        """Say a lookup as PostgreSQL has it: (a <-> b) & c:* & !d."""
        parts = [_tsquery(phrase) for phrase in lookup.required]
        return " & ".join([*parts, *(f"!{_tsquery(phrase)}" for phrase in lookup.excluded)])


class MysqlEngine(EmbeddedEngine):
    """The FULLTEXT indexes of MariaDB and MySQL. They show what is committed, not before."""

    name = "MariaDB or MySQL"
    put_statement = (
        "INSERT INTO {table} (id, terms) VALUES (:id, :terms)"
        " ON DUPLICATE KEY UPDATE terms = VALUES(terms)"
    )
    fill_statement = "INSERT IGNORE INTO {table} (id, terms) VALUES (:id, :terms)"
    condition = "MATCH (terms) AGAINST (:match IN BOOLEAN MODE)"

    def match(self, lookup: Lookup) -> str:
        """Say a lookup as MySQL has it: +"a b" +c* -d."""
        required = [f"+{_boolean(phrase)}" for phrase in lookup.required]
        return " ".join([*required, *(f"-{_boolean(phrase)}" for phrase in lookup.excluded)])


ENGINES = {
    "sqlite": SqliteEngine(),
    "postgresql": PostgresEngine(),
    "mysql": MysqlEngine(),
    "mariadb": MysqlEngine(),
}


def embedded() -> EmbeddedEngine:
    """Return the engine of the database in use."""
    return ENGINES[db.engine.dialect.name]


def table_of(collection: Collection, slot: str) -> str:
    """Return the name of one of a collection's two tables."""
    return f"search_{collection}_{slot}"


def live_table(collection: Collection) -> str:
    """Return the name of the table that is asked."""
    return table_of(collection, db.session.get_one(SearchIndex, collection).live)


def _tables(collection: Collection) -> list[str]:
    index = db.session.get_one(SearchIndex, collection)
    return [table_of(collection, slot) for slot in (index.live, index.building) if slot]


def _write(statement: str, table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(sa.text(statement.format(table=table)), rows)


def _fts5(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.terms)}"{" *" if phrase.is_prefix else ""}'


def _tsquery(phrase: Phrase) -> str:
    *first, last = phrase.terms
    return f"({' <-> '.join([*first, f'{last}:*' if phrase.is_prefix else last])})"


def _vector(terms: str) -> str:
    positions: dict[str, list[str]] = defaultdict(list)
    for position, term in enumerate(terms.split()[:LAST_POSITION], start=1):
        positions[term].append(str(position))
    return " ".join(f"{term}:{','.join(places)}" for term, places in positions.items())


def _boolean(phrase: Phrase) -> str:
    if phrase.is_prefix:
        return f"{phrase.terms[-1]}*"
    return f'"{" ".join(phrase.terms)}"' if len(phrase.terms) > 1 else phrase.terms[0]
