"""Bookmarks: the buttons, and one's own page of them."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from app import ratelimit
from app.extensions import db, limiter
from app.main import bp
from app.main.lookups import back_to, post_or_404
from app.main.routes.timelines import page_key
from app.pagination import read_page
from app.posts import bookmarks as actions
from app.posts.marks import marks_of
from app.posts.models import Bookmark


@bp.post("/post/<id:post_id>/bookmark")
@login_required
@limiter.limit(ratelimit.REACT, key_func=ratelimit.member)
def bookmark(post_id: int) -> ResponseReturnValue:
    """Keep a post to find it again."""
    if actions.bookmark(current_user, post_or_404(post_id)):
        db.session.commit()
    return back_to("main.post", post_id=post_id)


@bp.post("/post/<id:post_id>/unbookmark")
@login_required
@limiter.limit(ratelimit.REACT, key_func=ratelimit.member)
def unbookmark(post_id: int) -> ResponseReturnValue:
    """Keep a post no longer."""
    if actions.unbookmark(current_user, post_or_404(post_id)):
        db.session.commit()
    return back_to("main.post", post_id=post_id)


@bp.get("/bookmarks")
@login_required
def bookmarks() -> ResponseReturnValue:
    """Show the posts that one has kept, the latest kept first."""
    page = read_page(actions.bookmarked_by(current_user), Bookmark.id, page_key())
    marks = marks_of(current_user, page.items)
    return render_template("posts/bookmarks.html", page=page, marks=marks)
