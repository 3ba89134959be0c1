"""Settings: language and look, address, password, where one is signed in, leaving."""

from flask import abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext, refresh
from flask_login import current_user, login_required, logout_user
from werkzeug import Response
from wtforms import PasswordField

from app import email, ratelimit
from app.accounts import actions, addresses, names, passwords, sign_in
from app.accounts.queries import sessions_of
from app.database import end_read
from app.extensions import csrf, db, limiter
from app.i18n import LANGUAGE_COOKIE
from app.main import bp
from app.main.forms.settings import (
    ChangeEmailForm,
    ChangePasswordForm,
    DeleteAccountForm,
    LanguageForm,
)
from app.main.lookups import back_to, form_status
from app.moderation.leaving import GRACE, schedule_deletion
from app.problems import Problem
from app.templating import THEME_COOKIE, THEMES

A_YEAR = 365 * 24 * 3600


@bp.route("/settings", methods=["GET", "POST"])
@login_required
def settings() -> ResponseReturnValue:
    """Choose the language of the pages."""
    form = LanguageForm(obj=current_user)
    if form.validate_on_submit():
        actions.choose_language(current_user, form.locale.data or None)
        db.session.commit()
        refresh()  # the message is in the new language already
        flash(_("Your changes are saved."), "success")
        response = redirect(url_for("main.settings"))
        if current_user.locale is None:
            response.delete_cookie(LANGUAGE_COOKIE)
        return response
    return render_template("settings/settings.html", form=form), form_status(form)


@bp.post("/preferences")
@csrf.exempt  # keeps a taste, no more; security.refuse_foreign_changes guards it
def preferences() -> ResponseReturnValue:
    """Remember a language or a theme in this browser; for members the language everywhere."""
    language, theme = request.form.get("lang"), request.form.get("theme")
    offered = current_app.config["LANGUAGES"]
    if (
        language not in {None, *offered}
        or theme not in {None, *THEMES}
        or (language is None and theme is None)
    ):
        abort(400)
    response = back_to("main.index")
    for name, value in ((LANGUAGE_COOKIE, language), (THEME_COOKIE, theme)):
        if value is not None:
            remember_choice(response, name, value)
    if language and current_user.is_authenticated:
        actions.choose_language(current_user, language)
        db.session.commit()
    return response


@bp.route("/settings/password", methods=["GET", "POST"])
@login_required
@limiter.limit(ratelimit.PASSWORD, methods=["POST"], key_func=ratelimit.member)
def change_password() -> ResponseReturnValue:
    """Set a new password and sign out everywhere else."""
    form = ChangePasswordForm()
    if form.validate_on_submit() and _is_own_password(form.current_password):
        password_hash = passwords.hash_password(form.password.data)
        _require_open_session()
        actions.change_password(current_user, password_hash, keep=current_user.session)
        db.session.commit()
        flash(_("Your password is changed. You are signed out everywhere else."), "success")
        return redirect(url_for("main.sessions"))
    return render_template("settings/password.html", form=form), form_status(form)


@bp.route("/settings/email", methods=["GET", "POST"])
@login_required
@limiter.limit(ratelimit.PASSWORD, methods=["POST"], key_func=ratelimit.member)
def change_email() -> ResponseReturnValue:
    """Have messages sent to another address, once it is confirmed."""
    form = ChangeEmailForm()
    if form.validate_on_submit() and _is_own_password(form.password):
        _require_open_session()
        try:
            addresses.begin_change(current_user, names.normal_email(form.email.data) or "")
        except Problem as problem:
            form.email.errors = [str(problem)]
            return _email_page(form), problem.status
        db.session.commit()
        flash(_("We have sent a message to the new address. Follow the link in it."), "success")
        return redirect(url_for("main.change_email"))
    return _email_page(form), form_status(form)


@bp.get("/settings/sessions")
@login_required
def sessions() -> ResponseReturnValue:
    """List where one is signed in."""
    return render_template(
        "settings/sessions.html",
        sessions=sessions_of(current_user),
        current_session_id=current_user.session.id,
    )


@bp.post("/settings/sessions/<id:session_id>/end")
@login_required
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out in one place."""
    if not actions.end_session(current_user, session_id):
        abort(404)
    db.session.commit()
    flash(_("That device is signed out."), "success")
    return redirect(url_for("main.sessions"))


@bp.post("/settings/sessions/end_others")
@login_required
def end_other_sessions() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    actions.end_sessions(current_user, keep=current_user.session)
    db.session.commit()
    flash(_("You are signed out everywhere else."), "success")
    return redirect(url_for("main.sessions"))


@bp.route("/settings/delete", methods=["GET", "POST"])
@login_required
@limiter.limit(ratelimit.PASSWORD, methods=["POST"], key_func=ratelimit.member)
def delete_account() -> ResponseReturnValue:
    """Leave: hidden at once, removed after a while in which signing in undoes it."""
    form = DeleteAccountForm()
    if form.validate_on_submit() and _is_own_password(form.password):
        _require_open_session()
        schedule_deletion(current_user._get_current_object())
        db.session.commit()
        session.clear()
        logout_user()
        flash(
            ngettext(
                "Nobody sees your account any more. It will be deleted in one day, unless you"
                " sign in before then.",
                "Nobody sees your account any more. It will be deleted in %(num)s days, unless"
                " you sign in before then.",
                GRACE.days,
            ),
            "success",
        )
        return redirect(url_for("main.index"))
    page = render_template("settings/delete.html", form=form, days=GRACE.days)
    return page, form_status(form)


def remember_choice(response: Response, name: str, value: str) -> None:
    """Keep a visitor's language or theme in a cookie for a year."""
    response.set_cookie(
        name,
        value,
        max_age=A_YEAR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _email_page(form: ChangeEmailForm) -> str:
    change = addresses.pending_change(current_user)
    return render_template(
        "settings/email.html",
        form=form,
        pending=change and change.new_email,
        outbox=email.outbox_to_show(),
    )


def _is_own_password(field: PasswordField) -> bool:
    password_hash = current_user.password_hash
    end_read(db.session)
    if passwords.verify(password_hash, field.data):
        return True
    field.errors = [_("That is not your password.")]
    return False


def _require_open_session() -> None:
    # While a password was hashed, another device may have changed it, or ended this session.
    if sign_in.find_session(current_user.session.token) is None:
        abort(401)
