"""What a member is shown of what was written: who is named, what counts, and what is hidden."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.ids import MAX_ID
from app.models import Notification, NotificationActor, User
from app.notifications.limits import ACTORS_COUNTED, UNREAD_COUNTED
from app.notifications.models import Kind
from app.notifications.queries import page_of, unread
from app.pagination import Key
from app.posts.models import Post
from app.relationships.models import Block, Mute
from tests.factories import make_post, make_user
from tests.notifications.acts import answer, follow, like, mute, read, repost
from tests.queries import counted_queries

FIRST = Key(10)


@pytest.fixture
def post(ana):
    return make_post(ana)


def shown_to(user, key=FIRST, kinds=Kind):
    """Return (kind, names, count) of every row that a member is shown."""
    db.session.rollback()
    db.session.expire_all()
    return [
        (notice.notification.kind, [actor.username for actor in notice.actors], notice.count)
        for notice in page_of(user, key, kinds).items
    ]


def unread_of(user):
    return db.session.scalar(sa.select(unread(user.id)))


def crowd(number):
    """Register many members quickly; returns their ids."""
    rows = [
        {
            "username": f"fan{n}",
            "username_key": f"fan{n}",
            "email": f"fan{n}@example.com",
            "email_key": f"fan{n}@example.com",
            "password_hash": "!",
        }
        for n in range(number)
    ]
    db.session.execute(sa.insert(User), rows)
    db.session.commit()
    query = sa.select(User.id).where(User.username.like("fan%")).order_by(User.id)
    return db.session.scalars(query).all()


def gather(post, ids):
    """Let many like a post, as far as notifications know."""
    notification = Notification(recipient_id=post.author_id, kind=Kind.LIKE, post_id=post.id)
    notification.latest_id = post.id
    db.session.add(notification)
    db.session.flush()
    rows = [{"notification_id": notification.id, "actor_id": actor} for actor in ids]
    db.session.execute(sa.insert(NotificationActor), rows)
    db.session.commit()


def test_the_latest_stands_first(ana, post, carla):
    like(carla, post)
    follow(carla, ana)
    repost(carla, post)
    assert [kind for kind, _names, _count in shown_to(ana)] == ["repost", "follow", "like"]


def test_a_new_like_brings_its_notification_to_the_top(ana, post, carla):
    like(carla, post)
    follow(carla, ana)
    like(make_user("dora"), post)
    assert shown_to(ana) == [("like", ["dora", "carla"], 2), ("follow", ["carla"], 1)]


def test_the_three_latest_are_named_and_all_are_counted(ana, post):
    for number in range(5):
        like(make_user(f"fan{number}"), post)
    assert shown_to(ana) == [("like", ["fan4", "fan3", "fan2"], 5)]


def test_counting_ends_somewhere(ana, post):
    gather(post, crowd(ACTORS_COUNTED + 20))
    ((_kind, names, count),) = shown_to(ana)
    assert (names[0], count) == (f"fan{ACTORS_COUNTED + 19}", ACTORS_COUNTED)


def test_a_notification_of_which_the_latest_hundred_are_hidden_is_not_shown(ana, post):
    ids = crowd(ACTORS_COUNTED + 1)
    gather(post, ids)
    db.session.execute(
        sa.insert(Mute), [{"muter_id": ana.id, "muted_id": fan, "ends_at": None} for fan in ids[1:]]
    )
    db.session.commit()
    assert shown_to(ana) == []


def test_pages_follow_one_another(ana, carla):
    for number in range(5):
        like(carla, make_post(ana, f"Boat {number}"))
    first = page_of(ana, Key(2))
    second = page_of(ana, Key(2, before=first.older))
    third = page_of(ana, Key(2, before=second.older))
    posts = [n.notification.post.body for page in (first, second, third) for n in page.items]
    assert posts == [f"Boat {number}" for number in reversed(range(5))]
    assert third.older is None
    assert page_of(ana, Key(2, after=third.newer)).items[0].notification.post.body == "Boat 2"


def test_mentions_alone_can_be_read(ana, post, carla):
    like(carla, post)
    make_post(carla, "@ana look")
    answer(carla, post)
    kinds = [Kind.REPLY, Kind.MENTION]
    assert [kind for kind, *_rest in shown_to(ana, kinds=kinds)] == ["reply", "mention"]


def test_others_are_shown_nothing_of_it(ana, post, bob, carla):
    like(carla, post)
    assert shown_to(carla) == shown_to(bob) == []
    assert unread_of(carla) == 0


def hide(how, viewer, actor):
    """Put somebody out of a member's sight, or try to, without the notification being removed."""
    if how == "muted":
        mute(viewer, actor)
    elif how == "muted for a while":
        mute(viewer, actor, hours=1)
    elif how == "muted until before":
        mute(viewer, actor, hours=-1)
    elif how in {"blocked", "blocking"}:
        pair = (viewer.id, actor.id) if how == "blocked" else (actor.id, viewer.id)
        db.session.add(Block(blocker_id=pair[0], blocked_id=pair[1]))
    elif how != "there":
        setattr(actor, how, actor.created_at)
    db.session.commit()


