"""The cookie that carries a session, which ends in the database and not by the cookie's age."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from tests.browsing import DOMAIN, cookie_of, sign_in


@pytest.mark.parametrize("ahead", [timedelta(seconds=2), timedelta(days=1)])
def test_cookie_from_a_clock_that_is_ahead_is_taken(client, ana, ahead):
    with time_machine.travel(utcnow() + ahead):
        assert sign_in(client, ana).status_code == 302
    assert client.get("/write").status_code == 200


def test_cookie_that_we_did_not_sign_is_not_taken(client, ana):
    sign_in(client, ana)
    cookie = cookie_of(client, "session")
    client.set_cookie("session", cookie[:-2] + "xx", domain=DOMAIN)
    assert client.get("/write").status_code == 302
