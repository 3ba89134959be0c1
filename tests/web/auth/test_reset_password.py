"""Forgetting the password: /auth/reset_password_request and the link that comes by mail."""

import base64
import io
import json
import logging
import re
from datetime import timedelta

import jwt
import pytest
import time_machine

from app.accounts import actions as accounts
from app.accounts import links, passwords
from app.accounts.models import Registration, SignInFailure
from app.accounts.queries import by_username
from app.clock import utcnow
from app.database import end_read
from app.email import link_to as public_link
from app.extensions import db
from app.jobs.models import JobState
from app.moderation.actions import restore, suspend
from app.signing import make_token
from tests.browsing import (
    cookie_of,
    enter,
    error_beside,
    form_with,
    link_to,
    sign_in,
    submit,
)
from tests.factories import PASSWORD, PASSWORD_HASH, make_user
from tests.queries import all_rows, counted_queries
from tests.slow_work import before, can_write, count_slow_work, meanwhile
from tests.working import do_jobs, jobs_of_kind, links_in, mails, path_of, words_of

ASK = "/auth/reset_password_request"
NEW = "a boat beneath the bridge"
NOBODY = "nobody@example.com"


def ask(client, address="ana@example.com", **options):
    return client.post(ASK, data=form_with(client.get(ASK), "email").fields | {"email": address})


def get_link(app, client, address="ana@example.com"):
    """Ask for a link, and take it out of the last message, as a path of the site."""
    assert ask(client, address).status_code == 302
    do_jobs(app)
    return path_of(links_in(mails(app)[-1])[0])


def use(client, link, password=NEW):
    form = form_with(client.get(link), "password")
    return client.post(form.action, data=form.fields | {"password": password})


def is_signed_in(client):
    return client.get("/settings").status_code == 200


# The journey


def test_sign_in_page_leads_to_it(client, app):
    assert link_to(client.get("/auth/login"), "Forgot your password?") == ASK


def test_whole_journey(app, client, ana):
    answer = ask(client)
    assert (answer.status_code, answer.location) == (302, "/auth/check_mail/reset")
    assert "If that address belongs to a member" in client.get(answer.location).text
    do_jobs(app)
    (message,) = mails(app)
    assert message["To"] == "ana@example.com"
    link = links_in(message)[0]
    assert link.startswith("http://127.0.0.1:5000/auth/reset_password/")
    form = form_with(client.get(path_of(link)), "password")
    assert (form.method, form.action) == ("post", path_of(link))
    answer = use(client, path_of(link))
    assert (answer.status_code, answer.location) == (302, "/auth/login")
    assert "Your password is changed." in client.get("/auth/login").text
    assert sign_in(app.test_client(), ana, PASSWORD).status_code == 422
    assert sign_in(client, ana, NEW).status_code == 302


def test_link_stands_in_both_parts_of_the_message(app, client, ana):
    get_link(app, client)
    (message,) = mails(app)
    assert links_in(message)[0] in message.get_body(("html",)).get_content()


def test_link_is_written_nowhere_in_the_database(app, client, ana):
    token = get_link(app, client).rpartition("/")[2]
    assert len(token) > 40
    assert not any(part in str(all_rows()) for part in token.split("."))


def test_using_the_link_signs_nobody_in(app, client, ana):
    use(client, get_link(app, client))
    assert not is_signed_in(client)


# How often, and how long


def test_link_works_once(app, client, ana):
    link = get_link(app, client)
    form = form_with(client.get(link), "password")
    assert client.post(link, data=form.fields | {"password": NEW}).status_code == 302
    fresh = form_with(client.get(ASK), "email").fields["csrf_token"]
    again = client.post(link, data={"csrf_token": fresh, "password": "a third password"})
    assert again.status_code == 410
    assert client.get(link).status_code == 410
    assert sign_in(client, ana, NEW).status_code == 302


def test_expired_page_leads_to_a_new_one(app, client, ana):
    link = get_link(app, client)
    use(client, link)
    page = client.get(link)
    assert page.status_code == 410
    assert ASK in page.text


@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (11, 410)])
def test_link_works_for_ten_minutes(app, client, ana, minutes, status):
    link = get_link(app, client)
    with time_machine.travel(utcnow() + timedelta(minutes=minutes)):
        assert client.get(link).status_code == status


