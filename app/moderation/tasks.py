"""Jobs about leaving: the messages, and the removal when the time has come."""

from contextlib import suppress
from datetime import timedelta

import sqlalchemy as sa
from babel.dates import format_date
from sqlalchemy.exc import IntegrityError

from app import email
from app.accounts.models import User
from app.accounts.tasks import member
from app.clock import utcnow
from app.extensions import db
from app.jobs.models import Job
from app.jobs.tasks import PATIENT, Drop, GiveUp, Retry, task
from app.jobs.worker import report
from app.moderation.actions import delete_account
from app.posts.models import Bookmark, Like, Post

# Posts are removed in portions, so that nobody waits for a very long transaction.
PORTION = 1000
# What others did with a post goes with it, and may be far more than there are posts.
BELONGINGS = ((Like, Like.post_id), (Bookmark, Bookmark.post_id), (Post, Post.repost_of_id))
# A farewell is worth so many attempts; then the account goes without.
FAREWELL_ATTEMPTS = 5


@task("moderation.tell_deletion_scheduled", **PATIENT)
def tell_deletion_scheduled(job: Job) -> None:
    """Tell a member until when they can come back."""
    user = member(job)
    if user.deletion_due_at is None:
        raise Drop("they came back")
    locale = email.language_for(user, job)
    date = format_date(user.deletion_due_at, "long", locale=locale)
    email.send(job, "deletion_scheduled", user, date=date, link=email.link_to("auth.login"))


@task("moderation.remove_account", attempts=30)
def remove_account(job: Job) -> None:
    """Remove a member whose time to think again is over; say good-bye before the address goes.

    May be killed anywhere: what is done stays done, and what is left is done next time. From the
    hour of `deletion_due_at` on nobody can come back any more.
    """
    while _remove_posts(job):
        pass
    _say_goodbye(job)
    delete_account(_leaver(job))


@task("moderation.look_for_leavers", every=timedelta(hours=1))
def look_for_leavers(_job: Job) -> None:
    """Ask again for removals that were forgotten: an administrator may have dropped the job."""
    due = User.deletion_due_at < utcnow() - timedelta(hours=1)
    for user in db.session.scalars(sa.select(User).where(due).limit(PORTION)).all():
        ask_for_removal(user)


def ask_for_removal(user: User) -> None:
    """Have an account removed when its time comes; asking again changes nothing."""
    with suppress(IntegrityError), db.session.begin_nested():
        key, due_at = removal_key(user.id), user.deletion_due_at
        remove_account.ask(subject_id=user.id, due_at=due_at, unique_key=key)


def removal_key(user_id: int) -> str:
    """Return the unique key of the job that removes an account."""
    return f"remove {user_id}"


def _leaver(job: Job) -> User:
    """Lock and return the member who is to be removed. Raises Drop if they came back."""
    user = db.session.get(User, job.subject_id, with_for_update=True, populate_existing=True)
    if user is None or user.deletion_due_at is None:
        raise Drop("the account is kept, or gone already")
    if user.deletion_due_at > utcnow():
        raise Retry("it is not time yet")
    return user


def _remove_posts(job: Job) -> bool:
    """Remove a portion of what a member wrote and passed on; returns False if nothing is left."""
    user = _leaver(job)
    query = sa.select(Post.id, Post.repost_of_id).where(Post.author_id == user.id).limit(PORTION)
    posts = db.session.execute(query).all()
    ids = [post.id for post in posts]
    written = 0
    if ids and not _remove_belongings(ids):
        db.session.execute(sa.delete(Post).where(Post.id.in_(ids)))
        written = sum(post.repost_of_id is None for post in posts)
        user.posts_count -= written
    done = job.progress_done + written
    report(job, done, done + user.posts_count)
    return bool(ids)


def _remove_belongings(ids: list[int]) -> bool:
    """Remove a portion of what others did with those posts; returns False if nothing is left."""
    for model, column in BELONGINGS:
        found = db.session.scalars(sa.select(model.id).where(column.in_(ids)).limit(PORTION)).all()
        if found:
            db.session.execute(sa.delete(model).where(model.id.in_(found)))
            return True
    return False


def _say_goodbye(job: Job) -> None:
    user = _leaver(job)
    try:
        email.send(job, "account_deleted", user)
    except GiveUp:
        return
    except Retry:
        if job.attempts < FAREWELL_ATTEMPTS:
            raise
    db.session.rollback()
