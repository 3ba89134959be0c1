"""Somebody who visits a served site over HTTP: keeps cookies, sends forms, looks at the clock."""

import time
from dataclasses import dataclass
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import BaseHandler, HTTPCookieProcessor, Request, build_opener

from tests.browsing import forms_of
from tests.factories import PASSWORD

PATIENCE = 30


@dataclass
class Page:
    """What was answered at last, after redirects, and how long that took."""

    url: str
    status: int
    content: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The page as text."""
        return self.content.decode()


class Visitor:
    """A browser without JavaScript; `handlers` tell urllib how to reach a site like no other."""

    def __init__(self, site: str, *handlers: BaseHandler) -> None:
        self.site = site
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies), *handlers)

    def get(self, path: str) -> Page:
        """Open a page."""
        return self._open(Request(self._address(path)))

    def submit(self, path: str, *, at: str | None = None, **fields: str) -> Page:
        """Fill in the form that stands on the page `at` and goes to `path` (or its own page)."""
        page = self.get(at or path)
        address = self._address(path)
        form = next(form for form in forms_of(page) if self._address(form.action) == address)
        return self._open(Request(address, urlencode(form.fields | fields).encode()))

    def sign_in(self, username: str, password: str = PASSWORD) -> Page:
        """Sign in through the form."""
        return self.submit("/auth/login", username=username, password=password)

    def _address(self, path: str) -> str:
        return path if path.startswith("http") else f"{self.site}{path}"

    def _open(self, request: Request) -> Page:
        start = time.monotonic()
        try:
            answer = self.opener.open(request, timeout=PATIENCE)
        except HTTPError as error:
            answer = error
        with answer:
            content = answer.read()
        return Page(answer.url, answer.status, content, time.monotonic() - start)
