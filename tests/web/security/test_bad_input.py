"""Rubbish of every kind: each a clear page, nothing stored by halves, never a crash.

Exceptions are not caught while testing: a view that crashes fails its test with its traceback.
"""

import io

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.extensions import db
from app.posts.models import Post
from tests.browsing import enter, submit, token_for
from tests.factories import PASSWORD, make_post, make_user
from tests.queries import all_rows

pytestmark = pytest.mark.thorough

MEGABYTE = 1_000_000
NUL = "a\x00b"
INVALID = b"\xff\xfe\xc3\x28\xed\xa0\x80"
OVERRIDE = "\u202e\u2066evil\u2069"
LONG = "x" * 5000
RUBBISH = {
    "nul": NUL,
    "override": OVERRIDE,
    "long": LONG,
    "newlines": "a\r\nb\nc\rd",
    "private": "\ue000\U0010ffff\ufffe\uffff",
    "joiners": "\u200d" * 500,
    "marks": "a" + "\u0301" * 2000,
    "quotes": "'\"`;--<>&%${{}}",
    "number": "9" * 400,
    "spaces": " \t\u3000\u00a0 ",
}
FORMS = {
    "/write": ["body", "form_key"],
    "/post/{post}/edit": ["body", "form_key"],
    "/edit_profile": ["display_name", "about_me", "location", "website"],
    "/settings": ["locale"],
    "/settings/password": ["current_password", "password"],
    "/settings/delete": ["password"],
    "/messages/bob": ["message", "form_key"],
    "/messages/ana/read": ["up_to"],
    "/settings/messages": ["messages_from"],
    "/follow/bob": ["next"],
    "/unfollow/bob": ["next"],
}
VISITOR_FORMS = {
    "/auth/login": ["username", "password", "remember_me"],
    "/auth/register": ["username", "email", "password"],
}
PATHS = [
    "/user/{}",
    "/user/{}/followers",
    "/user/{}/following",
    "/post/{}",
    "/post/{}/edit",
    "/messages/{}",
    "/{}",
]


@pytest.fixture
def post(client, ana, bob):
    return make_post(ana, "Low tide at noon.").id


@pytest.fixture
def ana_online(client, ana, post):
    enter(client, ana)
    return client


def a_clear_page(answer):
    return answer.status_code in {302, 303, 308} or (
        answer.status_code < 500 and "<h1" in answer.text
    )


def stored_text():
    """Return every text in the database, to see that no control byte or surrogate got in."""
    return [str(value) for rows in all_rows().values() for row in rows for value in row]


@pytest.mark.parametrize("path", FORMS)
def test_rubbish_in_any_field_of_a_member(ana_online, post, path):
    for kind, text in RUBBISH.items():
        data = dict.fromkeys(FORMS[path], text)
        assert a_clear_page(submit(ana_online, path.format(post=post), **data)), kind
    assert not [value for value in stored_text() if "\x00" in value or "\ufffe" in value]
    assert ana_online.get("/user/ana").status_code == 200


@pytest.mark.parametrize("path", VISITOR_FORMS)
def test_rubbish_in_any_field_of_a_visitor(client, ana, path):
    before = len(all_rows()["users"])
    for kind, text in RUBBISH.items():
        answer = submit(client, path, **dict.fromkeys(VISITOR_FORMS[path], text))
        assert answer.status_code in {422, 429}, kind
        assert a_clear_page(answer)
    assert len(all_rows()["users"]) == before


@pytest.mark.parametrize("field", ["username", "email", "password"])
def test_what_was_typed_into_a_refused_form_stays_except_passwords(client, app, field):
    data = {"username": "x", "email": "nobody", "password": "short"}
    answer = submit(client, "/auth/register", **data)
    assert answer.status_code == 422
    assert (f'value="{data[field]}"' in answer.text) == (field != "password")


@pytest.mark.parametrize("field", ["display_name", "location"])
def test_names_that_turn_the_direction_of_others_are_refused_beside_the_field(ana_online, field):
    answer = submit(ana_online, "/edit_profile", **{field: OVERRIDE, "about_me": "Kept"})
    assert answer.status_code == 422
    assert "invisible and direction-changing" in answer.text
    assert "Kept" in answer.text
    assert db.session.scalar(sa.select(User.about_me).where(User.username == "ana")) == ""


@pytest.mark.parametrize("path", [*FORMS, *VISITOR_FORMS])
def test_invalid_utf8_in_a_form(client, ana, post, path):
    if path in FORMS:
        enter(client, ana)
    token = token_for(client)
    fields = (FORMS | VISITOR_FORMS)[path]
    body = b"&".join(name.encode() + b"=" + INVALID for name in fields)
    answer = client.post(
        path.format(post=post),
        data=b"csrf_token=" + token.encode() + b"&" + body,
        content_type="application/x-www-form-urlencoded",
    )
    assert a_clear_page(answer)
    for value in stored_text():
        value.encode()  # no lone surrogate


