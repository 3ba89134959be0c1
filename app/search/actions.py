"""Keeping the indexes what they should be. Actions flush; whoever calls them commits.

The index in the database is written in the transaction of the change; rows go with the posts and
members they are about. What Elasticsearch has to know is asked for as a job, in the same
transaction.
"""

from app.accounts.models import User
from app.posts.models import Post
from app.search import tasks
from app.search.documents import person_entry, post_entry
from app.search.elastic import elastic
from app.search.embedded import embedded
from app.search.engine import Collection


def index_post(post: Post) -> None:
    """Let a post be found by its present text."""
    embedded().put(Collection.POSTS, [post_entry(post)])
    if elastic() is not None:
        tasks.sync_post.ask(subject_id=post.id)


def index_member(user: User) -> None:
    """Let a member be found by their present names."""
    embedded().put(Collection.PEOPLE, [person_entry(user)])
    if elastic() is not None:
        tasks.sync_member.ask(subject_id=user.id)


def forget_post(post_id: int) -> None:
    """Let a post that is gone be found no more."""
    if elastic() is not None:
        tasks.sync_post.ask(subject_id=post_id)


def forget_member(user_id: int) -> None:
    """Let a member who is gone, and everything they wrote, be found no more."""
    if elastic() is not None:
        tasks.sync_member.ask(subject_id=user_id)
        tasks.forget_posts_of.ask(subject_id=user_id)