HIDDEN = {
    "there": False,
    "muted": True,
    "muted for a while": True,
    "muted until before": False,
    "blocked": True,
    "blocking": True,
    "suspended_at": True,
    "deletion_due_at": True,
}


@pytest.mark.parametrize("how", HIDDEN)
def test_who_is_hidden_is_not_told_of(ana, post, carla, how):
    like(carla, post)
    follow(carla, ana)
    answer(carla, post)
    make_post(carla, "@ana look")
    hide(how, ana, carla)
    expected = [] if HIDDEN[how] else ["mention", "reply", "follow", "like"]
    assert [kind for kind, *_rest in shown_to(ana)] == expected
    assert unread_of(ana) == len(expected)


@pytest.mark.parametrize("how", HIDDEN)
def test_who_is_hidden_does_not_hide_the_others(ana, post, carla, how):
    like(make_user("dora"), post)
    like(carla, post)
    hide(how, ana, carla)
    expected = (["dora"], 1) if HIDDEN[how] else (["carla", "dora"], 2)
    assert shown_to(ana) == [("like", *expected)]
    assert unread_of(ana) == 1


def test_lifting_a_mute_brings_back_what_it_hid(ana, post, carla):
    mute(ana, carla)
    like(carla, post)
    assert (shown_to(ana), unread_of(ana)) == ([], 0)
    db.session.execute(sa.delete(Mute))
    db.session.commit()
    assert (shown_to(ana), unread_of(ana)) == ([("like", ["carla"], 1)], 1)


def test_a_member_who_is_gone_leaves_no_empty_row(ana, post, carla):
    like(carla, post)
    db.session.execute(sa.delete(User).where(User.id == carla.id))
    db.session.commit()
    assert (shown_to(ana), unread_of(ana)) == ([], 0)


def test_what_is_read_is_shown_but_not_counted(ana, post, carla):
    like(carla, post)
    read(ana)
    assert (shown_to(ana), unread_of(ana)) == ([("like", ["carla"], 1)], 0)


def test_the_badge_counts_to_a_hundred(ana, carla):
    first = make_post(ana).id
    rows = [
        {"recipient_id": ana.id, "kind": Kind.FOLLOW, "latest_id": first + n}
        for n in range(UNREAD_COUNTED + 5)
    ]
    db.session.execute(sa.insert(Notification), rows)
    ids = db.session.scalars(sa.select(Notification.id)).all()
    actors = [{"notification_id": number, "actor_id": carla.id} for number in ids]
    db.session.execute(sa.insert(NotificationActor), actors)
    db.session.commit()
    assert unread_of(ana) == UNREAD_COUNTED


def test_a_page_is_two_queries_however_much_is_on_it(ana, carla):
    fans = crowd(4)
    for number in range(8):
        gather(make_post(ana, f"Boat {number}"), fans)
    ana_id = ana.id
    db.session.rollback()
    ana = db.session.get_one(User, ana_id)
    with counted_queries() as queries:
        notices = page_of(ana, FIRST).items
        assert [notice.notification.post.body for notice in notices]
        assert [actor.name for notice in notices for actor in notice.actors]
    assert len(queries) == 2


def test_a_post_that_may_not_be_seen_hides_what_is_told_of_it(ana, carla):
    make_post(carla, "@ana look")
    db.session.execute(sa.update(Post).values(audience="somebody else's"))
    db.session.commit()
    assert (shown_to(ana), unread_of(ana)) == ([], 0)


def test_what_is_shown_carries_its_time(ana, post, carla):
    like(carla, post)
    (notice,) = page_of(ana, Key(10, before=MAX_ID)).items
    age = notice.notification.happened_at - post.created_at
    assert timedelta(0) <= age < timedelta(minutes=1)


def test_badge_looks_at_the_latest_however_many_are_hidden(ana, post, bob, carla, monkeypatch):
    monkeypatch.setattr("app.notifications.queries.UNREAD_COUNTED", 2)
    for _ in range(2):
        answer(bob, post)
    mute(ana, bob)
    assert unread_of(ana) == 0
    like(carla, post)
    assert unread_of(ana) == 1
