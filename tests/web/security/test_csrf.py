"""No change without the token of one's own session."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from tests.browsing import enter, token_for
from tests.factories import PASSWORD, make_follow
from tests.queries import all_rows
from tests.web.security.addresses import furnish, path_to

# Sets nothing but a cookie; guarded by the browser's own word (test_origin.py).
WITHOUT_TOKEN = {"/preferences"}
DATA = {
    "body": "Forged",
    "form_key": "k",
    "username": "dora",
    "email": "dora@example.com",
    "password": PASSWORD,
    "current_password": PASSWORD,
    "display_name": "Forged",
    "locale": "es",
    "lang": "es",
}


@pytest.fixture
def paths(app, ana, carla):
    make_follow(ana, carla)
    values = furnish(ana)
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in rule.methods]
    return sorted({path_to(app, rule, values) for rule in rules} - WITHOUT_TOKEN)


def refused(client, paths, token):
    before = all_rows()
    for path in paths:
        answer = client.post(path, data=DATA | token)
        assert answer.status_code == 400, path
        assert "This page is from an earlier session" in answer.text, path
    assert all_rows() == before


def test_the_walk_finds_the_forms(paths):
    assert len(paths) >= 19
    assert {"/write", "/auth/login", "/auth/logout", "/follow/bob"} <= set(paths)
    assert {"/auth/reset_password_request", "/settings/email", "/settings/jobs/export"} <= set(
        paths
    )


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("token", [{}, {"csrf_token": ""}, {"csrf_token": "rubbish"}])
def test_no_form_works_without_a_good_token(client, ana, bob, paths, token, signed_in):
    if signed_in:
        enter(client, ana)
    else:
        token_for(client)
    refused(client, paths, token)


def test_no_form_works_with_the_token_of_another_session(app, client, ana, bob, paths):
    enter(client, ana)
    other = app.test_client()
    enter(other, bob)
    refused(client, paths, {"csrf_token": token_for(other)})


def test_no_form_works_with_a_token_whose_signature_is_changed(client, ana, bob, paths):
    enter(client, ana)
    token = token_for(client)
    refused(client, paths, {"csrf_token": token[:-2] + ("AA" if token[-2:] != "AA" else "BB")})


def test_a_token_in_the_address_does_not_count(client, ana, bob, paths):
    enter(client, ana)
    token = token_for(client)
    before = all_rows()
    for path in paths:
        assert client.post(f"{path}?csrf_token={token}", data=DATA).status_code == 400
    assert all_rows() == before


def test_a_token_of_the_session_before_signing_out_is_stale(client, ana):
    enter(client, ana)
    token = token_for(client)
    assert client.post("/auth/logout", data={"csrf_token": token}).status_code == 302
    enter(client, ana)
    assert client.post("/write", data={"csrf_token": token, "body": "x"}).status_code == 400


def test_a_form_left_open_over_lunch_still_works(client, ana):
    enter(client, ana)
    token = token_for(client)
    with time_machine.travel(utcnow() + timedelta(hours=9)):
        answer = client.post("/write", data={"csrf_token": token, "body": "After lunch"})
    assert answer.status_code == 302


def test_pages_for_visitors_without_a_form_start_no_session(client, ana):
    for path in ("/", "/explore", "/user/ana"):
        assert "Set-Cookie" not in client.get(path).headers
