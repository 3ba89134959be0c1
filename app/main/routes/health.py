"""Answers for load balancers and monitors: is the process alive, can it serve people."""

from alembic.runtime.migration import MigrationContext
from flask import Response, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.database import newest_revision
from app.extensions import db, limiter
from app.main import bp


@bp.get("/healthz")
@limiter.exempt
def healthz() -> ResponseReturnValue:
    """Alive: the process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@limiter.exempt
def readyz() -> ResponseReturnValue:
    """Ready: the database is reachable and its migrations are at head."""
    try:
        revision = MigrationContext.configure(db.session.connection()).get_current_revision()
    except SQLAlchemyError:
        current_app.logger.exception("Not ready: the database does not answer")
        return Response("database unreachable\n", 503, mimetype="text/plain")
    if revision != newest_revision():
        return Response("migrations pending\n", 503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")
