"""Static files: found by a hash, kept for a year, and nothing but files."""

import re

import pytest

from app.assets import STATIC, tree_hash
from tests.browsing import enter
from tests.queries import counted_queries

OLD = "0123456789ab"


@pytest.fixture
def address(client, app):
    return re.search(r'href="(/static/[^"]+/dist/site\.css)"', client.get("/auth/login").text)[1]


def test_pages_name_files_by_the_hash_of_the_tree(address):
    assert address == f"/static/{tree_hash()}/dist/site.css"


def test_a_file_under_its_hash_is_kept_for_a_year(client, address):
    answer = client.get(address)
    cache = answer.cache_control
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert (cache.public, cache.immutable, cache.max_age) == (True, True, 31_536_000)
    assert not cache.private
    assert not cache.no_cache


def test_a_file_under_an_outdated_hash_is_found_but_not_kept(client, app):
    answer = client.get(f"/static/{OLD}/dist/site.css")
    assert answer.status_code == 200
    assert not answer.cache_control.immutable
    assert answer.cache_control.max_age in {0, None}
    assert not answer.cache_control.public


def test_a_file_that_is_gone_is_not_found_and_not_kept(client, app):
    answer = client.get(f"/static/{tree_hash()}/dist/gone.css")
    assert answer.status_code == 404
    assert not answer.cache_control.immutable
    assert not answer.cache_control.max_age


@pytest.mark.parametrize("version", ["current", "old"])
def test_a_file_sets_no_cookie_and_asks_the_database_nothing(client, ana, address, version):
    enter(client, ana)
    path = address if version == "current" else address.replace(tree_hash(), OLD)
    with counted_queries() as queries:
        answer = client.get(path)
    assert answer.status_code == 200
    assert queries == []
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_missing_file_asks_the_database_nothing_of_a_visitor(client, app):
    with counted_queries() as queries:
        client.get(f"/static/{OLD}/gone.css")
    assert queries == []


def test_a_file_may_be_asked_for_again_cheaply(client, address):
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_files_carry_the_security_headers(client, address):
    headers = client.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "../assets.py",
        "..%2fassets.py",
        "%2e%2e/assets.py",
        "css/../../../config.py",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "..\\assets.py",
        "dist",
        "dist/",
        "",
        "%00",
        "dist/site.css%00.html",
        "dist/%ff",
        "x" * 5000,
    ],
)
def test_nothing_else_can_be_had(client, app, path):
    answer = client.get(f"/static/{tree_hash()}/{path}")
    assert answer.status_code in {404, 308, 400}
    assert b"def " not in answer.data


@pytest.mark.parametrize("suffix", ["js", "css", "svg"])
def test_every_file_has_the_type_that_nosniff_demands(client, app, suffix):
    types = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
    files = list(STATIC.rglob(f"*.{suffix}"))
    assert files
    for file in files:
        answer = client.get(f"/static/{tree_hash()}/{file.relative_to(STATIC).as_posix()}")
        assert answer.status_code == 200
        assert answer.mimetype == types[suffix]


def test_every_icon_that_a_page_uses_is_in_the_sprite(client, ana):
    enter(client, ana)
    sprite = (STATIC / "dist/icons.svg").read_text()
    used = set()
    for path in ("/", "/settings", "/settings/sessions", "/user/ana", "/write"):
        used |= set(re.findall(r'icons\.svg#([a-z0-9-]+)"', client.get(path).text))
    assert len(used) > 10
    assert [name for name in used if f'id="{name}"' not in sprite] == []


def test_every_module_that_a_script_imports_is_there():
    for script in (STATIC / "js").rglob("*.js"):
        for target in re.findall(r'from "(\.[^"]+)"|import\("(\.[^"]+)"\)', script.read_text()):
            name = next(filter(None, target))
            if "$" not in name and "{" not in name:
                assert (script.parent / name).resolve().is_file(), (script, name)


def test_a_missing_file_is_answered_for_this_reader_alone(client, app):
    answer = client.get(f"/static/{OLD}/gone.css")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Accept-Language"} <= set(answer.vary)
