"""Sign in, sign out, join."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required, logout_user
from sqlalchemy.exc import IntegrityError

from app import ratelimit
from app.accounts import actions, names, passwords, sign_in
from app.auth import bp
from app.auth.forms import LoginForm, RegistrationForm
from app.auth.sessions import start_session
from app.database import end_read
from app.extensions import db, limiter
from app.problems import Problem
from app.security import local_path


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
    start_session(user, remember=form.remember_me.data)
    db.session.commit()
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
    """Make a new member, and sign them in."""
    if current_user.is_authenticated:
        return redirect(url_for("main.index"))
    if current_app.config["REGISTRATION"] == "closed":
        return render_template("auth/closed.html"), 403
    form = RegistrationForm()
    if not form.validate_on_submit():
        return render_template("auth/register.html", form=form), _form_status(form)
    end_read(db.session)
    password_hash = passwords.hash_password(form.password.data)
    email = names.normal_email(form.email.data) or ""
    try:
        user = actions.register(form.username.data, email, password_hash)
    except IntegrityError:
        # Somebody else took the name between our look and our write: say so as the form would.
        db.session.rollback()
        form.validate()
        return render_template("auth/register.html", form=form), 422
    start_session(user, remember=False)
    db.session.commit()
    flash(_("Welcome. Follow a few people, and say hello."), "success")
    return redirect(_next_page())


def _next_page() -> str:
    return local_path(request.args.get("next")) or url_for("main.index")


def _form_status(form: LoginForm | RegistrationForm) -> int:
    return 422 if form.is_submitted() else 200