@pytest.mark.parametrize("path", ["/", "/explore", "/user/ana", "/auth/login", "/write"])
def test_invalid_bytes_in_a_query(ana_online, path):
    for name in ("before", "after", "next", "lang", "csrf_token", "%FF"):
        for value in ("%FF%FE", "%00", "%ED%A0%80", "%", "%zz", "%C3%28"):
            assert a_clear_page(ana_online.get(f"{path}?{name}={value}")), (name, value)


RUBBISH_IN_PATHS = [
    "%FF",
    "%00",
    "ana%00",
    "%ED%A0%80",
    "%2e%2e%2f",
    "%0d%0aSet-Cookie:x=y",
    "9" * 400,
    "x" * 9000,
    "%E2%80%AEana",
    "-1",
    "1e9",
    "%20",
    "%25",
    "%F0%9F%98%80",
    "ana;x=1",
    "*",
    "'--",
    "{{7*7}}",
]


@pytest.mark.parametrize("path", PATHS)
def test_rubbish_in_a_path(ana_online, path):
    for value in RUBBISH_IN_PATHS:
        answer = ana_online.get(path.format(value), follow_redirects=True)
        assert answer.status_code == 404, value
        assert "<h1" in answer.text
        assert "x=y" not in answer.headers.get("Set-Cookie", "")


@pytest.mark.parametrize(
    "number", ["0", "9" * 18, "9" * 19, "9" * 20, "9" * 5000, "-1", "%00", "x"]
)
def test_a_session_with_a_strange_number_is_not_found(ana_online, number):
    before = all_rows()
    assert submit(ana_online, f"/settings/sessions/{number}/end").status_code == 404
    assert all_rows() == before


@pytest.mark.parametrize("path", [*FORMS, *VISITOR_FORMS, "/preferences"])
def test_a_form_of_ten_megabytes(client, ana, post, path):
    if path in FORMS:
        enter(client, ana)
    token = token_for(client)
    before = all_rows()
    data = {"csrf_token": token, "body": "x" * (10 * MEGABYTE)}
    answer = client.post(path.format(post=post), data=data)
    assert answer.status_code == 413
    assert "Too much at once" in answer.text
    assert all_rows() == before


