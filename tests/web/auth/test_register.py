"""Joining: /auth/register."""

import threading

import pytest

from app.accounts.queries import by_username
from tests.browsing import error_beside, form_with, sign_in, submit, token_for
from tests.factories import PASSWORD, make_user
from tests.queries import all_rows
from tests.slow_work import before, can_write, meanwhile

FIELDS = {"username": "dora", "email": "dora@example.com", "password": PASSWORD}
TAKEN = "Somebody has that name already. Please choose another."
ADDRESS_TAKEN = "That address cannot be used. If it is yours, sign in instead."
EASY = "That password is easy to guess. Please choose another."


def join(client, **fields):
    return submit(client, "/auth/register", **(FIELDS | fields))


def members():
    return [row[1] for row in all_rows()["users"]]


def test_page_asks_for_three_things(client):
    form = form_with(client.get("/auth/register"), "email")
    assert form.method == "post"
    assert form.fields.keys() == {"username", "email", "password", "csrf_token"}


def test_joining_makes_a_member_and_signs_them_in(client):
    response = join(client)
    assert (response.status_code, response.location) == (302, "/")
    assert "/user/dora" in client.get("/settings").text


def test_new_member_is_welcomed(client):
    join(client)
    assert "Welcome. Follow a few people, and say hello." in client.get("/").text


def test_new_member_is_no_administrator(client):
    join(client, is_admin="1", admin="y", posts_count="99", id="1")
    user = by_username("dora")
    assert (user.is_admin, user.posts_count) == (False, 0)


def test_password_is_nowhere_in_the_database(client):
    join(client)
    assert PASSWORD not in str(all_rows())
    assert "$argon2id$" in str(all_rows()["users"])


def test_name_is_kept_as_typed_and_found_in_any_case(client):
    join(client, username="DoraMay")
    assert members() == ["DoraMay"]
    assert "@DoraMay" in client.get("/user/doramay").text


def test_space_around_name_and_address_is_taken_off(client):
    join(client, username="  dora ", email=" dora@example.com\t")
    assert all_rows()["users"][0][1:5] == ("dora", "dora", "dora@example.com", "dora@example.com")


# Names.


@pytest.mark.parametrize(
    "username",
    [
        "d",
        "d" * 31,
        "1dora",
        "_dora",
        "do ra",
        "do.ra",
        "do-ra",
        "do/ra",
        "..",
        "dora@example.com",
        "dorá",
        "дора",
        "ｄｏｒａ",
        "do\u200bra",
        "dora\u200d",
        "\u202edora",
        "dora\u202c",
        "do\u00adra",
        "d\u0131ra",
        "dora<script>",
        "dora%00",
        "dora\u0661",
    ],
)
def test_name_that_breaks_the_rule_is_explained(client, username):
    response = join(client, username=username)
    assert response.status_code == 422
    assert error_beside(response, "username") == (
        "Use 2 to 30 letters (a to z), digits and underscores, beginning with a letter."
    )
    assert members() == []


@pytest.mark.parametrize("username", ["ab", "d" * 30, "D_0", "z9_________"])
def test_name_that_keeps_the_rule_is_taken(client, username):
    assert join(client, username=username).status_code == 302
    assert client.get(f"/user/{username}").status_code == 200


@pytest.mark.parametrize("username", ["admin", "Admin", "ROOT", "settings", "support", "null"])
def test_reserved_name_is_refused(client, username):
    response = join(client, username=username)
    assert response.status_code == 422
    assert "kept for the site itself" in error_beside(response, "username")


@pytest.mark.parametrize("username", ["ana", "ANA", "Ana", " ana "])
def test_name_is_taken_in_every_case(client, ana, username):
    response = join(client, username=username)
    assert response.status_code == 422
    assert error_beside(response, "username") == TAKEN
    assert members() == ["ana"]


# Addresses.


@pytest.mark.parametrize(
    "email",
    [
        "dora",
        "not an email",
        "@example.com",
        "dora@",
        "dora@example",
        "dora@localhost",
        "dora@example..com",
        "dora@@example.com",
        "do ra@example.com",
        "dora@exa mple.com",
        "dora@-example.com",
        "dora@[127.0.0.1]",
        "dora@example.com, eve@example.com",
        "dora@example.com\u202e",
        "do\u200bra@example.com",
        "Dora <dora@example.com>",
        ".dora@example.com",
        "dora@" + "e" * 250 + ".com",
        "x" * 5_000 + "@example.com",
    ],
)
def test_what_is_no_address_is_explained(client, email):
    response = join(client, email=email)
    assert response.status_code == 422
    assert error_beside(response, "email") == "That does not look like an e-mail address."
    assert members() == []


@pytest.mark.parametrize(
    "email",
    [
        "ana@example.com",
        "ANA@EXAMPLE.COM",
        "Ana@Example.com",
        " ana@example.com ",
        "ana@ｅxample.com",
        "ａna@example.com",
    ],
)
def test_address_is_taken_however_it_is_written(client, ana, email):
    response = join(client, email=email)
    assert response.status_code == 422
    assert error_beside(response, "email")
    assert members() == ["ana"]


