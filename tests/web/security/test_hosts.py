"""Under which names the site is served, and whom it believes about that."""

import pytest

from tests.browsing import submit, token_for
from tests.factories import make_post

FOREIGN = ["evil.example", "evil.example:5000", "127.0.0.1.evil.example", "x" * 300, "[::1]", "a b"]
PATHS = ["/", "/explore", "/auth/login", "/no-such-page", "/static/x/dist/site.css"]


def get(client, path, host, **headers):
    return client.get(path, headers={"Host": host} | headers)


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_host_is_refused(client, app, path, host):
    answer = get(client, path, host)
    assert answer.status_code == 400
    assert host not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:5000", "localhost:5000", "localhost", "127.0.0.1"])
def test_ones_own_machine_is_answered(client, app, host):
    assert get(client, "/explore", host).status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1:5000", *FOREIGN])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_monitors_may_use_any_host(client, app, path, host):
    assert get(client, path, host).status_code == 200


@pytest.mark.parametrize("path", ["/healthz/", "//healthz", "/healthz/x", "/HEALTHZ"])
def test_only_those_two_paths_are_answered_under_any_host(client, app, path):
    assert get(client, path, "evil.example").status_code == 400


def test_links_to_the_outside_use_the_public_name(client, ana):
    make_post(ana)
    page = get(client, "/user/ana", "localhost:5000").text
    assert 'href="http://127.0.0.1:5000/user/ana"' in page
    assert "localhost" not in page


FORWARDED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Port": "99",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "host=evil.example;proto=https",
}


def test_without_proxies_forwarded_headers_change_nothing(client, ana):
    plain = client.get("/user/ana")
    forwarded = client.get("/user/ana", headers=FORWARDED)
    assert forwarded.status_code == 200
    assert forwarded.text == plain.text


def test_without_proxies_a_stranger_cannot_dodge_the_limit(client, app):
    for number in range(26):
        headers = {"X-Forwarded-For": f"10.0.0.{number}"}
        answer = client.post("/auth/login", data=login_data(client), headers=headers)
    assert answer.status_code == 429


def login_data(client):
    if not hasattr(client, "known_token"):
        client.known_token = token_for(client)
    return {"csrf_token": client.known_token, "username": "", "password": ""}


class TestOnALiveSite:
    @pytest.fixture
    def settings(self):
        return {"PUBLIC_URL": "https://micro.example"}

    @pytest.mark.parametrize("host", ["127.0.0.1:5000", "localhost", "www.micro.example", "evil"])
    def test_only_the_public_name_is_answered(self, client, app, host):
        assert get(client, "/explore", host).status_code == 400

    def test_the_public_name_is_answered(self, client, app):
        assert get(client, "/explore", "micro.example").status_code == 200
        assert get(client, "/explore", "MICRO.EXAMPLE").status_code == 200


class TestBehindOneProxy:
    @pytest.fixture
    def settings(self):
        return {"PUBLIC_URL": "https://micro.example", "PROXIES": "1"}

    def test_the_proxys_word_is_believed(self, client, app):
        answer = client.get(
            "/explore",
            base_url="http://127.0.0.1:5000",
            headers={"X-Forwarded-Host": "micro.example", "X-Forwarded-Proto": "https"},
        )
        assert answer.status_code == 200

    def test_a_foreign_host_is_refused_there_too(self, client, app):
        headers = {"X-Forwarded-Host": "evil.example"}
        assert client.get("/explore", headers=headers).status_code == 400

    def test_clients_are_told_apart_by_the_last_hop_only(self, client, app):
        for number in range(26):
            headers = {"X-Forwarded-For": f"10.0.0.{number}, 9.9.9.9"}
            answer = client.post("/auth/login", data=login_data(client), headers=headers)
        assert answer.status_code == 429
        other = {"X-Forwarded-For": "10.0.0.1, 8.8.8.8"}
        answer = client.post("/auth/login", data=login_data(client), headers=other)
        assert answer.status_code == 422

    @pytest.mark.parametrize("value", ["", "rubbish", "1.2.3.4:99999", "::1", "\u00e9", "x" * 5000])
    def test_rubbish_addresses_do_no_harm(self, client, app, value):
        answer = submit(client, "/preferences", theme="dark")
        assert answer.status_code == 302
        headers = {"X-Forwarded-For": value.encode().decode("latin-1")}
        answer = client.post("/auth/login", data=login_data(client), headers=headers)
        assert answer.status_code == 422
