"""nginx keeps visitors' pages for a moment: nobody gets what was drawn for other readers."""

import gzip
import re
from collections.abc import Iterator
from itertools import count

import pytest

from app.assets import tree_hash
from tests.browsing import form_with
from tests.factories import PASSWORD
from tests.processes import until
from tests.servers.stack import Answer, Stack

TOKEN = "a-secret-that-opens-an-account"
# Never the same twice, so that nothing is kept for it yet.
fresh = (f"/explore?number={number}" for number in count(1)).__next__


def cookie(stack: Stack, member: str) -> dict[str, str]:
    """Return what a member's browser sends."""
    return {"Cookie": f"session={stack.town.session_cookie(member)['value']}"}


def kept(stack: Stack, path: str, headers: dict[str, str] | None = None) -> Answer | None:
    """Return the first of a few answers in a row that comes from nginx's own store, if one does."""
    for _attempt in range(4):
        answer = stack.open(path, headers=headers)
        entry = stack.logged(answer)
        if entry["cache"] == "HIT":
            assert entry["upstream"] == ""
            return answer
    return None


def test_page_of_one_visitor_serves_another(stack):
    path = fresh()
    first = stack.open(path, headers={"User-Agent": "one"})
    assert stack.logged(first)["cache"] == "MISS"
    second = kept(stack, path, {"User-Agent": "two"})
    assert second.text == first.text
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    # Browsers keep nothing.
    assert second.headers["Cache-Control"] == "private, no-cache"


def test_kept_page_names_the_request_that_it_answers(stack):
    path = fresh()
    numbers = {kept(stack, path).headers["X-Request-ID"] for _again in range(3)}
    assert len(numbers) == 3
    assert not any(number in stack.log("web") for number in numbers)


def test_kept_page_is_drawn_anew_after_a_moment(stack):
    path, author = fresh(), stack.town.member()
    assert kept(stack, path)
    stack.town.post(author, f"News for {path}.")
    assert until(lambda: f"News for {path}." in stack.open(path).text, 30)


def test_visitors_get_their_languages_under_one_address(stack):
    path = fresh()
    for language in ("es", "en", "es", "en"):
        answer = kept(stack, path, {"Accept-Language": language})
        assert f'<html lang="{language}"' in answer.text
    chosen = kept(stack, path, {"Accept-Language": "en", "Cookie": "lang=es"})
    assert '<html lang="es"' in chosen.text


def test_visitors_get_their_themes_under_one_address(stack):
    path = fresh()
    for theme in ("dark", "light", "auto", "dark"):
        answer = kept(stack, path, {"Cookie": f"theme={theme}"})
        assert f'data-theme="{theme}"' in answer.text
    assert 'data-theme="auto"' in kept(stack, path).text


def test_pages_under_one_path_are_told_apart_by_their_queries(stack):
    author = stack.town.member()
    post = stack.town.post(author, "The oldest of all.")
    assert kept(stack, "/explore?before=1").text != kept(stack, f"/explore?after={post - 1}").text


def test_members_page_is_kept_for_nobody(stack):
    path, member = fresh(), stack.town.member()
    asking = cookie(stack, member)
    for _again in range(2):
        answer = stack.open(path, headers=asking)
        assert f"@{member}" in answer.text
        assert stack.logged(answer)["cache"] == "BYPASS"
    for _again in range(3):
        answer = stack.open(path)
        assert member not in answer.text
        assert "frame-visitor" in answer.text


def test_member_never_gets_a_visitors_page(stack):
    path, member = fresh(), stack.town.member()
    assert kept(stack, path)
    answer = stack.open(path, headers=cookie(stack, member))
    assert f"@{member}" in answer.text


def test_cookie_that_begins_a_session_is_enough_for_a_page_of_ones_own(stack):
    path, member = fresh(), stack.town.member()
    visitor = stack.visitor()
    visitor.submit("/auth/login", username=member, password=PASSWORD, remember_me="y")
    [token] = [each.value for each in visitor.cookies if each.name == "remember_token"]
    assert kept(stack, path)
    answer = stack.open(path, headers={"Cookie": f"remember_token={token}"})
    assert f"@{member}" in answer.text
    assert member not in stack.open(path).text