def test_taken_address_is_answered_in_words_that_help_its_owner(client, ana):
    assert error_beside(join(client, email="ana@example.com"), "email") == ADDRESS_TAKEN


def test_one_international_address_in_two_spellings_is_one_address(app):
    assert join(app.test_client(), email="dora@bücher.example").status_code == 302
    response = join(app.test_client(), username="dora2", email="dora@xn--bcher-kva.example")
    assert error_beside(response, "email") == ADDRESS_TAKEN


def test_address_is_shown_to_nobody_else(client, app):
    join(client)
    assert client.get("/user/dora").status_code == 200
    for path in ("/user/dora", "/", "/explore"):
        assert "dora@example.com" not in app.test_client().get(path).text


# Passwords.


@pytest.mark.parametrize("password", ["q7#Lm2x", "ﬁﬁﬁ", "é\u0301" * 3, "\u0065\u0301" * 7])
def test_password_shorter_than_8_characters_is_refused(client, password):
    response = join(client, password=password)
    assert response.status_code == 422
    assert error_beside(response, "password") == "Use at least 8 characters."


@pytest.mark.parametrize("password", ["x" * 255 + "yz", "ﷺ" * 15, "z" * 100_000])
def test_password_longer_than_256_characters_is_refused(client, password):
    response = join(client, password=password)
    assert response.status_code == 422
    assert error_beside(response, "password") == "Use at most 256 characters."


@pytest.mark.parametrize(
    "password",
    ["q7#Lm2xw", "aaa bbbb", "zq" * 128, "ﬁﬁﬁﬁ", "пароль от дома", "🐟🐠🐡🦈🐳🐋🐬🐙", " q7#Lm2x "],
)
def test_password_within_the_limits_signs_in_exactly_as_typed(client, app, password):
    assert join(client, password=password).status_code == 302
    assert sign_in(app.test_client(), "dora", password).status_code == 302
    assert sign_in(app.test_client(), "dora", password + "x").status_code == 422


@pytest.mark.parametrize(
    ("chosen", "typed_later"),
    [
        ("ｏｃｅａｎ　ｌｉｎｅｒ", "ocean liner"),
        ("caf\u00e9 on the hill", "cafe\u0301 on the hill"),
        ("ﬁsh and chips, please", "fish and chips, please"),
    ],
)
def test_every_keyboard_types_the_same_password(client, app, chosen, typed_later):
    assert chosen != typed_later
    join(client, password=chosen)
    assert sign_in(app.test_client(), "dora", typed_later).status_code == 302


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "PASSWORD",
        "Password1",
        "12345678",
        "iloveyou",
        "trustno1",
        "ｐａｓｓｗｏｒｄ",
        "qwertyuiop",
    ],
)
def test_common_password_is_refused(client, password):
    response = join(client, password=password)
    assert response.status_code == 422
    assert error_beside(response, "password") == EASY


@pytest.mark.parametrize("password", ["doramaywells", "DoraMayWells", "dora.may@example.com"])
def test_own_name_or_address_is_no_password(client, password):
    response = join(
        client, username="doramaywells", email="Dora.May@example.com", password=password
    )
    assert response.status_code == 422
    assert error_beside(response, "password") == EASY


@pytest.mark.parametrize("password", ["alllowercase words", "29384756102938", "ÑANDÚÑANDÚ"])
def test_no_rule_says_which_characters_a_password_needs(client, password):
    assert join(client, password=password).status_code == 302


# What comes back.


@pytest.mark.parametrize("field", ["username", "email", "password"])
@pytest.mark.parametrize("empty", ["left out", "", "   "])
def test_nothing_in_a_field_is_explained_beside_it(client, field, empty):
    given = FIELDS | {field: empty}
    if empty == "left out":
        del given[field]
    response = submit(client, "/auth/register", **given)
    assert response.status_code == 422
    assert error_beside(response, field)
    assert members() == []


def test_every_mistake_is_explained_at_once(client):
    response = join(client, username="!", email="!", password="!")
    assert all(error_beside(response, field) for field in FIELDS)


def test_name_and_address_are_kept_on_error_and_the_password_is_not(client):
    response = join(client, username="dora!", email="dora@nowhere", password="this is my secret")
    fields = form_with(response, "email").fields
    assert (fields["username"], fields["email"]) == ("dora!", "dora@nowhere")
    assert fields["password"] == ""
    assert "this is my secret" not in response.text


def test_what_was_typed_comes_back_as_text_and_not_as_code(client):
    response = join(client, username='"><script>alert(1)</script>')
    assert "<script>alert" not in response.text
    assert form_with(response, "email").fields["username"] == '"><script>alert(1)</script>'


def test_first_field_with_a_mistake_takes_the_focus(client):
    page = join(client, email="dora@nowhere").text
    inputs = [tag for tag in page.split("<input")[1:] if "autofocus" in tag.split(">")[0]]
    assert len(inputs) == 1
    assert 'name="email"' in inputs[0].split(">")[0]


