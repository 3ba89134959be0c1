"""A suspended member cannot sign in and is seen nowhere; restoring brings everything back."""

import random

import pytest
import sqlalchemy as sa

from app.accounts import addresses
from app.accounts.models import MailRequest
from app.accounts.queries import by_username
from app.clock import utcnow
from app.exports.actions import ask_for_export
from app.exports.copies import KIND
from app.exports.models import ExportPart
from app.extensions import db
from app.ids import new_id
from app.jobs.models import Job
from app.messages.models import Conversation, Message, Participant
from app.moderation.actions import delete_account, restore, suspend
from app.moderation.leaving import keep_account, schedule_deletion
from app.notifications.actions import mark_read
from app.notifications.models import Kind, Notification, NotificationActor
from app.posts import actions as posts
from app.posts import counters as counters_of_posts
from app.posts.bookmarks import bookmark
from app.posts.likes import like
from app.posts.models import Hashtag, HashtagFollow
from app.posts.queries import visible_to
from app.posts.reposts import repost
from app.relationships import actions as relationships
from app.relationships.blocks import block
from app.relationships.mutes import mute
from tests.browsing import sign_in, submit, token_for
from tests.factories import make_follow, make_post, make_reply, make_user
from tests.queries import all_rows

# What is in them belongs to no member: neither has a column for one.
NOBODYS_TABLES = {"registrations", "mail_requests", "search_indexes", "hashtags"}
BODY = "The heron is back on the harbour wall."


@pytest.fixture
def sam(ana, bob, carla):
    """Sam, who writes; Ana and Sam follow each other, and Bob follows Sam."""
    user = make_user("sam", display_name="Samphire Wells")
    make_post(user, BODY)
    make_follow(ana, user)
    make_follow(user, ana)
    make_follow(bob, user)
    return user


def commit(action, name="sam"):
    done = action(by_username(name))
    db.session.commit()
    return done


def mentions(page):
    """Whether a page shows Sam in any way."""
    return "Samphire" in page.text or "/user/sam" in page.text or BODY in page.text


# Where Sam can be met, and who looks. Everybody but Carla may follow Sam already.
PLACES = [
    ("nobody", "/"),
    ("nobody", "/explore"),
    ("nobody", "/user/ana/followers"),
    ("nobody", "/user/ana/following"),
    ("nobody", "/user/bob/following"),
    ("ana", "/"),
    ("ana", "/explore"),
    ("ana", "/user/ana/followers"),
    ("bob", "/"),
    ("carla", "/explore"),
    ("carla", "/"),
]


@pytest.fixture
def reader(client):
    def look(name, path):
        if name != "nobody":
            sign_in(client, name)
        return client.get(path)

    return look


@pytest.mark.parametrize(("name", "path"), PLACES)
def test_suspended_member_is_seen_nowhere(client, sam, reader, name, path):
    assert mentions(reader(name, path))
    commit(suspend)
    page = client.get(path)
    assert page.status_code == 200
    assert not mentions(page)


@pytest.mark.parametrize(("name", "path"), PLACES[::3])
def test_restored_member_is_seen_again(client, sam, reader, name, path):
    commit(suspend)
    assert not mentions(reader(name, path))
    commit(restore)
    assert mentions(client.get(path))


@pytest.mark.parametrize("name", ["nobody", "ana", "bob", "carla"])
@pytest.mark.parametrize("page", ["/user/sam", "/user/sam/followers", "/user/sam/following"])
def test_pages_of_a_suspended_member_are_not_found(client, sam, reader, name, page):
    assert reader(name, page).status_code == 200
    commit(suspend)
    response = client.get(page)
    assert response.status_code == 404
    assert "Samphire" not in response.text


def test_post_of_a_suspended_member_is_not_found(client, sam):
    (post_id,) = [row[0] for row in all_rows()["posts"]]
    assert client.get(f"/post/{post_id}").status_code == 200
    commit(suspend)
    response = client.get(f"/post/{post_id}")
    assert response.status_code == 404
    assert BODY not in response.text


@pytest.mark.parametrize("button", ["follow", "unfollow"])
def test_suspended_member_can_be_neither_followed_nor_unfollowed(client, sam, button):
    sign_in(client, "carla" if button == "follow" else "ana")
    commit(suspend)
    before = all_rows()["follows"]
    assert submit(client, f"/{button}/sam").status_code == 404
    assert all_rows()["follows"] == before


def test_suspended_member_cannot_sign_in(client, sam):
    commit(suspend)
    assert sign_in(client, "sam").status_code == 403
    assert client.get("/settings").status_code == 302


def test_session_of_a_suspended_member_ends_at_once(client, sam):
    sign_in(client, "sam")
    assert client.get("/settings").status_code == 200
    commit(suspend)
    assert client.get("/settings").status_code == 302
    assert all_rows()["user_sessions"] == []


def test_form_that_was_open_is_refused_at_once(client, sam):
    sign_in(client, "sam")
    token = token_for(client)
    commit(suspend)
    before = all_rows()
    response = client.post("/write", data={"csrf_token": token, "body": "One last thing."})
    assert response.status_code == 401
    assert all_rows() == before


def test_session_does_not_come_back_with_the_member(client, sam):
    sign_in(client, "sam")
    commit(suspend)
    commit(restore)
    assert client.get("/settings").status_code == 302
    assert sign_in(client, "sam").status_code == 302


def test_nobody_can_take_the_name_of_a_suspended_member(client, sam):
    commit(suspend)
    fields = {"username": "sam", "email": "new@example.com", "password": "a boat, a bridge"}
    assert submit(client, "/auth/register", **fields).status_code == 422


def test_others_stay_signed_in(client, sam):
    sign_in(client, "ana")
    commit(suspend)
    assert client.get("/settings").status_code == 200