def test_ten_minutes_begin_when_the_message_is_sent(app, client, ana):
    ask(client)
    with time_machine.travel(utcnow() + timedelta(minutes=25)) as clock:
        do_jobs(app)
        link = path_of(links_in(mails(app)[0])[0])
        clock.shift(timedelta(minutes=9))
        assert client.get(link).status_code == 200


def test_message_that_is_half_an_hour_late_is_not_sent(app, client, ana):
    ask(client)
    with time_machine.travel(utcnow() + timedelta(minutes=31)):
        assert do_jobs(app) == 1
    assert mails(app) == []
    assert [job.state for job in jobs_of_kind("accounts.send_reset_link")] == [JobState.DROPPED]


def test_form_that_was_open_when_the_time_ran_out_is_refused(app, client, ana):
    link = get_link(app, client)
    form = form_with(client.get(link), "password")
    with time_machine.travel(utcnow() + timedelta(minutes=11)):
        answer = client.post(link, data=form.fields | {"password": NEW})
    assert answer.status_code == 410
    assert sign_in(client, ana, PASSWORD).status_code == 302


def test_link_dies_with_the_password(app, client, ana):
    link = get_link(app, client)
    accounts.change_password(by_username("ana"), passwords.hash_password(NEW))
    db.session.commit()
    assert client.get(link).status_code == 410


def test_link_dies_with_the_address(app, client, ana):
    link = get_link(app, client)
    ana = by_username("ana")
    ana.email = ana.email_key = "ana@elsewhere.example"
    db.session.commit()
    assert client.get(link).status_code == 410


def test_link_dies_with_the_member(app, client, ana):
    link = get_link(app, client)
    db.session.delete(by_username("ana"))
    db.session.commit()
    assert client.get(link).status_code == 410


def test_all_links_die_when_one_is_used(app, client, ana):
    first, second = get_link(app, client), get_link(app, client)
    use(client, second)
    assert client.get(first).status_code == 410


def test_two_who_use_a_link_at_once_cannot_both(app, client, ana, monkeypatch):
    link = get_link(app, client)

    def first_one():
        accounts.change_password(by_username("ana"), PASSWORD_HASH + " ")

    form = form_with(client.get(link), "password")
    meanwhile(monkeypatch, app, "hash", first_one)
    assert client.post(link, data=form.fields | {"password": NEW}).status_code == 410
    assert by_username("ana").password_hash == PASSWORD_HASH + " "


# What else a reset does


def test_every_session_ends(app, client, ana):
    phone = app.test_client()
    for device in (client, phone):
        submit(device, "/auth/login", username="ana", password=PASSWORD, remember_me="y")
    assert is_signed_in(phone)
    use(client, get_link(app, app.test_client()))
    assert not is_signed_in(client)
    assert not is_signed_in(phone)
    assert all_rows()["user_sessions"] == []


def test_browser_in_which_it_was_reset_forgets_who_it_was(app, client, ana, bob):
    submit(client, "/auth/login", username="bob", password=PASSWORD, remember_me="y")
    use(client, get_link(app, app.test_client()))
    assert not is_signed_in(client)
    assert cookie_of(client, "remember_token") is None


def test_notice_is_mailed(app, client, ana):
    use(client, get_link(app, client))
    do_jobs(app)
    notice = mails(app)[-1]
    assert notice["To"] == "ana@example.com"
    assert "password" in notice["Subject"].lower()
    assert public_link("auth.reset_password_request") in links_in(notice)
    assert not any("/auth/reset_password/" in link for link in links_in(notice))


def test_notice_does_not_hold_the_password(app, client, ana):
    use(client, get_link(app, client))
    do_jobs(app)
    assert not any(NEW in message.as_string() for message in mails(app))


def test_wrong_passwords_are_forgiven(app, client, ana):
    for _ in range(10):
        sign_in(client, ana, "a wrong guess")
    assert sign_in(client, ana, PASSWORD).status_code == 429
    use(client, get_link(app, client))
    assert db.session.query(SignInFailure).count() == 0
    assert sign_in(client, ana, NEW).status_code == 302


@pytest.mark.parametrize("password", ["", "short", "password", "ana@example.com", "x" * 257])
def test_bad_password_changes_nothing_and_keeps_the_link(app, client, ana, password):
    link = get_link(app, client)
    rows = all_rows()
    answer = use(client, link, password)
    assert answer.status_code == 422
    assert error_beside(answer, "password")
    assert all_rows() == rows
    assert client.get(link).status_code == 200


