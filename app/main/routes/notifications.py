"""Notifications: the page, the numbers on the badges, and which ones are wanted."""

from flask import Response, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from app.extensions import db
from app.main import bp
from app.main.badges import unread
from app.main.forms.notifications import NotificationSettingsForm, ReadForm
from app.main.lookups import back_to, form_status
from app.main.routes.timelines import page_key
from app.notifications import actions
from app.notifications.models import Kind
from app.notifications.queries import page_of

TABS = {None: list(Kind), "mentions": [Kind.REPLY, Kind.MENTION]}


@bp.get("/notifications")
@login_required
def notifications() -> ResponseReturnValue:
    """Show what happened. That it was seen is told by the form on the page, not by opening it."""
    tab = "mentions" if request.args.get("tab") == "mentions" else None
    page = page_of(current_user, page_key(), TABS[tab])
    form = ReadForm(formdata=None, tab=tab)
    if page.is_first and page.items:
        # What comes while the page is read stays new.
        form.until.data = page.items[0].notification.latest_id
    return render_template("notifications/notifications.html", page=page, tab=tab, form=form)


@bp.post("/notifications/read")
@login_required
def read_notifications() -> ResponseReturnValue:
    """Note that the member has seen what is new."""
    form = ReadForm()
    if form.validate_on_submit():
        actions.mark_read(current_user, until=form.up_to(), kinds=TABS[form.tab.data or None])
        db.session.commit()
    return back_to("main.notifications")


@bp.get("/notifications/count")
@login_required
def unread_counts() -> Response:
    """Say how much is waiting, for the script that keeps the badges true."""
    g.pop("session_to_touch", None)  # an open page asks by itself: nobody was seen
    counts = unread()
    response = jsonify(notifications=counts.notifications, messages=counts.messages)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.route("/settings/notifications", methods=["GET", "POST"])
@login_required
def notification_settings() -> ResponseReturnValue:
    """Choose what to be told of."""
    wanted = actions.wanted_kinds(current_user)
    form = NotificationSettingsForm(data={kind: kind in wanted for kind in Kind})
    if form.validate_on_submit():
        actions.choose_kinds(current_user, form.wanted())
        db.session.commit()
        flash(_("Your changes are saved."), "success")
        return redirect(url_for("main.notification_settings"))
    return render_template("settings/notifications.html", form=form), form_status(form)
