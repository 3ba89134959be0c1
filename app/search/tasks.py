"""Jobs about search: telling Elasticsearch what changed, and building an index in the background.

Each reads what is so now, not what was so when it was asked for; so they may come late, twice, or
in another order. While Elasticsearch is away they wait and are tried again.
"""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from app.database import begin_read
from app.extensions import db
from app.jobs.models import Job
from app.jobs.tasks import Drop, Retry, task
from app.jobs.worker import report
from app.search import upkeep
from app.search.documents import author_mark, mark
from app.search.elastic import FAILURES, ElasticEngine, elastic, moment
from app.search.engine import Collection, Lookup
from app.search.sources import SOURCES

PORTION = 1000


@task("search.rebuild")
def rebuild(job: Job) -> None:
    """Build every index anew, in the background."""
    total = sum(source.count() for source in SOURCES.values())
    db.session.rollback()
    try:
        upkeep.rebuild(lambda done: report(job, done, total))
    except upkeep.Superseded as reason:
        raise Drop(str(reason)) from reason
    if elastic() is not None:
        rebuild_server.ask()


@task("search.rebuild_server", attempts=200)
def rebuild_server(job: Job) -> None:
    """Build Elasticsearch's indexes anew, in the background."""
    server = elastic()
    if server is None:
        raise Drop("ELASTICSEARCH_URL is no longer set")
    total = sum(source.count() for source in SOURCES.values())
    db.session.rollback()
    try:
        upkeep.rebuild_server(server, lambda done: report(job, done, total))
    except FAILURES as error:
        raise Retry(f"Elasticsearch: {error}") from error


@task("search.build_what_is_missing", every=timedelta(minutes=10))
def build_what_is_missing(_job: Job) -> None:
    """Have Elasticsearch's indexes built, where a server is new here."""
    server = elastic()
    if server is not None and not server.is_resting and not _is_built(server):
        with suppress(IntegrityError), db.session.begin_nested():
            rebuild_server.ask(unique_key="rebuild server")


@task("search.sync_post", attempts=200)
def sync_post(job: Job) -> None:
    """Bring one post up to date in Elasticsearch."""
    _sync(Collection.POSTS, job.subject_id)


@task("search.sync_member", attempts=200)
def sync_member(job: Job) -> None:
    """Bring one member up to date in Elasticsearch."""
    _sync(Collection.PEOPLE, job.subject_id)


@task("search.forget_posts_of", attempts=200)
def forget_posts_of(job: Job) -> None:
    """Remove everything from Elasticsearch that a member who is gone wrote."""
    server = _server()
    written = Lookup((mark(author_mark(job.subject_id)),))
    try:
        server.refresh()
        while ids := server.find(Collection.POSTS, written, PORTION):
            server.remove(Collection.POSTS, ids)
            server.refresh()
    except FAILURES as error:
        raise Retry(f"Elasticsearch: {error}") from error


def _sync(collection: Collection, row_id: int) -> None:
    server, read_at = _server(), moment()
    begin_read(db.session)
    entries = SOURCES[collection].entries([row_id])
    db.session.rollback()
    try:
        if entries:
            server.put(collection, entries, read_at=read_at)
        else:
            server.remove(collection, [row_id], read_at=read_at)
    except FAILURES as error:
        server.rest(error)
        raise Retry(f"Elasticsearch: {error}") from error


def _server() -> ElasticEngine:
    """Return the server, if it has its indexes and is to be asked just now."""
    server = elastic()
    if server is None:
        raise Drop("ELASTICSEARCH_URL is no longer set")
    if server.is_resting:
        raise Retry("Elasticsearch did not answer a moment ago")
    if not _is_built(server):
        raise Retry("Elasticsearch has no index yet")
    return server


def _is_built(server: ElasticEngine) -> bool:
    try:
        return server.is_built()
    except FAILURES as error:
        server.rest(error)
        raise Retry(f"Elasticsearch: {error}") from error
