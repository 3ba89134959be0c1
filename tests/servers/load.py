"""People who use the site while something happens to it, and what they were promised.

Every form is a real one, sent again as a person would until the site has said what became of it.
"""

import html
import re
import time
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from http.cookies import SimpleCookie
from itertools import count, cycle
from threading import Event, Thread
from urllib.parse import urlencode

from tests.browsing import forms_of
from tests.processes import until
from tests.servers.stack import Answer, Stack

WRITERS, READERS = 3, 2
# A person waits a little before a form is sent again; much less would be refused as too quick.
PAUSE, PAUSE_OF_ASKING, PAUSE_OF_REPEATING = 0.1, 1.5, 3
RECOVERS_WITHIN = 150
# Where forms lead that were taken.
DONE = {"to /", "to /auth/check_mail/reset"}
TITLE = re.compile(r"<title>(.*?)(?: · .*?)?</title>", re.DOTALL)
_numbers = count(1)
_addresses = count(256)


@dataclass(frozen=True)
class Visit:
    """What somebody was answered, and when; status 0 is no answer at all."""

    began: float
    ended: float
    what: str
    status: int
    title: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the site did what it was asked."""
        return self.status == HTTPStatus.OK or self.title in DONE


class Browser:
    """A browser without JavaScript that follows nothing by itself."""

    def __init__(self, stack: Stack, member: str | None = None) -> None:
        self.stack, self.member = stack, member
        self.cookies = SimpleCookie()
        if member:
            self.cookies["session"] = stack.town.session_cookie(member)["value"]

    def open(self, path: str, fields: dict[str, str] | None = None) -> Answer:
        """Open a page, or send a form."""
        headers = {"Cookie": "; ".join(f"{c.key}={c.value}" for c in self.cookies.values())}
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields).encode()
        method = "GET" if body is None else "POST"
        answer = self.stack.open(
            path, method=method, headers=headers, body=body, client=new_address()
        )
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(line)
        return answer


class Load:
    """Members who write, read and ask for mail, and visitors: on threads, until the end."""

    def __init__(self, stack: Stack, *, members: int = 24, askers: int = 40) -> None:
        self.stack = stack
        self.name = f"load{next(_numbers)}"
        self.visits: list[Visit] = []
        self.posts: dict[str, bool] = {}  # body: whether it was acknowledged
        self.asked: dict[str, bool] = {}  # address: whether a message to it was promised
        self.leaks: list[str] = []
        names = [stack.town.member(f"{self.name}n{number}") for number in range(members)]
        # Who reads has a browser apart from the one that writes: their cookies would mix.
        self.members = [Browser(stack, name) for name in names]
        self.readers = [Browser(stack, name) for name in names[: 4 * READERS]]
        self.askers = [stack.town.member(f"{self.name}a{number}") for number in range(askers)]
        self._texts = count(1)
        self._over = Event()
        works = [lambda n=n: self._write(n) for n in range(WRITERS)]
        works += [lambda n=n: self._read(self.readers[n::READERS]) for n in range(READERS)]
        works += [self._ask]
        self._threads = [Thread(target=work) for work in works]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    @property
    def acknowledged(self) -> int:
        """How many posts and messages were promised so far."""
        return sum(self.posts.values()) + sum(self.asked.values())

    @property
    def failures(self) -> list[Visit]:
        """What did not go well, in order."""
        return [visit for visit in list(self.visits) if not visit.is_good]

    def wait_until_all_is_well(self) -> float:
        """Wait until pages and forms that are begun from now on go well; returns the seconds."""
        began = time.monotonic()

        def is_well() -> bool:
            good = {
                visit.what for visit in list(self.visits) if visit.is_good and visit.began > began
            }
            return good >= {"post", "page", "visit"}

        assert until(is_well, RECOVERS_WITHIN), self.told()
        return time.monotonic() - began

    def told(self) -> Counter[tuple[str, int, str]]:
        """Count what people were told."""
        return Counter((visit.what, visit.status, visit.title) for visit in list(self.visits))

    def try_to(
        self, what: str, browser: Browser, path: str, fields: dict[str, str] | None = None
    ) -> Answer | None:
        """Open a page or send a form, and note how that went; returns a good answer."""
        began = time.monotonic()
        try:
            answer = browser.open(path, fields)
        except (OSError, HTTPException) as error:
            self.visits.append(Visit(began, time.monotonic(), what, 0, type(error).__name__))
            return None
        visit = Visit(began, time.monotonic(), what, answer.status, title_of(answer))
        self.visits.append(visit)
        if "Traceback" in answer.text:
            self.leaks.append(answer.text)
        return answer if visit.is_good else None

    def form(self, browser: Browser, path: str, field: str) -> dict[str, str] | None:
        """Return what the form on a page holds, if the page can be had."""
        page = self.try_to("page", browser, path)
        if page is None:
            return None
        return next(form.fields for form in forms_of(page) if field in form.fields)

    def _write(self, number: int) -> None:
        for browser in cycle(self.members[number::WRITERS]):
            if self._over.wait(PAUSE):
                return
            fields = self.form(browser, "/write", "body")
            if fields is not None:
                body = f"{self.name} brought herring number {next(self._texts)}."
                self._send("post", browser, "/write", fields | {"body": body}, self.posts, body)

    def _ask(self) -> None:
        for member in self.askers:
            if self._over.wait(PAUSE_OF_ASKING):
                return
            browser, path = Browser(self.stack), "/auth/reset_password_request"
            address = f"{member}@example.com"
            fields = self.form(browser, path, "email")
            if fields is not None:
                self._send("ask", browser, path, fields | {"email": address}, self.asked, address)

    def _send(
        self,
        what: str,
        browser: Browser,
        path: str,
        fields: dict[str, str],
        promises: dict[str, bool],
        key: str,
    ) -> None:
        """Send the same form until it is acknowledged."""
        promises[key] = False
        while self.try_to(what, browser, path, fields) is None:
            if self._over.wait(PAUSE_OF_REPEATING):
                return
        promises[key] = True

    def _read(self, members: list[Browser]) -> None:
        visitor = Browser(self.stack)
        acts = [
            lambda member: self.try_to("page", member, "/"),
            lambda member: self.try_to("page", member, f"/user/{member.member}"),
            lambda member: self.try_to("search", member, "/search?q=herring"),
            lambda _member: self.try_to("visit", visitor, "/explore"),
            lambda _member: self.try_to("visit", visitor, "/"),
        ]
        for member in cycle(members):
            for act in acts:
                act(member)
                if self._over.wait(PAUSE):
                    return


def new_address() -> str:
    """Return another address of this machine: the site limits what one may do."""
    number = next(_addresses)
    return f"127.{9 + number // 65536 % 200}.{number // 256 % 256}.{number % 256}"


def title_of(answer: Answer) -> str:
    """Return what an answer calls itself, or where it leads."""
    if "Location" in answer.headers:
        return f"to {answer.headers['Location']}"
    title = TITLE.search(answer.text)
    return html.unescape(title[1]).strip() if title else ""
