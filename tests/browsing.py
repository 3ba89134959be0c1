"""What a person does with a page, through Flask's client: find forms, send them, sign in."""

import html
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html.parser import HTMLParser
from threading import Barrier
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.accounts.sign_in import open_session
from app.extensions import db
from tests.factories import PASSWORD

# Where a test's site is; the client files its cookies under it.
DOMAIN = "127.0.0.1"


@dataclass
class Form:
    """A form on a page: where it goes and what it holds."""

    method: str
    action: str
    fields: dict[str, str]


class _FormParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(values.get("method", "get"), values.get("action", ""), {}))
        if not self.forms or "name" not in values:
            return
        checked = values.get("type") not in {"checkbox", "radio"} or "checked" in values
        if tag == "input" and values.get("type") != "submit" and checked:
            self.forms[-1].fields[values["name"]] = values.get("value", "")
        if tag == "textarea":
            self.textarea = values["name"]
            self.forms[-1].fields[self.textarea] = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.forms[-1].fields[self.textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.textarea = None


def forms_of(response: TestResponse) -> list[Form]:
    """Return the forms of a page, in order."""
    parser = _FormParser()
    parser.feed(response.text)
    return parser.forms


@dataclass
class Link:
    """A link on a page: where it leads and what it says."""

    href: str
    text: str
    attributes: dict[str, str]


class _LinkParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            values = {name: value or "" for name, value in attrs}
            self.links.append(Link(values.get("href", ""), "", values))
            self.inside = True

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.links[-1].text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.inside = False
            self.links[-1].text = " ".join(self.links[-1].text.split())


def links_of(response: TestResponse) -> list[Link]:
    """Return the links of a page, in order."""
    parser = _LinkParser()
    parser.feed(response.text)
    return parser.links


def link_to(response: TestResponse, text: str) -> str | None:
    """Return where the first link with exactly these words leads, or None."""
    return next((link.href for link in links_of(response) if link.text == text), None)


def posts_on(response: TestResponse) -> list[int]:
    """Return the ids of the posts that a page shows, from top to bottom."""
    return [int(number) for number in re.findall(r'id="post-(\d+)"', response.text)]


def form_with(response: TestResponse, field: str) -> Form:
    """Return the first form of a page that has that field."""
    return next(form for form in forms_of(response) if field in form.fields)


def error_beside(response: TestResponse, field: str) -> str:
    """Return what a page says is wrong with a field, or an empty string."""
    found = re.search(rf'id="{field}-error">(.*?)</div>', response.text, re.DOTALL)
    return html.unescape(" ".join(re.sub(r"<[^>]+>", "", found[1]).split())) if found else ""


def cookie_of(client: FlaskClient, name: str) -> str | None:
    """Return the value of a cookie that this client has from the site, or None."""
    cookie = client.get_cookie(name, domain=DOMAIN)
    return cookie.value if cookie else None


def token_for(client: FlaskClient) -> str:
    """Return the CSRF token of this client's session, as the forms of its pages carry it."""
    for page in ("/write", "/auth/login"):
        for form in forms_of(client.get(page)):
            if "csrf_token" in form.fields:
                return form.fields["csrf_token"]
    raise AssertionError("no page has a token")


def submit(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    """Send a form to `path` with a good token, as the page's own form would."""
    return client.post(path, data={"csrf_token": token_for(client)} | fields)


def sign_in(client: FlaskClient, user: Any, password: str = PASSWORD) -> TestResponse:
    """Sign in through the form. Takes a User, or a name or address as typed."""
    name = user if isinstance(user, str) else user.username
    return submit(client, "/auth/login", username=name, password=password)


def same_browser(client: FlaskClient) -> FlaskClient:
    """Return a second client with the cookies of the first, for another thread."""
    twin = client.application.test_client()
    host = client.application.config["SERVER_NAME"].split(":")[0]
    for name in ("session", "remember_token"):
        cookie = client.get_cookie(name, domain=host)
        if cookie is not None:
            twin.set_cookie(name, cookie.value, domain=host)
    return twin


def at_once(app: Flask, *acts: Callable[[], Any]) -> list[Any]:
    """Run each act in a thread and application context of its own, all starting together."""
    db.session.rollback()
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        with app.app_context():
            start.wait()
            return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def enter(client: FlaskClient, user: User) -> None:
    """Be signed in, without the trouble of the form and the slow check of a password."""
    user_id = user.id
    db.session.rollback()
    session = open_session(db.session.get_one(User, user_id), "", "127.0.0.1")
    db.session.commit()
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = session.token
        cookie["_fresh"] = True
