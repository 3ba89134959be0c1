"""Liking posts: the buttons, and who likes one."""

from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from app import ratelimit
from app.extensions import db, limiter
from app.main import bp
from app.main.lookups import back_to, post_or_404
from app.main.routes.posts import people_page
from app.posts import likes as actions
from app.posts.models import Like


@bp.post("/post/<id:post_id>/like")
@login_required
@limiter.limit(ratelimit.REACT, key_func=ratelimit.member)
def like(post_id: int) -> ResponseReturnValue:
    """Like a post."""
    if actions.like(current_user, post_or_404(post_id)):
        db.session.commit()
    return back_to("main.post", post_id=post_id)


@bp.post("/post/<id:post_id>/unlike")
@login_required
@limiter.limit(ratelimit.REACT, key_func=ratelimit.member)
def unlike(post_id: int) -> ResponseReturnValue:
    """Like a post no longer."""
    if actions.unlike(current_user, post_or_404(post_id)):
        db.session.commit()
    return back_to("main.post", post_id=post_id)


@bp.get("/post/<id:post_id>/likes")
def likes(post_id: int) -> ResponseReturnValue:
    """List who likes a post."""
    post = post_or_404(post_id)
    return people_page(post, "likes", actions.likers_of(post, current_user), Like.id)
