"""The browser's own word about where a request began."""

import pytest

from app.extensions import db
from app.posts.models import Post
from tests.browsing import enter, token_for
from tests.queries import all_rows

OURS = "http://127.0.0.1:5000"
TABLE = [
    ({}, True),
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": ""}, False),
    ({"Sec-Fetch-Site": "rubbish"}, False),
    ({"Sec-Fetch-Site": "same-origin", "Origin": OURS}, True),
    ({"Sec-Fetch-Site": "cross-site", "Origin": OURS}, False),
    ({"Origin": OURS}, True),
    ({"Origin": "null"}, False),
    ({"Origin": ""}, False),
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": "http://127.0.0.1:5001"}, False),
    ({"Origin": "https://127.0.0.1:5000"}, False),
    ({"Origin": f"{OURS}.evil.example"}, False),
    ({"Origin": f"{OURS}/"}, False),
    ({"Origin": "http://evil.example", "Referer": f"{OURS}/"}, False),
    ({"Origin": "http://evil.example", "X-Forwarded-Host": "evil.example"}, False),
]


@pytest.mark.parametrize(("headers", "accepted"), TABLE)
def test_a_change_with_a_good_token(client, ana, headers, accepted):
    enter(client, ana)
    data = {"csrf_token": token_for(client), "body": "Hello"}
    answer = client.post("/write", data=data, headers=headers)
    assert answer.status_code == (302 if accepted else 403)
    assert db.session.query(Post).count() == accepted


@pytest.mark.parametrize(("headers", "accepted"), TABLE)
def test_a_preference_without_a_token(client, app, headers, accepted):
    answer = client.post("/preferences", data={"theme": "dark"}, headers=headers)
    assert answer.status_code == (302 if accepted else 403)
    assert ("Set-Cookie" in answer.headers) == accepted


def test_another_site_cannot_change_the_language_of_a_member(client, ana):
    enter(client, ana)
    before = all_rows()
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/preferences", data={"lang": "es"}, headers=headers).status_code == 403
    assert all_rows() == before


@pytest.mark.parametrize("headers", [headers for headers, _accepted in TABLE])
def test_links_from_anywhere_may_be_followed(client, ana, headers):
    for path in ("/", "/explore", "/user/ana", "/auth/login"):
        assert client.get(path, headers=headers).status_code == 200


class TestOnALiveSite:
    @pytest.fixture
    def settings(self):
        return {"PUBLIC_URL": "https://micro.example"}

    @pytest.mark.parametrize(
        ("origin", "accepted"),
        [
            ("https://micro.example", True),
            ("http://evil.example", False),
            ("https://micro.example:444", False),
            ("https://x.micro.example", False),
            ("http://127.0.0.1:5000", False),
        ],
    )
    def test_only_its_own_origin_may_change_things(self, client, app, origin, accepted):
        answer = client.post("/preferences", data={"theme": "dark"}, headers={"Origin": origin})
        assert answer.status_code == (302 if accepted else 403)

    def test_behind_a_proxy_that_speaks_http_to_us_as_well(self, client, app):
        answer = client.post(
            "/preferences",
            base_url="http://micro.example",
            data={"theme": "dark"},
            headers={"Origin": "https://micro.example"},
        )
        assert answer.status_code == 302
