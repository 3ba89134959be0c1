"""Times: readable as they come, and told by the clock of the reader where scripts run."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from app.clock import utcnow
from tests.browser.acting import both_ways, go

AGES = {
    timedelta(minutes=5, seconds=5): "5 minutes ago",
    timedelta(minutes=20, seconds=45): None,
    timedelta(minutes=55): None,
    timedelta(hours=1, minutes=40): None,
    timedelta(hours=3, seconds=5): "3 hours ago",
    timedelta(hours=22): None,
    timedelta(days=1, hours=20): None,
    timedelta(days=2, seconds=5): "2 days ago",
    timedelta(days=6, hours=20): None,
}


def times_told(town, open_page, javascript):
    """Return what a page says of posts of those ages, the newest first."""
    author = town.member()
    now = utcnow()
    for age in sorted(AGES, reverse=True):
        town.post(author, at=now - age)
    page = open_page(javascript=javascript)
    go(page, f"/user/{author}")
    return page.locator("article time").all_text_contents()


@both_ways
def test_recent_times_are_told_from_now(town, open_page, javascript):
    told = times_told(town, open_page, javascript)
    known = {age: text for age, text in zip(AGES, told, strict=True) if AGES[age]}
    assert known == {age: words for age, words in AGES.items() if words}


def test_script_does_not_contradict_the_server_about_a_time(town, open_page):
    assert times_told(town, open_page, True) == times_told(town, open_page, False)


NEW_YEAR = datetime(2026, 1, 15, 22, 30, tzinfo=UTC)


def test_times_are_readable_without_scripts(town, open_page):
    post = town.post(town.member(), at=NEW_YEAR)
    page = open_page(javascript=False, timezone_id="Asia/Tokyo")
    go(page, f"/post/{post}")
    expect(page.locator("article time")).to_have_text(
        re.compile(r"January 15, 2026(,| at) 10:30(:00)?\sPM UTC")
    )


def test_times_are_told_by_the_readers_own_clock(town, open_page):
    author = town.member()
    post = town.post(author, at=NEW_YEAR)
    page = open_page(timezone_id="Asia/Tokyo")
    go(page, f"/post/{post}")
    expect(page.locator("article time")).to_have_text(re.compile(r"January 16, 2026 at 7:30\sAM"))
    go(page, f"/user/{author}")
    expect(page.locator("article time")).to_have_text("Jan 16, 2026")
    expect(page.locator("article time")).to_have_attribute(
        "title", re.compile(r"Friday, January 16, 2026 at 7:30\sAM")
    )


def test_times_stay_true_while_the_page_is_open(town, open_page):
    author = town.member()
    town.post(author, at=utcnow() - timedelta(minutes=5, seconds=2))
    page = open_page()
    page.clock.install()
    go(page, f"/user/{author}")
    expect(page.locator("article time")).to_have_text("5 minutes ago")
    page.clock.fast_forward("02:00")
    expect(page.locator("article time")).to_have_text("7 minutes ago")
