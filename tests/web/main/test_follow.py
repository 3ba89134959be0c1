"""Following and unfollowing."""

from functools import partial

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.extensions import db
from app.relationships.models import Follow
from tests.browsing import at_once, enter, forms_of, same_browser, submit, token_for
from tests.factories import make_follow, make_post, make_user


def ties():
    db.session.rollback()
    rows = db.session.execute(sa.select(Follow.follower_id, Follow.followed_id))
    return {tuple(row) for row in rows}


def counts_of(user):
    db.session.rollback()
    user = db.session.get(User, user.id, populate_existing=True)
    return user.following_count, user.followers_count


@pytest.fixture
def carla_online(client, carla):
    enter(client, carla)
    return client


def test_following_makes_a_tie_and_counts_on_both_sides(carla_online, ana, carla):
    answer = submit(carla_online, "/follow/ana")
    assert (answer.status_code, answer.location) == (302, "/user/ana")
    assert ties() == {(carla.id, ana.id)}
    assert counts_of(carla) == (1, 0)
    assert counts_of(ana) == (0, 1)


def test_a_followed_persons_posts_come_home(carla_online, ana):
    post = make_post(ana, "Low tide at noon.")
    assert post.body not in carla_online.get("/").text
    submit(carla_online, "/follow/ana")
    assert post.body in carla_online.get("/").text


def test_unfollowing_takes_them_away_again(carla_online, ana, carla):
    post = make_post(ana, "Low tide at noon.")
    make_follow(carla, ana)
    assert post.body in carla_online.get("/").text
    submit(carla_online, "/unfollow/ana")
    assert post.body not in carla_online.get("/").text
    assert ties() == set()
    assert (counts_of(carla), counts_of(ana)) == ((0, 0), (0, 0))


def test_following_twice_is_following_once(carla_online, ana, carla):
    for _ in range(2):
        assert submit(carla_online, "/follow/ana").status_code == 302
    assert ties() == {(carla.id, ana.id)}
    assert (counts_of(carla), counts_of(ana)) == ((1, 0), (0, 1))


def test_unfollowing_twice_is_unfollowing_once(carla_online, ana, bob, carla):
    make_follow(carla, ana)
    for _ in range(2):
        assert submit(carla_online, "/unfollow/ana").status_code == 302
    assert ties() == {(bob.id, ana.id)}
    assert (counts_of(carla), counts_of(ana)) == ((0, 0), (0, 1))


def test_unfollowing_a_stranger_changes_nothing(carla_online, ana, carla):
    assert submit(carla_online, "/unfollow/ana").status_code == 302
    assert "You no longer follow Ana." not in carla_online.get("/user/ana").text
    assert (counts_of(carla), counts_of(ana)) == ((0, 0), (0, 0))


def test_following_from_many_windows_at_once_counts_once(carla_online, ana, carla, app):
    data = {"csrf_token": token_for(carla_online)}
    twins = [same_browser(carla_online) for _ in range(4)]
    answers = at_once(app, *(partial(twin.post, "/follow/ana", data=data) for twin in twins))
    assert {answer.status_code for answer in answers} == {302}
    assert (counts_of(carla), counts_of(ana)) == ((1, 0), (0, 1))


def test_two_who_follow_each_other_at_once_both_succeed(carla_online, ana, carla, app):
    other = app.test_client()
    enter(other, ana)
    acts = [
        partial(carla_online.post, "/follow/ana", data={"csrf_token": token_for(carla_online)}),
        partial(other.post, "/follow/carla", data={"csrf_token": token_for(other)}),
    ]
    assert {answer.status_code for answer in at_once(app, *acts)} == {302}
    assert (counts_of(carla), counts_of(ana)) == ((1, 1), (1, 1))


def test_nobody_follows_themselves(carla_online, carla):
    submit(carla_online, "/follow/carla")
    assert ties() == set()
    assert counts_of(carla) == (0, 0)
    assert "You follow Carla." not in carla_online.get("/user/carla").text


def test_unfollowing_oneself_does_not_pretend(carla_online, carla):
    submit(carla_online, "/unfollow/carla")
    assert counts_of(carla) == (0, 0)
    assert "You no longer follow Carla." not in carla_online.get("/user/carla").text


def test_the_name_may_be_written_in_any_case(carla_online, ana, carla):
    submit(carla_online, "/follow/ANA")
    assert ties() == {(carla.id, ana.id)}


@pytest.mark.parametrize("verb", ["follow", "unfollow"])
def test_an_unknown_person_is_not_found(carla_online, verb):
    assert submit(carla_online, f"/{verb}/nobody_here").status_code == 404


@pytest.mark.parametrize("verb", ["follow", "unfollow"])
def test_a_suspended_person_is_not_found(carla_online, ana, verb):
    ana.suspended_at = ana.created_at
    db.session.commit()
    assert submit(carla_online, f"/{verb}/ana").status_code == 404
    assert ties() == set()


@pytest.mark.parametrize("verb", ["follow", "unfollow"])
def test_a_link_follows_nobody(carla_online, ana, verb):
    answer = carla_online.get(f"/{verb}/ana")
    assert answer.status_code == 405
    assert ties() == set()


@pytest.mark.parametrize("verb", ["follow", "unfollow"])
def test_a_visitor_is_refused(client, ana, bob, verb):
    before = ties()
    assert submit(client, f"/{verb}/ana").status_code == 401
    assert ties() == before


@pytest.mark.parametrize("verb", ["follow", "unfollow"])
def test_without_the_token_nothing_happens(carla_online, ana, carla, verb):
    if verb == "unfollow":
        make_follow(carla, ana)
    before = ties()
    assert carla_online.post(f"/{verb}/ana").status_code == 400
    assert ties() == before


def test_one_comes_back_to_the_page_one_was_on(carla_online, ana):
    answer = submit(carla_online, "/follow/ana", next="/explore?before=123")
    assert answer.location == "/explore?before=123"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_one_never_comes_back_to_another_site(carla_online, ana, target):
    assert submit(carla_online, "/follow/ana", next=target).location == "/user/ana"


def test_the_button_says_what_it_will_do(carla_online, ana):
    page = carla_online.get("/user/ana")
    assert "/follow/ana" in [form.action for form in forms_of(page)]
    submit(carla_online, "/follow/ana")
    page = carla_online.get("/user/ana")
    assert "/unfollow/ana" in [form.action for form in forms_of(page)]
    assert "/follow/ana" not in [form.action for form in forms_of(page)]


def test_the_buttons_form_works_as_it_stands(carla_online, ana, carla):
    (form,) = [f for f in forms_of(carla_online.get("/user/ana")) if f.action == "/follow/ana"]
    assert carla_online.post(form.action, data=form.fields).location == "/user/ana"
    assert ties() == {(carla.id, ana.id)}


def test_one_has_no_button_on_ones_own_page(carla_online):
    actions = [form.action for form in forms_of(carla_online.get("/user/carla"))]
    assert not [action for action in actions if "follow" in action]


def test_names_in_markup_are_harmless_in_the_message(carla_online):
    make_user("dora", display_name="<b>x</b>%(name)s")
    submit(carla_online, "/follow/dora")
    page = carla_online.get("/").text
    assert "You follow &lt;b&gt;x&lt;/b&gt;%(name)s." in page