def test_nobody_waits_while_the_password_is_hashed(app, client, ana, monkeypatch):
    link = get_link(app, client)
    form = form_with(client.get(link), "password")
    free = []
    before(monkeypatch, "hash", lambda: free.append(can_write()))
    client.post(link, data=form.fields | {"password": NEW})
    assert free == [True]


# Who asks


def test_suspended_member_gets_no_message(app, client, ana):
    suspend(by_username("ana"))
    db.session.commit()
    assert ask(client).location == "/auth/check_mail/reset"
    do_jobs(app)
    assert mails(app) == []


def test_reset_does_not_let_a_suspended_member_in(app, client, ana):
    link = get_link(app, client)
    suspend(by_username("ana"))
    db.session.commit()
    if client.get(link).status_code == 200:
        use(client, link)
    assert sign_in(client, ana, NEW).status_code in {403, 422}
    assert sign_in(client, ana, PASSWORD).status_code in {403, 422}
    restore(by_username("ana"))
    db.session.commit()
    assert not is_signed_in(client)


def test_member_who_is_signed_in_can_ask_too(app, client, ana):
    enter(client, ana)
    assert path_of(get_link(app, client)).startswith("/auth/reset_password/")


@pytest.mark.parametrize("text", ["", "ana", "ana@", "@example.com", "a b@example.com", "x" * 300])
def test_what_is_no_address_is_refused(app, client, ana, text):
    rows = all_rows()
    answer = ask(client, text)
    assert answer.status_code == 422
    assert error_beside(answer, "email")
    assert all_rows() == rows


@pytest.mark.parametrize("typed", ["ANA@EXAMPLE.COM", "  ana@Example.com ", "Ana@ｅxample.com"])
def test_address_is_found_however_it_is_typed(app, client, ana, typed):
    get_link(app, client, typed)
    assert [message["To"] for message in mails(app)] == ["ana@example.com"]


# The same for everybody


def counted_ask(client, address):
    fields = form_with(client.get(ASK), "email").fields | {"email": address}
    with counted_queries() as queries:
        answer = client.post(ASK, data=fields)
    return answer, queries


def test_answer_is_the_same_whether_or_not_somebody_has_the_address(app, client, ana):
    visitors = (app.test_client(), app.test_client())
    known, unknown = (
        ask(visitor, address)
        for visitor, address in zip(visitors, ("ana@example.com", NOBODY), strict=True)
    )
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert known.text == unknown.text
    pages = [visitor.get("/auth/check_mail/reset").text for visitor in visitors]
    assert pages[0] == pages[1]


def test_database_is_asked_the_same_whether_or_not_somebody_has_the_address(client, ana):
    ask(client, "warm@example.com")
    (_, known), (_, unknown) = counted_ask(client, "ana@example.com"), counted_ask(client, NOBODY)
    assert known == unknown
    assert any(query.startswith("INSERT INTO jobs") for query in known)  # the premise


def test_same_tables_grow_whether_or_not_somebody_has_the_address(client, ana):
    def growth(address):
        sizes = {table: len(rows) for table, rows in all_rows().items()}
        ask(client, address)
        return {table: len(rows) - sizes[table] for table, rows in all_rows().items()}

    known = growth("ana@example.com")
    assert known == growth(NOBODY)
    assert (known["jobs"], known["mail_requests"]) == (1, 1)


def test_no_password_is_hashed_to_answer(client, ana, monkeypatch):
    slow = count_slow_work(monkeypatch)
    ask(client, "ana@example.com")
    ask(client, NOBODY)
    assert slow == []


def test_nothing_is_sent_to_an_address_that_nobody_has(app, client, ana):
    ask(client, NOBODY)
    do_jobs(app)
    assert mails(app) == []
    assert [job.state for job in jobs_of_kind("accounts.send_reset_link")] == [JobState.DROPPED]


def test_address_that_nobody_has_is_written_nowhere(app, client, ana):
    ask(client, NOBODY)
    do_jobs(app)
    assert NOBODY not in str(all_rows())


# Five in half an hour


def test_sixth_message_is_refused(app, client, ana):
    assert [ask(client).status_code for _ in range(6)] == [302] * 5 + [429]
    answer = ask(client)
    assert "Try again in half an hour." in error_beside(answer, "email")
    do_jobs(app)
    assert len(mails(app)) == 5


