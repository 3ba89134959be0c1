"""Signing out: POST /auth/logout."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import UserSession
from app.clock import utcnow
from app.extensions import db
from tests.browsing import DOMAIN, cookie_of, sign_in, submit, token_for
from tests.factories import PASSWORD
from tests.queries import all_rows


def test_signing_out_signs_out(client, ana):
    sign_in(client, ana)
    assert client.get("/settings").status_code == 200
    response = submit(client, "/auth/logout")
    assert (response.status_code, response.location) == (302, "/")
    assert client.get("/settings").status_code == 302


def test_signing_out_ends_the_session_in_the_database(client, ana):
    sign_in(client, ana)
    assert len(all_rows()["user_sessions"]) == 1
    submit(client, "/auth/logout")
    assert all_rows()["user_sessions"] == []


def test_cookie_from_before_is_worthless_afterwards(app, client, ana):
    sign_in(client, ana)
    thief = app.test_client()
    thief.set_cookie("session", cookie_of(client, "session"), domain=DOMAIN)
    assert thief.get("/settings").status_code == 200
    submit(client, "/auth/logout")
    assert thief.get("/settings").status_code == 302


def test_remember_cookie_goes_too(client, ana):
    submit(client, "/auth/login", username="ana", password=PASSWORD, remember_me="y")
    assert cookie_of(client, "remember_token") is not None
    submit(client, "/auth/logout")
    assert cookie_of(client, "remember_token") is None


def test_remember_cookie_kept_by_a_thief_is_worthless(app, client, ana):
    submit(client, "/auth/login", username="ana", password=PASSWORD, remember_me="y")
    stolen = cookie_of(client, "remember_token")
    thief = app.test_client()
    thief.set_cookie("remember_token", stolen, domain=DOMAIN)
    assert thief.get("/settings").status_code == 200
    submit(client, "/auth/logout")
    thief.delete_cookie("session", domain=DOMAIN)
    assert thief.get("/settings").status_code == 302


def test_other_devices_stay_signed_in(app, client, ana):
    phone = app.test_client()
    sign_in(client, ana)
    sign_in(phone, ana)
    submit(client, "/auth/logout")
    assert phone.get("/settings").status_code == 200


def test_page_of_a_member_has_a_button_to_sign_out(client, ana):
    sign_in(client, ana)
    assert 'action="/auth/logout"' in client.get("/").text


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch"])
def test_only_post_signs_out(client, ana, method):
    sign_in(client, ana)
    assert client.open("/auth/logout", method=method).status_code == 405
    assert client.get("/settings").status_code == 200


def test_form_without_its_token_signs_nobody_out(client, ana):
    sign_in(client, ana)
    assert client.post("/auth/logout").status_code == 400
    assert client.get("/settings").status_code == 200


def test_another_site_signs_nobody_out(client, ana):
    sign_in(client, ana)
    response = client.post(
        "/auth/logout",
        data={"csrf_token": token_for(client)},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert response.status_code == 403
    assert client.get("/settings").status_code == 200


def test_visitor_who_signs_out_is_told_that_they_are_signed_out(client):
    assert submit(client, "/auth/logout").status_code == 401


def test_remembered_member_who_was_long_away_is_forgotten_too(client, ana):
    submit(client, "/auth/login", username="ana", password=PASSWORD, remember_me="y")
    token = token_for(client)
    db.session.execute(sa.update(UserSession).values(last_seen_at=utcnow() - timedelta(hours=1)))
    db.session.commit()
    assert cookie_of(client, "remember_token")
    client.post("/auth/logout", data={"csrf_token": token})
    assert cookie_of(client, "remember_token") is None
