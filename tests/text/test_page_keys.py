"""Keys of pages: what an address may say, and what a page knows of its neighbours."""

import pytest
from werkzeug.exceptions import NotFound

from app.ids import MAX_ID
from app.pagination import Key, Page


@pytest.mark.parametrize(
    ("query", "before", "after"),
    [
        ("", None, None),
        ("before=0", 0, None),
        ("after=0", None, 0),
        ("before=123", 123, None),
        ("before=007", 7, None),
        (f"before={MAX_ID}", MAX_ID, None),
        ("after=9999999999999999999", None, MAX_ID),
        ("other=1&before=5", 5, None),
    ],
)
def test_address_of_a_page(app, query, before, after):
    with app.test_request_context(f"/?{query}"):
        assert Key.from_request(25) == Key(25, before, after)


@pytest.mark.parametrize(
    "query",
    [
        "before=",
        "after=",
        "before",
        "before=x",
        "before=-1",
        "before=%2B1",
        "before=1.0",
        "before=1e3",
        "before=0x10",
        "before=1_000",
        "before=%201",
        "before=1%0A",
        "before=1%00",
        "before=%C2%B2",
        "before=%EF%BC%91",
        "before=%D9%A1",
        "before=%FF",
        "before=99999999999999999999",
        "before=" + "9" * 5000,
        "before=1&before=2",
        "after=1&after=1",
        "before=1&after=2",
        "before=1'--",
        "before[]=1&before=",
    ],
)
def test_rubbish_is_a_page_nobody_has(app, query):
    with app.test_request_context(f"/?{query}"), pytest.raises(NotFound):
        Key.from_request(25)


def page(key: Key, *ids: int) -> Page[str]:
    return key.page([(str(row_id), row_id) for row_id in ids])


@pytest.mark.parametrize(
    ("key", "rows", "items", "newer", "older"),
    [
        (Key(2), [], "", None, None),
        (Key(2), [9], "9", None, None),
        (Key(2), [9, 8], "98", None, None),
        (Key(2), [9, 8, 7], "98", None, 8),
        (Key(2, before=8), [7], "7", 7, None),
        (Key(2, before=8), [7, 6, 5], "76", 7, 6),
        (Key(2, before=1), [], "", None, None),
        (Key(2, after=6), [7], "7", None, 7),
        (Key(2, after=6), [7, 8], "87", None, 7),
        (Key(2, after=6), [7, 8, 9], "87", 8, 7),
        (Key(1, after=6), [7, 8], "7", 7, 7),
        (Key(2, after=9), [], "", None, None),
    ],
)
def test_page_knows_its_neighbours(key, rows, items, newer, older):
    made = page(key, *rows)
    assert "".join(made.items) == items
    assert (made.newer, made.older) == (newer, older)
    assert made.is_first is (key.before is None and key.after is None)
