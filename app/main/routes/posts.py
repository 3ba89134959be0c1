"""One post: writing it, reading it in its conversation, answering, changing it, deleting it."""

from typing import Any

import sqlalchemy as sa
from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from app import ratelimit
from app.accounts.models import User
from app.extensions import db, limiter
from app.forms import ConfirmForm
from app.ids import MAX_ID
from app.main import bp
from app.main.forms.posts import PostForm
from app.main.lookups import (
    entry_or_404,
    form_status,
    own_post_or_404,
    post_or_404,
    tell_published,
)
from app.main.routes.timelines import page_key
from app.pagination import read_page
from app.posts import actions
from app.posts.conversations import LEVELS_SHOWN, conversation_of
from app.posts.marks import marks_of
from app.posts.models import Post
from app.posts.queries import visible_to
from app.problems import Problem
from app.relationships.queries import followed_among
from app.text.clean import paragraphs


@bp.route("/write", methods=["GET", "POST"])
@login_required
@limiter.limit(ratelimit.PUBLISH, methods=["POST"], key_func=ratelimit.member)
def write() -> ResponseReturnValue:
    """Write a post; the address may bring how it begins: `?text=%23hashtag`."""
    begun = paragraphs(request.args.get("text", ""))
    form = PostForm(body=begun)
    if form.validate_on_submit():
        actions.publish(current_user, form.body.data, form.form_key.data)
        db.session.commit()
        tell_published(form, _("Your post is published."))
        return redirect(url_for("main.index"))
    return render_template("posts/write.html", form=form, begun=begun), form_status(form)


@bp.get("/post/<id:post_id>")
def post(post_id: int) -> ResponseReturnValue:
    """Show one post: what it answers above it, what was answered to it below."""
    post = entry_or_404(post_id)
    if post.repost_of_id is not None:
        return redirect(url_for("main.post", post_id=post.repost_of_id))
    size = current_app.config["POSTS_PER_PAGE"]
    conversation = conversation_of(post, current_user, _reply_key(), size)
    return render_template(
        "posts/post.html",
        post=post,
        conversation=conversation,
        marks=marks_of(current_user, [post, *conversation.posts]),
        # A form has a token, and with one the page would not be the same for every visitor.
        form=PostForm() if current_user.is_authenticated else None,
    )


@bp.get("/post/<id:post_id>/card")
@login_required
def post_card(post_id: int) -> ResponseReturnValue:
    """Show nothing but what can be done with a post, for the script that has just done it."""
    post = post_or_404(post_id)
    return render_template("posts/card.html", post=post, marks=marks_of(current_user, [post]))


@bp.route("/post/<id:post_id>/reply", methods=["GET", "POST"])
@login_required
@limiter.limit(ratelimit.PUBLISH, methods=["POST"], key_func=ratelimit.member)
def reply(post_id: int) -> ResponseReturnValue:
    """Answer a post."""
    parent, form = post_or_404(post_id), PostForm()
    if form.validate_on_submit():
        try:
            reply = actions.publish(current_user, form.body.data, form.form_key.data, parent=parent)
        except Problem as problem:
            form.body.errors = [str(problem)]
        else:
            db.session.commit()
            tell_published(form, _("Your reply is published."))
            return redirect(url_for("main.post", post_id=reply.id, _anchor=f"post-{reply.id}"))
    return render_template("posts/reply.html", form=form, parent=parent), form_status(form)


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
            tell_published(form, _("Your changes are saved."))
            return redirect(url_for("main.post", post_id=post_id))
    return render_template("posts/edit.html", form=form, post=post), form_status(form)


@bp.route("/post/<id:post_id>/delete", methods=["GET", "POST"])
@login_required
def delete_post(post_id: int) -> ResponseReturnValue:
    """Ask, then delete one's own post; the way leads on to what it answered, if there is that."""
    post = own_post_or_404(post_id)
    if request.method == "POST":
        answered = None
        if post.parent_id is not None:
            answered = db.session.scalar(visible_to(current_user).where(Post.id == post.parent_id))
        actions.delete(post)
        db.session.commit()
        flash(_("Your post is deleted."), "success")
        if answered is not None:
            return redirect(url_for("main.post", post_id=answered.id))
        return redirect(url_for("main.user", username=current_user.username))
    return render_template("posts/delete.html", form=ConfirmForm(), post=post)


def people_page(
    post: Post, kind: str, query: sa.Select[tuple[User]], column: Any
) -> ResponseReturnValue:
    """Show who did something with a post; `column` is what their list is paged by."""
    page = read_page(query, column, page_key())
    ids = [item.id for item in page.items]
    following_ids = followed_among(current_user, ids) if current_user.is_authenticated else set()
    return render_template(
        "posts/people.html", post=post, page=page, kind=kind, following_ids=following_ids
    )


def _reply_key() -> list[int]:
    """Return where the page of replies begins that the address asks for: `?after=12-34`."""
    texts = request.args.getlist("after")
    if not texts:
        return []
    ids = texts[0].split("-")
    if len(texts) > 1 or len(ids) > LEVELS_SHOWN or not all(map(_is_id, ids)):
        abort(404)
    return [int(text) for text in ids]


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= MAX_ID
