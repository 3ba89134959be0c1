"""`flask posts`: what members wrote."""

from typing import Any

import click
from flask.cli import with_appcontext

from app.database import end_read
from app.extensions import db
from app.ids import MAX_ID
from app.posts import actions
from app.posts.models import Post


@click.group()
def posts() -> None:
    """Posts."""


@posts.command()
@click.argument("post_id", type=click.IntRange(0, MAX_ID))
@click.option("--yes", is_flag=True, help="Delete it without asking.")
@with_appcontext
def delete(post_id: int, yes: bool) -> None:
    """Delete a post; its number stands in its address."""
    post = _post_or_error(post_id)
    author = post.author.username
    if not yes:
        click.echo(f"{author} wrote: {post.subject.body}")
        end_read(db.session)  # nothing is held while somebody thinks
        click.confirm("Delete the post for good?", abort=True)
    actions.delete(_post_or_error(post_id, with_for_update={"of": Post}))
    db.session.commit()
    click.echo(f"Deleted a post by {author}.")


def _post_or_error(post_id: int, **options: Any) -> Post:
    post = db.session.get(Post, post_id, **options)
    if post is None:
        raise click.ClickException(f"There is no post {post_id}.")
    return post
