"""Passing posts on: the buttons, and who passed one on."""

from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from app import ratelimit
from app.extensions import db, limiter
from app.main import bp
from app.main.lookups import back_to, post_or_404
from app.main.routes.posts import people_page
from app.posts import reposts as actions
from app.posts.models import Post


@bp.post("/post/<id:post_id>/repost")
@login_required
@limiter.limit(ratelimit.REACT, key_func=ratelimit.member)
def repost(post_id: int) -> ResponseReturnValue:
    """Pass a post on to one's followers."""
    if actions.repost(current_user, post_or_404(post_id)):
        db.session.commit()
    return back_to("main.post", post_id=post_id)


@bp.post("/post/<id:post_id>/unrepost")
@login_required
@limiter.limit(ratelimit.REACT, key_func=ratelimit.member)
def unrepost(post_id: int) -> ResponseReturnValue:
    """Pass a post on no longer."""
    if actions.unrepost(current_user, post_or_404(post_id)):
        db.session.commit()
    return back_to("main.post", post_id=post_id)


@bp.get("/post/<id:post_id>/reposts")
def reposts(post_id: int) -> ResponseReturnValue:
    """List who passed a post on."""
    post = post_or_404(post_id)
    return people_page(post, "reposts", actions.reposters_of(post, current_user), Post.author_id)
