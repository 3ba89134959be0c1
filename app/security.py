"""What every response says to the browser, and which requests are let in at all.

A change needs two proofs that it comes from our own pages: Flask-WTF's token in the form, and the
browser's own word (Sec-Fetch-Site, or Origin from older ones), checked here. The form that only
sets a visitor's language or theme does without the token: pages for visitors can be cached.
"""

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from flask import Flask, Request, Response, abort, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature
from werkzeug.middleware.proxy_fix import ProxyFix

from app.database import SAFE_METHODS

# Load balancers ask by address, so these paths are answered under any host name.
HEALTH_PATHS = frozenset({"/healthz", "/readyz"})
GRAVATAR_ORIGIN = "https://www.gravatar.com"
UNSAFE_CHARACTERS = re.compile(r"[\x00-\x20\x7f\\]")
LONGEST_TARGET = 2000

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def init_app(app: Flask) -> None:
    """Put the proxy rules before the application and the checks around every request."""
    proxies = app.config["PROXIES"]
    app.wsgi_app = HostRules(app.wsgi_app, app.config["SERVER_NAME"])
    if proxies:
        app.wsgi_app = MarkProxied(app.wsgi_app)
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)
    app.session_interface = SessionCookie()
    app.before_request(refuse_foreign_changes)
    app.after_request(add_headers)


class SessionCookie(SecureCookieSessionInterface):
    """Sessions in signed cookies, whose age does not matter: a member's ends in the database.

    Flask refuses a cookie from a clock that is a second ahead of ours. So members would be signed
    out when the clock is set back, or when another machine's is not quite the same.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """Return what the cookie holds, if we signed it."""
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        try:
            return self.session_class(self.get_signing_serializer(app).loads(cookie))
        except BadSignature:
            return self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie, but with pages only: a file neither sets one nor depends on one."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


class HostRules:
    """Middleware: host names have no case, and health checks are answered under any."""

    def __init__(self, wsgi_app: WsgiApp, host: str) -> None:
        self.wsgi_app = wsgi_app
        self.host = host

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Pass the request on, health checks under our own name."""
        asked_for = environ.get("HTTP_HOST", "").lower()
        environ["HTTP_HOST"] = self.host if environ.get("PATH_INFO") in HEALTH_PATHS else asked_for
        return self.wsgi_app(environ, start)


class MarkProxied:
    """Middleware: notes that the request came through a proxy whose headers are believed."""

    def __init__(self, wsgi_app: WsgiApp) -> None:
        self.wsgi_app = wsgi_app

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Pass the request on with the note."""
        environ["microblog.proxied"] = True
        return self.wsgi_app(environ, start)


def refuse_foreign_changes() -> None:
    """Refuse a change that the browser says another site began."""
    if request.method in SAFE_METHODS:
        return
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        abort(411)  # a body that ends nobody knows where would be cut at the limit, and taken
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        ours = site in {"same-origin", "none"}
    elif origin is not None:
        ours = origin in {request.host_url.rstrip("/"), current_app.config["PUBLIC_URL"]}
    else:
        # Neither header: not a browser of this decade. The token, where one is asked for, decides.
        ours = True
    if not ours:
        abort(403)


def add_headers(response: Response) -> Response:
    """Add the security headers, and keep members' pages out of shared caches."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", content_security_policy())
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers.setdefault("Referrer-Policy", "same-origin")
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    if current_app.config["PREFERRED_URL_SCHEME"] == "https":
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static" or response.status_code >= HTTPStatus.BAD_REQUEST:
        response.vary.update(("Cookie", "Accept-Language"))
        headers.setdefault("Cache-Control", "private, no-cache")
    return response


def content_security_policy() -> str:
    """Return the policy: everything from this site, nothing inline, nothing framed."""
    images = f"'self' {GRAVATAR_ORIGIN}" if current_app.config["GRAVATAR"] else "'self'"
    return (
        f"default-src 'self'; img-src {images}; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def local_path(target: str | None) -> str | None:
    """Return `target` if it is a path of this site, else None: never lead people elsewhere.

    Refuses schemes, hosts, `//` anywhere in the path (browsers and servers disagree on what it
    normalises to), backslashes, white space and control bytes.
    """
    if not target or not target.startswith("/") or len(target) > LONGEST_TARGET:
        return None
    path = re.split(r"[?#]", target, maxsplit=1)[0]
    if "//" in path or UNSAFE_CHARACTERS.search(target):
        return None
    return target
