"""What a person does with a page, through Flask's client: find forms, send them, sign in."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import PASSWORD


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
