"""One family of pages for every error: words, language, JSON, headers, number."""

import re

import pytest

from app.extensions import db
from tests.browsing import enter, forms_of, link_to, links_of, submit, token_for
from tests.factories import make_post

TITLES = {
    400: "That did not arrive as it should",
    401: "You are signed out",
    403: "That is not allowed",
    404: "Nothing here",
    405: "Not like that",
    413: "Too much at once",
    429: "A little too quick",
    500: "Something broke on our side",
    503: "Back in a moment",
}


def kept(response):
    found = re.search(r'<textarea[^>]*id="kept-text"[^>]*>(.*?)</textarea>', response.text, re.S)
    return found and found[1].lstrip("\r\n")


@pytest.mark.parametrize(("code", "title"), TITLES.items())
def test_every_error_has_a_page_in_words(client, broken, code, title):
    answer = client.get(f"/abort/{code}")
    assert answer.status_code == code
    assert answer.mimetype == "text/html"
    assert f'<h1 class="narrow-title">{title}</h1>' in answer.text
    assert f"Error {code}" in answer.text
    assert link_to(answer, "Go to the start page") == "/"


@pytest.mark.parametrize("code", [406, 409, 410, 414, 415, 418, 422, 431, 501, 502, 504])
def test_errors_without_words_of_their_own_have_a_page_as_well(client, broken, code):
    answer = client.get(f"/abort/{code}")
    assert answer.status_code == code
    assert "<h1" in answer.text
    assert link_to(answer, "Go to the start page") == "/"


@pytest.mark.parametrize(("code", "title"), TITLES.items())
def test_every_error_speaks_spanish(client, broken, code, title):
    answer = client.get(f"/abort/{code}", headers={"Accept-Language": "es"})
    assert answer.status_code == code
    assert '<html lang="es"' in answer.text
    assert title not in answer.text
    assert "Go to the start page" not in answer.text


@pytest.mark.parametrize("code", TITLES)
def test_json_is_for_those_who_ask_for_it(client, broken, code):
    answer = client.get(f"/abort/{code}", headers={"Accept": "application/json"})
    assert answer.status_code == code
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == code
    assert answer.json["title"] == TITLES[code]
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("*/*", "text/html"),
        (None, "text/html"),
        ("", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/json", "application/problem+json"),
        ("application/problem+json", "application/problem+json"),
        ("application/json, text/plain, */*", "application/problem+json"),
        ("application/json;q=0.1, text/html;q=0.9", "text/html"),
        ("application/json;q=0.9, text/html;q=0.1", "application/problem+json"),
        ("application/json, text/html", "text/html"),
        ("image/png", "text/html"),
        ("rubbish;;;===, q=7", "text/html"),
    ],
)
def test_who_gets_json_and_who_gets_html(client, app, accept, mimetype):
    headers = {} if accept is None else {"Accept": accept}
    assert client.get("/no-such-page", headers=headers).mimetype == mimetype


@pytest.mark.parametrize("code", TITLES)
def test_the_page_names_the_request(client, broken, code):
    answer = client.get(f"/abort/{code}")
    number = answer.headers["X-Request-ID"]
    assert re.fullmatch(r"[A-Za-z0-9._-]{8,64}", number)
    assert f"<code>{number}</code>" in answer.text


def test_each_request_has_its_own_number(client, app):
    numbers = {client.get("/no-such-page").headers["X-Request-ID"] for _ in range(5)}
    assert len(numbers) == 5


@pytest.mark.parametrize("code", TITLES)
def test_errors_carry_the_security_headers(client, broken, code):
    headers = client.get(f"/abort/{code}").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("code", TITLES)
def test_errors_have_no_forms_and_ask_for_no_session(client, broken, code):
    answer = client.get(f"/abort/{code}")
    assert forms_of(answer) == []
    assert answer.headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("code", [400, 404, 405, 500, 503])
def test_head_gets_the_status_and_no_body(client, broken, code):
    answer = client.head(f"/abort/{code}")
    assert (answer.status_code, answer.data) == (code, b"")


def test_405_says_what_is_allowed(client, app):
    answer = client.get("/auth/logout")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}
    assert "Not like that" in answer.text


def test_404_for_a_page_that_is_not_there(client, app):
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "Nothing here" in answer.text


