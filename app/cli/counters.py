"""`flask counters`: the numbers that pages show."""

import click
from flask.cli import with_appcontext

from app.extensions import db
from app.messages.actions import recount as recount_messages
from app.posts.counters import recount as recount_posts
from app.relationships.actions import recount as recount_follows


@click.group()
def counters() -> None:
    """Counts of posts, of what is done with them, of followers and of unread messages."""


@counters.command()
@with_appcontext
def repair() -> None:
    """Compare every counter with the rows it counts, and mend those that are wrong."""
    mended = recount_posts() + recount_follows() + recount_messages()
    db.session.commit()
    click.echo(f"Mended {mended} counters." if mended else "All counters are right.")
