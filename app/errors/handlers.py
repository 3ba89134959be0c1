"""Error pages: translated, with the request's id, and with the text that the person had typed.

After a broken request the page asks the database nothing. Clients that ask for JSON get a problem
document (RFC 9457).
"""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, PendingRollbackError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import (
    ClientDisconnected,
    HTTPException,
    InternalServerError,
    RequestEntityTooLarge,
    SecurityError,
)

from app.database import is_unavailable, let_go
from app.extensions import db, login
from app.security import local_path

bp = Blueprint("errors", __name__)

DRAIN_LIMIT = 32 * 1024 * 1024
JSON_TYPES = ("application/json", "application/problem+json")
KEPT_FIELDS = ("body", "message", "about_me")

# Status: (title, what to do about it).
PAGES = {
    400: (
        _l("That did not arrive as it should"),
        _l("Something in the request was malformed. Go back and try again."),
    ),
    401: (
        _l("You are signed out"),
        _l("Nothing was saved. Sign in, then send it again."),
    ),
    403: (
        _l("That is not allowed"),
        _l("This request did not come from one of our pages, or it is not for you to make."),
    ),
    404: (
        _l("Nothing here"),
        _l("This page does not exist, or no longer does, or is not for you to see."),
    ),
    405: (
        _l("Not like that"),
        _l("This address cannot be opened in that way. Use the buttons on the page."),
    ),
    413: (
        _l("Too much at once"),
        _l("What you sent is larger than this site takes. Nothing was saved."),
    ),
    429: (
        _l("A little too quick"),
        _l("That was a lot in a short time. Wait a few minutes, then try again."),
    ),
    500: (
        _l("Something broke on our side"),
        _l("Nothing was saved. It has been written down, with the number below."),
    ),
    503: (
        _l("Back in a moment"),
        _l("The site cannot reach its database just now. Try again in a minute."),
    ),
}
STALE_FORM = (
    _l("This page is from an earlier session"),
    _l(
        "You signed in or out since it was opened. For your safety nothing was saved. Go back,"
        " reload the page, and send it again."
    ),
)


def register_errors(app: Flask) -> None:
    """Give every HTTP error, and every exception, its page."""
    app.register_blueprint(bp)
    app.register_error_handler(HTTPException, http_error)
    for away in (DBAPIError, PendingRollbackError, PoolTimeoutError):
        app.register_error_handler(away, database_error)
    for gone in (ObjectDeletedError, StaleDataError):
        app.register_error_handler(gone, gone_meanwhile)
    app.teardown_appcontext(end_transaction)


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer with the page of that status, keeping the headers that belong to it."""
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return error  # a redirect
    if isinstance(error, ClientDisconnected):
        # Drawing a page would look into the form, and wait for the rest of it once more.
        return Response("The request ended in the middle.\n", 400, mimetype="text/plain")
    if isinstance(error, SecurityError):
        # Without a trusted host no address can be built, so no page can be drawn.
        return Response("This site is not served under that name.\n", 400, mimetype="text/plain")
    if isinstance(error, InternalServerError):
        give_up_database()
    if isinstance(error, RequestEntityTooLarge):
        drain_body()
    response = error_page(status, stale_form=isinstance(error, CSRFError))
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def database_error(error: SQLAlchemyError) -> ResponseReturnValue:
    """Tell a database that is away (503, try again) from a mistake of ours (500)."""
    current_app.logger.exception("Database error on %s %s", request.method, request.path)
    give_up_database()
    if not is_unavailable(error):
        return error_page(500)
    response = error_page(503)
    response.headers["Retry-After"] = "30"
    return response


def gone_meanwhile(_error: Exception) -> ResponseReturnValue:
    """Answer that something is not there: another request deleted it while this one was at work."""
    give_up_database()
    return error_page(404)


def end_transaction(_error: BaseException | None) -> None:
    """Let go of the database before Flask-SQLAlchemy does, whose failure would spoil the answer."""
    let_go(db.session)


def give_up_database() -> None:
    """Roll back, and ask the database nothing more while this request is answered."""
    g._login_user = login.anonymous_user()  # or drawing the page would look for the member
    g.pop("session_to_touch", None)
    try:
        db.session.rollback()
    except Exception:
        current_app.logger.exception("Could not roll back")


def error_page(status: int, *, stale_form: bool = False) -> Response:
    """Draw the page, or the JSON document, of an error."""
    title, message = STALE_FORM if stale_form else PAGES.get(status, PAGES[400])
    if wants_json():
        request_id = g.get("request_id", "-")
        response = jsonify(
            status=status, title=str(title), detail=str(message), request_id=request_id
        )
        response.content_type = "application/problem+json"
    else:
        response = Response(
            _draw(status, title, message, sign_in=_has_to_sign_in(status, stale_form))
        )
    response.status_code = status
    return response


def _has_to_sign_in(status: int, stale_form: bool) -> bool:
    """Tell whether the way on is to sign in, as when one has signed out in another tab."""
    if stale_form and request.blueprint == "main":
        return not current_user.is_authenticated
    return status == HTTPStatus.UNAUTHORIZED


def _draw(status: int, title: str, message: str, *, sign_in: bool) -> str:
    context = {
        "code": status,
        "title": title,
        "message": message,
        "request_id": g.get("request_id", "-"),
        "kept_text": kept_text(status),
        "action_url": url_for("auth.login", next=came_from()) if sign_in else None,
        "action_label": _l("Sign in") if sign_in else None,
        "canonical_url": None,
    }
    try:
        return render_template("errors/error.html", **context)
    except (DBAPIError, PoolTimeoutError, ObjectDeletedError):
        # The reader's language is a setting of theirs; the database, or they, have just gone.
        give_up_database()
        return render_template("errors/error.html", **context)


def came_from() -> str | None:
    """Return the path of our page that the browser says it was on."""
    referrer = urlsplit(request.referrer or "")
    return local_path(referrer.path) if referrer.netloc == request.host else None


def wants_json() -> bool:
    """Tell whether the client prefers JSON to HTML; one that takes anything gets HTML."""
    return request.accept_mimetypes.best_match(["text/html", *JSON_TYPES]) in JSON_TYPES


def kept_text(status: int) -> str | None:
    """Return the long text of a form that was refused, so that nobody loses what they wrote."""
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE or request.method != "POST":
        return None
    return next((text for name in KEPT_FIELDS if (text := request.form.get(name))), None)


def drain_body() -> None:
    """Read away a body that is too large, up to a bound: a browser that is still sending when the
    connection closes shows its own error instead of our page."""
    stream, left = request.environ["wsgi.input"], DRAIN_LIMIT
    while left > 0 and (chunk := stream.read(64 * 1024)):
        left -= len(chunk)
