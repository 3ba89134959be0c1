"""Writing a post: what is accepted, what is refused, and that one form makes one post."""

import re
import unicodedata
from functools import partial

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.extensions import db
from app.posts.models import Post
from tests.browsing import at_once, enter, forms_of, same_browser, sign_in, submit, token_for
from tests.factories import make_user

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇺🇾"
STACKED = "e" + "\u0323\u0302\u0301"
HANGUL = "각"
KEYCAP = "1️⃣"
DEVANAGARI = "नि"


@pytest.fixture
def settings():
    return {"POST_MAX_LENGTH": "10"}


@pytest.fixture
def ana_online(client, ana):
    enter(client, ana)
    return client


def bodies():
    return list(db.session.scalars(sa.select(Post.body).order_by(Post.id)))


def composer_of(response):
    return next(form for form in forms_of(response) if "body" in form.fields)


def test_the_page_has_a_labelled_form_with_a_token_and_a_key(ana_online):
    page = ana_online.get("/write")
    form = composer_of(page)
    assert (form.method, form.action) == ("post", "/write")
    assert form.fields["csrf_token"]
    assert len(form.fields["form_key"]) == 32
    assert '<label class="visually-hidden" for="body">' in page.text


def test_each_drawing_of_the_form_has_its_own_key(ana_online):
    keys = {composer_of(ana_online.get("/write")).fields["form_key"] for _ in range(3)}
    assert len(keys) == 3


def test_a_written_post_is_stored_and_counted_and_leads_home(ana_online, ana):
    answer = submit(ana_online, "/write", body="Hello")
    assert (answer.status_code, answer.location) == (302, "/")
    assert bodies() == ["Hello"]
    assert db.session.get(User, ana.id).posts_count == 1


def test_publishing_is_confirmed_once(ana_online):
    submit(ana_online, "/write", body="Hello")
    assert "Your post is published." in ana_online.get("/").text
    assert "Your post is published." not in ana_online.get("/").text


def test_the_form_that_was_published_is_named_once(ana_online):
    form = composer_of(ana_online.get("/write")).fields
    ana_online.post("/write", data=form | {"body": "Hello"})
    named = f'data-published="{form["form_key"]}"'
    assert named in ana_online.get("/").text
    assert "data-published" not in ana_online.get("/").text


def test_no_more_than_a_key_is_named(ana_online):
    submit(ana_online, "/write", body="Hello", form_key='">' + "x" * 5_000)
    assert f'data-published="&#34;&gt;{"x" * 30}"' in ana_online.get("/").text


def test_the_composer_on_the_home_page_publishes(ana_online):
    form = composer_of(ana_online.get("/"))
    answer = ana_online.post(form.action, data=form.fields | {"body": "From home"})
    assert answer.status_code == 302
    assert bodies() == ["From home"]


def test_text_refused_on_the_home_page_is_kept_with_the_reason(ana_online):
    form = composer_of(ana_online.get("/"))
    answer = ana_online.post(form.action, data=form.fields | {"body": "far too long for it"})
    assert answer.status_code == 422
    assert composer_of(answer).fields["body"].strip() == "far too long for it"
    assert "That is 9 characters too long." in answer.text


@pytest.mark.parametrize("body", ["", " ", "\n\n\t ", "\x00", "\x07\x08", "\r\n\r\n", "\u00a0"])
def test_a_post_without_anything_in_it_is_refused(ana_online, body):
    answer = submit(ana_online, "/write", body=body)
    assert answer.status_code == 422
    assert "Write something first." in answer.text
    assert bodies() == []


@pytest.mark.parametrize("body", ["\u200b", "\u200d\u200c", "\u2060\ufeff", "\u202e"])
def test_a_post_that_nobody_can_see_is_refused(ana_online, body):
    assert submit(ana_online, "/write", body=body).status_code == 422
    assert bodies() == []


def test_a_form_without_a_body_at_all_is_refused(ana_online):
    assert submit(ana_online, "/write").status_code == 422
    assert bodies() == []


CHARACTERS = {
    "ascii": "x",
    "umlaut": "ü",
    "family": FAMILY,
    "flag": FLAG,
    "three marks on one letter": STACKED,
    "hangul": HANGUL,
    "decomposed hangul": unicodedata.normalize("NFD", HANGUL),
    "keycap": KEYCAP,
    "devanagari": DEVANAGARI,
    "skin tone": "👍🏽",
}
TEN_WITH_LINES = "a\r\nb\r\nc\r\nd\r\nef"


