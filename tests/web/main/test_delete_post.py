"""Deleting a post_id, with a page that asks first."""

from functools import partial

import pytest

from app.accounts.models import User
from app.extensions import db
from app.posts import actions as posts
from app.posts.models import Post
from tests.browsing import (
    at_once,
    enter,
    forms_of,
    link_to,
    same_browser,
    submit,
    token_for,
)
from tests.factories import make_post, make_reply


@pytest.fixture
def post_id(client, ana):
    enter(client, ana)
    return make_post(ana, "Low tide at noon.").id


def exists(post_id):
    db.session.rollback()
    return db.session.get(Post, post_id, populate_existing=True) is not None


def count_of(user_id):
    db.session.rollback()
    return db.session.get(User, user_id, populate_existing=True).posts_count


def test_the_page_asks_and_shows_the_post_and_deletes_nothing(client, post_id):
    page = client.get(f"/post/{post_id}/delete")
    assert page.status_code == 200
    assert "Delete this post?" in page.text
    assert "Low tide at noon." in page.text
    assert exists(post_id)


def test_there_is_a_way_back(client, post_id):
    assert link_to(client.get(f"/post/{post_id}/delete"), "Keep it") == f"/post/{post_id}"


def test_confirming_deletes_it_and_counts_down(client, ana, post_id):
    make_post(ana, "Another")
    (form,) = [
        form
        for form in forms_of(client.get(f"/post/{post_id}/delete"))
        if form.action == f"/post/{post_id}/delete"
    ]
    assert form.method == "post"
    answer = client.post(form.action, data=form.fields)
    assert (answer.status_code, answer.location) == (302, "/user/ana")
    assert not exists(post_id)
    assert count_of(ana.id) == 1


@pytest.mark.parametrize(("is_there", "path"), [(True, "/post/{}"), (False, "/user/ana")])
def test_after_a_reply_one_is_back_at_what_it_answered(client, ana, bob, is_there, path):
    enter(client, ana)
    parent = make_post(bob)
    reply = make_reply(ana, parent)
    if not is_there:
        posts.delete(parent)
        db.session.commit()
    answer = submit(client, f"/post/{reply.id}/delete")
    assert answer.location == path.format(parent.id)


def test_it_is_gone_from_every_page(client, bob, app, post_id):
    reader = app.test_client()
    enter(reader, bob)
    assert "Low tide at noon." in reader.get("/").text
    submit(client, f"/post/{post_id}/delete")
    for path in ("/", "/explore", "/user/ana"):
        assert "Low tide at noon." not in reader.get(path).text
    assert reader.get(f"/post/{post_id}").status_code == 404


def test_deleting_twice_counts_once(client, ana, post_id):
    make_post(ana, "Another")
    assert submit(client, f"/post/{post_id}/delete").status_code == 302
    assert submit(client, f"/post/{post_id}/delete").status_code == 404
    assert count_of(ana.id) == 1


def test_deleting_from_two_windows_at_once_counts_once(client, ana, app, post_id):
    make_post(ana, "Another")
    data, path = {"csrf_token": token_for(client)}, f"/post/{post_id}/delete"
    twins = [same_browser(client) for _ in range(2)]
    answers = at_once(app, *(partial(twin.post, path, data=data) for twin in twins))
    statuses = sorted(answer.status_code for answer in answers)
    # Who comes last has seen the post still, or has not.
    assert statuses in ([302, 302], [302, 404])
    assert not exists(post_id)
    assert count_of(ana.id) == 1


def test_the_number_of_a_deleted_post_is_not_given_again(client, ana, post_id):
    submit(client, f"/post/{post_id}/delete")
    assert make_post(ana).id != post_id


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("admin", [False, True])
def test_somebody_elses_post_is_not_found(client, post_id, bob, app, method, admin):
    bob.is_admin = admin
    db.session.commit()
    other = app.test_client()
    enter(other, bob)
    data = {"csrf_token": token_for(other)}
    assert other.open(f"/post/{post_id}/delete", method=method, data=data).status_code == 404
    assert exists(post_id)


def test_an_unknown_post_is_not_found(client, post_id):
    assert client.get("/post/1/delete").status_code == 404
    assert submit(client, "/post/1/delete").status_code == 404


def test_a_visitor_is_sent_to_sign_in(app, post_id):
    answer = app.test_client().get(f"/post/{post_id}/delete")
    assert answer.location == f"/auth/login?next=/post/{post_id}/delete"


def test_a_visitor_deletes_nothing(app, post_id):
    assert submit(app.test_client(), f"/post/{post_id}/delete").status_code == 401
    assert exists(post_id)


def test_without_the_token_nothing_is_deleted(client, post_id):
    assert client.post(f"/post/{post_id}/delete").status_code == 400
    assert exists(post_id)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(client, post_id, method):
    assert client.open(f"/post/{post_id}/delete", method=method).status_code in {400, 405}
    assert exists(post_id)