@pytest.mark.parametrize("path", ["/<script>alert(1)</script>", "/%3Cscript%3E", "/'\"><b>"])
def test_404_does_not_repeat_the_address_as_markup(client, app, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<script>" not in answer.text
    assert "<b>" not in answer.text


def test_404_follows_the_setting_of_a_member(client, ana):
    ana.locale = "es"
    db.session.commit()
    enter(client, ana)
    answer = client.get("/no-such-page", headers={"Accept-Language": "en"})
    assert '<html lang="es"' in answer.text


def test_a_form_without_its_token_is_explained_and_the_text_kept(client, ana):
    enter(client, ana)
    answer = client.post("/write", data={"body": "A long <b>thought</b>"})
    assert answer.status_code == 400
    assert "This page is from an earlier session" in answer.text
    assert "Go back, reload the page" in answer.text
    assert kept(answer) == "A long &lt;b&gt;thought&lt;/b&gt;"


def test_a_stale_form_leads_who_has_signed_out_to_sign_in(client, ana):
    headers = {"Referer": "http://127.0.0.1:5000/write"}
    answer = client.post("/write", data={"body": "A thought"}, headers=headers)
    assert "/auth/login?next=/write" in {link.href for link in links_of(answer)}
    enter(client, ana)
    answer = client.post("/write", data={"body": "A thought"}, headers=headers)
    assert "Sign in" not in {link.text for link in links_of(answer)}


def test_a_stale_form_is_explained_to_programs_as_well(client, app):
    answer = client.post("/auth/login", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json["title"] == "This page is from an earlier session"


def test_passwords_are_not_kept_on_the_page(client, app):
    answer = client.post("/auth/login", data={"username": "ana", "password": "hunter22hunter"})
    assert answer.status_code == 400
    assert "hunter22hunter" not in answer.text


def test_somebody_signed_out_meanwhile_keeps_the_text_and_is_shown_the_way_in(client, app):
    answer = submit(client, "/write", body="A long thought")
    assert answer.status_code == 401
    assert kept(answer) == "A long thought"
    assert link_to(answer, "Sign in") == "/auth/login"


def test_the_text_about_oneself_is_kept_too(client, ana):
    enter(client, ana)
    answer = client.post("/edit_profile", data={"about_me": "I write about tides."})
    assert answer.status_code == 400
    assert kept(answer) == "I write about tides."


@pytest.mark.parametrize("code", [400, 403, 404, 429, 500, 503])
def test_whatever_went_wrong_the_text_is_kept(client, broken, code):
    token = token_for(client)
    data = {"csrf_token": token, "body": "</textarea><script>alert(1)</script>"}
    answer = client.post(f"/abort/{code}", data=data)
    assert answer.status_code == code
    assert kept(answer) == "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    assert "<script>alert" not in answer.text


def test_the_text_of_a_crash_is_kept(client, broken):
    answer = client.post("/broken", data={"csrf_token": token_for(client), "body": "My words"})
    assert answer.status_code == 500
    assert kept(answer) == "My words"


def test_a_change_begun_by_another_site_is_not_allowed(client, ana):
    enter(client, ana)
    data = {"csrf_token": token_for(client), "body": "x"}
    answer = client.post("/write", data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "That is not allowed" in answer.text


def test_too_much_at_once_is_refused_in_words(client, ana):
    enter(client, ana)
    data = {"csrf_token": token_for(client), "body": "x" * 600_000}
    answer = client.post("/write", data=data)
    assert answer.status_code == 413
    assert "Too much at once" in answer.text


def test_too_many_attempts_are_told_when_to_come_back(client, app):
    token = token_for(client)
    data = {"csrf_token": token, "username": "", "password": ""}
    for _ in range(25):
        assert client.post("/auth/login", data=data).status_code == 422
    answer = client.post("/auth/login", data=data)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert "A little too quick" in answer.text


def test_json_for_too_many_attempts_says_when_too(client, app):
    data = {"csrf_token": token_for(client)}
    for _ in range(26):
        answer = client.post("/auth/login", data=data, headers={"Accept": "application/json"})
    assert answer.status_code == 429
    assert answer.json["status"] == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_a_member_sees_an_error_page_without_a_trace_of_others(client, ana, bob):
    post = make_post(ana)
    enter(client, bob)
    answer = client.get(f"/post/{post.id}/edit")
    assert answer.status_code == 404
    assert "Low tide" not in answer.text
