"""Where `next` may lead: to a path of this site, and nowhere else."""

import re
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest

from tests.browsing import form_with, sign_in, submit
from tests.factories import PASSWORD

HOME = "http://127.0.0.1:5000"

GOOD = [
    "/explore",
    "/user/ana",
    "/explore?before=123",
    "/user/ana?x=https://example.org//y",
    "/post/1#post-1",
    "/settings/",
    "/user/%C3%A9",
]
ELSEWHERE = [
    # FIELD.md, fault 7.
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/////evil.example/path",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "https:///evil.example",
    "https:////evil.example",
    "http://evil.example",
    "HTTPS://EVIL.example",
    "javascript:alert(1)",
    "JavaScript:alert(1)//",
    "data:text/html,<script>alert(1)</script>",
    "mailto:a@evil.example",
    # Backslashes, which browsers read as slashes.
    "\\\\evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "/explore\\..\\..\\evil.example",
    "https:\\\\evil.example",
    "/explore?a=\\evil",
    "/explore#\\evil",
    # Control bytes and space, which browsers drop.
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    " https://evil.example",
    "\x00//evil.example",
    "/\x00/evil.example",
    "/\x7f/evil.example",
    "/\x01evil",
    "/explore\r\nSet-Cookie: a=b",
    "/explore?a=\nb",
    "/explore#\tb",
    "\x01javascript:alert(1)",
    "java\tscript:alert(1)",
    # Two slashes further on, which somebody may fold or resolve.
    "/.//evil.example",
    "/..//evil.example",
    "/explore/..//evil.example",
    "/%2e//evil.example",
    "/explore//evil.example",
    # Other ways of being somewhere else.
    "evil.example",
    "explore",
    "./explore",
    "../explore",
    "?next=/explore",
    "#content",
    "//",
    "///",
    "\\",
    "",
    " ",
    "//user@evil.example",
    "//evil.example:443/",
    "//[::1]/",
    "//[bad",
    "http://[bad",
    "http://127.0.0.1:5000@evil.example/",
    "http://127.0.0.1:5000/explore",
    "//127.0.0.1:5000/explore",
    "/" + "a" * 100_000,
]
# Harmless as they stand, whatever a browser or a server makes of them: taken or refused.
ENCODED = [
    "/%2Fevil.example",
    "/%2F%2Fevil.example",
    "/%5Cevil.example",
    "/%5C%5Cevil.example",
    "/%09/evil.example",
    "/%0A/evil.example",
    "/%00/evil.example",
    "/%2e%2e/%2fevil.example",
    "/%252Fevil.example",
    "%2F%2Fevil.example",
    "/\u2044/evil.example",
    "/\uff0f/evil.example",
    "/\uff0fevil.example",
    "/\u2028/evil.example",
    "/\u0085/evil.example",
    "/\u00a0/evil.example",
    "/\ufeff/evil.example",
    "/;//evil.example",
    "/@evil.example",
    "/:evil.example",
    "/.evil.example",
]


def as_a_browser_reads(location):
    """Resolve a Location as the URL standard does: tabs and newlines gone, backslashes turned."""
    cleaned = re.sub(r"[\t\r\n]", "", location).strip("".join(map(chr, range(0x21))))
    return urljoin(f"{HOME}/auth/login", cleaned.replace("\\", "/"))


def go_on(client, target):
    return submit(
        client, f"/auth/login?next={quote(target, safe='')}", username="ana", password=PASSWORD
    )


@pytest.fixture
def signed_in(client, ana):
    sign_in(client, ana)
    return client


def asked_to_go_to(client, target):
    """What somebody who is signed in gets at the sign-in page; the redirect is the same."""
    return client.get(f"/auth/login?next={quote(target, safe='')}")


def test_path_of_this_site_is_followed_after_signing_in(client, ana):
    response = submit(
        client, "/auth/login?next=/user/ana%3Fa%3Db", username="ana", password=PASSWORD
    )
    assert (response.status_code, response.location) == (302, "/user/ana?a=b")


@pytest.mark.parametrize("target", ["//evil.example", "////evil.example", "https:evil.example"])
def test_elsewhere_is_refused_after_signing_in(client, ana, target):
    response = submit(
        client,
        f"/auth/login?next={quote(target, safe='')}",
        username="ana",
        password=PASSWORD,
    )
    assert (response.status_code, response.location) == (302, "/")


def test_every_path_of_this_site_is_followed(signed_in):
    assert {target: asked_to_go_to(signed_in, target).location for target in GOOD} == {
        target: target for target in GOOD
    }


def test_everything_else_is_refused(signed_in):
    went = {target: asked_to_go_to(signed_in, target).location for target in ELSEWHERE}
    assert {target: place for target, place in went.items() if place != "/"} == {}


def test_footer_forms_refuse_everything_else(client):
    went = {
        target: client.post("/preferences", data={"theme": "dark", "next": target}).location
        for target in ELSEWHERE
    }
    assert {target: place for target, place in went.items() if place != "/"} == {}


@pytest.mark.parametrize("target", ENCODED)
def test_no_step_of_the_way_leaves_the_site(signed_in, target):
    response = asked_to_go_to(signed_in, target)
    assert response.status_code == 302
    for _step in range(5):
        if response.location is None:
            return
        place = urlsplit(as_a_browser_reads(response.location))
        assert f"{place.scheme}://{place.netloc}" == HOME
        response = signed_in.get(place._replace(scheme="", netloc="").geturl())
    pytest.fail("the way has no end")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
@pytest.mark.parametrize("button", ["follow", "unfollow"])
def test_follow_buttons_lead_nowhere_else(client, ana, bob, button, target):
    sign_in(client, bob)
    response = submit(client, f"/{button}/ana", next=target)
    assert response.location == "/user/ana"


def test_two_answers_to_where_next_lead_nowhere_else(client, ana):
    response = submit(
        client,
        "/auth/login?next=/explore&next=//evil.example",
        username="ana",
        password=PASSWORD,
    )
    assert response.location in {"/", "/explore"}


def test_next_in_the_body_of_the_sign_in_form_is_no_way_out(client, ana):
    response = submit(
        client, "/auth/login", username="ana", password=PASSWORD, next="//evil.example"
    )
    assert response.location == "/"


def test_sign_in_form_does_not_write_where_it_was_told_to_go_as_code(client):
    page = client.get("/auth/login?next=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert(1)" not in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/settings",
        "/settings/password",
        "/settings/sessions",
        "/settings/delete",
        "/edit_profile",
        "/write",
        "/settings?a=1&b=%2F%2Fevil.example",
    ],
)
def test_visitor_comes_back_to_the_page_they_asked_for(client, ana, path):
    to_sign_in = client.get(path)
    assert to_sign_in.status_code == 302
    assert urlsplit(to_sign_in.location).path == "/auth/login"
    form = form_with(client.get(to_sign_in.location), "username")
    fields = form.fields | {"username": "ana", "password": PASSWORD}
    response = client.post(form.action, data=fields)
    assert unquote(response.location) == unquote(path)


def test_visitor_is_told_why_they_were_sent_to_sign_in(client):
    page = client.get("/settings", follow_redirects=True)
    assert "Sign in to see that page." in page.text


def test_visitor_who_opened_several_pages_is_told_once(client):
    for path in ("/settings", "/bookmarks", "/settings"):
        client.get(path)
    assert client.get("/auth/login").text.count("Sign in to see that page.") == 1
