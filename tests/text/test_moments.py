"""Times on pages are readable as the server sends them, in the reader's language."""

from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser

import pytest
import time_machine
from flask_babel import force_locale

from app.moments import Timestamp

NOW = datetime(2026, 5, 14, 15, 30, tzinfo=UTC)
YEAR_AGO = datetime(2025, 3, 9, 8, 5, 7, tzinfo=UTC)


class _Time(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes = dict(attrs)

    def handle_data(self, data):
        self.text += data


@pytest.fixture(autouse=True)
def _at_one_moment(app):
    with time_machine.travel(NOW, tick=False), app.test_request_context():
        yield


def draw(language: str, moment: datetime, **options: str) -> _Time:
    with force_locale(language):
        timestamp = Timestamp(moment)
        form = options.get("form")
        return _Time(timestamp.format(form) if form else timestamp.fromNow())


@pytest.mark.parametrize(
    ("age", "english", "spanish"),
    [
        (timedelta(0), "1 second ago", "hace 1 segundo"),
        (timedelta(seconds=30), "30 seconds ago", "hace 30 segundos"),
        (timedelta(minutes=5), "5 minutes ago", "hace 5 minutos"),
        (timedelta(hours=3), "3 hours ago", "hace 3 horas"),
        (timedelta(days=2), "2 days ago", "hace 2 días"),
        (timedelta(days=8), "May 6, 2026", "6 may 2026"),
        # The clock of another server may be ahead: never a post from the future.
        (timedelta(seconds=-20), "1 second ago", "hace 1 segundo"),
    ],
    ids=str,
)
def test_age_is_written_out(age, english, spanish):
    assert draw("en", NOW - age).text == english
    assert draw("es", NOW - age).text == spanish


@pytest.mark.parametrize(
    ("form", "english", "spanish"),
    [
        ("LL", "Mar 9, 2025", "9 mar 2025"),
        ("LLL", "March 9, 2025, 8:05 AM UTC", "9 de marzo de 2025, 8:05 UTC"),
    ],
)
def test_date_is_written_out(form, english, spanish):
    texts = [draw(language, YEAR_AGO, form=form).text for language in ("en", "es")]
    # CLDR writes narrow spaces here and there.
    assert [" ".join(text.split()) for text in texts] == [english, spanish]


@pytest.mark.parametrize("form", [None, "LL", "LLL"])
def test_element_is_complete_and_fit_for_a_strict_page(form):
    drawn = draw("en", YEAR_AGO, form=form)
    assert drawn.tags == ["time"]
    assert drawn.attributes["datetime"] == "2025-03-09T08:05:07Z"
    assert drawn.attributes["data-timestamp"] == "2025-03-09T08:05:07Z"
    assert drawn.attributes["class"] == "flask-moment"
    assert "2025" in drawn.attributes["title"]
    assert drawn.attributes["data-function"] == ("format" if form else "fromNow")
    assert drawn.attributes["data-format"] == (form or "")
    assert "style" not in drawn.attributes
    assert not [name for name in drawn.attributes if name.startswith("on")]
    assert drawn.text.strip()


def test_title_says_of_which_zone_it_is():
    assert "UTC" in draw("en", NOW - timedelta(hours=3)).attributes["title"]


def test_moment_of_another_zone_is_the_same_moment():
    elsewhere = YEAR_AGO.astimezone(timezone(timedelta(hours=9)))
    assert draw("en", elsewhere).attributes == draw("en", YEAR_AGO).attributes
    assert draw("en", elsewhere, form="LLL").text == draw("en", YEAR_AGO, form="LLL").text


def test_page_gives_times_that_need_no_script(app, client, ana):
    page = client.get("/user/ana")
    assert "Joined" in page.text
    assert "<time" in page.text
    assert "display: none" not in page.text
