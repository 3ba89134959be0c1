"""One post: writing it, reading it, changing it, deleting it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from app import ratelimit
from app.extensions import db, limiter
from app.forms import ConfirmForm
from app.main import bp
from app.main.forms.posts import PostForm
from app.main.lookups import form_status, own_post_or_404, post_or_404
from app.posts import actions
from app.problems import Problem


@bp.route("/write", methods=["GET", "POST"])
@login_required
@limiter.limit(ratelimit.PUBLISH, methods=["POST"], key_func=ratelimit.member)
def write() -> ResponseReturnValue:
    """Write a post."""
    form = PostForm()
    if form.validate_on_submit():
        actions.publish(current_user, form.body.data, form.form_key.data)
        db.session.commit()
        flash(_("Your post is published."), "success")
        return redirect(url_for("main.index"))
    return render_template("posts/write.html", form=form), form_status(form)


@bp.get("/post/<id:post_id>")
def post(post_id: int) -> ResponseReturnValue:
    """Show one post."""
    return render_template("posts/post.html", post=post_or_404(post_id))


@bp.route("/post/<id:post_id>/edit", methods=["GET", "POST"])
@login_required
@limiter.limit(ratelimit.PUBLISH, methods=["POST"], key_func=ratelimit.member)
def edit_post(post_id: int) -> ResponseReturnValue:
    """Change the text of one's own post."""
    post = own_post_or_404(post_id)
    form = PostForm(obj=post)
    if form.validate_on_submit():
        try:
            actions.edit(post, form.body.data)
        except Problem as problem:
            form.body.errors = [str(problem)]
        else:
            db.session.commit()
            flash(_("Your changes are saved."), "success")
            return redirect(url_for("main.post", post_id=post_id))
    return render_template("posts/edit.html", form=form, post=post), form_status(form)


@bp.route("/post/<id:post_id>/delete", methods=["GET", "POST"])
@login_required
def delete_post(post_id: int) -> ResponseReturnValue:
    """Ask, then delete one's own post."""
    post = own_post_or_404(post_id)
    if request.method == "POST":
        actions.delete(post)
        db.session.commit()
        flash(_("Your post is deleted."), "success")
        return redirect(url_for("main.user", username=current_user.username))
    return render_template("posts/delete.html", form=ConfirmForm(), post=post)
