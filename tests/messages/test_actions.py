"""Sending, reading and deleting: what each of the two has afterwards; that counters are right."""

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.orm.exc import ObjectDeletedError

from app.accounts.models import User
from app.clock import utcnow
from app.extensions import db
from app.ids import MAX_ID
from app.messages import actions
from app.messages.models import Conversation, Message, Participant
from app.messages.queries import conversations_of, messages_of, side_of, unread_conversations
from app.moderation.actions import suspend
from app.relationships.models import Block, Mute
from tests.browsing import at_once
from tests.factories import delete_for, make_message, make_user


def side(user, other):
    db.session.rollback()
    return side_of(user, other)


def texts(user, other):
    """Return what a member has of a conversation, the oldest first."""
    query = messages_of(side(user, other)).order_by(Message.id)
    return [message.body for message in db.session.scalars(query)]


def unread(user, other):
    return side(user, other).unread_count


def listed(user):
    return [side.other.username for side in db.session.scalars(conversations_of(user))]


def badge(user):
    return db.session.scalar(sa.select(unread_conversations(user.id)))


def clear(user, other, up_to=MAX_ID):
    actions.delete_conversation(side(user, other), up_to)
    db.session.commit()


def assert_counters_equal_rows():
    assert actions.recount() == 0


# Sending


def test_message_is_had_by_both_and_unread_by_one(ana, bob):
    message = make_message(ana, bob, "Hello")
    assert texts(ana, bob) == texts(bob, ana) == ["Hello"]
    assert (unread(ana, bob), unread(bob, ana)) == (0, 1)
    assert side(bob, ana).last_message_id == side(ana, bob).last_message_id == message.id


def test_conversation_is_one_whoever_begins(ana, bob):
    make_message(bob, ana)
    make_message(ana, bob)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Conversation)) == 1


def test_form_sent_twice_is_one_message(ana, bob):
    for text in ("Hello", "Hello", "Hello again"):
        actions.send(ana, bob, text, "k" * 32)
    db.session.commit()
    assert texts(bob, ana) == ["Hello", "Hello again"]
    assert unread(bob, ana) == 2


def test_same_form_and_text_to_somebody_else_is_another_message(ana, bob, carla):
    for person in (bob, carla):
        actions.send(ana, person, "Hello", "k" * 32)
    db.session.commit()
    assert texts(carla, ana) == texts(bob, ana) == ["Hello"]


def test_who_answers_has_read_what_stands_above(ana, bob):
    make_message(ana, bob)
    make_message(bob, ana)
    assert (unread(bob, ana), unread(ana, bob)) == (0, 1)


def test_message_by_a_slow_clock_stands_last_all_the_same(ana, bob):
    make_message(ana, bob, "First")
    actions.mark_read(side(bob, ana), MAX_ID)
    db.session.commit()
    make_message(ana, bob, "Second", at=utcnow() - timedelta(hours=1))
    assert texts(bob, ana) == ["First", "Second"]
    assert unread(bob, ana) == 1
    assert_counters_equal_rows()


# Reading


def test_reading_counts_what_came_meanwhile(ana, bob):
    shown = make_message(ana, bob)
    make_message(ana, bob)
    actions.mark_read(side(bob, ana), shown.id)
    db.session.commit()
    assert unread(bob, ana) == 1


def test_page_of_yesterday_makes_nothing_unread_again(ana, bob):
    first = make_message(ana, bob)
    make_message(ana, bob)
    for up_to in (MAX_ID, first.id, 0, -5):
        actions.mark_read(side(bob, ana), up_to)
        db.session.commit()
        assert unread(bob, ana) == 0


def test_nobody_reads_ahead(ana, bob):
    make_message(ana, bob)
    actions.mark_read(side(bob, ana), MAX_ID)
    db.session.commit()
    make_message(ana, bob)
    assert unread(bob, ana) == 1


# Deleting


def test_message_deleted_by_one_stays_with_the_other(ana, bob):
    message = make_message(ana, bob, "Hello")
    delete_for(bob, message)
    assert (texts(bob, ana), texts(ana, bob)) == ([], ["Hello"])
    assert unread(bob, ana) == 0
    assert listed(bob) == []
    assert listed(ana) == ["bob"]


@pytest.mark.parametrize("by_clearing", [False, True])
def test_message_that_both_deleted_is_gone(ana, bob, by_clearing):
    message = make_message(ana, bob)
    delete_for(ana, message)
    clear(bob, ana) if by_clearing else delete_for(bob, message)
    assert db.session.scalars(sa.select(Message)).all() == []
    assert_counters_equal_rows()


def test_deleting_the_last_one_brings_the_one_before_forward(ana, bob):
    first, second = make_message(ana, bob), make_message(ana, bob)
    delete_for(bob, second)
    assert side(bob, ana).last_message_id == first.id
    assert unread(bob, ana) == 1


def test_conversation_deleted_by_one_comes_back_with_the_next_message(ana, bob):
    make_message(ana, bob, "Old")
    clear(bob, ana)
    assert listed(bob) == []
    assert texts(ana, bob) == ["Old"]
    make_message(ana, bob, "New")
    assert listed(bob) == ["ana"]
    assert (texts(bob, ana), unread(bob, ana)) == (["New"], 1)
    assert texts(ana, bob) == ["Old", "New"]


