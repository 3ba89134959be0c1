"""Elasticsearch, beside the index in the database: asked first where it is configured.

It is brought up to date by jobs (`tasks`), so nothing that members do waits for it or fails with
it. When it does not answer, it is left alone for a while and the embedded index is asked instead.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.helpers import BulkIndexError, bulk
from flask import Flask, current_app

from app.search.analysis import Phrase
from app.search.engine import Collection, Entry, Lookup

# How long a page may wait for an answer, and how long it is not asked again after a failure.
PATIENCE_SECONDS, REST_SECONDS = 1.0, 30
JOB_SECONDS = 5
SETTINGS = {"number_of_shards": 1, "number_of_replicas": 0}
MAPPINGS = {
    "dynamic": False,
    "properties": {
        "id": {"type": "long"},
        "terms": {"type": "text", "analyzer": "whitespace", "norms": False},
    },
}
FAILURES = (ApiError, TransportError, BulkIndexError)
NOT_FOUND, CONFLICT = 404, 409

logger = logging.getLogger(__name__)


class ElasticEngine:
    """One Elasticsearch server or cluster. A collection is an alias of a dated index."""

    name = "Elasticsearch"

    def __init__(self, url: str) -> None:
        self.client = Elasticsearch(url, max_retries=0, request_timeout=PATIENCE_SECONDS)
        self.patient = self.client.options(request_timeout=JOB_SECONDS)
        self.resting_until = 0.0

    @property
    def is_resting(self) -> bool:
        """Whether it failed lately and is left alone."""
        return time.monotonic() < self.resting_until

    def rest(self, error: Exception) -> None:
        """Leave it alone for a while after a failure."""
        self.resting_until = time.monotonic() + REST_SECONDS
        logger.warning("Elasticsearch does not answer; the embedded index does: %r", error)

    def find(self, collection: Collection, lookup: Lookup, limit: int) -> Sequence[int]:
        """Return the ids of at most `limit` documents, the greatest first. Raises FAILURES."""
        answer = self.client.search(
            index=alias_of(collection),
            query=_query(lookup),
            sort=[{"id": "desc"}],
            size=limit,
            source=False,
            track_total_hits=False,
        )
        return _ids(answer)

    def put(
        self,
        collection: Collection,
        entries: Iterable[Entry],
        *,
        index: str | None = None,
        read_at: int | None = None,
    ) -> None:
        """Add documents, or replace those with the same ids. Raises FAILURES.

        `read_at` says when they were read (`moment()`): what was read later is not overwritten.
        """
        name, version = index or alias_of(collection), _version(read_at)
        actions = (
            {"_index": name, "_id": str(entry.id), "_source": _body(entry)} | version
            for entry in entries
        )
        self._bulk(actions)

    def remove(
        self, collection: Collection, ids: Iterable[int], *, read_at: int | None = None
    ) -> None:
        """Remove documents; ids that are not there do no harm."""
        target = {"_op_type": "delete", "_index": alias_of(collection)} | _version(read_at)
        self._bulk(target | {"_id": str(document_id)} for document_id in ids)

    def _bulk(self, actions: Iterable[dict[str, Any]]) -> None:
        _count, errors = bulk(self.patient, actions, raise_on_error=False)
        # What is gone already, or newer than what we had.
        harmless = {("delete", NOT_FOUND), ("delete", CONFLICT), ("index", CONFLICT)}
        answers = ((action, answer) for error in errors for action, answer in error.items())
        real = [each for action, each in answers if (action, each["status"]) not in harmless]
        if real:
            raise BulkIndexError(f"{len(real)} documents were refused", real)

    def ids(self, collection: Collection, above: int, limit: int) -> Sequence[int]:
        """Return the least ids greater than `above`, in order, of all that was written so far."""
        if above == 0:
            self.refresh()
        answer = self.patient.search(
            index=alias_of(collection),
            query={"range": {"id": {"gt": above}}},
            sort=[{"id": "asc"}],
            size=limit,
            source=False,
            track_total_hits=False,
        )
        return _ids(answer)

    def begin(self, collection: Collection) -> str:
        """Make a new, empty index beside the live one and return its name."""
        index = f"{alias_of(collection)}-{time.time_ns()}"
        self.patient.indices.create(index=index, settings=SETTINGS, mappings=MAPPINGS)
        return index

    def swap(self, collection: Collection, index: str) -> None:
        """Let an index be the live one, and delete the others."""
        alias = alias_of(collection)
        self.patient.indices.refresh(index=index)
        try:
            old = list(self.patient.indices.get_alias(name=alias).keys())
        except NotFoundError:
            old = []
        actions: list[dict[str, Any]] = [{"add": {"index": index, "alias": alias}}]
        actions += [{"remove": {"index": name, "alias": alias}} for name in old if name != index]
        self.patient.indices.update_aliases(actions=actions)
        # Also what is left of a rebuild that broke off.
        for name in self.patient.indices.get(index=f"{alias}-*"):
            if name != index:
                self.patient.indices.delete(index=name)

    def is_built(self) -> bool:
        """Tell whether it has an index of every collection, made by a rebuild. Raises FAILURES."""
        exists = self.patient.indices.exists_alias
        return all(exists(name=alias_of(collection)) for collection in Collection)

    def refresh(self) -> None:
        """Let what was written be found at once."""
        names = ",".join(alias_of(name) for name in Collection)
        self.patient.indices.refresh(index=names, ignore_unavailable=True)


def init_app(app: Flask) -> None:
    """Bind the server that the settings name, if they name one."""
    url = app.config["ELASTICSEARCH_URL"]
    app.extensions["search"] = ElasticEngine(url) if url else None


def moment() -> int:
    """Return the present as a version of documents, in microseconds."""
    return time.time_ns() // 1000


def elastic() -> ElasticEngine | None:
    """Return the Elasticsearch that the settings name, or None."""
    return current_app.extensions["search"]


def alias_of(collection: Collection) -> str:
    """Return the name under which a collection is asked."""
    return f"microblog-{collection}"


def _query(lookup: Lookup) -> dict[str, Any]:
    bounds = {"range": {"id": {"gt": lookup.above, "lt": lookup.below}}}
    return {
        "bool": {
            "filter": [bounds, *(_clause(phrase) for phrase in lookup.required)],
            "must_not": [_clause(phrase) for phrase in lookup.excluded],
        }
    }


def _clause(phrase: Phrase) -> dict[str, Any]:
    text = " ".join(phrase.terms)
    if len(phrase.terms) == 1:
        return {"prefix" if phrase.is_prefix else "term": {"terms": {"value": text}}}
    return {"match_phrase": {"terms": text}}


def _ids(answer: Any) -> list[int]:
    try:
        return [int(hit["_id"]) for hit in answer["hits"]["hits"]]
    except (KeyError, TypeError, ValueError) as error:
        raise TransportError(f"this is no answer to a search: {error!r}") from error


def _version(read_at: int | None) -> dict[str, Any]:
    return {} if read_at is None else {"_version": read_at, "_version_type": "external_gte"}


def _body(entry: Entry) -> dict[str, Any]:
    return {"id": entry.id, "terms": entry.terms}
