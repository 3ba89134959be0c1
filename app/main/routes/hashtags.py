"""Hashtags: the page of each, and which ones one follows."""

from flask import abort, current_app, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from app import ratelimit
from app.extensions import db, limiter
from app.main import bp
from app.main.lookups import back_to
from app.main.routes.timelines import page_key
from app.pagination import read_page
from app.posts import hashtags
from app.posts.marks import marks_of
from app.posts.models import Tagging
from app.problems import Problem
from app.text import marks
from app.text.clean import one_line
from app.text.marks import Mark


@bp.get("/tag/<name>")
def hashtag(name: str) -> ResponseReturnValue:
    """Show the posts with a hashtag."""
    mark = _hashtag_or_404(name)
    page = read_page(hashtags.posts_with(mark, current_user), Tagging.post_id, page_key())
    return render_template(
        "timelines/hashtag.html",
        name=mark.word,
        page=page,
        marks=marks_of(current_user, page.items),
        canonical_url=current_app.config["PUBLIC_URL"]
        + url_for("main.hashtag", name=mark.word.lower()),
        is_following=current_user.is_authenticated and hashtags.follows_hashtag(current_user, mark),
    )


@bp.post("/tag/<name>/follow")
@login_required
@limiter.limit(ratelimit.FOLLOW, key_func=ratelimit.member)
def follow_hashtag(name: str) -> ResponseReturnValue:
    """Follow a hashtag."""
    mark = _hashtag_or_404(name)
    try:
        if hashtags.follow_hashtag(current_user, mark):
            db.session.commit()
            flash(_("You follow #%(name)s.", name=mark.word), "success")
    except Problem as problem:
        flash(str(problem), "error")
    return back_to("main.hashtag", name=mark.word)


@bp.post("/tag/<name>/unfollow")
@login_required
@limiter.limit(ratelimit.FOLLOW, key_func=ratelimit.member)
def unfollow_hashtag(name: str) -> ResponseReturnValue:
    """Stop following a hashtag."""
    mark = _hashtag_or_404(name)
    if hashtags.unfollow_hashtag(current_user, mark):
        db.session.commit()
        flash(_("You no longer follow #%(name)s.", name=mark.word), "success")
    return back_to("main.hashtag", name=mark.word)


@bp.get("/settings/hashtags")
@login_required
def followed_hashtags() -> ResponseReturnValue:
    """List the hashtags that one follows: few enough for one page."""
    followed = hashtags.hashtags_followed_by(current_user)
    return render_template("settings/hashtags.html", hashtags=followed)


def _hashtag_or_404(name: str) -> Mark:
    return marks.hashtag(one_line(name)) or abort(404)
