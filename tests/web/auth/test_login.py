"""Signing in: /auth/login."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import argon2
import pytest
import time_machine

from app.accounts import actions as accounts
from app.accounts import passwords
from app.accounts.queries import by_username
from app.extensions import db
from app.moderation import actions as moderation
from config import BASE_DIR
from tests.browsing import cookie_of, error_beside, form_with, sign_in, submit, token_for
from tests.factories import PASSWORD, make_user
from tests.queries import all_rows, counted_queries
from tests.slow_work import before, can_write, count_slow_work, meanwhile

OLD_HASHER = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
REFUSED = "That name and password do not belong together."


@pytest.fixture
def argon(monkeypatch):
    """The slow calls, in order."""
    return count_slow_work(monkeypatch)


def is_signed_in(client):
    return client.get("/settings").status_code == 200


def from_network(app, address):
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def test_page_asks_for_name_and_password(client):
    form = form_with(client.get("/auth/login"), "username")
    assert form.method == "post"
    assert {"username", "password", "csrf_token"} <= form.fields.keys()


def test_right_password_signs_in(client, ana):
    assert not is_signed_in(client)
    response = sign_in(client, ana)
    assert (response.status_code, response.location) == (302, "/")
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "typed", ["ana", "ANA", "  Ana  ", "ana@example.com", "ANA@Example.COM", "ana@ｅxample.com"]
)
def test_name_and_address_are_known_however_they_are_typed(client, ana, typed):
    sign_in(client, typed)
    assert is_signed_in(client)


def test_address_with_an_international_domain_is_known_as_it_was_typed(client, app):
    submit(
        client,
        "/auth/register",
        username="nils",
        email="nils@xn--bcher-kva.example",
        password=PASSWORD,
    )
    later = app.test_client()
    sign_in(later, "nils@xn--bcher-kva.example")
    assert is_signed_in(later)


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD.upper(),
        PASSWORD + " ",
        " " + PASSWORD,
        PASSWORD + "\x00",
        PASSWORD[:-1],
        "x" * 100_000,
    ],
)
def test_password_nearly_right_is_wrong(client, ana, password):
    response = sign_in(client, ana, password)
    assert response.status_code == 422
    assert error_beside(response, "password") == REFUSED
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "typed",
    [
        "nobody_here",
        "nobody@example.com",
        "@",
        "ana\u200b",
        "a" * 10_000,
        "' OR 1=1 --",
        "%",
        "an_",
        "\u202eana",
        "\ud83e\udee8",
        "ana@",
    ],
)
def test_unknown_name_is_refused_in_the_same_words(client, ana, typed):
    typed = typed.encode("utf-16", "surrogatepass").decode("utf-16")
    response = sign_in(client, typed)
    assert response.status_code == 422
    assert error_beside(response, "password") == REFUSED


@pytest.mark.parametrize("typed", ["ana\x00", "\x00ana", "\x07ana"])
def test_control_bytes_in_a_name_break_nothing(client, ana, typed):
    assert sign_in(client, typed).status_code in {302, 422}


@pytest.mark.parametrize("field", ["username", "password"])
def test_empty_field_is_explained_beside_it(client, ana, field):
    given = {"username": "ana", "password": PASSWORD} | {field: ""}
    response = submit(client, "/auth/login", **given)
    assert response.status_code == 422
    assert error_beside(response, field) == "Please fill this in."


@pytest.mark.parametrize("field", ["username", "password"])
def test_missing_field_is_explained_beside_it(client, ana, field):
    given = {"username": "ana", "password": PASSWORD}
    del given[field]
    response = submit(client, "/auth/login", **given)
    assert response.status_code == 422
    assert error_beside(response, field)


def test_name_and_tick_are_kept_when_the_password_is_wrong(client, ana):
    response = submit(
        client, "/auth/login", username="Ana", password="not this one", remember_me="y"
    )
    fields = form_with(response, "username").fields
    assert fields["username"] == "Ana"
    assert "remember_me" in fields


def test_password_is_never_sent_back(client, ana):
    response = sign_in(client, ana, "a secret that I mistyped")
    assert response.status_code == 422
    assert "a secret that I mistyped" not in response.text


def test_wrong_password_keeps_where_to_go_afterwards(client, ana):
    response = submit(client, "/auth/login?next=/explore", username="ana", password="no, not that")
    assert form_with(response, "username").action == "/auth/login?next=/explore"


def test_messages_are_in_the_language_of_the_browser(client, ana):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es"
    response = sign_in(client, ana, "no es esta")
    assert '<html lang="es"' in response.text
    assert error_beside(response, "password")
    assert error_beside(response, "password") != REFUSED


def test_form_without_its_token_signs_nobody_in(client, ana):
    response = client.post("/auth/login", data={"username": "ana", "password": PASSWORD})
    assert response.status_code == 400
    assert not is_signed_in(client)


def test_token_of_another_browser_signs_nobody_in(app, client, ana):
    foreign = token_for(app.test_client())
    response = client.post(
        "/auth/login", data={"csrf_token": foreign, "username": "ana", "password": PASSWORD}
    )
    assert response.status_code == 400
    assert not is_signed_in(client)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, method):
    assert client.open("/auth/login", method=method).status_code == 405


def test_password_in_the_address_signs_nobody_in(client, ana):
    client.get(f"/auth/login?username=ana&password={PASSWORD}")
    assert not is_signed_in(client)


def test_member_who_is_signed_in_is_sent_home(client, ana):
    sign_in(client, ana)
    response = client.get("/auth/login")
    assert (response.status_code, response.location) == (302, "/")


def test_second_sign_in_does_not_change_who_is_signed_in(client, ana, carla):
    sign_in(client, ana)
    submit(client, "/auth/login", username="carla", password=PASSWORD)
    assert "/user/ana" in client.get("/settings").text


def test_signing_in_leaves_nothing_of_the_session_before_it(client, ana):
    before = token_for(client)
    sign_in(client, ana)
    response = client.post("/write", data={"csrf_token": before, "body": "planted"})
    assert response.status_code == 400


def test_member_named_by_a_plain_number_in_the_cookie_is_nobody(client, ana):
    client.get("/auth/login")
    number = str(ana.id)
    with client.session_transaction() as session:
        assert "csrf_token" in session
        session["_user_id"] = number
        session["_fresh"] = True
    assert not is_signed_in(client)


def test_suspended_member_is_told_so_after_the_right_password(client, app):
    make_user("sam", suspended_at=datetime.now(UTC))
    response = sign_in(client, "sam")
    assert response.status_code == 403
    assert error_beside(response, "password") == "This account is suspended."
    assert not is_signed_in(client)


def test_suspension_shows_to_nobody_without_the_password(client, app):
    make_user("sam", suspended_at=datetime.now(UTC))
    response = sign_in(client, "sam", "not the password")
    assert (response.status_code, error_beside(response, "password")) == (422, REFUSED)


def test_suspended_member_gets_no_session(client, app):
    make_user("sam", suspended_at=datetime.now(UTC))
    submit(client, "/auth/login", username="sam", password=PASSWORD, remember_me="y")
    assert all_rows()["user_sessions"] == []
    assert cookie_of(client, "remember_token") is None


# The same time for known and unknown names: the same slow work, the same queries.


@pytest.mark.parametrize("typed", ["ana", "nobody_here", "ana@example.com", "nobody@example.com"])
def test_every_wrong_sign_in_costs_one_verification(client, ana, argon, typed):
    assert sign_in(client, typed, "not the password").status_code == 422
    assert argon == ["verify"]


def test_first_unknown_name_of_a_process_costs_no_more():
    script = """
