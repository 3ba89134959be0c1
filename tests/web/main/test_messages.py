"""Private messages in the browser: who reads what, how they are sent, and that nothing gets out."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import MessagesFrom, UserSession
from app.accounts.queries import by_username
from app.accounts.sign_in import SEEN_INTERVAL
from app.clock import utcnow
from app.extensions import db
from app.messages.limits import MESSAGE_MAX
from app.messages.models import Message, Participant
from app.moderation.actions import suspend
from app.posts.models import Post
from app.relationships.models import Block, Mute
from tests.browsing import (
    cookie_of,
    enter,
    error_beside,
    form_with,
    forms_of,
    link_to,
    submit,
    token_for,
)
from tests.factories import make_message, make_user
from tests.queries import all_rows, counted_queries

SECRET = "Meet me behind the fish market."


@pytest.fixture
def ana_online(client, ana, bob):
    enter(client, ana)
    return client


def bodies():
    db.session.rollback()
    return db.session.scalars(sa.select(Message.body).order_by(Message.id)).all()


def unread_of(name):
    db.session.rollback()
    query = sa.select(Participant.unread_count).where(Participant.user == by_username(name))
    return db.session.scalars(query).all()


def shown_on(page):
    return re.findall(r'<li class="private-message[^"]*" id="message-(\d+)"', page.text)


def listed_on(page):
    rows = re.findall(r'class="conversation-row[^"]*" href="/messages/(\w+)#end"', page.text)
    return list(rows)


def block(blocker, blocked):
    db.session.add(Block(blocker_id=blocker.id, blocked_id=blocked.id))
    db.session.commit()


def send(client, text, to="bob", **fields):
    form = form_with(client.get(f"/messages/{to}"), "message")
    return client.post(form.action, data=form.fields | {"message": text} | fields)


# Sending


def test_message_is_sent_and_its_page_opens_at_the_end(ana_online):
    answer = send(ana_online, SECRET)
    assert (answer.status_code, answer.location) == (302, "/messages/bob#end")
    page = ana_online.get("/messages/bob")
    assert SECRET in page.text
    assert "Your message is sent." in page.text


def test_page_says_who_reads_it_and_the_button_says_send(ana_online):
    page = ana_online.get("/messages/bob").text
    assert "Only you and <bdi>Bob</bdi> can read this." in page
    assert ">Send</button>" in page
    assert ">Post</button>" not in page


def test_form_sent_twice_is_one_message(ana_online):
    form = form_with(ana_online.get("/messages/bob"), "message")
    for _ in range(2):
        answer = ana_online.post(form.action, data=form.fields | {"message": SECRET})
        assert answer.status_code == 302
    assert bodies() == [SECRET]


@pytest.mark.parametrize("text", ["x" * MESSAGE_MAX, "👨‍👩‍👧‍👦" * MESSAGE_MAX])
def test_length_is_counted_as_people_count(ana_online, text):
    assert send(ana_online, text).status_code == 302
    answer = send(ana_online, text + "y")
    assert answer.status_code == 422
    assert error_beside(answer, "message") == "That is one character too long."
    assert form_with(answer, "message").fields["message"].strip() == text + "y"


@pytest.mark.parametrize("text", ["", " \n ", "\u200b"])
def test_nothing_is_not_sent(ana_online, text):
    answer = send(ana_online, text)
    assert (answer.status_code, error_beside(answer, "message")) == (422, "Write something first.")
    assert bodies() == []


def test_what_people_write_is_text(ana_online):
    send(ana_online, "<script>alert(1)</script> https://example.org/")
    page = ana_online.get("/messages/bob").text
    assert "&lt;script&gt;" in page
    assert 'href="https://example.org/" rel="nofollow ugc noopener"' in page


def test_writing_to_oneself_is_answered_as_such(ana_online):
    answer = ana_online.get("/messages?to=Ana")
    assert answer.status_code == 404
    assert error_beside(answer, "to") == "That is you. Write to somebody else."


def test_where_one_may_not_write_a_sentence_stands_and_no_rule(ana_online, bob):
    by_username("bob").messages_from = MessagesFrom.NOBODY
    db.session.commit()
    page = ana_online.get("/messages/bob")
    assert "<bdi>Bob</bdi> does not take messages from you." in page.text
    assert "Nothing written yet" not in page.text
    assert not [form for form in forms_of(page) if "message" in form.fields]


def test_text_that_may_no_longer_be_sent_is_kept(ana_online):
    form = form_with(ana_online.get("/messages/bob"), "message")
    by_username("bob").messages_from = MessagesFrom.NOBODY
    db.session.commit()
    answer = ana_online.post(form.action, data=form.fields | {"message": SECRET})
    assert answer.status_code == 422
    assert error_beside(answer, "message") == "Bob does not take messages from you."
    assert form_with(answer, "message").fields["message"].strip() == SECRET


def test_thirty_new_people_a_day_are_enough(app, ana_online, monkeypatch):
    monkeypatch.setattr("app.ratelimit.NEW_CONVERSATION", "2 per day")
    for _ in range(2):
        assert send(ana_online, "Hello", make_user().username).status_code == 302
    answer = send(ana_online, SECRET)
    assert answer.status_code == 429
    assert SECRET in answer.text
    # Who has written already is no stranger.
    make_message(by_username("bob"), by_username("ana"))
    assert send(ana_online, SECRET).status_code == 302


def test_message_that_is_refused_is_no_new_conversation(ana_online, bob, monkeypatch):
    monkeypatch.setattr("app.ratelimit.NEW_CONVERSATION", "1 per day")
    form = form_with(ana_online.get("/messages/bob"), "message")
    by_username("bob").messages_from = MessagesFrom.NOBODY
    db.session.commit()
    for _ in range(2):
        answer = ana_online.post(form.action, data=form.fields | {"message": SECRET})
        assert answer.status_code == 422
    assert send(ana_online, SECRET, make_user().username).status_code == 302


# Reading


def test_reading_marks_nothing(ana_online, ana, bob):
    make_message(bob, ana)
    before = all_rows()
    assert ana_online.get("/messages/bob").status_code == 200
    assert ana_online.get("/messages").status_code == 200
    assert all_rows() == before


def test_button_marks_as_read_what_the_page_showed(ana_online, ana, bob):
    make_message(bob, ana)
    form = form_with(ana_online.get("/messages/bob"), "up_to")
    read = next(f for f in forms_of(ana_online.get("/messages/bob")) if f.action.endswith("/read"))
    assert form.fields["up_to"] == read.fields["up_to"]
    make_message(bob, ana)
    assert ana_online.post(read.action, data=read.fields).status_code == 302
    assert unread_of("ana") == [1]


def test_answering_marks_as_read(ana_online, ana, bob):
    make_message(bob, ana)
    send(ana_online, "Yes")
    assert unread_of("ana") == [0]


def test_conversation_that_is_read_has_no_such_button(ana_online, ana, bob):
    make_message(ana, bob)
    assert "/read" not in ana_online.get("/messages/bob").text


@pytest.mark.parametrize("name", ["BOB", "Bob"])
def test_address_takes_any_case(ana_online, name):
    assert ana_online.get(f"/messages/{name}").status_code == 200


def test_pages_go_back_and_forth_by_key(ana_online, ana, bob, monkeypatch):
    monkeypatch.setattr("app.messages.limits.MESSAGES_ON_A_PAGE", 3)
    start = utcnow() - timedelta(hours=9)
    ids = [str(make_message(ana, bob, at=start + timedelta(hours=n)).id) for n in range(7)]
    newest = ana_online.get("/messages/bob")
    middle = ana_online.get(link_to(newest, "Older messages"))
    oldest = ana_online.get(link_to(middle, "Older messages"))
    assert [shown_on(page) for page in (newest, middle, oldest)] == [ids[4:], ids[1:4], ids[:1]]
    assert link_to(oldest, "Older messages") is None
    assert shown_on(ana_online.get(link_to(oldest, "Newer messages"))) == ids[1:4]
    # Written is only at the end.
    assert 'name="message"' in newest.text
    assert 'name="message"' not in middle.text


def test_what_was_written_since_is_asked_for_by_key(ana_online, ana, bob):
    first = make_message(bob, ana)
    assert shown_on(ana_online.get(f"/messages/bob?after={first.id}")) == []
    second = make_message(bob, ana)
    page = ana_online.get(f"/messages/bob?after={first.id}")
    assert shown_on(page) == [str(second.id)]
    assert f'data-newest="{second.id}"' in page.text


def test_asking_for_what_was_written_since_is_not_a_visit(ana_online, ana, bob):
    first = make_message(bob, ana)
    old = utcnow() - SEEN_INTERVAL - timedelta(minutes=1)
    db.session.execute(sa.update(UserSession).values(last_seen_at=old))
    db.session.commit()
    ana_online.get(f"/messages/bob?after={first.id}")
    assert db.session.scalar(sa.select(UserSession.last_seen_at)) == old
    ana_online.get("/messages/bob")
    db.session.rollback()
    assert db.session.scalar(sa.select(UserSession.last_seen_at)) > old


@pytest.mark.parametrize("key", ["before=x", "after=-1", "before=1&after=2"])
def test_key_that_is_none_is_not_found(ana_online, ana, bob, key):
    assert ana_online.get(f"/messages/bob?{key}").status_code == 404
    make_message(ana, bob)
    assert ana_online.get(f"/messages/bob?{key}").status_code == 404


def test_list_has_the_latest_first_with_its_words(ana_online, ana, bob, carla):
    make_message(bob, ana, "From Bob.")
    make_message(ana, carla, "To Carla.")
    page = ana_online.get("/messages")
    assert listed_on(page) == ["carla", "bob"]
    assert "You: <bdi>To Carla.</bdi>" in page.text
    assert "1 unread message" in page.text


def test_list_is_paged_by_key(app, ana_online, ana):
    app.config["POSTS_PER_PAGE"] = 2
    names = []
    for _ in range(3):
        person = make_user()
        make_message(person, ana)
        names.insert(0, person.username)
    first = ana_online.get("/messages")
    assert listed_on(first) == names[:2]
    assert listed_on(ana_online.get(link_to(first, "Older"))) == names[2:]


def test_empty_list_says_so(ana_online):
    assert "No messages yet" in ana_online.get("/messages").text


@pytest.mark.parametrize("typed", ["bob", "@Bob", " BOB "])
def test_name_leads_to_the_conversation(ana_online, typed):
    answer = ana_online.get("/messages", query_string={"to": typed})
    assert (answer.status_code, answer.location) == (302, "/messages/bob#end")


@pytest.mark.parametrize("typed", ["nobody_here", "", "@", "<b>", "a\x00b", "x" * 5000])
def test_name_of_nobody_is_told_beside_the_field(ana_online, typed):
    answer = ana_online.get("/messages", query_string={"to": typed})
    assert answer.status_code == 404
    assert error_beside(answer, "to") == "There is nobody here with that name."


def test_number_of_queries_does_not_grow(ana_online, ana, bob):
    counts = []
    for _ in range(2):
        for _ in range(3):
            make_message(bob, ana)
            make_message(ana, bob)
            make_message(make_user(), ana)
        for path in ("/messages", "/messages/bob"):
            with counted_queries() as queries:
                assert ana_online.get(path).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 7


# Deleting


def test_message_is_deleted_for_oneself(ana_online, ana, bob):
    message = make_message(bob, ana, SECRET)
    path = f"/messages/bob/{message.id}/delete"
    answer = submit(ana_online, path, next="/messages/bob?before=5")
    assert answer.location == "/messages/bob?before=5"
    assert submit(ana_online, path).status_code == 302  # again, as a double click would
    assert SECRET not in ana_online.get("/messages/bob").text
    assert bodies() == [SECRET]


def test_conversation_is_deleted_for_oneself_and_asks_first(ana_online, ana, bob):
    make_message(bob, ana, SECRET)
    page = ana_online.get("/messages/bob")
    assert "<bdi>Bob</bdi> keeps a copy." in page.text
    form = next(f for f in forms_of(page) if f.action == "/messages/bob/delete")
    assert ana_online.post(form.action, data=form.fields).location == "/messages"
    assert listed_on(ana_online.get("/messages")) == []
    assert SECRET not in ana_online.get("/messages/bob").text
    assert bodies() == [SECRET]


# Who sees nothing


def test_third_person_gets_nothing_by_the_numbers_of_others(client, ana, bob, carla):
    message = make_message(ana, bob, SECRET)
    make_message(carla, ana)
    enter(client, carla)
    before = all_rows()
    for path in (
        f"/messages/ana/{message.id}/delete",
        f"/messages/bob/{message.id}/delete",
        "/messages/bob/read",
        "/messages/bob/delete",
    ):
        assert submit(client, path, up_to=message.id).status_code == 404
    assert all_rows() == before
    for path in ("/messages", "/messages/ana", "/messages/bob"):
        assert SECRET not in client.get(path).text


@pytest.mark.parametrize("hide", ["blocks", "is blocked", "is suspended"])
def test_who_is_out_of_sight_is_not_there(ana_online, ana, bob, hide):
    message = make_message(bob, ana)
    ana, bob = by_username("ana"), by_username("bob")
    if hide == "is suspended":
        suspend(bob)
        db.session.commit()
    else:
        block(*((bob, ana) if hide == "blocks" else (ana, bob)))
    number = message.id
    assert ana_online.get("/messages/bob").status_code == 404
    assert submit(ana_online, "/messages/bob", message="Hello").status_code == 404
    assert submit(ana_online, f"/messages/bob/{number}/delete").status_code == 404
    assert listed_on(ana_online.get("/messages")) == []


def test_who_is_muted_is_listed(ana_online, ana, bob):
    make_message(bob, ana)
    db.session.add(Mute(muter_id=ana.id, muted_id=bob.id))
    db.session.commit()
    assert listed_on(ana_online.get("/messages")) == ["bob"]


@pytest.mark.parametrize("name", ["ana", "nobody_here", "x"])
def test_there_is_no_conversation_with_oneself_or_nobody(ana_online, name):
    assert ana_online.get(f"/messages/{name}").status_code == 404
    assert submit(ana_online, f"/messages/{name}", message="Hello").status_code == 404


# Nothing gets out


def test_message_is_no_post_and_is_found_nowhere(app, ana_online, ana, bob):
    send(ana_online, SECRET)
    assert db.session.scalars(sa.select(Post)).all() == []
    rows = all_rows()
    holding = [name for name, found in rows.items() if any(SECRET in map(str, r) for r in found)]
    assert holding == ["messages"]
    visitor = app.test_client()
    for path in ("/", "/explore", "/user/ana", "/user/bob", "/search?q=fish+market"):
        assert "fish market." not in visitor.get(path).text, path


@pytest.mark.parametrize("path", ["/write", "/edit_profile"])
def test_form_of_a_message_sent_elsewhere_publishes_nothing(ana_online, path):
    form = form_with(ana_online.get("/messages/bob"), "message")
    ana_online.post(path, data=form.fields | {"message": SECRET})
    assert not [r for rows in all_rows().values() for r in rows if SECRET in map(str, r)]


def test_form_of_a_post_sends_no_message(ana_online):
    form = form_with(ana_online.get("/write"), "body")
    answer = ana_online.post("/messages/bob", data=form.fields | {"body": "For everybody."})
    assert answer.status_code == 422
    assert bodies() == []


def test_drafts_of_messages_and_posts_are_kept_apart(ana_online, ana, bob):
    def draft_on(path):
        return re.findall(r'data-draft="([^"]+)"', ana_online.get(path).text)

    assert draft_on("/messages/bob") == [f"message-{ana.id}-{bob.id}"]
    assert not set(draft_on("/messages/bob")) & set(draft_on("/write"))


def test_text_on_an_error_page_is_to_be_copied_and_not_to_be_posted(ana_online):
    answer = ana_online.post("/messages/bob", data={"message": SECRET})
    assert answer.status_code == 400
    assert SECRET in answer.text
    assert forms_of(answer) == [] or all("/write" not in f.action for f in forms_of(answer))
    assert 'name="body"' not in answer.text
    assert link_to(answer, "Write") is None


def test_logs_do_not_hold_what_was_written(ana_online, caplog, capfd):
    caplog.set_level(0)
    send(ana_online, SECRET)
    send(ana_online, SECRET + "x" * MESSAGE_MAX)
    ana_online.post("/messages/bob", data={"message": SECRET})
    assert "fish market" not in caplog.text + "".join(capfd.readouterr())


def test_visitor_is_asked_to_sign_in_and_keeps_the_text(client, ana):
    assert client.get("/messages/ana").location == "/auth/login?next=/messages/ana"
    answer = client.post("/messages/ana", data={"message": SECRET, "csrf_token": token_for(client)})
    assert answer.status_code == 401
    assert SECRET in answer.text


def test_page_is_kept_by_no_cache(ana_online):
    send(ana_online, SECRET)
    cache = ana_online.get("/messages/bob").headers["Cache-Control"]
    assert "no-store" in cache or "private" in cache
    assert cookie_of(ana_online, "session")
