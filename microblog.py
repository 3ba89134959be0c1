"""The entry point: `microblog:app` for gunicorn and `flask`, `microblog:celery` for workers."""

import sqlalchemy as sa

from app import create_app, models
from app.extensions import db

app = create_app()
celery = app.extensions["celery"]


@app.shell_context_processor
def shell_names() -> dict[str, object]:
    """Put the database and every model at hand in `flask shell`."""
    return {"sa": sa, "db": db} | {name: getattr(models, name) for name in models.__all__}
