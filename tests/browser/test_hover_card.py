"""The card about somebody, beside their name: by mouse, by keyboard, and gone again."""

import pytest
from playwright.sync_api import expect

from tests.browser.acting import card, go


@pytest.fixture
def author(town):
    name = town.member(display_name="Wren Harbour", about_me="I write about tides.")
    town.post(name, f"The boats of {name} are in.")
    return name


@pytest.fixture
def page(town, author, open_page):
    reader = town.member()
    town.follow(author, reader)
    page = open_page(reader)
    go(page, "/explore")
    return page


def shown(page):
    return page.get_by_role("group", name="About Wren Harbour")


def name_of(page, author):
    return card(page, f"The boats of {author}").locator(".post-author")


def test_pointing_at_a_name_shows_who_it_is(page, author):
    name_of(page, author).hover()
    expect(shown(page)).to_contain_text("I write about tides.")
    expect(shown(page)).to_contain_text("Follows you")
    shown(page).get_by_role("button", name="Follow Wren Harbour").click()
    expect(shown(page).get_by_role("button", name="Unfollow Wren Harbour")).to_be_focused()
    expect(shown(page).get_by_role("link", name="1 follower")).to_be_visible()
    expect(page).to_have_url("/explore")


def test_it_stays_while_it_is_pointed_at_and_goes_afterwards(page, author):
    name_of(page, author).hover()
    shown(page).get_by_text("I write about tides.").hover()
    page.wait_for_timeout(400)
    expect(shown(page)).to_be_visible()
    page.mouse.move(2, 2)
    expect(shown(page)).to_have_count(0)


def test_escape_closes_it_until_one_has_been_elsewhere(page, author):
    name_of(page, author).hover()
    expect(shown(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(shown(page)).to_have_count(0)
    name_of(page, author).locator(".handle").hover()
    page.wait_for_timeout(600)
    expect(shown(page)).to_have_count(0)
    page.mouse.move(2, 2)
    name_of(page, author).hover()
    expect(shown(page)).to_be_visible()


def test_keyboard_steps_into_it_and_back_out(page, author):
    page.keyboard.press("Tab")  # from here on the focus is one of the keyboard
    name_of(page, author).focus()
    expect(shown(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(shown(page).get_by_role("link", name="Wren Harbour")).to_be_focused()
    page.keyboard.press("Escape")
    expect(shown(page)).to_have_count(0)
    expect(name_of(page, author)).to_be_focused()
    page.wait_for_timeout(600)
    expect(shown(page)).to_have_count(0)


def test_a_card_that_cannot_be_had_is_missed_by_nobody(page, author, watch):
    watch.expect(500)
    page.route("**/popup", lambda route: route.fulfill(status=500))
    with page.expect_response("**/popup"):
        name_of(page, author).hover()
    name_of(page, author).click()
    expect(page).to_have_url(f"/user/{author}")
