"""Changing a post."""

import pytest

from app.extensions import db
from app.posts.models import Post
from tests.browsing import enter, forms_of, submit, token_for
from tests.factories import make_post


@pytest.fixture
def settings():
    return {"POST_MAX_LENGTH": "20"}


@pytest.fixture
def post(client, ana):
    enter(client, ana)
    return make_post(ana, "Low tide\nat noon.")


def stored(post):
    db.session.rollback()
    return db.session.get(Post, post.id, populate_existing=True)


def composer_of(response):
    return next(form for form in forms_of(response) if "body" in form.fields)


def test_the_form_holds_the_text(client, post):
    form = composer_of(client.get(f"/post/{post.id}/edit"))
    assert form.action == f"/post/{post.id}/edit"
    assert form.fields["body"].strip() == "Low tide\nat noon."


def test_a_changed_text_is_stored_and_marked(client, post):
    answer = submit(client, f"/post/{post.id}/edit", body="High tide")
    assert (answer.status_code, answer.location) == (302, f"/post/{post.id}")
    assert stored(post).body == "High tide"
    assert stored(post).edited_at is not None
    page = client.get(f"/post/{post.id}").text
    assert "Edited" in page
    assert "Low tide" not in page


def test_timelines_mark_it_as_well(client, post):
    assert "Edited" not in client.get("/").text
    submit(client, f"/post/{post.id}/edit", body="High tide")
    for path in ("/", "/explore", "/user/ana"):
        assert "Edited" in client.get(path).text


@pytest.mark.parametrize(
    "body", ["Low tide\nat noon.", "Low tide\r\nat noon.", "  Low tide\r\nat noon.\r\n\r\n"]
)
def test_the_same_text_again_is_no_edit(client, post, body):
    assert submit(client, f"/post/{post.id}/edit", body=body).status_code == 302
    assert stored(post).edited_at is None
    assert "Edited" not in client.get(f"/post/{post.id}").text


def test_an_edit_keeps_the_place_and_the_number_of_posts(client, ana, post):
    later = make_post(ana, "Later")
    submit(client, f"/post/{post.id}/edit", body="High tide")
    page = client.get("/user/ana").text
    assert page.index(f"post-{later.id}") < page.index(f"post-{post.id}")
    assert "<b>2</b> posts" in page


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "Write something first."),
        (" \n ", "Write something first."),
        ("x" * 21, "That is one character too long."),
    ],
)
def test_a_refused_change_changes_nothing_and_keeps_the_text(client, post, body, reason):
    answer = submit(client, f"/post/{post.id}/edit", body=body)
    assert answer.status_code == 422
    assert reason in answer.text
    assert composer_of(answer).fields["body"].strip() == body.strip()
    assert stored(post).body == "Low tide\nat noon."
    assert stored(post).edited_at is None


def test_exactly_the_limit_is_accepted(client, post):
    submit(client, f"/post/{post.id}/edit", body="👨‍👩‍👧‍👦" * 20)
    assert stored(post).body == "👨‍👩‍👧‍👦" * 20


def test_a_change_without_a_body_field_changes_nothing(client, post):
    assert submit(client, f"/post/{post.id}/edit").status_code in {302, 422}
    assert stored(post).body == "Low tide\nat noon."
    assert stored(post).edited_at is None


def test_a_post_older_than_a_lowered_limit_can_still_be_opened(client, ana, post):
    long = make_post(ana, "x" * 400)
    form = composer_of(client.get(f"/post/{long.id}/edit"))
    assert form.fields["body"].strip() == "x" * 400


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_somebody_elses_post_is_not_found(client, post, bob, app, method):
    other = app.test_client()
    enter(other, bob)
    data = {"csrf_token": token_for(other), "body": "Mine now"}
    answer = other.open(f"/post/{post.id}/edit", method=method, data=data)
    assert answer.status_code == 404
    assert stored(post).body == "Low tide\nat noon."


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_administrator_edits_nobody_elses_post(client, post, bob, app, method):
    bob.is_admin = True
    db.session.commit()
    other = app.test_client()
    enter(other, bob)
    data = {"csrf_token": token_for(other), "body": "Mine now"}
    assert other.open(f"/post/{post.id}/edit", method=method, data=data).status_code == 404
    assert stored(post).body == "Low tide\nat noon."


def test_text_typed_into_a_post_deleted_meanwhile_is_kept(client, post):
    post_id = post.id
    submit(client, f"/post/{post_id}/delete")
    answer = submit(client, f"/post/{post_id}/edit", body="A long thought")
    assert answer.status_code == 404
    assert "A long thought" in answer.text


def test_an_unknown_post_is_not_found(client, post):
    assert client.get("/post/1/edit").status_code == 404
    assert submit(client, "/post/1/edit", body="x").status_code == 404


def test_a_visitor_is_sent_to_sign_in(app, post):
    answer = app.test_client().get(f"/post/{post.id}/edit")
    assert answer.location == f"/auth/login?next=/post/{post.id}/edit"


def test_a_visitor_changes_nothing(app, post):
    answer = submit(app.test_client(), f"/post/{post.id}/edit", body="Mine now")
    assert answer.status_code == 401
    assert stored(post).body == "Low tide\nat noon."


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(client, post, method):
    assert client.open(f"/post/{post.id}/edit", method=method).status_code in {400, 405}