import argon2
from app.accounts import passwords
calls = []
for name in ("hash", "verify"):
    slow = getattr(argon2.PasswordHasher, name)
    def watched(self, *args, name=name, slow=slow):
        calls.append(name)
        return slow(self, *args)
    setattr(argon2.PasswordHasher, name, watched)
passwords.verify(None, "any password")
print(*calls)
"""
    fresh = subprocess.run(
        [sys.executable, "-c", script], cwd=BASE_DIR, capture_output=True, text=True, check=True
    )
    assert fresh.stdout == "verify\n"


def test_verification_for_nobody_is_as_slow_as_for_somebody(client, ana, monkeypatch):
    hashes = []
    slow = argon2.PasswordHasher.verify

    def verify(self, password_hash, password):
        hashes.append(password_hash)
        return slow(self, password_hash, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", verify)
    sign_in(client, "ana", "not the password")
    sign_in(client, "nobody_here", "not the password")
    somebody, nobody = map(argon2.extract_parameters, hashes)
    assert somebody == nobody


def test_known_and_unknown_names_cost_the_same_queries(client, ana):
    token = token_for(client)

    def statements_for(name):
        with counted_queries() as statements:
            client.post(
                "/auth/login",
                data={"csrf_token": token, "username": name, "password": "not the password"},
            )
        return [statement.split("WHERE")[0] for statement in statements]

    assert statements_for("ana") == statements_for("bea")


def test_names_nobody_has_are_shut_after_ten_mistakes_like_any_other(client, ana):
    token = token_for(client)
    form = {"csrf_token": token, "password": "not the password"}

    def statuses(name):
        return [
            client.post("/auth/login", data=form | {"username": name}).status_code
            for _ in range(11)
        ]

    assert statuses("ana") == statuses("nobody_here") == [422] * 10 + [429]


# Slow work holds no lock.


def test_nobody_waits_while_a_password_is_checked(client, ana, monkeypatch):
    free = []
    before(monkeypatch, "verify", lambda: free.append(can_write()))
    sign_in(client, ana)
    assert free == [True]


def test_nobody_waits_while_an_old_hash_is_renewed(client, app, monkeypatch):
    user = make_user("olga", password_hash=OLD_HASHER.hash(PASSWORD))
    free = []
    before(monkeypatch, "hash", lambda: free.append(can_write()))
    assert sign_in(client, user).status_code == 302
    assert free == [True]


def test_hash_made_with_older_parameters_is_renewed(client, app):
    old = OLD_HASHER.hash(PASSWORD)
    user = make_user("olga", password_hash=old)
    sign_in(client, user)
    db.session.refresh(user)
    assert user.password_hash != old
    assert sign_in(app.test_client(), user).status_code == 302


# What happens to the account while its password is being checked.


def test_password_changed_while_the_old_one_is_checked_lets_nobody_in(
    app, client, ana, monkeypatch
):
    new_hash = passwords.hash_password("quite another password")
    meanwhile(
        monkeypatch, app, "verify", lambda: accounts.change_password(by_username("ana"), new_hash)
    )
    sign_in(client, ana)
    assert not is_signed_in(client)


def test_member_suspended_while_the_password_is_checked_is_not_let_in(
    app, client, ana, monkeypatch
):
    meanwhile(monkeypatch, app, "verify", lambda: moderation.suspend(by_username("ana")))
    assert sign_in(client, ana).status_code == 403
    assert not is_signed_in(client)


def test_member_deleted_while_the_password_is_checked_is_nobody(app, client, ana, monkeypatch):
    meanwhile(monkeypatch, app, "verify", lambda: moderation.delete_account(by_username("ana")))
    assert sign_in(client, ana).status_code == 422


# Rate limit.


@pytest.mark.thorough
def test_a_school_of_25_signs_in_from_one_address(app):
    for number in range(25):
        pupil = make_user(f"pupil{number}")
        assert sign_in(app.test_client(), pupil).status_code == 302


def use_up(client, times=25):
    """Send the sign-in form so many times, empty, which costs no hashing."""
    token = token_for(client)
    for _time in range(times):
        last = client.post("/auth/login", data={"csrf_token": token})
    return last


def test_26th_sign_in_of_one_address_is_too_many(app, ana):
    assert use_up(app.test_client(), 25).status_code == 422
    client = app.test_client()
    response = sign_in(client, ana)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert not is_signed_in(client)


def test_other_addresses_are_not_slowed_by_a_busy_one(app, ana):
    assert use_up(app.test_client(), 26).status_code == 429
    assert sign_in(from_network(app, "198.51.100.7"), ana).status_code == 302


def test_busy_address_may_look_at_the_sign_in_page(app):
    assert use_up(app.test_client(), 26).status_code == 429
    assert app.test_client().get("/auth/login").status_code == 200


def test_busy_address_is_welcome_again_after_five_minutes(app, ana):
    assert use_up(app.test_client(), 26).status_code == 429
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5, seconds=1)):
        assert sign_in(app.test_client(), ana).status_code == 302


def test_neighbours_in_one_ipv6_network_share_its_limit(app, ana):
    use_up(from_network(app, "2001:db8:1:2::1"))
    assert sign_in(from_network(app, "2001:db8:1:2:ffff::1"), ana).status_code == 429
    assert sign_in(from_network(app, "2001:db8:1:3::1"), ana).status_code == 302


def test_ipv4_address_written_as_ipv6_is_the_same_client(app, ana):
    use_up(from_network(app, "198.51.100.7"))
    assert sign_in(from_network(app, "::ffff:198.51.100.7"), ana).status_code == 429
    assert sign_in(from_network(app, "::ffff:198.51.100.8"), ana).status_code == 302
