"""A member's page, and the form that changes what it says."""

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from app.accounts import actions
from app.extensions import db
from app.main import bp
from app.main.forms.settings import ProfileForm
from app.main.lookups import form_status, person_or_404
from app.main.routes.timelines import page_key
from app.posts.marks import marks_of
from app.relationships.queries import standing
from app.timelines import queries as timelines

TABS = ("posts", "replies")


@bp.get("/user/<username>")
def user(username: str) -> ResponseReturnValue:
    """Show who somebody is and what they wrote; of whom one has blocked, just who they are."""
    tab, key = request.args.get("tab", TABS[0]), page_key()
    if tab not in TABS:
        abort(404)
    person = person_or_404(username, even_blocked=True)
    between = standing(current_user, person)
    page = None
    if not between.has_blocked:
        page = timelines.profile(person, current_user, key, with_replies=tab == "replies")
    return render_template(
        "profiles/user.html",
        user=person,
        page=page,
        tab=tab,
        marks=marks_of(current_user, page.items if page else []),
        canonical_url=current_app.config["PUBLIC_URL"]
        + url_for("main.user", username=person.username),
        standing=between,
    )


@bp.get("/user/<username>/popup")
def user_popup(username: str) -> ResponseReturnValue:
    """Show in a few lines who somebody is: a part of a page, for `behaviors/hover-cards.js`."""
    person = person_or_404(username)
    return render_template(
        "profiles/popup.html", user=person, standing=standing(current_user, person)
    )


@bp.route("/edit_profile", methods=["GET", "POST"])
@login_required
def edit_profile() -> ResponseReturnValue:
    """Change what one says about oneself."""
    form = ProfileForm(obj=current_user)
    if form.validate_on_submit():
        actions.edit_profile(
            current_user,
            display_name=form.display_name.data,
            about_me=form.about_me.data,
            location=form.location.data,
            website=form.website.data,
        )
        db.session.commit()
        flash(_("Your changes are saved."), "success")
        return redirect(url_for("main.user", username=current_user.username))
    return render_template("profiles/edit.html", form=form), form_status(form)
