"""Search: is everything in the indexes, and does Elasticsearch answer?"""

from collections.abc import Iterator

import sqlalchemy as sa

from app.cli.doctor.findings import Finding, error, ok, said_by, warning
from app.database import begin_read
from app.extensions import db
from app.search.elastic import FAILURES, ElasticEngine, alias_of, elastic
from app.search.embedded import embedded, live_table
from app.search.engine import Collection
from app.search.sources import SOURCES

MEND = "`flask search status --repair` says what, and mends it."


def check_search() -> Iterator[Finding]:
    """Compare how many documents the indexes have with how many they should have."""
    begin_read(db.session)
    wanted = {collection: SOURCES[collection].count() for collection in Collection}
    indexed = {collection: _count(live_table(collection)) for collection in Collection}
    yield _compare(embedded().name, wanted, indexed)
    server = elastic()
    if server is not None:
        yield from _check_server(server, wanted)


def _count(table: str) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0


def _compare(name: str, wanted: dict[Collection, int], indexed: dict[Collection, int]) -> Finding:
    wrong = [
        f"{indexed[collection]} of {wanted[collection]} {collection}"
        for collection in Collection
        if indexed[collection] != wanted[collection]
    ]
    if wrong:
        return warning(f"{name} has {' and '.join(wrong)}.", MEND)
    return ok(f"{name} has all {sum(wanted.values())} documents.")


def _check_server(server: ElasticEngine, wanted: dict[Collection, int]) -> Iterator[Finding]:
    try:
        version = server.patient.info()["version"]["number"]
        if not server.is_built():
            yield warning(
                f"Elasticsearch {version} answers, but has no indexes of ours yet.",
                "The worker builds them within ten minutes; `flask search rebuild` does it now.",
            )
            return
        server.refresh()
        indexed = {name: server.patient.count(index=alias_of(name))["count"] for name in Collection}
    except FAILURES as failure:
        yield error(
            f"Elasticsearch does not answer: {said_by(failure)}",
            "Start it, or correct ELASTICSEARCH_URL. Meanwhile the database's index answers.",
        )
        return
    yield _compare(f"Elasticsearch {version}", wanted, indexed)
