"""Blocking people, and the list of those whom one has blocked."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from app import ratelimit
from app.extensions import db, limiter
from app.forms import ConfirmForm
from app.main import bp
from app.main.lookups import back_to, other_person_or_404
from app.main.routes.timelines import page_key
from app.pagination import read_page
from app.relationships import blocks
from app.relationships.models import Block
from app.relationships.queries import blocked_by


@bp.route("/block/<username>", methods=["GET", "POST"])
@login_required
@limiter.limit(ratelimit.BLOCK, methods=["POST"], key_func=ratelimit.member)
def block(username: str) -> ResponseReturnValue:
    """Ask, then block somebody."""
    person = other_person_or_404(username, even_blocked=True)
    if request.method == "POST":
        if blocks.block(current_user, person):
            db.session.commit()
            flash(_("You have blocked %(name)s.", name=person.name), "success")
        # Not back to where they were: that may have been a post which they see no longer.
        return redirect(url_for("main.user", username=person.username))
    return render_template("profiles/block.html", form=ConfirmForm(), user=person)


@bp.post("/unblock/<username>")
@login_required
@limiter.limit(ratelimit.BLOCK, key_func=ratelimit.member)
def unblock(username: str) -> ResponseReturnValue:
    """Undo a block."""
    person = other_person_or_404(username, even_blocked=True)
    if blocks.unblock(current_user, person):
        db.session.commit()
        flash(_("%(name)s is no longer blocked.", name=person.name), "success")
    return back_to("main.user", username=person.username)


@bp.get("/settings/blocked")
@login_required
def blocked() -> ResponseReturnValue:
    """List whom one has blocked, the latest first."""
    page = read_page(blocked_by(current_user), Block.id, page_key())
    return render_template("settings/blocked.html", page=page)
