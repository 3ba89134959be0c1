"""How the application finds out who is asking: the hooks that Flask-Login calls."""

from flask import Response, abort, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user

from app.accounts import sign_in
from app.accounts.models import User
from app.database import SAFE_METHODS, let_go
from app.extensions import db
from app.ratelimit import client_network

REMEMBER_COOKIE = "remember_token"


def load_member(token: str) -> User | None:
    """Return the member whose session has that secret."""
    found = sign_in.find_session(token)
    if found is None:
        return None
    if sign_in.is_stale(found):
        g.session_to_touch = found.id
    return found.user


def start_session(user: User, *, remember: bool) -> None:
    """Sign a member in here, with nothing left of the visitor's session; the caller commits."""
    session.clear()
    sign_in.open_session(user, request.user_agent.string, client_network())
    login_user(user, remember=remember)


def refuse_visitor() -> ResponseReturnValue:
    """Send a visitor to the sign-in page, or keep what they wrote on a 401 page.

    A script that asks for data learns that by the status, and nobody is told of its question.
    """
    if request.method not in SAFE_METHODS or request.accept_mimetypes.best == "application/json":
        abort(401)
    asked = _("Sign in to see that page.")
    if ("info", asked) not in session.get("_flashes", ()):  # several pages, opened side by side
        flash(asked, "info")
    return redirect(url_for("auth.login", next=request.full_path.rstrip("?")))


def note_visit(response: Response) -> Response:
    """After the request: remember now and then that this session is in use."""
    session_id = g.pop("session_to_touch", None)
    if session_id is not None:
        let_go(db.session)  # and of the lock that a refused form still holds
        sign_in.touch(session_id)
        if REMEMBER_COOKIE in request.cookies and "_user_id" in session:
            session["_remember"] = "set"  # Flask-Login renews its cookie
    return response