def counters(name):
    db.session.expire_all()
    user = by_username(name)
    return (user.followers_count, user.following_count)


def test_suspended_member_does_not_count(sam):
    assert (counters("ana"), counters("bob")) == ((2, 1), (0, 2))
    commit(suspend)
    assert (counters("ana"), counters("bob")) == ((1, 0), (0, 1))


def test_restored_member_counts_again(sam):
    before = all_rows()
    commit(suspend)
    assert all_rows() != before
    commit(restore)
    assert all_rows() == before


def test_suspending_twice_changes_nothing(sam):
    assert commit(suspend)
    before = all_rows()
    assert not commit(suspend)
    assert all_rows() == before


def test_restoring_who_is_not_suspended_changes_nothing(sam):
    before = all_rows()
    assert not commit(restore)
    assert all_rows() == before


def test_suspended_member_is_not_shown_to_themselves_either(sam):
    commit(suspend)
    assert db.session.scalars(visible_to(by_username("sam"))).all() == []


def exchange(sam, bob, post, own):
    """Let Sam do with a post whatever can be done, and Bob likewise with one of Sam's."""
    for user, other in ((sam, post), (bob, own)):
        like(user, other)
        repost(user, other)
        bookmark(user, other)
    like(sam, own)
    for parent in (post, post, own):
        posts.publish(sam, "So it is.", parent=parent)
    hashtag_id = db.session.scalar(sa.select(Hashtag.id))
    db.session.add(HashtagFollow(user_id=sam.id, hashtag_id=hashtag_id))
    db.session.commit()


def correspond(sam, ana):
    """Let Sam and Ana write to each other, and Sam be told of something."""
    lower, upper = sorted([sam, ana], key=lambda user: user.id)
    conversation = Conversation(lower_id=lower.id, upper_id=upper.id)
    notification = Notification(recipient=sam, kind=Kind.FOLLOW, latest_id=new_id(utcnow()))
    db.session.add_all([conversation, notification])
    db.session.flush()
    db.session.add(NotificationActor(notification_id=notification.id, actor=ana))
    for one, other in ((sam, ana), (ana, sam)):
        ids = {"id": new_id(utcnow()), "conversation_id": conversation.id}
        db.session.add(Message(**ids, sender=one, body="Hello.", once_key="x"))
        db.session.add(Participant(conversation=conversation, user=one, other=other))
    db.session.commit()


@pytest.mark.parametrize("suspended_first", [False, True])
def test_deleting_leaves_every_table_as_if_the_member_had_never_been(client, suspended_first):
    ana, bob, carla = make_user("ana"), make_user("bob"), make_user("carla")
    post = make_post(ana, "Low #tide at noon.")
    make_follow(ana, bob)
    like(bob, post)
    for user in (ana, bob):
        mark_read(user)  # or what Sam does would join what they were told before
    db.session.commit()
    before = all_rows()
    sam = make_user("sam")
    make_post(sam)
    make_follow(sam, ana, bob)
    make_follow(ana, sam)
    exchange(sam, bob, post, make_post(sam, "High #tide at six."))
    correspond(sam, ana)
    block(carla, sam)
    mute(bob, sam)
    mute(sam, ana)
    db.session.commit()
    sign_in(client, "sam")
    sign_in(client := client.application.test_client(), "sam", "a wrong password")
    addresses.begin_change(sam, "sam@elsewhere.example")
    # What these hold says nothing of whom it was about.
    db.session.execute(sa.delete(MailRequest))
    db.session.execute(sa.delete(Job).where(Job.kind == "posts.take_back"))
    ask_for_export(sam)
    job_id = db.session.scalars(sa.select(Job.id).where(Job.kind == KIND)).one()
    db.session.add(ExportPart(job_id=job_id, number=0, content=b"PK"))
    db.session.commit()
    unchanged = {name for name, rows in all_rows().items() if rows == before[name]}
    assert unchanged == NOBODYS_TABLES
    if suspended_first:
        commit(suspend)
    commit(delete_account)
    assert all_rows() == before


def test_deleting_one_of_two_suspended_members_leaves_the_other_right(sam):
    commit(suspend)
    commit(suspend, "ana")
    commit(delete_account)
    commit(restore, "ana")
    assert (relationships.recount(), counters_of_posts.recount()) == (0, 0)
    assert counters("ana") == (1, 0)


def do_something_with(post, user, chance):
    """Let a member like, repost or answer a post; returns whether that changed anything."""
    return chance.choice([like, repost, make_reply])(user, post) is not False


CHANGES = {
    "suspend": suspend,
    "restore": restore,
    "leave": schedule_deletion,
    "come back": keep_account,
}


@pytest.mark.parametrize("seed", range(4))
def test_counters_stay_right_whatever_happens_in_which_order(app, seed):
    chance = random.Random(seed)
    names = [make_user().username for _ in range(6)]
    post = make_post(make_user())
    done = set()
    for _step in range(80):
        one, other = (by_username(name) for name in chance.sample(names, 2))
        act = chance.choice(["follow", "follow", "unfollow", "post", *CHANGES, "delete"])
        if act == "post":
            done |= {act} if one.is_active and do_something_with(post, one, chance) else set()
        elif act in {"follow", "unfollow"}:
            if one.is_active and other.is_active:
                getattr(relationships, act)(one, other)
                done.add(act)
        elif act == "delete":
            if chance.random() < 0.3 and len(names) > 3:
                names.remove(one.username)
                delete_account(one)
                names.append(make_user().username)
                done.add(act)
        elif CHANGES[act](one):
            done.add(act)
        db.session.commit()
        assert (relationships.recount(), counters_of_posts.recount()) == (0, 0), act
    assert done >= {"follow", "post", *CHANGES}
