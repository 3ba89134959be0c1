"""Muting people, and the list of those whom one has muted."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from app import ratelimit
from app.extensions import db, limiter
from app.main import bp
from app.main.forms.relationships import MuteForm
from app.main.lookups import back_to, form_status, other_person_or_404
from app.main.routes.timelines import page_key
from app.pagination import read_page
from app.relationships import mutes
from app.relationships.limits import MUTE_DURATIONS
from app.relationships.models import Mute
from app.relationships.queries import muted_by


@bp.route("/mute/<username>", methods=["GET", "POST"])
@login_required
@limiter.limit(ratelimit.BLOCK, methods=["POST"], key_func=ratelimit.member)
def mute(username: str) -> ResponseReturnValue:
    """Ask for how long, then mute somebody."""
    person = other_person_or_404(username)
    form = MuteForm()
    if form.validate_on_submit():
        if mutes.mute(current_user, person, MUTE_DURATIONS[form.duration.data]):
            db.session.commit()
            flash(_("You have muted %(name)s.", name=person.name), "success")
        return back_to("main.user", username=person.username)
    return render_template("profiles/mute.html", form=form, user=person), form_status(form)


@bp.post("/unmute/<username>")
@login_required
@limiter.limit(ratelimit.BLOCK, key_func=ratelimit.member)
def unmute(username: str) -> ResponseReturnValue:
    """Undo a mute."""
    person = other_person_or_404(username)
    if mutes.unmute(current_user, person):
        db.session.commit()
        flash(_("%(name)s is no longer muted.", name=person.name), "success")
    return back_to("main.user", username=person.username)


@bp.get("/settings/muted")
@login_required
def muted() -> ResponseReturnValue:
    """List whom one has muted, and until when, the latest first."""
    page = read_page(muted_by(current_user), Mute.id, page_key())
    return render_template("settings/muted.html", page=page)