def test_a_body_without_a_stated_length(ana_online):
    token = token_for(ana_online)
    stream = io.BytesIO(f"csrf_token={token}&body=".encode() + b"x" * (2 * MEGABYTE))
    before = all_rows()
    answer = ana_online.post(
        "/write",
        input_stream=stream,
        content_type="application/x-www-form-urlencoded",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code in {411, 413}
    assert all_rows() == before


def test_a_form_of_very_many_fields(ana_online):
    token = token_for(ana_online)
    before = all_rows()
    body = f"csrf_token={token}&" + "&".join(f"f{n}=1" for n in range(60_000))
    answer = ana_online.post("/write", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {400, 413, 422}
    assert a_clear_page(answer)
    assert all_rows() == before


def test_a_multipart_form_works_as_well(ana_online):
    data = {"csrf_token": token_for(ana_online), "body": "Hello"}
    answer = ana_online.post("/write", data=data, content_type="multipart/form-data")
    assert answer.status_code == 302


def test_a_file_instead_of_a_text(ana_online):
    before = all_rows()
    data = {
        "csrf_token": token_for(ana_online),
        "body": (io.BytesIO(b"\x89PNG\x00" * 100), "x.png"),
    }
    answer = ana_online.post("/write", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert all_rows() == before


def test_a_multipart_form_of_too_many_parts(ana_online):
    data = {f"f{n}": "1" for n in range(200)} | {"csrf_token": token_for(ana_online)}
    answer = ana_online.post("/write", data=data, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "<h1" in answer.text


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"no boundary at all"),
        ("multipart/form-data; boundary=x", b"--y\r\nrubbish"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=body"),
        ("multipart/form-data; boundary=" + "x" * 5000, b"--x"),
        ("multipart/form-data; boundary=\xff", b"--\xff"),
        ("application/json", b'{"body": "x"}'),
        ("application/json", b"{"),
        ("text/plain", b"body=x"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"body=x"),
        ("application/x-www-form-urlencoded", b"&&&===;;;%%%"),
        ("rubbish", b"\x00" * 100),
        ("", b"body=x"),
    ],
)
def test_bodies_of_strange_kinds(ana_online, content_type, body):
    before = all_rows()
    answer = ana_online.post("/write", data=body, content_type=content_type)
    assert answer.status_code == 400
    assert "<h1" in answer.text
    assert all_rows() == before


def test_fields_sent_twice(ana_online):
    token = token_for(ana_online)
    data = {"csrf_token": [token, token], "body": ["One", "Two"], "form_key": ["a", "b"]}
    answer = ana_online.post("/write", data=data)
    assert answer.status_code in {302, 422}
    assert db.session.scalars(sa.select(Post.body)).all() in (
        ["Low tide at noon.", "One"],
        ["Low tide at noon."],
    )


def test_a_very_long_query(ana_online):
    for path in ("/", "/explore", "/user/ana", "/auth/login", "/write"):
        assert a_clear_page(ana_online.get(f"{path}?{'a=1&' * 20_000}"))
        assert a_clear_page(ana_online.get(f"{path}?next=/{'x' * 100_000}"))


def test_a_long_query_does_not_grow_the_page_without_bound(client, app):
    page = client.get("/explore?" + "x" * 60_000)
    assert len(page.data) < 400_000


@pytest.mark.parametrize(
    "value",
    [
        "x" * 5000,
        "es;q=rubbish",
        ";;;,,,q=",
        "*",
        "*;q=0",
        "xx-YY-ZZ-1234567890",
        "es_ES@euro",
        "../../etc",
        "es\u00e9".encode().decode("latin-1"),
        "en;q=-1, es;q=99999999999999999999",
        ",".join(f"x{n};q=0.{n}" for n in range(2000)),
    ],
)
def test_rubbish_about_languages(client, ana, value):
    for path in ("/", "/explore", "/no-such-page"):
        answer = client.get(path, headers={"Accept-Language": value})
        assert a_clear_page(answer)
        assert '<html lang="e' in answer.text


@pytest.mark.parametrize("value", ["xx", "", "es\x00", "../es", "ES", "e" * 5000, "<b>", "None"])
def test_an_unknown_language_is_refused_and_remembered_nowhere(ana_online, value):
    before = all_rows()
    answer = ana_online.post("/preferences", data={"lang": value})
    assert answer.status_code == 400
    assert "<h1" in answer.text
    assert "Set-Cookie" not in answer.headers
    answer = submit(ana_online, "/settings", locale=value or "xx")
    assert answer.status_code == 422
    assert all_rows() == before


@pytest.mark.parametrize("value", ["xx", "", "../../etc", "e" * 3000, "<b>", '"><script>'])
@pytest.mark.parametrize("name", ["lang", "theme", "session", "remember_token"])
def test_rubbish_in_a_cookie_is_nobodys(client, app, name, value):
    client.set_cookie(name, value, domain="127.0.0.1")
    for path in ("/", "/explore", "/auth/login", "/no-such-page"):
        answer = client.get(path)
        assert a_clear_page(answer)
        assert "<script>" not in answer.text
    assert client.get("/settings").status_code == 302


@pytest.mark.parametrize(
    "header",
    [b"session=\xff\xfe", b"lang=es; lang=xx; lang", b"=;=;;;", b"a" * 60_000, b'lang="\\'],
)
def test_a_cookie_header_of_rubbish(client, app, header):
    answer = client.get("/explore", headers={"Cookie": header.decode("latin-1")})
    assert a_clear_page(answer)


@pytest.mark.parametrize(
    "agent", ["", "x" * 60_000, "\xff\xfe", "Mozilla/5.0 (" * 2000, "<script>alert(1)</script>"]
)
def test_a_browser_with_a_strange_name_can_sign_in_and_is_listed(client, ana, agent):
    data = {"csrf_token": token_for(client), "username": "ana", "password": PASSWORD}
    assert client.post("/auth/login", data=data, headers={"User-Agent": agent}).status_code == 302
    page = client.get("/settings/sessions")
    assert page.status_code == 200
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("data", [{}, {"theme": "pink"}, {"x": "y"}])
def test_a_preference_that_is_none_is_refused(client, app, data):
    answer = client.post("/preferences", data=data)
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "BREW", "PROPFIND"])
def test_strange_methods(client, app, method):
    answer = client.open("/explore", method=method)
    assert answer.status_code in {400, 405, 501}


def test_half_a_town_of_bad_forms_leaves_the_database_whole(ana_online):
    other = make_user("dora")
    for path, fields in FORMS.items():
        if "{post}" not in path and path != "/settings/delete":
            for text in RUBBISH.values():
                submit(ana_online, path, **dict.fromkeys(fields, text))
    db.session.rollback()
    assert db.session.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"
    assert db.session.execute(sa.text("PRAGMA foreign_key_check")).all() == []
    counted = db.session.scalar(sa.select(sa.func.count()).where(Post.author_id != other.id))
    assert counted == db.session.scalar(sa.select(sa.func.sum(User.posts_count)))