@pytest.mark.parametrize("character", CHARACTERS.values(), ids=CHARACTERS)
def test_ten_characters_as_people_count_fill_a_limit_of_ten(ana_online, character):
    assert submit(ana_online, "/write", body=character * 10).status_code == 302
    assert bodies() == [unicodedata.normalize("NFC", character * 10)]


@pytest.mark.parametrize("character", CHARACTERS.values(), ids=CHARACTERS)
def test_one_character_more_is_refused_and_the_text_kept(ana_online, character):
    answer = submit(ana_online, "/write", body=character * 11)
    assert answer.status_code == 422
    assert "That is one character too long." in answer.text
    kept = composer_of(answer).fields["body"].strip()
    assert kept == unicodedata.normalize("NFC", character * 11)
    assert bodies() == []


def test_a_line_break_counts_as_one_character(ana_online):
    assert submit(ana_online, "/write", body=TEN_WITH_LINES).status_code == 302
    assert bodies() == [TEN_WITH_LINES.replace("\r\n", "\n")]


def test_line_breaks_do_count(ana_online):
    answer = submit(ana_online, "/write", body=TEN_WITH_LINES + "g")
    assert "That is one character too long." in answer.text
    assert bodies() == []


def test_space_around_the_text_does_not_count(ana_online):
    assert submit(ana_online, "/write", body=f"\r\n  {'x' * 10}  \r\n").status_code == 302
    assert bodies() == ["x" * 10]


def test_the_message_says_how_many_characters_are_too_many(ana_online):
    assert "That is 7 characters too long." in submit(ana_online, "/write", body="x" * 17).text


def test_a_mountain_of_marks_on_one_letter_is_made_a_hill(ana_online):
    assert submit(ana_online, "/write", body="e" + "\u0301" * 5000).status_code == 302
    [body] = bodies()
    assert len(body) == 30  # é, and 29 more marks


def test_hills_of_marks_on_every_letter_are_refused(ana_online):
    answer = submit(ana_online, "/write", body=("e" + "\u0323" * 30) * 10)
    assert answer.status_code == 422
    assert "That is too long." in answer.text
    assert bodies() == []


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  a  ", "a"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\nb"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a  \nb", "a\nb"),
        ("a\x00b", "ab"),
        ("a\x1b[1m", "a[1m"),
        ("e\u0301", "é"),
        ("a\tb", "a\tb"),
        ("a  b", "a  b"),
    ],
)
def test_text_is_cleaned_before_it_is_stored(ana_online, typed, stored):
    submit(ana_online, "/write", body=typed)
    assert bodies() == [stored]


def test_refused_markup_comes_back_as_text(ana_online):
    answer = submit(ana_online, "/write", body="</textarea><script>alert(1)</script>")
    assert answer.status_code == 422
    assert composer_of(answer).fields["body"].strip() == "</textarea><script>alert(1)</script>"
    assert "<script>alert" not in answer.text


def test_the_error_stands_beside_the_field_and_has_the_focus(ana_online):
    page = submit(ana_online, "/write", body="").text
    textarea = page[page.index("<textarea") : page.index("</textarea>")]
    assert 'aria-invalid="true"' in textarea
    assert "autofocus" in textarea
    assert "body-error" in textarea
    assert 'id="body-error"' in page


def test_the_browser_is_told_the_limit_but_does_not_enforce_it(ana_online):
    page = ana_online.get("/write").text
    assert 'data-max-length="10"' in page
    textarea = re.search(r"<textarea[^>]*>", page)[0]
    assert "maxlength=" not in textarea.replace("data-max-length=", "")
    assert "Up to 10 characters." in page


