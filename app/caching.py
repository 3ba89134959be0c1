"""Which pages a proxy in front may keep for a moment: those that are the same for every visitor.

nginx keeps what this header allows, under the address, the language and the theme, and only for
people without a session (deploy/nginx/microblog.conf). Browsers are told to ask each time.
"""

from http import HTTPStatus

from flask import Flask, Response, request, session

SECONDS = 5
OWN_HEADERS = ("Set-Cookie", "Cache-Control", "X-RateLimit-Remaining")


def init_app(app: Flask) -> None:
    """Look at every response, after everything that might set a cookie."""
    app.after_request(allow_sharing)


def allow_sharing(response: Response) -> Response:
    """Let the proxy keep a page that holds nothing of the person who asked for it."""
    if is_same_for_all(response):
        response.headers["X-Accel-Expires"] = str(SECONDS)
    return response


def is_same_for_all(response: Response) -> bool:
    """Tell whether any visitor would get this very page.

    Members, tokens in forms and messages all live in the session: one that is empty, and was before
    the request, has none of them. A page that names a cache rule of its own knows better, and one
    whose visits are counted tells this person how many are left.
    """
    return (
        request.method in {"GET", "HEAD"}
        and response.status_code == HTTPStatus.OK
        and response.mimetype == "text/html"
        and not session
        and not session.modified
        and not any(name in response.headers for name in OWN_HEADERS)
    )