@pytest.mark.parametrize(
    "bad",
    [{"username": "!"}, {"username": "admin"}, {"email": "!"}, {"password": "!"}, {"email": ""}],
)
def test_messages_are_in_the_language_of_the_browser(client, bad):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es-MX,es;q=0.9,en;q=0.5"
    (field,) = bad
    spanish = error_beside(join(client, **bad), field)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    english = error_beside(join(client, **bad), field)
    assert spanish
    assert english
    assert spanish != english


def test_nul_bytes_and_controls_store_nothing_odd(client):
    response = join(client, username="do\x00ra", email="dora@example.com\x00")
    assert response.status_code in {302, 422}
    assert members() in ([], ["dora"])


# Who may.


def test_form_without_its_token_makes_nobody(client):
    assert client.post("/auth/register", data=FIELDS).status_code == 400
    assert members() == []


def test_member_who_is_signed_in_is_sent_home(client, ana):
    sign_in(client, ana)
    assert client.get("/auth/register").location == "/"
    assert join(client).location == "/"
    assert members() == ["ana"]


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, method):
    assert client.open("/auth/register", method=method).status_code == 405


def test_nobody_joins_by_get(client):
    client.get("/auth/register", query_string=FIELDS)
    assert members() == []


class TestClosed:
    @pytest.fixture
    def settings(self):
        return {"REGISTRATION": "closed"}

    def test_closed_site_says_so(self, client):
        response = client.get("/auth/register")
        assert response.status_code == 403
        assert "No new accounts at the moment" in response.text

    def test_closed_site_takes_nobody(self, client):
        assert join(client).status_code == 403
        assert members() == []

    @pytest.mark.parametrize("path", ["/", "/auth/login", "/explore"])
    def test_closed_site_invites_nobody(self, client, path):
        assert "/auth/register" not in client.get(path).text


# Two at once.


def test_nobody_waits_while_the_password_is_hashed(client, monkeypatch):
    free = []
    before(monkeypatch, "hash", lambda: free.append(can_write()))
    join(client)
    assert free == [True]


@pytest.mark.parametrize("raced", ["dora", "DORA"])
def test_name_lost_in_a_race_is_explained_as_the_form_does(app, client, monkeypatch, raced):
    meanwhile(monkeypatch, app, "hash", lambda: make_user(raced, email_key="other@example.com"))
    response = join(client)
    assert response.status_code == 422
    assert error_beside(response, "username") == TAKEN
    assert members() == [raced]


def test_address_lost_in_a_race_is_explained_as_the_form_does(app, client, monkeypatch):
    meanwhile(monkeypatch, app, "hash", lambda: make_user("eve", email_key="dora@example.com"))
    response = join(client)
    assert response.status_code == 422
    assert error_beside(response, "email") == ADDRESS_TAKEN
    assert members() == ["eve"]


def test_loser_of_a_race_keeps_what_they_typed_and_stays_signed_out(app, client, monkeypatch):
    meanwhile(monkeypatch, app, "hash", lambda: make_user("dora", email_key="other@example.com"))
    response = join(client)
    fields = form_with(response, "email").fields
    assert (fields["username"], fields["email"]) == ("dora", "dora@example.com")
    assert client.get("/settings").status_code == 302


def test_two_people_who_send_one_name_at_the_same_moment_are_one_member(app, monkeypatch):
    # Both have passed the form's own check when either goes on.
    both_checked = threading.Barrier(2, timeout=10)
    before(monkeypatch, "hash", both_checked.wait)
    responses = []

    def person(address):
        with app.app_context():
            responses.append(join(app.test_client(), email=address))

    people = [
        threading.Thread(target=person, args=(address,))
        for address in ("one@example.com", "two@example.com")
    ]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()

    assert sorted(response.status_code for response in responses) == [302, 422]
    loser = next(response for response in responses if response.status_code == 422)
    assert error_beside(loser, "username") == TAKEN
    assert members() == ["dora"]


# Rate limit.


@pytest.mark.thorough
def test_school_of_25_joins_from_one_address_and_the_26th_waits(app):
    for number in range(25):
        name = f"pupil{number}"
        response = join(app.test_client(), username=name, email=f"{name}@example.com")
        assert response.status_code == 302
    response = join(app.test_client())
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "dora" not in members()


def test_other_addresses_may_join_meanwhile(app):
    busy = app.test_client()
    token = token_for(busy)
    for _time in range(26):
        last = busy.post("/auth/register", data={"csrf_token": token})
    assert last.status_code == 429
    other = app.test_client()
    other.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert join(other).status_code == 302


def test_those_who_joined_may_still_sign_in(app, ana):
    busy = app.test_client()
    token = token_for(busy)
    for _time in range(26):
        last = busy.post("/auth/register", data={"csrf_token": token})
    assert last.status_code == 429
    assert sign_in(app.test_client(), ana).status_code == 302
