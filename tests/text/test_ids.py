from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.ids import MAX_ID, RANDOM_BITS, new_id, time_of

MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
moments = st.integers(0, 2**42 - 1).map(lambda number: EPOCH + number * MILLISECOND)
quickly = settings(max_examples=300, deadline=None, database=None)


@quickly
@given(moments)
@example(EPOCH)
@example(datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC))
def test_id_carries_its_moment_to_the_millisecond(moment):
    assert time_of(new_id(moment)) == moment
    assert time_of(new_id(moment)).tzinfo is UTC


@quickly
@given(moments, st.integers(0, 999))
def test_id_never_carries_a_moment_to_come(moment, microseconds):
    moment += timedelta(microseconds=microseconds)
    assert timedelta(0) <= moment - time_of(new_id(moment)) <= MILLISECOND


@quickly
@given(moments, moments)
def test_ids_sort_by_moment(one, other):
    if one != other:
        assert (new_id(one) < new_id(other)) == (one < other)


@quickly
@given(moments)
def test_id_fits_a_signed_64_bit_column(moment):
    assert 0 <= new_id(moment) <= MAX_ID


def test_last_moment_of_all_is_the_largest_id():
    assert new_id(EPOCH + (2**42 - 1) * MILLISECOND) >> RANDOM_BITS == 2**42 - 1
    assert MAX_ID == 2**63 - 1


def test_two_posts_of_one_millisecond_have_two_ids():
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    assert len({new_id(moment) for _ in range(200)}) >= 199


def test_zone_of_the_moment_does_not_matter():
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=-9)))
    assert time_of(new_id(elsewhere)) == moment


@pytest.mark.parametrize("post_id", [0, MAX_ID])
def test_extreme_ids_have_a_moment(post_id):
    assert time_of(post_id).year in {1970, 2109}
