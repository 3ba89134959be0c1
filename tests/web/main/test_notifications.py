"""Notifications: the page, reading them, and the numbers for the badges."""

import html
import re
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from app.accounts.sign_in import SEEN_INTERVAL
from app.clock import utcnow
from app.extensions import db
from app.models import Conversation, Notification, Participant, UserSession
from app.notifications import queries
from tests.browsing import (
    at_once,
    enter,
    form_with,
    forms_of,
    link_to,
    same_browser,
    submit,
    token_for,
)
from tests.factories import make_post, make_user
from tests.notifications.acts import answer, follow, like, mute, read, repost
from tests.queries import all_rows, counted_queries

PATH, READ, COUNT = "/notifications", "/notifications/read", "/notifications/count"


@pytest.fixture
def post(ana):
    return make_post(ana)


@pytest.fixture
def online(client, ana):
    enter(client, ana)
    return client


def sentences(page):
    """Return what the rows of a page say, from top to bottom, without the markup."""
    found = re.findall(r'<a class="notice-link"[^>]*>(.*?)</a>', page.text, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", sentence)).strip() for sentence in found]


def targets(page):
    return re.findall(r'<a class="notice-link" href="([^"]*)"', page.text)


def news_on(page):
    return page.text.count('<span class="badge">New</span>')


def unread():
    db.session.rollback()
    return db.session.query(Notification).filter(Notification.read_at.is_(None)).count()


def test_every_kind_is_told_in_a_sentence(online, ana, post, carla):
    like(carla, post)
    repost(carla, post)
    follow(carla, ana)
    answer(carla, post)
    make_post(carla, "@ana look")
    assert sentences(online.get(PATH)) == [
        "Carla mentioned you",
        "Carla replied to your post",
        "Carla followed you",
        "Carla reposted your post",
        "Carla liked your post",
    ]


def test_rows_lead_to_what_they_tell_of(online, ana, post, carla):
    like(carla, post)
    follow(carla, ana)
    reply = answer(carla, post)
    found = targets(online.get(PATH))
    there = f"/post/{reply.id}#post-{reply.id}"
    assert found == [there, "/user/carla", f"/post/{post.id}"]


def test_several_who_follow_lead_to_the_list(online, ana, carla):
    follow(carla, ana)
    follow(make_user("dora"), ana)
    assert targets(online.get(PATH)) == ["/user/ana/followers"]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (2, "Dora1 and Dora0 liked your post"),
        (3, "Dora2 and 2 others liked your post"),
        (5, "Dora4 and 4 others liked your post"),
    ],
)
def test_many_are_told_in_one_sentence(online, post, number, sentence):
    for n in range(number):
        like(make_user(f"dora{n}", display_name=f"Dora{n}"), post)
    assert sentences(online.get(PATH)) == [sentence]


def test_very_many_are_not_counted_to_the_end(online, post, monkeypatch):
    monkeypatch.setattr(queries, "ACTORS_COUNTED", 3)
    for n in range(3):
        like(make_user(f"dora{n}"), post)
    assert sentences(online.get(PATH)) == ["dora2 and 2+ others liked your post"]


def test_the_post_is_shown_in_short(online, ana, carla):
    like(carla, make_post(ana, "Low tide <b>at</b> noon. " * 20))
    page = online.get(PATH).text
    assert "Low tide &lt;b&gt;at&lt;/b&gt; noon." in page
    assert "..." in page


def test_names_are_harmless(online, post):
    like(make_user("dora", display_name="<i>%(name)s</i>"), post)
    assert "<bdi>&lt;i&gt;%(name)s&lt;/i&gt;</bdi>" in online.get(PATH).text


def test_what_is_new_says_so_until_it_was_read(online, ana, post, carla):
    like(carla, post)
    read(ana)
    follow(carla, ana)
    assert news_on(online.get(PATH)) == 1
    read(ana)
    assert news_on(online.get(PATH)) == 0


def test_opening_the_page_changes_nothing(online, post, carla):
    like(carla, post)
    before = all_rows()
    online.get(PATH)
    assert all_rows() == before


def test_the_button_on_the_page_marks_everything_read(online, ana, post, carla):
    like(carla, post)
    follow(carla, ana)
    form = form_with(online.get(PATH), "until")
    answer_ = online.post(form.action, data=form.fields)
    assert (answer_.status_code, answer_.location) == (302, PATH)
    assert unread() == 0
    assert "until" not in [name for form in forms_of(online.get(PATH)) for name in form.fields]


def test_what_comes_while_the_page_is_read_stays_new(online, ana, post, carla):
    like(carla, post)
    form = form_with(online.get(PATH), "until")
    follow(carla, ana)
    online.post(form.action, data=form.fields)
    assert unread() == 1


def test_on_a_later_page_the_button_marks_everything_too(app, online, ana, carla):
    app.config["POSTS_PER_PAGE"] = 2
    for number in range(4):
        like(carla, make_post(ana, f"Boat {number}"))
    older = link_to(online.get(PATH), "Older")
    form = form_with(online.get(older), "until")
    assert online.post(form.action, data=form.fields).location == older
    assert unread() == 0