def test_deleting_a_conversation_spares_what_came_meanwhile(ana, bob):
    shown = make_message(ana, bob, "Old")
    make_message(ana, bob, "New")
    clear(bob, ana, shown.id)
    assert (texts(bob, ana), unread(bob, ana)) == (["New"], 1)


def test_conversation_that_both_deleted_leaves_no_message(ana, bob, carla):
    for sender, recipient in ((ana, bob), (bob, ana), (ana, carla)):
        make_message(sender, recipient)
    clear(ana, bob)
    clear(bob, ana)
    assert [message.sender_id for message in db.session.scalars(sa.select(Message))] == [ana.id]
    assert texts(carla, ana) == texts(ana, carla)
    assert_counters_equal_rows()


def test_a_second_click_finds_the_message_gone_and_changes_nothing(ana, bob):
    message = make_message(ana, bob)
    delete_for(bob, message)
    own = side(ana, bob)
    shown = db.session.get_one(Message, message.id)
    # What the first click did, in a transaction that this one knows nothing of.
    db.session.execute(sa.delete(Message).execution_options(synchronize_session=False))
    actions.delete_message(own, shown)
    db.session.commit()
    assert texts(ana, bob) == []
    assert_counters_equal_rows()


@pytest.mark.parametrize("act", [actions.mark_read, actions.delete_conversation])
def test_what_went_with_the_other_account_is_told_to_be_gone(ana, bob, act):
    make_message(bob, ana)
    own = side(ana, bob)
    db.session.execute(
        sa.delete(User).where(User.id == bob.id).execution_options(synchronize_session=False)
    )
    with pytest.raises(ObjectDeletedError):  # a page that says so (errors.handlers)
        act(own, MAX_ID)


# Seeing


def test_who_is_out_of_sight_is_not_listed(ana, bob, carla):
    dora = make_user("dora")
    for person in (bob, carla, dora):
        make_message(person, ana)
    assert (listed(ana), badge(ana)) != ([], 0)
    suspend(dora)
    db.session.add(Block(blocker_id=carla.id, blocked_id=ana.id))
    db.session.commit()
    assert (listed(ana), badge(ana)) == (["bob"], 1)


def test_who_is_muted_is_listed_and_does_not_count(ana, bob, carla):
    make_message(bob, ana)
    make_message(carla, ana)
    assert badge(ana) == 2
    db.session.add(Mute(muter_id=ana.id, muted_id=bob.id))
    db.session.commit()
    assert set(listed(ana)) == {"bob", "carla"}
    assert badge(ana) == 1


def test_badge_counts_conversations_and_to_a_hundred(ana, bob, monkeypatch):
    monkeypatch.setattr("app.messages.limits.UNREAD_MAX", 2)
    for sender in (bob, bob, make_user(), make_user()):
        make_message(sender, ana)
    assert badge(ana) == 2
    assert badge(bob) == 0


# Counters


def test_wrong_counters_are_mended(ana, bob):
    last = make_message(ana, bob).id
    for values in ({"unread_count": 7}, {"last_message_id": None}, {"last_message_id": 5}):
        db.session.execute(sa.update(Participant).values(values))
        assert actions.recount() == 2 if values != {"unread_count": 7} else actions.recount() >= 1
        db.session.commit()
        assert (unread(bob, ana), unread(ana, bob)) == (1, 0)
        assert side(bob, ana).last_message_id == side(ana, bob).last_message_id == last


def act(work, *names):
    """Do something as a request would: with rows of one's own, and a commit."""
    result = work(*(db.session.scalars(sa.select(User).filter_by(username=n)).one() for n in names))
    db.session.commit()
    return result


def test_two_first_messages_at_once_are_one_conversation(app, ana, bob):
    def say(sender, recipient):
        actions.send(sender, recipient, f"{sender.name} speaks.")

    at_once(app, partial(act, say, "ana", "bob"), partial(act, say, "bob", "ana"))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Conversation)) == 1
    assert sorted(texts(ana, bob)) == ["Ana speaks.", "Bob speaks."]
    assert_counters_equal_rows()


def test_one_form_twice_at_once_is_one_message(app, ana, bob):
    def say(sender, recipient):
        actions.send(sender, recipient, "Once.", "k" * 32)

    at_once(app, *[partial(act, say, "ana", "bob")] * 3)
    assert texts(bob, ana) == ["Once."]
    assert_counters_equal_rows()


def test_unread_equals_rows_however_they_race(app, ana, bob):
    make_message(ana, bob)

    def say(sender, recipient):
        for number in range(3):
            actions.send(sender, recipient, f"Number {number}")

    def read(user, other):
        actions.mark_read(side_of(user, other), MAX_ID)

    def clear_up(user, other):
        actions.delete_conversation(side_of(user, other), MAX_ID)

    acts = [
        (say, "ana", "bob"),
        (read, "bob", "ana"),
        (say, "bob", "ana"),
        (clear_up, "ana", "bob"),
    ]
    at_once(app, *[partial(act, *arguments) for arguments in acts])
    assert_counters_equal_rows()
    assert 4 <= len(texts(bob, ana)) <= 7
