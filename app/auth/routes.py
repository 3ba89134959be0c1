"""Sign in, sign out, join, and what the links in our messages lead to."""

from datetime import timedelta
from http import HTTPStatus

from flask import (
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required, logout_user
from sqlalchemy.exc import IntegrityError
from werkzeug import Response

from app import email, ratelimit
from app.accounts import actions, addresses, limits, links, names, passwords, sign_in
from app.accounts.models import AddressChange, Registration
from app.auth import bp
from app.auth.forms import LoginForm, NewPasswordForm, RegistrationForm, ResetRequestForm
from app.auth.sessions import start_session
from app.database import end_read
from app.extensions import db, limiter
from app.forms import ConfirmForm, Form
from app.moderation.leaving import keep_account
from app.problems import Problem
from app.security import local_path

REASONS_TO_CHECK_MAIL = ("reset", "register", "address_is_back")


@bp.route("/login", methods=["GET", "POST"])
@limiter.limit(ratelimit.SIGN_IN, methods=["POST"])
def login() -> ResponseReturnValue:
    """Ask for a name and a password, and sign the member in."""
    if current_user.is_authenticated:
        return redirect(_next_page())
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("auth/login.html", form=form), _form_status(form)
    try:
        user = sign_in.authenticate(
            form.username.data, form.password.data, ratelimit.client_network()
        )
    except Problem as problem:
        db.session.commit()
        form.password.errors = [str(problem)]
        return render_template("auth/login.html", form=form), problem.status
    came_back = keep_account(user)
    start_session(user, remember=form.remember_me.data)
    db.session.commit()
    if came_back:
        flash(_("Welcome back. Your account stays, with everything in it."), "success")
    return redirect(_next_page())


@bp.post("/logout")
@login_required
def logout() -> ResponseReturnValue:
    """Sign out in this browser."""
    actions.end_session(current_user, current_user.session.id)
    db.session.commit()
    session.clear()
    logout_user()
    return redirect(url_for("main.index"))


@bp.route("/register", methods=["GET", "POST"])
@limiter.limit(ratelimit.REGISTER, methods=["POST"])
def register() -> ResponseReturnValue:
    """Make a new member and sign them in, or first have their address confirmed."""
    if current_user.is_authenticated:
        return redirect(url_for("main.index"))
    if current_app.config["REGISTRATION"] == "closed":
        return render_template("auth/closed.html"), 403
    form = RegistrationForm()
    if not form.validate_on_submit():
        return render_template("auth/register.html", form=form), _form_status(form)
    end_read(db.session)
    password_hash = passwords.hash_password(form.password.data)
    address = names.normal_email(form.email.data) or ""
    if current_app.config["CONFIRM_EMAIL"]:
        return _have_address_confirmed(form, address, password_hash)
    try:
        user = actions.register(form.username.data, address, password_hash)
    except IntegrityError:
        # Somebody else took the name between our look and our write: say so as the form would.
        db.session.rollback()
        form.validate()
        return render_template("auth/register.html", form=form), 422
    start_session(user, remember=False)
    db.session.commit()
    flash(_("Welcome. Follow a few people, and say hello."), "success")
    return redirect(_next_page())


@bp.route("/reset_password_request", methods=["GET", "POST"])
@limiter.limit(ratelimit.RESET, methods=["POST"])
def reset_password_request() -> ResponseReturnValue:
    """Send a link to a new password, if a member has the address; say the same if nobody has."""
    form = ResetRequestForm()
    if form.validate_on_submit():
        try:
            addresses.ask_for_reset(names.normal_email(form.email.data) or "")
        except Problem as problem:
            form.email.errors = [str(problem)]
            return render_template("auth/reset_password_request.html", form=form), problem.status
        db.session.commit()
        return redirect(url_for("auth.check_mail", purpose="reset"))
    return render_template("auth/reset_password_request.html", form=form), _form_status(form)


@bp.get("/check_mail/<purpose>")
def check_mail(purpose: str) -> ResponseReturnValue:
    """Say that a message is on its way, whether or not one is."""
    if purpose not in REASONS_TO_CHECK_MAIL:
        abort(404)
    return render_template(
        "auth/check_mail.html",
        purpose=purpose,
        minutes=limits.RESET_LIFETIME // timedelta(minutes=1),
        outbox=email.outbox_to_show(),
    )


@bp.route("/reset_password/<token>", methods=["GET", "POST"])
@limiter.limit(ratelimit.PASSWORD, methods=["POST"])
def reset_password(token: str) -> ResponseReturnValue:
    """Set a new password by the link from a message. It works once."""
    user = links.user_to_reset(token)
    if user is None:
        return _link_expired("reset")
    form = NewPasswordForm(user.username, user.email)
    if not form.validate_on_submit():
        page = render_template("auth/reset_password.html", form=form, username=user.username)
        return _untold(page, _form_status(form))
    end_read(db.session)
    password_hash = passwords.hash_password(form.password.data)
    # While we were hashing, the link may have been used; this reads and locks the row anew.
    user = links.user_to_reset(token, lock=True)
    if user is None:
        return _link_expired("reset")
    actions.change_password(user, password_hash)
    sign_in.forgive(user)
    db.session.commit()
    session.clear()
    logout_user()
    flash(_("Your password is changed. Sign in with the new one."), "success")
    return redirect(url_for("auth.login"))


@bp.route("/confirm/<token>", methods=["GET", "POST"])
@limiter.limit(ratelimit.REGISTER, methods=["POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Confirm an address, or take a changed one back, by the link from a message."""
    found = links.to_confirm(token, lock=request.method == "POST")
    if found is None:
        return _link_expired("confirm")
    purpose, subject = found
    form = ConfirmForm()
    if not form.validate_on_submit():
        page = render_template(
            "auth/confirm.html",
            form=form,
            purpose=purpose,
            username=_username_of(subject),
            email=_address_of(purpose, subject),
        )
        return _untold(page, 200)
    try:
        answer = CONFIRMATIONS[purpose](subject)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        flash(_("That name or address is somebody else’s by now. Nothing was changed."), "error")
        return redirect(url_for("auth.login"))
    return answer


def _have_address_confirmed(
    form: RegistrationForm, address: str, password_hash: str
) -> ResponseReturnValue:
    try:
        addresses.begin_registration(form.username.data, address, password_hash)
    except Problem as problem:
        form.email.errors = [str(problem)]
        return render_template("auth/register.html", form=form), problem.status
    db.session.commit()
    return redirect(url_for("auth.check_mail", purpose="register"))


def _join(registration: Registration) -> ResponseReturnValue:
    if current_app.config["REGISTRATION"] == "closed":
        return render_template("auth/closed.html"), 403
    addresses.finish_registration(registration)
    flash(_("Your address is confirmed. Sign in, and say hello."), "success")
    return redirect(url_for("auth.login"))


def _use_address(change: AddressChange) -> ResponseReturnValue:
    addresses.finish_change(change)
    flash(_("Your address is changed."), "success")
    return redirect(url_for("main.change_email"))


def _put_address_back(change: AddressChange) -> ResponseReturnValue:
    addresses.undo_change(change)
    session.clear()
    logout_user()
    return redirect(url_for("auth.check_mail", purpose="address_is_back"))


CONFIRMATIONS = {
    links.REGISTER: _join,
    links.CHANGE: _use_address,
    links.UNDO: _put_address_back,
}


def _username_of(subject: Registration | AddressChange) -> str:
    return subject.username if isinstance(subject, Registration) else subject.user.username


def _address_of(purpose: str, subject: Registration | AddressChange) -> str:
    if isinstance(subject, Registration):
        return subject.email
    return subject.new_email if purpose == links.CHANGE else subject.old_email


def _link_expired(purpose: str) -> Response:
    return _untold(render_template("auth/link_expired.html", purpose=purpose), HTTPStatus.GONE)


def _untold(page: str, status: int) -> Response:
    """Return a page whose address is a secret, which the browser is not to tell others."""
    response = make_response(page, status)
    # Not "no-referrer": with that, browsers send the form with `Origin: null`.
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


def _next_page() -> str:
    return local_path(request.args.get("next")) or url_for("main.index")


def _form_status(form: Form) -> int:
    return 422 if form.is_submitted() else 200
