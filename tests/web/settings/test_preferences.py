"""The switches in the footer, for everybody: POST /preferences."""

import pytest

from app.accounts.queries import by_username
from tests.browsing import DOMAIN, cookie_of, enter, forms_of, sign_in
from tests.queries import all_rows

PATH = "/preferences"


def language_of(page):
    return page.text.split('<html lang="')[1].split('"')[0]


def theme_of(page):
    return page.text.split('data-theme="')[1].split('"')[0]


def set_cookies(response):
    return response.headers.getlist("Set-Cookie")


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_visitor_chooses_the_colours(client, theme):
    client.post(PATH, data={"theme": theme})
    assert theme_of(client.get("/")) == theme


def test_visitor_chooses_the_language(client):
    assert language_of(client.get("/")) == "en"
    client.post(PATH, data={"lang": "es"})
    assert language_of(client.get("/")) == "es"


def test_cookie_wins_over_the_browser(client):
    client.post(PATH, data={"lang": "en"})
    assert language_of(client.get("/", headers={"Accept-Language": "es"})) == "en"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en-GB", "en"),
        ("fr,es;q=0.5", "es"),
        ("fr", "en"),
        ("*", "en"),
        ("", "en"),
        ("es;q=0,en", "en"),
        ("\u00ff;q=x,,;;", "en"),
        ("x" * 5_000, "en"),
    ],
)
def test_without_a_choice_the_browser_decides(client, accepted, language):
    assert language_of(client.get("/", headers={"Accept-Language": accepted})) == language


@pytest.mark.parametrize("value", ["xx", "", "en\x00", "../es", "<script>", "x" * 3_000])
def test_rubbish_in_the_language_cookie_is_ignored(client, value):
    client.set_cookie("lang", value, domain=DOMAIN)
    page = client.get("/")
    assert (page.status_code, language_of(page)) == (200, "en")


@pytest.mark.parametrize("value", ["pink", "", '"><script>alert(1)</script>'])
def test_rubbish_in_the_theme_cookie_is_ignored(client, value):
    client.set_cookie("theme", value, domain=DOMAIN)
    page = client.get("/")
    assert (page.status_code, theme_of(page)) == (200, "auto")


def test_visitor_comes_back_to_the_page_they_were_on(client):
    response = client.post(PATH, data={"theme": "dark", "next": "/explore?before=5"})
    assert (response.status_code, response.location) == (302, "/explore?before=5")


def test_forms_on_a_page_name_that_page(client):
    forms = [form for form in forms_of(client.get("/explore?before=5")) if form.action == PATH]
    assert forms
    assert {form.fields["next"] for form in forms} == {"/explore?before=5"}


def test_forms_on_a_page_need_no_session(client):
    page = client.get("/explore")
    assert any(form.action == PATH for form in forms_of(page))
    assert set_cookies(page) == []
    assert client.post(PATH, data={"theme": "dark"}).status_code == 302


@pytest.mark.parametrize(("field", "value"), [("theme", "dark"), ("lang", "en")])
def test_cookie_is_kept_for_long_and_from_scripts(client, field, value):
    (cookie,) = set_cookies(client.post(PATH, data={field: value}))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=31536000" in cookie
    assert "Path=/" in cookie


def test_language_chosen_by_a_member_goes_with_them(app, client, ana):
    enter(client, ana)
    client.post(PATH, data={"lang": "es"})
    assert by_username("ana").locale == "es"
    phone = app.test_client()
    sign_in(phone, "ana")
    assert language_of(phone.get("/")) == "es"


def test_member_s_switch_wins_over_their_own_setting_at_once(client, ana):
    enter(client, ana)
    client.post(PATH, data={"lang": "es"})
    client.post(PATH, data={"lang": "en"})
    assert language_of(client.get("/")) == "en"


def test_visitor_changes_no_row(client, ana):
    before = all_rows()
    client.post(PATH, data={"lang": "en"})
    client.post(PATH, data={"theme": "dark"})
    assert all_rows() == before


def test_theme_of_a_member_changes_no_row(client, ana):
    enter(client, ana)
    before = all_rows()
    client.post(PATH, data={"theme": "dark"})
    assert all_rows() == before


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"lang": ""},
        {"lang": "xx"},
        {"lang": "EN"},
        {"lang": "../../etc"},
        {"lang": "en\x00"},
        {"lang": "en\r\nSet-Cookie: a=b"},
        {"lang": "x" * 10_000},
        {"theme": ""},
        {"theme": "pink"},
        {"theme": "dark; Domain=evil"},
        {"lang": "xx", "theme": "dark"},
        {"lang": "en", "theme": "pink"},
    ],
)
def test_what_is_not_offered_is_refused_and_sets_nothing(client, data):
    response = client.post(PATH, data=data)
    assert response.status_code == 400
    assert set_cookies(response) == []


def test_language_and_theme_together_are_both_kept_or_both_refused(client):
    response = client.post(PATH, data={"lang": "en", "theme": "dark"})
    both = {"lang": "en", "theme": "dark"}
    neither = {"lang": None, "theme": None}
    kept = {name: cookie_of(client, name) for name in both}
    assert kept == (both if response.status_code == 302 else neither)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:5001"},
    ],
)
def test_another_site_changes_nothing(client, ana, headers):
    enter(client, ana)
    response = client.post(PATH, data={"lang": "en"}, headers=headers)
    assert response.status_code == 403
    assert set_cookies(response) == []
    assert by_username("ana").locale is None


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_post_changes_anything(client, method):
    response = client.open(f"{PATH}?theme=dark", method=method)
    assert response.status_code == 405
    assert cookie_of(client, "theme") is None


def test_choice_in_the_address_of_a_post_is_refused(client):
    assert client.post(f"{PATH}?theme=dark").status_code == 400