def test_message_is_for_one_visitor_alone(stack):
    path, words = fresh(), "Sign in to see that page."
    session = stack.open("/write").headers["Set-Cookie"].split(";")[0]
    assert words in stack.open(path, headers={"Cookie": session}).text
    assert words not in kept(stack, path).text


@pytest.mark.parametrize("path", ["/auth/login", "/search?q=tar", "/nowhere", "/readyz"])
def test_form_count_error_or_health_is_never_kept(stack, path):
    assert kept(stack, path) is None


def test_no_two_visitors_share_a_token(stack):
    pages = [stack.open("/auth/login") for _visitor in range(3)]
    tokens = {form_with(page, "csrf_token").fields["csrf_token"] for page in pages}
    assert len(tokens) == 3


def test_head_is_answered_from_what_is_kept_and_leaves_a_whole_page(stack):
    path = fresh()
    first = stack.open(path, method="HEAD")
    assert (first.status, first.content) == (200, b"")
    whole = stack.open(path)
    assert len(whole.content) == int(first.headers["Content-Length"]) > 1000
    assert kept(stack, path)
    assert stack.open(path, method="HEAD").content == b""


@pytest.mark.parametrize(
    "spelling", ['lang="es"', "LANG=es", "lang=es|", "x=y; Lang=es", "lang=%65s", "lang=; lang=es"]
)
def test_nobody_can_have_a_page_kept_that_others_did_not_ask_for(stack, spelling):
    path = fresh()
    english = {"Accept-Language": "en"}
    stack.open(path, headers=english | {"Cookie": spelling})
    assert '<html lang="en"' in kept(stack, path, english).text
    assert '<html lang="es"' in kept(stack, path, english | {"Cookie": "lang=es"}).text


def test_only_pages_without_a_secret_are_compressed(stack):
    packed = {"Accept-Encoding": "gzip"}
    page = stack.open("/", headers=packed)
    assert page.headers["Content-Encoding"] == "gzip"
    assert "Short posts" in gzip.decompress(page.content).decode()
    member = stack.town.member()
    for asking in (cookie(stack, member), {"Cookie": "session=x"}, {"Cookie": "remember_token=x"}):
        assert stack.open("/", headers=packed | asking).headers["Content-Encoding"] is None


# While the application is away


@pytest.fixture(scope="module")
def seen_before(stack) -> str:
    path = fresh()
    assert kept(stack, path)
    return path


@pytest.fixture(scope="module")
def away(stack, seen_before) -> Iterator[Stack]:
    stack.supervisor.control("stop", "microblog:web")
    yield stack
    stack.supervisor.control("start", "microblog:web")
    stack.wait()


def test_visitors_read_on_while_it_is_away(away, seen_before):
    def is_stale() -> bool:
        answer = away.open(seen_before)
        assert answer.status == 200
        return away.logged(answer)["cache"] == "STALE"

    assert until(is_stale, 30)


def test_people_are_told_that_it_is_away(away):
    answer = away.open("/auth/login")
    assert answer.status == 503
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Retry-After"] == "10"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Back in a moment" in answer.text
    assert f"<code>{answer.headers['X-Request-ID']}</code>" in answer.text
    assert not re.search(r'(src|href)="(?!/")', answer.text)


def test_programs_are_told_that_it_is_away(away):
    answer = away.open("/auth/login", headers={"Accept": "application/json"})
    assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert f'"request_id": "{answer.headers["X-Request-ID"]}"' in answer.text


def test_form_sent_meanwhile_is_told_and_logged_as_one(away):
    answer = away.open("/preferences", method="POST", body=b"theme=dark")
    assert answer.status == 503
    assert "look whether it" in answer.text
    entry = away.logged(answer)
    assert (entry["method"], entry["upstream_status"]) == ("POST", "502")


def test_links_from_mail_are_in_no_log_while_it_is_away(away):
    for path in ("/auth/reset_password/", "/auth/confirm/"):
        assert away.open(f"{path}{TOKEN}").status == 503
    assert TOKEN not in away.log("error") + away.log("microblog")


def test_files_are_served_while_it_is_away(away):
    assert away.open(f"/static/{tree_hash()}/dist/site.css").status == 200
