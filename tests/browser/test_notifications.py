"""Notifications come without a reload, and count as read once they were seen."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import go
from tests.factories import make_user
from tests.notifications.acts import follow, like

pytestmark = pytest.mark.thorough

SOON_MS = 8_000


def hurry(page):
    """Let the pages ask for their badges every half second."""

    def hasten(route):
        answer = route.fetch()
        if "text/html" not in answer.headers.get("content-type", ""):
            return route.fulfill(response=answer)
        body = answer.text().replace('data-every="30"', 'data-every="0.5"')
        return route.fulfill(response=answer, body=body)

    page.route(lambda url: "/static/" not in url and "/count" not in url, hasten)


def bell(page):
    return page.get_by_role("navigation").get_by_role("link", name="Notifications")


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_a_badge_comes_by_itself_and_goes_when_the_page_was_seen(town, open_page, phone):
    member, fan = town.member(), town.member(display_name="Carla")
    post = town.post(member)
    page = open_page(member, phone=phone)
    hurry(page)
    go(page, "/explore")
    badge = bell(page).locator("[data-unread=notifications]")
    expect(badge).to_be_hidden()
    with town.context() as db:
        from app.posts.models import Post

        like(town.find(fan), db.session.get_one(Post, post))
        follow(town.find(fan), town.find(member))
        follow(make_user(), town.find(member))
    expect(badge).to_be_visible(timeout=SOON_MS)
    expect(bell(page)).to_have_accessible_name(re.compile("2 unread"))
    expect(page).to_have_title("(2) Explore · Microblog")

    go(page, "/notifications")
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows.filter(has_text="Carla liked your post")).to_contain_text("New")
    expect(bell(page).locator("[data-unread=notifications]")).to_be_hidden(timeout=SOON_MS)
    expect(page).to_have_title("Notifications · Microblog")
    expect(rows.filter(has_text="Carla liked your post")).to_contain_text("New")
    go(page, "/notifications")
    expect(page.get_by_role("main")).not_to_contain_text("New")
