"""What templates may use besides their own context."""

from typing import Any

from flask import Flask, current_app, request
from markupsafe import Markup
from werkzeug.routing import IntegerConverter

from app.ids import MAX_ID
from app.text.links import link
from app.text.render import to_html

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"


class PostIdConverter(IntegerConverter):
    """`<id:post_id>` in a route: a number that fits the column. Longer ones do not match."""

    regex = r"[0-9]{1,19}"

    def __init__(self, map: Any) -> None:  # noqa: A002 (werkzeug's name)
        super().__init__(map, max=MAX_ID)


def init_app(app: Flask) -> None:
    """Register filters, globals, the layout's names, and the post-id converter."""
    app.url_map.converters["id"] = PostIdConverter
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {"post_html": post_html, "profile_html": profile_html, "link": link}
    app.context_processor(layout_names)


def post_html(post: Any, base: str = "") -> Markup:
    """Return a post's text as HTML; with the site's address as `base` for use outside the site."""
    return to_html(post.body, post.mentioned, base)


def profile_html(text: str, base: str = "") -> Markup:
    """Return what members say of themselves as HTML; the names in it stay text."""
    return to_html(text, base=base)


def layout_names() -> dict[str, Any]:
    """Return what the page layout needs to know about the site and the request."""
    theme = request.cookies.get(THEME_COOKIE) if request else None
    return {
        "site_name": current_app.config["SITE_NAME"],
        "theme": theme if theme in THEMES else "auto",
        "registration_open": current_app.config["REGISTRATION"] == "open",
        "canonical_url": canonical_url(),
    }


def canonical_url() -> str | None:
    """Return the one address of this page, under the site's public name."""
    if not request:
        return None
    return current_app.config["PUBLIC_URL"] + request.path