def test_sixth_message_is_refused_to_an_address_that_nobody_has_too(client, ana):
    assert [ask(client, NOBODY).status_code for _ in range(6)] == [302] * 5 + [429]


def test_refusal_is_the_same_whether_or_not_somebody_has_the_address(app, client, ana):
    def refusal(address):
        for _ in range(5):
            ask(client, address)
        return error_beside(ask(client, address), "email")

    assert refusal("ana@example.com") == refusal(NOBODY) != ""


def test_refused_request_writes_nothing(client, ana):
    for _ in range(5):
        ask(client)
    rows = all_rows()
    ask(client)
    assert all_rows() == rows


@pytest.mark.parametrize(
    "spellings",
    [
        (
            "ana@example.com",
            "ANA@example.com",
            "ana@EXAMPLE.COM",
            " ana@example.com",
            "Ana@eXample.com",
        ),
        (
            "zoë@example.com",
            "zoe\u0308@example.com",
            "ZOË@example.com",
            "zoë@EXAMPLE.com",
            "Zoë@example.com",
        ),
        (
            "n@bücher.example",
            "n@xn--bcher-kva.example",
            "N@BÜCHER.example",
            "n@bu\u0308cher.example",
            "N@xn--bcher-kva.example",
        ),
    ],
)
def test_spellings_of_one_address_are_counted_together(client, ana, spellings):
    assert [ask(client, text).status_code for text in spellings] == [302] * 5
    assert ask(client, spellings[0]).status_code == 429
    assert ask(client, spellings[1]).status_code == 429


def test_addresses_are_counted_apart(client, ana, bob):
    for _ in range(6):
        ask(client)
    assert ask(client, "bob@example.com").status_code == 302


def test_limit_is_of_the_address_and_not_of_who_asks(app, client, ana):
    for number in range(5):
        visitor = app.test_client()
        visitor.environ_base["REMOTE_ADDR"] = f"10.0.0.{number}"
        ask(visitor)
    assert ask(client).status_code == 429


def test_one_may_ask_again_after_half_an_hour(client, ana):
    for _ in range(5):
        ask(client)
    with time_machine.travel(utcnow() + timedelta(minutes=29)) as clock:
        assert ask(client).status_code == 429
        clock.shift(timedelta(minutes=2))
        assert ask(client).status_code == 302


# Programs that look at links


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_program_that_opens_every_link_changes_nothing(app, client, ana, method):
    link = get_link(app, client)
    rows = all_rows()
    scanner = app.test_client()
    for _ in range(3):
        scanner.open(link, method=method)
    assert all_rows() == rows
    assert use(client, link).status_code == 302


def test_secret_page_is_kept_nowhere_and_told_to_nobody(app, client, ana):
    link = get_link(app, client)
    form = form_with(client.get(link), "password")
    answers = [
        client.get(link),
        client.post(link, data=form.fields | {"password": "short"}),
        client.get(link + "x"),
    ]
    assert [answer.status_code for answer in answers] == [200, 422, 410]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        # Each of these keeps the path from other sites.
        assert answer.headers["Referrer-Policy"] in {"no-referrer", "strict-origin", "same-origin"}


def test_secret_page_can_be_sent_by_a_browser_without_fetch_metadata(app, client, ana):
    # Browsers send no Sec-Fetch-Site to a plain http address that is not loopback. What they say
    # of the origin follows the page's own policy (Fetch, "append a request Origin header").
    link = get_link(app, client)
    page = client.get(link)
    hidden = page.headers["Referrer-Policy"] == "no-referrer"
    origin = "null" if hidden else app.config["PUBLIC_URL"]
    fields = form_with(page, "password").fields | {"password": NEW}
    assert client.post(link, data=fields, headers={"Origin": origin}).status_code == 302


def test_secret_page_loads_nothing_from_elsewhere(app, client, ana):
    page = client.get(get_link(app, client))
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    elsewhere = re.findall(r'(?:href|src|action)="((?:https?:)?//[^"]+)"', page.text)
    assert [url for url in elsewhere if not url.startswith("http://127.0.0.1:5000/")] == []


# Tokens that are not ours


