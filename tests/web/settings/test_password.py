"""Changing the password: /settings/password."""

import pytest

from app.accounts.models import UserSession
from app.accounts.queries import by_username
from app.extensions import db
from tests.browsing import DOMAIN, cookie_of, error_beside, form_with, sign_in, submit, token_for
from tests.factories import PASSWORD
from tests.queries import all_rows
from tests.slow_work import before, can_write, meanwhile

PATH = "/settings/password"
NEW = "a boat beneath the bridge"


def change(client, current=PASSWORD, new=NEW):
    return submit(client, PATH, current_password=current, password=new)


def is_signed_in(client):
    return client.get("/settings").status_code == 200


def test_page_asks_for_both_passwords(client, ana):
    sign_in(client, ana)
    form = form_with(client.get(PATH), "current_password")
    assert {"current_password", "password", "csrf_token"} <= form.fields.keys()


def test_new_password_signs_in_and_the_old_one_no_longer(app, client, ana):
    sign_in(client, ana)
    assert change(client).status_code == 302
    assert sign_in(app.test_client(), "ana", NEW).status_code == 302
    assert sign_in(app.test_client(), "ana", PASSWORD).status_code == 422


def test_member_stays_signed_in_where_they_changed_it(client, ana):
    sign_in(client, ana)
    change(client)
    assert is_signed_in(client)


def test_member_is_told_what_happened(client, ana):
    sign_in(client, ana)
    page = client.get(change(client).location)
    assert "Your password is changed. You are signed out everywhere else." in page.text


def test_all_other_devices_are_signed_out(app, client, ana):
    phone, laptop = app.test_client(), app.test_client()
    for device in (client, phone, laptop):
        sign_in(device, ana)
    assert is_signed_in(phone)
    change(client)
    assert not is_signed_in(phone)
    assert not is_signed_in(laptop)
    assert len(all_rows()["user_sessions"]) == 1


def test_remembered_devices_are_signed_out_too(app, client, ana):
    phone = app.test_client()
    submit(phone, "/auth/login", username="ana", password=PASSWORD, remember_me="y")
    assert cookie_of(phone, "remember_token")
    sign_in(client, ana)
    change(client)
    phone.delete_cookie("session", domain=DOMAIN)
    assert not is_signed_in(phone)


def test_other_members_stay_signed_in(app, client, ana, carla):
    other = app.test_client()
    sign_in(other, carla)
    sign_in(client, ana)
    change(client)
    assert is_signed_in(other)


def test_form_open_on_another_device_is_refused_after_the_change(app, client, ana):
    phone = app.test_client()
    sign_in(phone, ana)
    token = token_for(phone)
    sign_in(client, ana)
    change(client)
    response = phone.post("/write", data={"csrf_token": token, "body": "from the phone"})
    assert response.status_code == 401
    assert all_rows()["posts"] == []


@pytest.mark.parametrize("current", ["not my password", "", PASSWORD.upper(), NEW])
def test_wrong_current_password_changes_nothing(client, ana, current):
    sign_in(client, ana)
    before_it = all_rows()
    response = change(client, current=current)
    assert response.status_code == 422
    assert error_beside(response, "current_password")
    assert all_rows() == before_it


def test_wrong_current_password_is_explained_beside_it(client, ana):
    sign_in(client, ana)
    response = change(client, current="not my password")
    assert error_beside(response, "current_password") == "That is not your password."
    assert error_beside(response, "password") == ""


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("", "Please fill this in."),
        ("q7#Lm2x", "Use at least 8 characters."),
        ("x" * 255 + "yz", "Use at most 256 characters."),
        ("iloveyou", "That password is easy to guess. Please choose another."),
        ("ana@example.com", "That password is easy to guess. Please choose another."),
        ("ANA@example.com", "That password is easy to guess. Please choose another."),
    ],
)
def test_new_password_that_breaks_a_rule_changes_nothing(client, ana, new, message):
    sign_in(client, ana)
    before_it = all_rows()
    response = change(client, new=new)
    assert response.status_code == 422
    assert error_beside(response, "password") == message
    assert all_rows() == before_it


def test_passwords_are_never_sent_back(client, ana):
    sign_in(client, ana)
    response = change(client, current="an old secret", new="a new secret")
    assert response.status_code == 422
    assert "secret" not in response.text


def test_current_password_counts_however_the_keyboard_makes_it(client, ana):
    sign_in(client, ana)
    change(client, new="caf\u00e9 on the hill")
    assert change(client, current="cafe\u0301 on the hill").status_code == 302


def test_nobody_waits_while_passwords_are_checked_and_hashed(client, ana, monkeypatch):
    sign_in(client, ana)
    free = []
    before(monkeypatch, "verify", lambda: free.append(can_write()))
    before(monkeypatch, "hash", lambda: free.append(can_write()))
    assert change(client).status_code == 302
    assert free == [True, True]


def test_session_ended_while_the_password_is_checked_changes_nothing(app, client, ana, monkeypatch):
    sign_in(client, ana)
    old_hash = by_username("ana").password_hash
    meanwhile(monkeypatch, app, "verify", lambda: db.session.query(UserSession).delete())
    assert change(client).status_code in {302, 401}
    assert by_username("ana").password_hash == old_hash


def test_eleventh_guess_is_too_many(client, ana):
    sign_in(client, ana)
    token = token_for(client)
    form = {"csrf_token": token, "current_password": "a guess", "password": NEW}
    statuses = [client.post(PATH, data=form).status_code for _guess in range(11)]
    assert statuses == [422] * 10 + [429]


def test_guesses_of_one_member_do_not_count_against_another(app, client, ana, carla):
    sign_in(client, ana)
    token = token_for(client)
    for _guess in range(11):
        last = client.post(PATH, data={"csrf_token": token})
    assert last.status_code == 429
    other = app.test_client()
    sign_in(other, carla)
    assert change(other).status_code == 302


def test_form_without_its_token_changes_nothing(client, ana):
    sign_in(client, ana)
    before_it = all_rows()
    response = client.post(PATH, data={"current_password": PASSWORD, "password": NEW})
    assert response.status_code == 400
    assert all_rows() == before_it


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, ana, method):
    sign_in(client, ana)
    assert client.open(PATH, method=method).status_code == 405


def test_visitor_is_asked_to_sign_in(client):
    assert client.get(PATH).location == "/auth/login?next=/settings/password"


def test_visitor_cannot_change_anything(client, ana):
    before_it = all_rows()
    assert change(client).status_code == 401
    assert all_rows() == before_it
