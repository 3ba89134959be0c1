"""A mute ends by itself, at its moment and not when a statement was made."""

from datetime import timedelta

import sqlalchemy as sa

from app.clock import utcnow
from app.extensions import db
from app.pagination import Key
from app.relationships.models import Mute
from app.relationships.queries import NOW
from app.timelines import queries as timelines
from tests.factories import make_mute, make_post


def test_home_that_was_read_before_shows_people_again_once_their_mute_is_over(app, ana, bob):
    make_post(ana)
    assert len(timelines.home(bob, Key(5)).items) == 1
    make_mute(bob, ana, ends_at=utcnow() + timedelta(hours=1))
    assert timelines.home(bob, Key(5)).items == []
    # Later than the statement was run first: one that kept the moment would take it to lie ahead.
    db.session.execute(sa.update(Mute).values(ends_at=utcnow()))
    assert len(timelines.home(bob, Key(5)).items) == 1


def test_moment_is_read_whenever_a_statement_is_run(app, ana, bob):
    make_mute(bob, ana, ends_at=utcnow())
    over = sa.select(Mute.id).where(Mute.ends_at <= NOW)
    assert len(db.session.scalars(over).all()) == 1
    db.session.execute(sa.update(Mute).values(ends_at=utcnow()))
    assert len(db.session.scalars(over).all()) == 1
