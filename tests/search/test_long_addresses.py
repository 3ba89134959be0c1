"""A query goes to the server in the address of a page, and servers have a limit for those."""

import re
import shutil
from urllib.parse import quote

import pytest

from app.search.parser import MAX_QUERY
from tests.processes import free_port, settings_for, start_web
from tests.visitor import Visitor

# Takes long: left to `make check`.
pytestmark = pytest.mark.thorough


@pytest.fixture
def site(empty_database, tmp_path):
    shutil.copy(empty_database, tmp_path / "app.db")
    settings = settings_for(tmp_path, free_port())
    web = start_web(settings, tmp_path / "web.log")
    yield settings["PUBLIC_URL"]
    web.stop()


def test_longest_query_that_the_box_takes_gets_a_page_in_every_script(site):
    visitor = Visitor(site)
    page = visitor.get("/search")
    field = re.search(r'<input[^>]*name="q"[^>]*>', page.text)[0]
    room = re.search(r'maxlength="(\d+)"', field)
    # A browser sends whatever fits into the box; a whole article if there is no end to it.
    length = int(room[1]) if room else 4 * MAX_QUERY
    for character in ("a", "東"):
        page = visitor.get(f"/search?q={quote(character * length)}&tab=people")
        assert page.status == 200, (character, length)
        assert 'role="search"' in page.text
