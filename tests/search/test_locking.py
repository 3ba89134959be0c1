"""The order in which a rebuild locks what it reads."""

import pytest

from app.search.engine import Collection
from app.search.sources import SOURCES
from tests.queries import counted_queries


@pytest.mark.parametrize(
    ("collection", "order"),
    [(Collection.POSTS, "ORDER BY posts.id DESC"), (Collection.PEOPLE, "ORDER BY users.id ASC")],
)
def test_a_rebuild_locks_rows_as_everybody_does(app, collection, order):
    # Otherwise the servers find a deadlock between it and who deletes an answer, or suspends.
    with counted_queries() as statements:
        SOURCES[collection].entries([1, 2], keep=True)
    assert order in statements[0]
