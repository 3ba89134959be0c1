"""Leaving: /settings/delete. What becomes of the account after that: test_leaving.py."""

import pytest

from app.accounts.queries import by_username
from tests.browsing import cookie_of, enter, error_beside, link_to, submit, token_for
from tests.factories import PASSWORD, make_follow, make_post
from tests.queries import all_rows
from tests.slow_work import before, can_write

PATH = "/settings/delete"


def leave(client, password=PASSWORD):
    return submit(client, PATH, password=password)


def test_page_says_what_will_be_gone(client, ana):
    enter(client, ana)
    page = client.get(PATH)
    assert "After 14 days everything is deleted, and cannot be brought back." in page.text
    assert "If you sign in before then, your account is as it was." in page.text


def test_page_offers_a_copy_first(client, ana):
    enter(client, ana)
    assert link_to(client.get(PATH), "Take a copy of your data first") == "/settings/jobs"


def test_opening_the_page_deletes_nothing(client, ana):
    enter(client, ana)
    before_it = all_rows()
    assert client.get(PATH).status_code == 200
    assert all_rows() == before_it


def test_leaving_leads_to_the_start_page_with_a_word(client, ana):
    enter(client, ana)
    response = leave(client)
    assert (response.status_code, response.location) == (302, "/")
    page = client.get("/").text
    assert "Nobody sees your account any more. It will be deleted in 14 days" in page


def test_device_is_signed_out_and_forgets(client, ana):
    submit(client, "/auth/login", username="ana", password=PASSWORD, remember_me="y")
    assert cookie_of(client, "remember_token")
    leave(client)
    assert client.get("/settings").status_code == 302
    assert cookie_of(client, "remember_token") is None


def test_every_other_device_is_signed_out(app, client, ana):
    phone = app.test_client()
    enter(phone, ana)
    enter(client, ana)
    leave(client)
    assert phone.get("/settings").status_code == 302


def test_posts_and_profile_are_gone_from_the_site(app, client, ana):
    post_id = make_post(ana, "My last word.").id
    visitor = app.test_client()
    assert "My last word." in visitor.get("/explore").text
    enter(client, ana)
    leave(client)
    assert visitor.get("/user/ana").status_code == 404
    assert visitor.get(f"/post/{post_id}").status_code == 404
    assert "My last word." not in visitor.get("/explore").text


def test_counters_of_others_are_right_afterwards(client, ana, bob):
    make_follow(ana, bob)
    enter(client, ana)
    leave(client)
    bob = by_username("bob")
    assert (bob.followers_count, bob.following_count) == (0, 0)


def test_name_and_address_stay_taken_meanwhile(app, client, ana):
    enter(client, ana)
    leave(client)
    visitor = app.test_client()
    for fields in ({"username": "ana"}, {"email": "ana@example.com"}):
        new = {"username": "dora", "email": "dora@example.com", "password": PASSWORD} | fields
        assert submit(visitor, "/auth/register", **new).status_code == 422


@pytest.mark.parametrize("password", ["", "not my password", "   ", PASSWORD.upper()])
def test_wrong_password_deletes_nothing(client, ana, password):
    enter(client, ana)
    before_it = all_rows()
    response = leave(client, password)
    assert response.status_code == 422
    assert error_beside(response, "password")
    assert all_rows() == before_it


def test_wrong_password_is_explained(client, ana):
    enter(client, ana)
    response = leave(client, "not my password")
    assert error_beside(response, "password") == "That is not your password."
    assert "not my password" not in response.text


def test_nobody_else_is_deleted(client, ana, carla):
    enter(client, ana)
    submit(client, f"{PATH}?username=carla", password=PASSWORD, username="carla", id=carla.id)
    assert not by_username("ana").is_active
    assert by_username("carla").is_active


def test_nobody_waits_while_the_password_is_checked(client, ana, monkeypatch):
    enter(client, ana)
    free = []
    before(monkeypatch, "verify", lambda: free.append(can_write()))
    leave(client)
    assert free == [True]


def test_eleventh_guess_is_too_many(client, ana):
    enter(client, ana)
    token = token_for(client)
    statuses = [
        client.post(PATH, data={"csrf_token": token, "password": ""}).status_code
        for _guess in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_form_without_its_token_deletes_nothing(client, ana):
    enter(client, ana)
    assert client.post(PATH, data={"password": PASSWORD}).status_code == 400
    assert by_username("ana").is_active


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, ana, method):
    enter(client, ana)
    assert client.open(PATH, method=method).status_code == 405
    assert by_username("ana").is_active


def test_visitor_is_asked_to_sign_in(client):
    assert client.get(PATH).location == "/auth/login?next=/settings/delete"


def test_visitor_deletes_nobody(client, ana):
    assert leave(client).status_code == 401
    assert by_username("ana").is_active
