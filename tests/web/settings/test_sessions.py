"""Where one is signed in: /settings/sessions."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.accounts.models import UserSession
from app.extensions import db
from tests.browsing import DOMAIN, forms_of, sign_in, submit
from tests.factories import PASSWORD
from tests.queries import all_rows

PATH = "/settings/sessions"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1"
)


def is_signed_in(client):
    return client.get("/settings").status_code == 200


def device(app, user_agent=FIREFOX):
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = user_agent
    return client


def ids():
    return [row[0] for row in all_rows()["user_sessions"]]


def end_buttons(page):
    return [form.action for form in forms_of(page) if form.action.endswith("/end")]


def rows_of(page):
    return re.findall(r'<li class="device">(.*?)</li>', page.text, re.DOTALL)


def test_every_device_is_listed_by_browser_and_system(app, ana):
    phone, laptop = device(app, SAFARI), device(app, FIREFOX)
    sign_in(phone, ana)
    sign_in(laptop, ana)
    page = laptop.get(PATH)
    assert "Firefox on Linux" in page.text
    assert "Mobile Safari on iOS" in page.text


@pytest.mark.parametrize(
    "user_agent", ["", "x", "\u00ff\u00fe", "<script>alert(1)</script>", "A" * 5_000]
)
def test_odd_browser_is_listed_too(app, ana, user_agent):
    client = device(app, user_agent)
    sign_in(client, ana)
    page = client.get(PATH)
    assert page.status_code == 200
    assert len(rows_of(page)) == 1
    assert "<script>alert" not in page.text


def test_browser_without_a_name_is_called_unknown(app, ana):
    client = device(app, "")
    sign_in(client, ana)
    assert "An unknown browser" in client.get(PATH).text


def test_this_device_is_marked_and_has_no_button(app, ana):
    client = device(app)
    sign_in(client, ana)
    page = client.get(PATH)
    assert [("This device" in row) for row in rows_of(page)] == [True]
    assert end_buttons(page) == []


def test_every_other_device_has_a_button(app, ana):
    phone, laptop = device(app), device(app)
    sign_in(phone, ana)
    phone_id = ids()[0]
    sign_in(laptop, ana)
    assert end_buttons(laptop.get(PATH)) == [f"/settings/sessions/{phone_id}/end"]


def test_sessions_of_others_are_not_listed(app, ana, carla):
    hers, mine = device(app, SAFARI), device(app)
    sign_in(hers, carla)
    sign_in(mine, ana)
    assert len(rows_of(mine.get(PATH))) == 1


def test_session_that_has_expired_is_not_listed(app, ana):
    phone, laptop = device(app), device(app)
    start = datetime.now(UTC)
    sign_in(laptop, ana)
    sign_in(phone, ana)
    with time_machine.travel(start + timedelta(days=20)):
        laptop.get(PATH)
    with time_machine.travel(start + timedelta(days=30, hours=1)):
        assert not is_signed_in(phone)
        assert len(rows_of(laptop.get(PATH))) == 1


def test_last_use_of_a_device_is_told(app, ana):
    phone, laptop = device(app), device(app)
    sign_in(phone, ana)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=3)):
        sign_in(laptop, ana)
        assert "3 hours ago" in laptop.get(PATH).text


def test_ending_a_session_signs_that_device_out_at_once(app, ana):
    phone, laptop = device(app), device(app)
    sign_in(phone, ana)
    sign_in(laptop, ana)
    assert is_signed_in(phone)
    (button,) = end_buttons(laptop.get(PATH))
    response = submit(laptop, button)
    assert (response.status_code, response.location) == (302, PATH)
    assert not is_signed_in(phone)
    assert is_signed_in(laptop)


def test_remember_cookie_of_an_ended_session_is_dead(app, ana):
    phone, laptop = device(app), device(app)
    submit(phone, "/auth/login", username="ana", password=PASSWORD, remember_me="y")
    phone.delete_cookie("session", domain=DOMAIN)
    assert is_signed_in(phone)
    sign_in(laptop, ana)
    (button,) = end_buttons(laptop.get(PATH))
    submit(laptop, button)
    phone.delete_cookie("session", domain=DOMAIN)
    assert not is_signed_in(phone)


def test_ending_ones_own_session_is_signing_out(client, ana):
    sign_in(client, ana)
    assert submit(client, f"{PATH}/{ids()[0]}/end").status_code == 302
    assert not is_signed_in(client)


def test_ending_all_others_keeps_this_one(app, client, ana):
    others = [app.test_client() for _ in range(3)]
    for other in [*others, client]:
        sign_in(other, ana)
    response = submit(client, f"{PATH}/end_others")
    assert (response.status_code, response.location) == (302, PATH)
    assert [is_signed_in(other) for other in others] == [False] * 3
    assert is_signed_in(client)


def test_ending_all_others_leaves_other_members_alone(app, client, ana, carla):
    other = app.test_client()
    sign_in(other, carla)
    sign_in(client, ana)
    submit(client, f"{PATH}/end_others")
    assert is_signed_in(other)


def test_button_for_all_others_shows_only_where_there_are_others(app, client, ana):
    sign_in(client, ana)
    assert "end_others" not in client.get(PATH).text
    sign_in(app.test_client(), ana)
    assert "end_others" in client.get(PATH).text


def test_session_of_another_member_cannot_be_ended(app, client, ana, carla):
    other = app.test_client()
    sign_in(other, carla)
    (hers,) = ids()
    sign_in(client, ana)
    assert submit(client, f"{PATH}/{hers}/end").status_code == 404
    assert is_signed_in(other)


@pytest.mark.parametrize("number", ["0", "999", "-1", "1.5", "abc", str(2**63), "9" * 40, "1%00"])
def test_session_that_does_not_exist_is_not_found(client, ana, number):
    sign_in(client, ana)
    assert submit(client, f"{PATH}/{number}/end").status_code == 404


@pytest.mark.parametrize("path", [f"{PATH}/1/end", f"{PATH}/end_others"])
@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_sessions_end_by_post_only(client, ana, path, method):
    sign_in(client, ana)
    assert client.open(path, method=method).status_code == 405
    assert is_signed_in(client)


def test_list_is_read_only(client, ana):
    sign_in(client, ana)
    assert submit(client, PATH).status_code == 405


@pytest.mark.parametrize("button", ["end", "end_others"])
def test_buttons_without_their_token_end_nothing(app, client, ana, button):
    other = app.test_client()
    sign_in(other, ana)
    path = f"{PATH}/{ids()[0]}/end" if button == "end" else f"{PATH}/end_others"
    sign_in(client, ana)
    assert client.post(path).status_code == 400
    assert is_signed_in(other)


def test_visitor_is_asked_to_sign_in(client):
    assert client.get(PATH).location == "/auth/login?next=/settings/sessions"


@pytest.mark.parametrize("path", [f"{PATH}/1/end", f"{PATH}/end_others"])
def test_visitor_ends_no_session(app, client, ana, path):
    sign_in(app.test_client(), ana)
    assert ids() == [1]
    assert submit(client, path).status_code == 401
    assert ids() == [1]


def test_page_shows_no_secret_of_a_session(app, client, ana):
    sign_in(client, ana)
    hashes = [row.token_hash for row in db.session.scalars(db.select(UserSession))]
    page = client.get(PATH).text
    assert hashes
    assert not any(secret in page for secret in hashes)