def test_mentions_are_read_by_themselves(online, ana, post, carla):
    make_post(carla, "@ana look")
    like(carla, post)
    page = online.get(f"{PATH}?tab=mentions")
    assert sentences(page) == ["Carla mentioned you"]
    form = form_with(page, "until")
    assert online.post(form.action, data=form.fields).location == f"{PATH}?tab=mentions"
    assert [row.kind for row in db.session.query(Notification).filter_by(read_at=None)] == ["like"]


def test_pages_of_mentions_stay_pages_of_mentions(app, online, ana, carla):
    app.config["POSTS_PER_PAGE"] = 1
    for number in range(2):
        make_post(carla, f"@ana look, {number}")
    assert "tab=mentions" in link_to(online.get(f"{PATH}?tab=mentions"), "Older")


def test_reading_twice_is_reading_once(online, ana, post, carla):
    like(carla, post)
    submit(online, READ)
    before = all_rows()["notifications"]
    assert submit(online, READ).status_code == 302
    assert all_rows()["notifications"] == before


@pytest.mark.parametrize("until", ["x", "-1", "1" * 30, "1\n", "\u0663"])
def test_what_is_not_a_number_reads_nothing(online, post, carla, until):
    like(carla, post)
    assert submit(online, READ, until=until).status_code == 302
    assert unread() == 1


def test_the_greatest_number_reads_everything(online, post, carla):
    like(carla, post)
    submit(online, READ, until="9" * 19)
    assert unread() == 0


def test_others_notifications_are_never_touched(client, post, carla):
    like(carla, post)
    enter(client, carla)
    assert sentences(client.get(PATH)) == []
    assert client.get(COUNT).json == {"notifications": 0, "messages": 0}
    submit(client, READ)
    assert unread() == 1


def test_reading_in_many_windows_at_once_succeeds(online, post, carla, app):
    like(carla, post)
    data = {"csrf_token": token_for(online)}
    twins = [same_browser(online) for _ in range(3)]
    answers = at_once(app, *(partial(twin.post, READ, data=data) for twin in twins))
    assert {answer_.status_code for answer_ in answers} == {302}
    assert unread() == 0


def test_an_empty_page_says_why(online):
    page = online.get(PATH)
    assert "Nothing has happened yet" in page.text
    assert link_to(page, "Explore posts") == "/explore"
    assert "No mentions yet" in online.get(f"{PATH}?tab=mentions").text


def test_a_page_past_the_end_leads_back(online, post, carla):
    like(carla, post)
    page = online.get(f"{PATH}?before=1&tab=mentions")
    assert link_to(page, "Back to the newest") == f"{PATH}?tab=mentions"


@pytest.mark.parametrize("number", [1, 8])
def test_the_page_needs_few_queries_whatever_is_on_it(online, ana, number):
    fans = [make_user() for _ in range(4)]
    for n in range(number):
        post = make_post(ana, f"Boat {n}")
        for fan in fans:
            like(fan, post)
        answer(fans[0], post)
    online.get(PATH)
    with counted_queries() as statements:
        assert len(sentences(online.get(PATH))) == 2 * number
    # The session, the rows, who did it, and the badges.
    assert len(statements) <= 4


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get(PATH).location == f"/auth/login?next={PATH}"
    assert submit(client, READ).status_code == 401


def counts(client):
    return client.get(COUNT, headers={"Accept": "application/json"})


def converse(user, other, number):
    """Leave a conversation in which the first has so much to read."""
    lower, upper = sorted([user.id, other.id])
    conversation = Conversation(lower_id=lower, upper_id=upper)
    db.session.add(conversation)
    db.session.flush()
    db.session.add(
        Participant(
            conversation_id=conversation.id,
            user_id=user.id,
            other_id=other.id,
            last_message_id=conversation.id,
            unread_count=number,
        )
    )
    db.session.commit()


def test_the_badges_are_told_what_is_unread(online, ana, post, bob, carla):
    read(ana)
    like(carla, post)
    follow(carla, ana)
    converse(ana, carla, 3)
    converse(ana, bob, 0)
    answer_ = counts(online)
    assert answer_.json == {"notifications": 2, "messages": 1}
    assert answer_.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("how", ["muted", "suspended"])
def test_conversations_with_whom_one_does_not_see_do_not_count(online, ana, carla, how):
    converse(ana, carla, 3)
    if how == "muted":
        mute(ana, carla)
    else:
        carla.suspended_at = carla.created_at
        db.session.commit()
    assert counts(online).json["messages"] == 0


def test_asking_for_the_badges_takes_two_queries(online, post, carla):
    like(carla, post)
    counts(online)
    with counted_queries() as statements:
        counts(online)
    assert len(statements) == 2


def test_asking_for_the_badges_is_not_a_visit(online):
    old = utcnow() - SEEN_INTERVAL - timedelta(minutes=1)
    db.session.execute(sa.update(UserSession).values(last_seen_at=old))
    db.session.commit()
    counts(online)
    assert db.session.scalar(sa.select(UserSession.last_seen_at)) == old
    online.get("/")
    db.session.rollback()
    assert db.session.scalar(sa.select(UserSession.last_seen_at)) > old


def test_a_script_without_a_member_is_told_so_and_leaves_no_message(client):
    assert counts(client).status_code == 401
    assert "Sign in to see that page." not in client.get("/auth/login").text
