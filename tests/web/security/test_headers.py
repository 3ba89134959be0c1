"""What every response says to the browser, over HTTP and over HTTPS, and that pages keep to it."""

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

import pytest

from app.clock import utcnow
from app.posts import actions as posts
from tests.browsing import enter, submit, token_for
from tests.factories import PASSWORD, make_follow, make_post

VISITOR_PAGES = [
    "/",
    "/explore",
    "/user/ana",
    "/user/ana/followers",
    "/user/ana/following",
    "/post/{post}",
    "/auth/login",
    "/auth/register",
    "/no-such-page",
    "/auth/logout",
]
MEMBER_PAGES = [
    "/",
    "/index",
    "/explore",
    "/write",
    "/user/ana",
    "/user/bob",
    "/user/ana/followers",
    "/user/ana/following",
    "/post/{post}",
    "/post/{post}/edit",
    "/post/{post}/delete",
    "/edit_profile",
    "/settings",
    "/settings/password",
    "/settings/sessions",
    "/settings/delete",
    "/no-such-page",
    "/auth/logout",
]
HTTPS = {"PUBLIC_URL": "https://micro.example"}


class _Inline(HTMLParser):
    """Collects everything that a strict policy forbids, and everything that leads elsewhere."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.loaded = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in values) or tag == "base":
            self.found.append(tag)
        for name, value in attrs:
            text = (value or "").strip().lower()
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.found.append(f"{tag} {name}")
            if name in {"href", "src", "action", "formaction"} and text.startswith(
                ("javascript:", "data:", "vbscript:")
            ):
                self.found.append(f"{tag} {name}={value}")
        if tag in {"script", "img", "iframe", "use", "source", "video", "audio", "embed"}:
            self.loaded.append(values.get("src") or values.get("href"))
        if tag == "link" and values.get("rel") in {"stylesheet", "icon", "preload"}:
            self.loaded.append(values["href"])


def look_at(response):
    parser = _Inline()
    parser.feed(response.text)
    return parser


def fill(author):
    text = "<script>alert(1)</script> https://example.org/?a=1&b=2\n\nשלום"
    post = make_post(author, text, at=utcnow() - timedelta(days=30))
    posts.edit(post, text + " " + "x" * 800)
    author.display_name = "\"><img src=x onerror=alert(1) style='x'>"
    author.about_me = "<style>*{}</style> javascript:alert(1)"
    author.website = 'https://example.org/"style="x'
    author.location = "<b onclick=x>"
    return make_post(author, "Another").id


@pytest.fixture(params=["http", "https"])
def scheme(request):
    return request.param


@pytest.fixture
def settings(scheme):
    return HTTPS | {"POSTS_PER_PAGE": "1"} if scheme == "https" else {"POSTS_PER_PAGE": "1"}


@pytest.fixture
def visited(client, ana, bob):
    """Return a function that opens every page, as a visitor or as a member."""
    post = fill(ana)
    make_follow(ana, bob)

    def visit(pages, member=None):
        if member:
            enter(client, member)
        return {page: client.get(page.format(post=post)) for page in pages}

    return visit


@pytest.fixture(params=["visitor", "member"])
def pages(request, visited, ana):
    if request.param == "visitor":
        return visited(VISITOR_PAGES)
    return visited(MEMBER_PAGES, member=ana)


def test_every_page_carries_every_header(pages, scheme):
    for path, answer in pages.items():
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert headers["X-Frame-Options"] == "DENY", path
        assert ("Strict-Transport-Security" in headers) == (scheme == "https"), path
        assert "Cookie" in headers["Vary"], path
        assert "private" in headers["Cache-Control"], path
        assert "public" not in headers["Cache-Control"], path


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere(pages):
    for path, answer in pages.items():
        policy = dict(
            part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; ")
        )
        assert policy["default-src"] == "'self'", path
        assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert not re.search("unsafe|data:|blob:|http|\\*", " ".join(policy.values())), path


def test_no_page_holds_inline_scripts_or_styles(pages):
    for path, answer in pages.items():
        assert answer.mimetype == "text/html"
        assert look_at(answer).found == [], path


def test_no_page_loads_anything_from_elsewhere(pages):
    for path, answer in pages.items():
        loaded = look_at(answer).loaded
        assert loaded, path
        assert [url for url in loaded if not url.startswith("/static/")] == [], path


def test_the_walk_would_notice_what_it_looks_for():
    parser = _Inline()
    parser.feed(
        "<style></style><script>x</script><p style=x><p onclick=x><a href=' JavaScript:x'>"
        "<button formaction='data:x'><script src=https://cdn.example/x.js></script>"
    )
    assert len(parser.found) == 6
    assert parser.loaded == [None, "https://cdn.example/x.js"]


def test_every_redirect_carries_the_headers_too(client, ana):
    answer = submit(client, "/auth/login", username="ana", password=PASSWORD)
    assert answer.status_code == 302
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def cookies_of(response):
    """Return {name: set of attributes in lower case} of the cookies that a response sets."""
    cookies = {}
    for line in response.headers.getlist("Set-Cookie"):
        first, *rest = line.split("; ")
        cookies[first.split("=")[0]] = {part.lower() for part in rest}
    return cookies


def test_session_and_remember_cookies_are_locked_away(client, ana, scheme):
    answer = submit(client, "/auth/login", username="ana", password=PASSWORD, remember_me="y")
    cookies = cookies_of(answer)
    assert set(cookies) == {"session", "remember_token"}
    for attributes in cookies.values():
        assert {"httponly", "samesite=lax", "path=/"} <= attributes
        assert ("secure" in attributes) == (scheme == "https")
        assert not [item for item in attributes if item.startswith("domain")]


def test_language_and_theme_cookies_are_locked_away_too(client, app, scheme):
    for data in ({"lang": "es"}, {"theme": "dark"}):
        ((_name, attributes),) = cookies_of(client.post("/preferences", data=data)).items()
        assert {"httponly", "samesite=lax", "path=/"} <= attributes
        assert ("secure" in attributes) == (scheme == "https")


def test_without_remember_me_there_is_no_lasting_cookie(client, ana):
    cookies = cookies_of(submit(client, "/auth/login", username="ana", password=PASSWORD))
    assert set(cookies) == {"session"}
    assert not [item for item in cookies["session"] if item.startswith(("expires", "max-age"))]


def test_the_remember_cookie_lasts_a_month_not_a_year(client, ana):
    answer = submit(client, "/auth/login", username="ana", password=PASSWORD, remember_me="y")
    expires = [a for a in cookies_of(answer)["remember_token"] if a.startswith("expires")]
    assert expires
    remember = next(
        line for line in answer.headers.getlist("Set-Cookie") if line.startswith("remember_token")
    )
    until = parsedate_to_datetime(re.search("(?i)expires=([^;]+)", remember)[1])
    assert timedelta(days=29) < until - utcnow() < timedelta(days=31)


def test_signing_out_takes_the_remember_cookie_away(client, ana):
    submit(client, "/auth/login", username="ana", password=PASSWORD, remember_me="y")
    answer = submit(client, "/auth/logout")
    assert "remember_token" in cookies_of(answer)
    assert client.get("/settings").status_code == 302


def test_signing_in_gives_a_new_session(client, ana):
    before = token_for(client)
    submit(client, "/auth/login", username="ana", password=PASSWORD)
    assert client.post("/write", data={"csrf_token": before, "body": "x"}).status_code == 400


def test_the_pages_address_themselves_under_the_public_name(client, ana, scheme):
    origin = "https://micro.example" if scheme == "https" else "http://127.0.0.1:5000"
    assert f'<link rel="canonical" href="{origin}/user/ana">' in client.get("/user/ana").text


class TestWithGravatar:
    @pytest.fixture
    def settings(self, scheme):
        return {"GRAVATAR": "1"} | (HTTPS if scheme == "https" else {})

    def test_only_pictures_may_come_from_there(self, client, ana):
        policy = client.get("/user/ana").headers["Content-Security-Policy"]
        assert "img-src 'self' https://www.gravatar.com;" in policy
        assert policy.count("gravatar") == 1
