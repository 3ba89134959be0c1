"""What is old and was read goes by itself."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.clock import utcnow
from app.extensions import db
from app.ids import new_id
from app.models import Notification, User
from app.notifications import tasks
from app.notifications.limits import KEPT
from tests.factories import make_post, make_user
from tests.notifications.acts import follow, like, read, written
from tests.working import do_jobs

DAY = timedelta(days=1)


@pytest.fixture
def clear_away(app, monkeypatch):
    monkeypatch.setattr(tasks, "PORTION", 2)

    def clear_away():
        job = tasks.clear_away.ask()
        db.session.commit()
        do_jobs(app)
        db.session.refresh(job)
        assert not job.last_error
        assert job.due_at > utcnow() + DAY / 2  # it waits for its next turn

    return clear_away


def grow_old(age):
    db.session.execute(sa.update(Notification).values(latest_id=new_id(utcnow() - age)))
    db.session.commit()


def test_what_was_read_and_is_old_goes(clear_away, ana, carla):
    for number in range(5):
        like(carla, make_post(ana, f"Boat {number}"))
    follow(ana, carla)
    read(ana)
    grow_old(KEPT + DAY)
    clear_away()
    assert written() == [("carla", "follow", {"ana"})]


def test_what_is_younger_stays(clear_away, ana, carla):
    like(carla, make_post(ana))
    read(ana)
    grow_old(KEPT - DAY)
    clear_away()
    assert written() == [("ana", "like", {"carla"})]


def test_what_is_old_and_tells_of_nobody_any_more_goes_unread(clear_away, ana, carla):
    dora = make_user("dora")
    like(dora, make_post(ana))
    follow(carla, ana)
    grow_old(KEPT + DAY)
    db.session.execute(sa.delete(User).where(User.id == dora.id))
    db.session.commit()
    clear_away()
    assert written() == [("ana", "follow", {"carla"})]


def test_it_comes_round_every_day():
    assert tasks.clear_away.every == DAY
