"""Answers for load balancers and monitors: is the process alive, can it serve people."""

from alembic.runtime.migration import MigrationContext
from flask import Response, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.clock import utcnow
from app.database import older_revisions
from app.extensions import db, limiter
from app.jobs.queries import Backlog, backlog
from app.main import bp


@bp.get("/healthz")
@limiter.exempt
def healthz() -> ResponseReturnValue:
    """Alive: the process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@limiter.exempt
def readyz() -> ResponseReturnValue:
    """Ready: the database is reachable and migrated. Says when work waits."""
    try:
        revision = MigrationContext.configure(db.session.connection()).get_current_revision()
    except SQLAlchemyError:
        current_app.logger.exception("Not ready: the database does not answer")
        return Response("database unreachable\n", 503, mimetype="text/plain")
    if revision is None or revision in older_revisions():
        return Response("migrations pending\n", 503, mimetype="text/plain")
    return Response(f"ready\n{_describe(backlog(public=True))}", mimetype="text/plain")


def _describe(work: Backlog) -> str:
    """Return lines about work that waits or failed; pages can be served all the same."""
    lines = []
    if work.oldest is not None and work.is_late:
        seconds = round((utcnow() - work.oldest).total_seconds())
        lines.append(f"jobs waiting: {work.due}, the first for {seconds} s\n")
    if work.retried:
        lines.append(f"jobs tried in vain so far: {work.retried}\n")
    if work.failed:
        lines.append(f"jobs failed: {work.failed}\n")
    return "".join(lines)
