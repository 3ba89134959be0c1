"""Who may write to whom: every case there is, against the rule in other words."""

from itertools import product

import pytest

from app.accounts.models import MessagesFrom, User
from app.clock import utcnow
from app.extensions import db
from app.messages import actions
from app.messages.models import Conversation, Participant
from app.messages.policy import may_write
from app.problems import Problem
from app.relationships.models import Block, Follow
from tests.factories import PASSWORD_HASH, make_message

BLOCKS = [None, "by the sender", "by the recipient"]
SUSPENDED = [None, "sender", "recipient"]
CASES = list(product(MessagesFrom, [False, True], [False, True], BLOCKS, SUSPENDED))


def by_the_rule(messages_from, follows, wrote, block, suspended):
    if block or suspended:
        return False
    if wrote or messages_from == MessagesFrom.EVERYONE:
        return True
    return messages_from == MessagesFrom.FOLLOWED and follows


def member(name, **columns):
    names = {"username": name, "username_key": name, "password_hash": PASSWORD_HASH}
    address = f"{name}@example.com"
    user = User(**names, email=address, email_key=address, **columns)
    db.session.add(user)
    db.session.flush()
    return user


def furnish(number, case):
    """Return a sender and a recipient between whom it is as the case has it."""
    messages_from, follows, wrote, block, suspended = case
    sender, recipient = member(f"sender{number}"), member(f"recipient{number}")
    recipient.messages_from = messages_from
    if follows:
        db.session.add(Follow(follower_id=recipient.id, followed_id=sender.id))
    else:
        # The other way round it counts for nothing.
        db.session.add(Follow(follower_id=sender.id, followed_id=recipient.id))
    conversation = Conversation(lower_id=sender.id, upper_id=recipient.id)
    db.session.add_all(
        [
            Participant(conversation=conversation, user=recipient, other=sender, has_written=wrote),
            Participant(conversation=conversation, user=sender, other=recipient, has_written=True),
        ]
    )
    if block:
        ends = (sender, recipient) if block == "by the sender" else (recipient, sender)
        db.session.add(Block(blocker_id=ends[0].id, blocked_id=ends[1].id))
    if suspended:
        {"sender": sender, "recipient": recipient}[suspended].suspended_at = utcnow()
    db.session.flush()
    return sender, recipient


def test_every_case_is_as_the_rule_has_it(app):
    assert len(CASES) == 108
    pairs = [furnish(number, case) for number, case in enumerate(CASES)]
    wrong = [
        case
        for case, pair in zip(CASES, pairs, strict=True)
        if may_write(*pair) != by_the_rule(*case)
    ]
    assert wrong == []


def test_nobody_writes_to_themselves(ana):
    assert not may_write(ana, ana)


def test_action_holds_to_the_rule(ana, carla):
    actions.take_messages_from(ana, MessagesFrom.NOBODY)
    with pytest.raises(Problem, match="Ana does not take messages from you"):
        actions.send(carla, ana, "Hello?")


def test_whom_somebody_wrote_to_may_answer_for_good(ana, carla):
    actions.take_messages_from(ana, MessagesFrom.NOBODY)
    assert not may_write(carla, ana)
    make_message(ana, carla)
    assert may_write(carla, ana)
    for side in db.session.query(Participant):
        actions.delete_conversation(side, side.last_message_id)
    assert may_write(carla, ana)


def test_answering_is_for_those_two_only(ana, bob, carla):
    actions.take_messages_from(ana, MessagesFrom.NOBODY)
    make_message(ana, carla)
    assert not may_write(bob, ana)
