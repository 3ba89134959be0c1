"""What members say about themselves: /edit_profile."""

import pytest

from app.accounts.queries import by_username
from tests.browsing import enter, error_beside, form_with, links_of, submit, token_for
from tests.factories import make_post
from tests.queries import all_rows

PATH = "/edit_profile"
HIDDEN = "Leave out invisible and direction-changing characters."
FIELDS = {"display_name": "", "about_me": "", "location": "", "website": ""}


HIDING = [
    "\u202e",
    "\u202d",
    "\u202a",
    "\u2066",
    "\u2067",
    "\u2069",
    "\u200e",
    "\u200f",
    "\u061c",
    "\u200b",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\ue000",
    "\U000e0041",
]
UNSEEN = [
    "\u200d",
    "\u200c\u200d",
    "\u3164",
    "\u2800",
    "\u115f\u1160",
    "\uffa0",
    "\u0301",
    "\u034f",
    "\u3164 \u3164",
]
NO_WEB_ADDRESSES = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "ftp://example.org",
    "mailto:ana@example.com",
    "//example.org",
    "example.org",
    "https:example.org",
    "https:/example.org",
    "https://",
    "https:///path",
    "http://[::1",
    "https://exa mple.org",
    "https://example.org/a b",
    "https://example.org\n/b",
    "https://?a",
    "https://:80",
    "https://\\example.org",
    "https://good.example\\@evil.example",
    "https://good.example@evil.example/",
    "https://example.org:port/",
    "https://example.org/\u202egnp.exe",
    "https://exam\u200bple.org/",
    "http",
    "#",
    "/user/ana",
]


def outcomes(client, field, values):
    """Send the form with each value; return what is said beside the field (nothing: saved)."""
    form = FIELDS | {"csrf_token": token_for(client)}
    return {
        value: error_beside(client.post(PATH, data=form | {field: value}), field)
        for value in values
    }


def edit(client, **fields):
    return submit(client, PATH, **(FIELDS | fields))


def test_page_holds_what_is_said_now(client, ana):
    enter(client, ana)
    edit(
        client,
        display_name="Ana María",
        about_me="I write.\n\nMostly about boats.",
        location="Kittiwick",
        website="https://ana.example/",
    )
    fields = form_with(client.get(PATH), "display_name").fields
    assert fields["display_name"] == "Ana María"
    assert fields["about_me"].strip() == "I write.\n\nMostly about boats."
    assert fields["location"] == "Kittiwick"
    assert fields["website"] == "https://ana.example/"


def test_profile_shows_what_was_said(client, ana):
    enter(client, ana)
    response = edit(
        client,
        display_name="Ana María",
        about_me="I write.\nMostly about boats.",
        location="Kittiwick",
        website="https://ana.example/",
    )
    assert (response.status_code, response.location) == (302, "/user/ana")
    page = client.get("/user/ana")
    assert "Your changes are saved." in page.text
    assert "<bdi>Ana María</bdi>" in page.text
    assert "I write.<br>\nMostly about boats." in page.text
    assert "<bdi>Kittiwick</bdi>" in page.text


def test_new_name_stands_above_older_posts(client, ana):
    make_post(ana)
    enter(client, ana)
    edit(client, display_name="Somebody new")
    assert "Somebody new" in client.get("/explore").text


def test_without_a_name_the_username_stands_in(client, ana):
    enter(client, ana)
    edit(client, display_name="")
    assert "<bdi>ana</bdi>" in client.get("/user/ana").text


def test_empty_fields_leave_nothing_on_the_profile(client, ana):
    enter(client, ana)
    edit(client, about_me="x", location="Kittiwick", website="https://ana.example/")
    edit(client)
    page = client.get("/user/ana").text
    assert "Kittiwick" not in page
    assert "https://ana.example/" not in page


