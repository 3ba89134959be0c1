"""What several views begin or end with."""

from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug import Response

from app.accounts.models import User
from app.accounts.names import is_well_formed, username_key
from app.extensions import db
from app.forms import Form
from app.main.forms.messages import MessageForm
from app.main.forms.posts import PostForm
from app.posts.models import Post
from app.posts.queries import entries_for, visible_to
from app.relationships.queries import id_of, in_reach, in_sight
from app.security import local_path

# Of the key of a form; nobody's cookie grows with what else was sent in its place.
KEY_LENGTH = 32


def one_or_404(query: sa.Select[Any]) -> Any:
    """Return the only row of a query; what the viewer may not see does not exist."""
    found = db.session.scalar(query)
    if found is None:
        abort(404)
    return found


def person_or_404(username: str, *, even_blocked: bool = False) -> User:
    """Return a member whom the viewer may see.

    `even_blocked`: also one whom the viewer has blocked, and only for that reason does not see.
    """
    if not is_well_formed(username):
        abort(404)
    may_see = (in_reach if even_blocked else in_sight)(id_of(current_user))
    return one_or_404(sa.select(User).where(may_see, User.username_key == username_key(username)))


def other_person_or_404(username: str, *, even_blocked: bool = False) -> User:
    """Return a member like `person_or_404`, unless it is the viewer."""
    person = person_or_404(username, even_blocked=even_blocked)
    if person.id == current_user.id:
        abort(404)
    return person


def post_or_404(post_id: int) -> Post:
    """Return a post that the viewer may see."""
    return one_or_404(visible_to(current_user).where(Post.id == post_id))


def entry_or_404(post_id: int) -> Post:
    """Return a post, or the repost of one, that the viewer may see."""
    return one_or_404(entries_for(current_user).where(Post.id == post_id))


def own_post_or_404(post_id: int) -> Post:
    """Return a post that the viewer wrote.

    Not locked, even if it is about to be changed: members come before posts (`posts.actions`).
    """
    query = visible_to(current_user).where(Post.id == post_id, Post.author_id == current_user.id)
    return one_or_404(query)


def back_to(endpoint: str, **values: Any) -> Response:
    """Send people back to the page that they came from, or to `endpoint`."""
    return redirect(local_path(request.form.get("next")) or url_for(endpoint, **values))


def tell_published(form: PostForm | MessageForm, text: str) -> None:
    """Say that what a form sent is there for good, and which form: its draft may be forgotten."""
    flash(text, "success")
    flash(form.form_key.data[:KEY_LENGTH], "published")


def form_status(form: Form) -> int:
    """Return the status of a page with a form: 422 when it comes back with messages."""
    return 422 if form.errors else 200