def other_tokens(app, ana):
    """Tokens that look like a reset link's, each wrong in one way."""
    good = links.reset_link(ana).rpartition("/")[2]
    head, body, signature = good.split(".")
    claims = jwt.decode(good, options={"verify_signature": False})
    facts = (ana.password_hash, ana.email_key)

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    def signed(key, **changes):
        return jwt.encode(claims | changes, key, "HS256")

    without = {name: {k: v for k, v in claims.items() if k != name} for name in claims}
    minutes = timedelta(minutes=10)
    joining = Registration(username="x", email="x@e.org", email_key="x@e.org", password_hash="-")
    db.session.add(joining)
    db.session.commit()
    return {
        "cut off": good[:-1],
        "without signature": f"{head}.{body}.",
        "without two parts": head,
        "none": f"{part({'alg': 'none', 'typ': 'JWT'})}.{body}.",
        "None": f"{part({'alg': 'None', 'typ': 'JWT'})}.{body}.{signature}",
        "another body": f"{head}.{part(claims | {'sub': '2'})}.{signature}",
        "the bare key": signed(app.config["SECRET_KEY"]),
        "another purpose": make_token("undo_change", ana.id, *facts, lifetime=minutes),
        "a registration": links.registration_link(joining).rpartition("/")[2],
        "wrong facts": make_token("reset", ana.id, "other", ana.email_key, lifetime=minutes),
        "no facts": make_token("reset", ana.id, lifetime=minutes),
        "another member": make_token("reset", ana.id + 1, *facts, lifetime=minutes),
        "nobody": make_token("reset", 999_999, *facts, lifetime=minutes),
        "expired": make_token("reset", ana.id, *facts, lifetime=-timedelta(seconds=1)),
        "no end": jwt.encode(without["exp"], "x" * 32, "HS256"),
        "deep": base64.urlsafe_b64encode(b"[" * 3000).decode() + ".e30.e30",
        "dots": "...",
        "umlauts": "%C3%A4%C3%B6.%F0%9F%A6%86.x",
        "bytes": "%00%ff.%fe.%fd",
        "blank": "%20",
    }


NAMES = [
    "cut off", "without signature", "without two parts", "none", "None", "another body",
    "the bare key", "another purpose", "a registration", "wrong facts", "no facts",
    "another member", "nobody", "expired", "no end", "deep", "dots", "umlauts", "bytes", "blank",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_token_that_is_not_ours_is_refused(app, client, ana, bob, name):
    token = other_tokens(app, ana)[name]
    csrf = form_with(client.get(ASK), "email").fields["csrf_token"]
    rows = all_rows()
    for page in (f"/auth/reset_password/{token}", f"/auth/confirm/{token}"):
        if name == "a registration" and "confirm" in page:
            continue
        assert client.get(page).status_code == 410
        answer = client.post(page, data={"csrf_token": csrf, "password": NEW})
        assert answer.status_code == 410
    assert all_rows() == rows


def test_no_wrong_token_is_forgotten(app, ana):
    assert list(other_tokens(app, ana)) == NAMES


def test_reset_link_confirms_nothing(app, client, ana):
    token = get_link(app, client).rpartition("/")[2]
    assert client.get(f"/auth/confirm/{token}").status_code == 410


class TestAnotherSiteWithAnotherKey:
    @pytest.fixture
    def settings(self):
        return {"SECRET_KEY": "quite another key, as long as the first one is"}

    def test_its_links_are_worth_nothing_here(self, app, client, ana):
        link = get_link(app, client)
        assert client.get(link).status_code == 200
        app.config["SECRET_KEY"] = "the key of this site, as long as the other one"
        assert client.get(link).status_code == 410


# Where links lead


class TestUnderItsPublicName:
    @pytest.fixture
    def settings(self):
        return {"PUBLIC_URL": "https://birds.example"}

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"X-Forwarded-Host": "evil.example"},
            {"Forwarded": "host=evil.example"},
            {"X-Forwarded-Proto": "http"},
            {"Host": "birds.example:8080"},
            {"Host": "BIRDS.example"},
        ],
    )
    def test_links_begin_with_it_whatever_the_request_says(self, app, client, ana, headers):
        base = {"base_url": "https://birds.example"}
        page = client.get(ASK, **base)
        fields = form_with(page, "email").fields | {"email": "ana@example.com"}
        answer = client.post(ASK, data=fields, headers=headers, **base)
        assert answer.status_code in {302, 400, 403}
        if answer.status_code == 302:
            do_jobs(app)
            (message,) = mails(app)
            assert all(link.startswith("https://birds.example") for link in links_in(message))
            assert "evil" not in message.as_string()

    def test_request_under_another_name_asks_for_nothing(self, app, client, ana):
        page = client.get(ASK, base_url="https://birds.example")
        fields = form_with(page, "email").fields | {"email": "ana@example.com"}
        answer = client.post(ASK, data=fields, base_url="https://evil.example")
        assert answer.status_code == 400
        assert jobs_of_kind("accounts.send_reset_link") == []

    def test_live_site_does_not_say_where_messages_lie(self, app, client, ana):
        page = client.get("/auth/check_mail/reset", base_url="https://birds.example")
        assert page.status_code == 200
        assert "outbox" not in page.text