def test_the_same_form_sent_twice_is_one_post(ana_online, ana):
    form = composer_of(ana_online.get("/write")).fields | {"body": "Once"}
    answers = [ana_online.post("/write", data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert bodies() == ["Once"]
    assert db.session.get(User, ana.id).posts_count == 1


def test_the_same_form_sent_by_several_threads_at_once_is_one_post(ana_online, ana, app):
    form = composer_of(ana_online.get("/write")).fields | {"body": "Once"}
    twins = [same_browser(ana_online) for _ in range(4)]
    answers = at_once(app, *(partial(twin.post, "/write", data=form) for twin in twins))
    assert [answer.status_code for answer in answers] == [302] * 4
    assert bodies() == ["Once"]
    assert db.session.get(User, ana.id).posts_count == 1


def test_another_text_in_a_form_gone_back_to_is_not_lost(ana_online):
    # "Back" in a browser shows the form as it was drawn, its key included.
    form = composer_of(ana_online.get("/write")).fields
    ana_online.post("/write", data=form | {"body": "First"})
    answer = ana_online.post("/write", data=form | {"body": "Second"})
    assert answer.status_code == 302
    assert bodies() == ["First", "Second"]


def test_two_forms_with_the_same_text_are_two_posts(ana_online):
    for _ in range(2):
        form = composer_of(ana_online.get("/write")).fields
        ana_online.post("/write", data=form | {"body": "Again"})
    assert bodies() == ["Again", "Again"]


def test_two_members_may_have_the_same_key(app, ana_online):
    other = app.test_client()
    sign_in(other, make_user("dora"))
    for client in (ana_online, other):
        assert submit(client, "/write", body="Hello", form_key="k" * 32).status_code == 302
    assert bodies() == ["Hello", "Hello"]


def test_a_form_without_a_key_still_publishes(ana_online):
    for _ in range(2):
        submit(ana_online, "/write", body="Hello", form_key="")
    assert bodies() == ["Hello", "Hello"]


@pytest.mark.parametrize("key", ["k" * 33, "k" * 5000, "k\x00k", "\ud7ff\U0010ffff", "'; --"])
def test_a_key_that_is_not_ours_is_never_stored_as_it_is(ana_online, key):
    for _ in range(2):
        answer = submit(ana_online, "/write", body="Hello", form_key=key)
        assert answer.status_code in {302, 422}
    assert len(bodies()) <= 1
    stored = db.session.execute(sa.text("SELECT once_key FROM posts")).scalars()
    assert all(re.fullmatch("[0-9a-f]{32}", once_key) for once_key in stored)


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client, app):
    answer = client.get("/write")
    assert (answer.status_code, answer.location) == (302, "/auth/login?next=/write")


def test_text_of_somebody_signed_out_meanwhile_is_kept(client, app):
    answer = submit(client, "/write", body="Do not lose me")
    assert answer.status_code == 401
    assert "Do not lose me" in answer.text
    assert bodies() == []


def test_a_suspended_member_publishes_nothing(ana_online, ana):
    token = token_for(ana_online)
    ana.suspended_at = ana.created_at
    db.session.commit()
    answer = ana_online.post("/write", data={"csrf_token": token, "body": "Hello"})
    assert answer.status_code in {400, 401}
    assert bodies() == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_refused(ana_online, method):
    answer = ana_online.open("/write", method=method)
    assert answer.status_code in {400, 405}
    assert bodies() == []


def test_nobody_publishes_more_than_sixty_posts_in_ten_minutes(ana_online, app):
    token = token_for(ana_online)
    for number in range(60):
        answer = ana_online.post("/write", data={"csrf_token": token, "body": f"{number}"})
        assert answer.status_code == 302
    answer = ana_online.post("/write", data={"csrf_token": token, "body": "too many"})
    assert answer.status_code == 429
    assert "too many" in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert len(bodies()) == 60


def test_the_limit_of_one_member_is_not_that_of_another_behind_the_same_address(app, ana_online):
    token = token_for(ana_online)
    for number in range(61):
        answer = ana_online.post("/write", data={"csrf_token": token, "body": f"{number}"})
    assert answer.status_code == 429
    other = app.test_client()
    sign_in(other, make_user("dora"))
    assert submit(other, "/write", body="Hello").status_code == 302


def test_the_page_speaks_spanish(ana_online):
    page = ana_online.get("/write", headers={"Accept-Language": "es"})
    assert '<html lang="es"' in page.text
    assert "Write something first." not in submit_in_spanish(ana_online).text


def submit_in_spanish(client):
    return client.post(
        "/write",
        data={"csrf_token": token_for(client), "body": ""},
        headers={"Accept-Language": "es"},
    )