def test_website_is_a_link_that_vouches_for_nothing(client, ana):
    enter(client, ana)
    edit(client, website="https://ana.example/boats?a=1&b=2")
    page = client.get("/user/ana")
    assert "https://ana.example/boats?a=1&b=2" in [link.href for link in links_of(page)]
    tag = page.text.split('<a href="https://ana.example/')[1].split(">")[0]
    assert 'rel="nofollow ugc noopener"' in tag


def test_website_that_is_no_plain_web_address_is_refused(client, ana):
    enter(client, ana)
    explained = outcomes(client, "website", NO_WEB_ADDRESSES)
    assert [website for website in NO_WEB_ADDRESSES if not explained[website]] == []
    assert by_username("ana").website == ""


@pytest.mark.parametrize(
    "website",
    [
        "http://example.org",
        "HTTPS://Example.org/",
        "https://example.org:8443/~ana/#top",
        "https://bücher.example/straße",
        "https://[2001:db8::1]/",
        "https://example.org/" + "a" * 180,
    ],
)
def test_web_address_is_kept(client, ana, website):
    enter(client, ana)
    assert edit(client, website=website).status_code == 302
    assert by_username("ana").website == website


@pytest.mark.parametrize(
    ("field", "longest"), [("display_name", 50), ("about_me", 300), ("location", 60)]
)
@pytest.mark.parametrize("character", ["a", "é", "字", "👩‍👩‍👧", "e\u0301\u0323"])
def test_lengths_are_counted_as_people_count(client, ana, field, longest, character):
    enter(client, ana)
    fits = character * min(longest, 250 // len(character))
    assert edit(client, **{field: fits}).status_code == 302
    response = edit(client, **{field: character * (longest + 2)})
    assert response.status_code == 422
    assert error_beside(response, field) == "That is 2 characters too long."


def test_website_fits_its_column_however_its_characters_are_built(client, ana):
    enter(client, ana)
    website = "https://example.org/" + ("e" + "\u0323\u0307\u0308" * 3) * 100
    response = edit(client, website=website)
    assert response.status_code == 422
    assert error_beside(response, "website")


@pytest.mark.parametrize("field", ["display_name", "location"])
@pytest.mark.parametrize("length", [10_000, 400_000])
def test_very_long_text_is_refused_in_words(client, ana, field, length):
    enter(client, ana)
    response = edit(client, **{field: "x" * length})
    assert response.status_code == 422
    assert error_beside(response, field)


@pytest.mark.parametrize("field", ["display_name", "about_me", "location"])
def test_letters_under_thirty_marks_each_are_refused(client, ana, field):
    enter(client, ana)
    limit = {"display_name": 50, "about_me": 300, "location": 60}[field]
    response = edit(client, **{field: ("e" + "\u0323" * 30) * limit})
    assert response.status_code == 422
    assert error_beside(response, field)


@pytest.mark.parametrize("field", ["display_name", "location"])
def test_hidden_and_turning_characters_are_refused_in_names(client, ana, field):
    enter(client, ana)
    names = [f"Ana{character}B" for character in HIDING]
    assert outcomes(client, field, names) == dict.fromkeys(names, HIDDEN)


def test_name_of_which_nothing_can_be_seen_is_refused(client, ana):
    enter(client, ana)
    explained = outcomes(client, "display_name", UNSEEN)
    assert [ascii(name) for name in UNSEEN if not explained[name]] == []


@pytest.mark.parametrize(
    "name",
    [
        "محمد",
        "آنا می‌نویسد",
        "דנה",
        "Анна",
        "アナ",
        "กานดา",
        "ஆனா",
        "👩‍🚀",
        "Ana ❤️",
        "O’Neill-Ó Súilleabháin",
        "1",
        "Ana \U0001fae8",
        "Cymru 🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    ],
)
def test_names_of_every_script_are_welcome(client, ana, name):
    enter(client, ana)
    assert edit(client, display_name=name).status_code == 302
    assert by_username("ana").display_name == name


def test_white_space_and_controls_in_a_line_are_tidied(client, ana):
    enter(client, ana)
    edit(client, display_name="  Ana\t\n \u00a0 María\x00\x07 ", location="\u3000Kittiwick\u2028")
    user = by_username("ana")
    assert (user.display_name, user.location) == ("Ana María", "Kittiwick")


def test_text_about_me_keeps_its_paragraphs_and_loses_controls(client, ana):
    enter(client, ana)
    edit(client, about_me="\r\nOne.\r\n\r\n\r\n\r\nTwo.\x00  \r\nThree.\r\n")
    assert by_username("ana").about_me == "One.\n\nTwo.\nThree."


@pytest.mark.parametrize("field", ["display_name", "about_me", "location"])
def test_code_is_shown_as_text(app, client, ana, field):
    enter(client, ana)
    assert edit(client, **{field: "<script>alert(1)</script><b>x</b>"}).status_code == 302
    make_post(by_username("ana"))
    for page in ("/user/ana", "/explore", "/", PATH):
        text = client.get(page).text + app.test_client().get(page).text
        assert "<script>alert" not in text
        assert "<b>x</b>" not in text


def test_everything_typed_is_kept_when_one_field_is_wrong(client, ana):
    enter(client, ana)
    typed = {
        "display_name": "A new name",
        "about_me": "Two\nlines & <b>",
        "location": "Elsewhere",
        "website": "javascript:alert(1)",
    }
    response = edit(client, **typed)
    assert response.status_code == 422
    fields = form_with(response, "display_name").fields
    assert {name: fields[name].strip() for name in typed} == typed


def test_one_wrong_field_saves_none_of_them(client, ana):
    enter(client, ana)
    before = all_rows()
    assert edit(client, display_name="A new name", website="nonsense").status_code == 422
    assert all_rows() == before


def test_page_with_a_mistake_calls_the_member_by_their_saved_name(client, ana):
    enter(client, ana)
    response = edit(client, display_name="A new name", website="nonsense")
    assert "<bdi" in response.text
    assert ">A new name<" not in response.text


def test_every_mistake_is_explained_at_once(client, ana):
    enter(client, ana)
    response = edit(
        client,
        display_name="x" * 51,
        about_me="x" * 301,
        location="\u202ex",
        website="x",
    )
    assert all(error_beside(response, field) for field in FIELDS)


def test_nothing_but_the_four_fields_can_be_changed(client, ana):
    enter(client, ana)
    edit(
        client,
        display_name="Ana",
        username="root",
        email="eve@example.com",
        is_admin="1",
        posts_count="9",
        suspended_at="2020-01-01",
        user_id="2",
    )
    user = by_username("ana")
    assert (user.username, user.email, user.is_admin, user.posts_count) == (
        "ana",
        "ana@example.com",
        False,
        0,
    )


def test_nobody_else_s_profile_changes(client, ana, carla):
    enter(client, ana)
    submit(client, f"{PATH}?username=carla", display_name="Ha", username="carla", id=carla.id)
    assert by_username("carla").display_name == "Carla"
    assert by_username("ana").display_name == "Ha"


def test_profiles_of_others_have_no_button_to_edit(client, ana, carla):
    enter(client, ana)
    assert f'href="{PATH}"' in client.get("/user/ana").text
    assert f'href="{PATH}"' not in client.get("/user/carla").text


def test_form_without_its_token_changes_nothing(client, ana):
    enter(client, ana)
    assert client.post(PATH, data={"display_name": "Eve"}).status_code == 400
    assert by_username("ana").display_name == "Ana"


def test_text_about_me_is_kept_on_the_page_of_a_stale_form(client, ana):
    enter(client, ana)
    response = client.post(PATH, data={"about_me": "A long story."})
    assert "A long story." in response.text


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, ana, method):
    enter(client, ana)
    assert client.open(PATH, method=method).status_code == 405


def test_visitor_is_asked_to_sign_in(client):
    assert client.get(PATH).location == "/auth/login?next=/edit_profile"


def test_visitor_changes_nothing(client, ana):
    before = all_rows()
    assert edit(client, display_name="Eve").status_code == 401
    assert all_rows() == before
