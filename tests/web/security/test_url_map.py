"""A walk over every address: none changes anything by GET, few are open to visitors."""

import pytest

from tests.browsing import enter, token_for
from tests.factories import make_follow
from tests.queries import all_rows
from tests.web.security.addresses import furnish, path_to

# What visitors may see. Adding to this list is a decision.
PUBLIC = {
    "static",
    "main.index",
    "main.explore",
    "main.search",
    "main.hashtag",
    "main.post",
    "main.likes",
    "main.reposts",
    "main.user",
    "main.user_popup",
    "main.followers",
    "main.following",
    "main.healthz",
    "main.readyz",
    "main.preferences",
    "auth.login",
    "auth.register",
    "auth.reset_password_request",
    "auth.check_mail",
    # To whom has the link from a message.
    "auth.reset_password",
    "auth.confirm",
}


def addresses(app, method=None):
    """Return {(endpoint, rule): path} of every rule, with arguments that exist."""
    return {
        (rule.endpoint, rule.rule): path_to(app, rule, app.config["TEST_ARGUMENTS"])
        for rule in app.url_map.iter_rules()
        if method is None or method in rule.methods
    }


@pytest.fixture
def town(app, ana, bob, carla):
    app.config["TEST_ARGUMENTS"] = furnish(ana)
    make_follow(ana, carla)
    make_follow(carla, ana)
    return app


QUERIES = ["", "?body=x&csrf_token={token}&submit=1&_method=DELETE", "?lang=es&theme=dark&next=/"]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_no_address_changes_anything_by_reading(client, ana, town, method, query):
    enter(client, ana)
    paths = set(addresses(town).values())
    query = query.format(token=token_for(client))
    before = all_rows()
    assert len(paths) > 20
    for path in paths:
        assert client.open(path + query, method=method).status_code < 500
    assert all_rows() == before
    assert client.get("/settings").status_code == 200  # still signed in


def test_a_change_would_be_noticed(client, ana, town):
    enter(client, ana)
    before = all_rows()
    client.post("/unfollow/carla", data={"csrf_token": token_for(client)})
    assert all_rows() != before


def test_reading_sets_no_preference(client, town):
    for path in set(addresses(town).values()):
        answer = client.get(f"{path}?lang=es&theme=dark")
        cookies = " ".join(answer.headers.getlist("Set-Cookie"))
        assert "lang=" not in cookies
        assert "theme=" not in cookies


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_other_address_is_closed_to_visitors(client, town, method):
    token = token_for(client)
    closed = [
        path
        for (endpoint, _rule), path in addresses(town, method).items()
        if endpoint not in PUBLIC
    ]
    assert closed
    before = all_rows()
    for path in closed:
        answer = client.open(path, method=method, data={"csrf_token": token})
        if method == "GET":
            assert answer.status_code == 302, path
            assert answer.location.startswith("/auth/login?next="), path
        else:
            assert answer.status_code == 401, path
    assert all_rows() == before


def test_the_public_list_names_only_what_exists(town):
    assert {rule.endpoint for rule in town.url_map.iter_rules()} >= PUBLIC


def test_what_is_public_is_open(client, town):
    for (endpoint, _rule), path in addresses(town, "GET").items():
        if endpoint in PUBLIC:
            assert client.get(path).status_code == 200, path


def test_what_only_takes_post_refuses_get(client, ana, town):
    enter(client, ana)
    only_post = [
        path
        for (endpoint, _rule), path in addresses(town, "POST").items()
        if path not in addresses(town, "GET").values()
    ]
    assert len(only_post) >= 6
    for path in only_post:
        answer = client.get(path)
        assert answer.status_code == 405, path
        assert "POST" in answer.headers["Allow"]


@pytest.mark.thorough
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_address_knows_other_methods(client, ana, town, method):
    enter(client, ana)
    before = all_rows()
    for path in set(addresses(town).values()):
        answer = client.open(path, method=method, headers={"X-CSRFToken": token_for(client)})
        assert answer.status_code == 405, path
    assert all_rows() == before


def test_the_method_cannot_be_changed_by_a_header_or_a_field(client, ana, town):
    enter(client, ana)
    before = all_rows()
    for path in set(addresses(town, "GET").values()):
        client.get(path, headers={"X-HTTP-Method-Override": "POST"})
    assert all_rows() == before


def test_addresses_do_not_change(town):
    """People bookmark them (DESIGN.md, section 2)."""
    kept = {
        "/",
        "/index",
        "/explore",
        "/user/<username>",
        "/user/<username>/followers",
        "/user/<username>/following",
        "/post/<id:post_id>",
        "/edit_profile",
        "/follow/<username>",
        "/unfollow/<username>",
        "/auth/login",
        "/auth/logout",
        "/auth/register",
        "/auth/reset_password_request",
        "/auth/reset_password/<token>",
        "/healthz",
        "/readyz",
    }
    assert kept <= {rule.rule for rule in town.url_map.iter_rules()}