def test_site_that_is_not_live_says_where_messages_lie(app, client, ana):
    page = client.get("/auth/check_mail/reset").text
    assert str(app.config["DATA_DIR"] / "outbox") in page


class TestWithAServer:
    @pytest.fixture
    def settings(self):
        return {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": "1"}

    def test_page_speaks_of_no_folder(self, client, app):
        assert "outbox" not in client.get("/auth/check_mail/reset").text

    def test_page_does_not_wait_for_it(self, client, ana):
        assert ask(client).status_code == 302


def test_only_known_reasons_to_check_mail_have_a_page(client, app):
    assert client.get("/auth/check_mail/register").status_code == 200
    assert client.get("/auth/check_mail/else").status_code == 404


# Words


def test_message_is_in_the_language_of_the_page(app, client, ana):
    client.get("/")
    client.post("/preferences", data={"lang": "es"})
    get_link(app, client)
    (message,) = mails(app)
    assert message["Content-Language"] == "es"
    assert 'lang="es"' in message.get_body(("html",)).get_content()


def test_language_of_the_member_goes_before_that_of_the_page(app, client, ana):
    accounts.choose_language(by_username("ana"), "es")
    db.session.commit()
    get_link(app, client)
    assert mails(app)[0]["Content-Language"] == "es"


def test_message_is_written_anew_in_each_language(app, client, ana, bob):
    accounts.choose_language(by_username("bob"), "es")
    db.session.commit()
    ask(client, "ana@example.com")
    ask(client, "bob@example.com")
    do_jobs(app)
    first, second = mails(app)
    assert first["Subject"] != second["Subject"]
    assert words_of(first).splitlines()[2] != words_of(second).splitlines()[2]


def test_name_of_the_member_cannot_write_into_the_message(app, client):
    make_user("mallory", display_name='<script>alert(1)</script> https://evil.example/"')
    get_link(app, client, "mallory@example.com")
    html = mails(app)[0].get_body(("html",)).get_content()
    assert "<script" not in html
    assert 'href="https://evil' not in html


# The log


@pytest.fixture
def log(app):
    """What the application's handlers write, of the application and of visits."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(app.logger.handlers[0].formatter)
    handler.addFilter(app.logger.handlers[0].filters[0])
    loggers = (app.logger, logging.getLogger("app.access"))
    for logger in loggers:
        logger.addHandler(handler)
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)


def test_link_stands_in_no_log(app, client, ana, log):
    link = get_link(app, client)
    token = link.rpartition("/")[2]
    client.get(link)
    client.get(f"{link}?utm_source=mail")
    client.get(f"{link}/more")
    use(client, link)
    client.get(link)
    assert "/auth/reset_password/…" in log.getvalue()  # the premise: visits are logged
    assert token not in log.getvalue()
    assert token.rpartition(".")[2] not in log.getvalue()


def test_link_stands_in_no_log_when_something_breaks(app, client, ana, log):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    link = get_link(app, client)
    end_read(db.session)
    db.session.execute(db.text("ALTER TABLE users DROP COLUMN location"))
    db.session.commit()
    assert client.get(link).status_code in {500, 503}
    assert "Database error" in log.getvalue() or "Traceback" in log.getvalue()
    assert link.rpartition(".")[2] not in log.getvalue()


def test_address_stands_in_no_log(app, client, ana, log):
    ask(client, NOBODY)
    get_link(app, client)
    assert "accounts.send_reset_link" in log.getvalue()  # the premise
    assert NOBODY not in log.getvalue()
    assert "ana@example.com" not in log.getvalue()


def test_lines_of_a_job_have_the_number_of_the_request_that_asked(app, client, ana, log):
    number = ask(client).headers["X-Request-ID"]
    do_jobs(app)
    job_line = next(line for line in log.getvalue().splitlines() if "send_reset_link" in line)
    assert f"[{number}]" in job_line
