"""`flask posts`: what members wrote."""

import click
from flask.cli import with_appcontext

from app.extensions import db
from app.ids import MAX_ID
from app.posts import actions
from app.posts.models import Post


@click.group()
def posts() -> None:
    """Posts."""


@posts.command()
@click.argument("post_id", type=click.IntRange(0, MAX_ID))
@click.confirmation_option(prompt="Delete the post for good?")
@with_appcontext
def delete(post_id: int) -> None:
    """Delete a post; its number stands in its address."""
    post = db.session.get(Post, post_id)
    # A repost is no post: it goes with the one that it passes on, or is taken back.
    if post is None or post.repost_of_id is not None:
        raise click.ClickException(f"There is no post {post_id}.")
    author = post.author.username
    actions.delete(post)
    db.session.commit()
    click.echo(f"Deleted a post by {author}.")
