"""Following: the buttons and the lists."""

import sqlalchemy as sa
from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from app import ratelimit
from app.accounts.models import User
from app.extensions import db, limiter
from app.main import bp
from app.main.lookups import back_to, person_or_404
from app.main.routes.timelines import page_key
from app.pagination import read_page
from app.relationships import actions
from app.relationships.models import Follow
from app.relationships.queries import followed_among, followed_by, followers_of


@bp.post("/follow/<username>")
@login_required
@limiter.limit(ratelimit.FOLLOW, key_func=ratelimit.member)
def follow(username: str) -> ResponseReturnValue:
    """Follow somebody."""
    person = person_or_404(username)
    if actions.follow(current_user, person):
        db.session.commit()
        flash(_("You follow %(name)s.", name=person.name), "success")
    return back_to("main.user", username=person.username)


@bp.post("/unfollow/<username>")
@login_required
@limiter.limit(ratelimit.FOLLOW, key_func=ratelimit.member)
def unfollow(username: str) -> ResponseReturnValue:
    """Stop following somebody."""
    person = person_or_404(username)
    if actions.unfollow(current_user, person):
        db.session.commit()
        flash(_("You no longer follow %(name)s.", name=person.name), "success")
    return back_to("main.user", username=person.username)


@bp.get("/user/<username>/followers")
def followers(username: str) -> ResponseReturnValue:
    """List who follows somebody."""
    person = person_or_404(username)
    return _people(person, "followers", followers_of(person, current_user))


@bp.get("/user/<username>/following")
def following(username: str) -> ResponseReturnValue:
    """List whom somebody follows."""
    person = person_or_404(username)
    return _people(person, "following", followed_by(person, current_user))


def _people(person: User, kind: str, query: sa.Select[tuple[User]]) -> ResponseReturnValue:
    page = read_page(query, Follow.id, page_key())
    ids = [item.id for item in page.items]
    following_ids = followed_among(current_user, ids) if current_user.is_authenticated else set()
    return render_template(
        "profiles/people.html", user=person, page=page, kind=kind, following_ids=following_ids
    )
