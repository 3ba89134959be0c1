"""Settings: /settings, where the language is chosen. Needs the Spanish catalogue."""

import pytest

from app.models import User
from tests.browsing import DOMAIN, enter, submit
from tests.queries import all_rows

PATH = "/settings"


def language_of(page):
    return page.text.split('<html lang="')[1].split('"')[0]


def choose(client, locale):
    return submit(client, PATH, locale=locale)


def stored_locale():
    (user,) = all_rows()["users"]
    return user[list(User.__table__.columns.keys()).index("locale")]


def test_page_offers_every_language_in_its_own_words(client, ana):
    enter(client, ana)
    page = client.get(PATH).text
    assert '<option value="en">English</option>' in page
    assert '<option value="es">Español</option>' in page


def test_page_leads_to_every_setting(client, ana):
    enter(client, ana)
    page = client.get(PATH).text
    for path in ("/edit_profile", "/settings/password", "/settings/sessions", "/settings/delete"):
        assert f'href="{path}"' in page


def test_chosen_language_is_the_language_of_every_page(client, ana):
    enter(client, ana)
    assert language_of(client.get("/")) == "en"
    response = choose(client, "es")
    assert (response.status_code, response.location) == (302, PATH)
    assert [language_of(client.get(path)) for path in ("/", PATH, "/explore")] == ["es"] * 3


def test_chosen_language_is_shown_as_chosen(client, ana):
    enter(client, ana)
    choose(client, "es")
    assert '<option selected value="es">' in client.get(PATH).text


def test_setting_wins_over_cookie_and_browser(client, ana):
    enter(client, ana)
    choose(client, "es")
    client.set_cookie("lang", "en", domain=DOMAIN)
    page = client.get("/", headers={"Accept-Language": "en"})
    assert language_of(page) == "es"


def test_setting_follows_the_member_to_another_device(app, client, ana):
    enter(client, ana)
    choose(client, "es")
    phone = app.test_client()
    enter(phone, ana)
    assert language_of(phone.get("/")) == "es"


def test_setting_of_one_member_is_not_that_of_another(app, client, ana, carla):
    enter(client, ana)
    choose(client, "es")
    other = app.test_client()
    enter(other, carla)
    assert language_of(other.get("/")) == "en"


def test_confirmation_is_in_the_new_language(client, ana):
    enter(client, ana)
    choose(client, "es")
    page = client.get(PATH)
    assert language_of(page) == "es"
    assert "Your changes are saved." not in page.text


def test_as_my_browser_asks_follows_the_browser_again(client, ana):
    enter(client, ana)
    choose(client, "es")
    choose(client, "")
    assert stored_locale() is None
    assert language_of(client.get("/", headers={"Accept-Language": "en"})) == "en"
    assert language_of(client.get("/", headers={"Accept-Language": "es"})) == "es"


def test_as_my_browser_asks_forgets_the_footer_s_choice_too(client, ana):
    enter(client, ana)
    client.post("/preferences", data={"lang": "es"})
    choose(client, "")
    assert language_of(client.get("/", headers={"Accept-Language": "en"})) == "en"


@pytest.mark.parametrize(
    "locale", ["xx", "EN", "en_GB", "../en", "e\x00n", "None", "x" * 10_000, "<script>"]
)
def test_language_that_is_not_offered_changes_nothing(client, ana, locale):
    enter(client, ana)
    choose(client, "en")
    response = choose(client, locale)
    assert response.status_code == 422
    assert stored_locale() == "en"


def test_form_without_a_language_changes_nothing(client, ana):
    enter(client, ana)
    choose(client, "en")
    assert submit(client, PATH).status_code in {302, 422}
    assert stored_locale() == "en"


def test_form_without_its_token_changes_nothing(client, ana):
    enter(client, ana)
    assert client.post(PATH, data={"locale": "en"}).status_code == 400
    assert stored_locale() is None


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, ana, method):
    enter(client, ana)
    assert client.open(PATH, method=method).status_code == 405


def test_visitor_is_asked_to_sign_in(client):
    assert client.get(PATH).location == "/auth/login?next=/settings"


def test_visitor_changes_nothing(client, ana):
    assert choose(client, "en").status_code == 401
    assert stored_locale() is None
