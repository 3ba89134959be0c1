"""People to name while somebody types an @: by keyboard, by pointer, from right to left."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import go, press


@pytest.fixture(scope="module")
def people(town):
    """Three people with names that begin alike, and one who reads them."""
    reader = town.member()
    names = [
        town.member("zora_one", display_name="Zora Abendroth"),
        town.member("zora_two", display_name="زهرة"),
        town.member("zora_three"),
    ]
    town.follow(reader, names[1])
    return reader


@pytest.fixture
def typing(people, open_page, watch):
    """Return (page, field, options) of somebody who is about to write."""
    watch.forgive("ERR_ABORTED")  # what is not waited for any longer
    page = open_page(people)
    go(page, "/write")
    return page, page.get_by_label("Your post"), page.get_by_role("option")


def test_arrow_keys_choose_and_enter_takes(typing):
    page, text, options = typing
    text.press_sequentially("Hello @zo")
    expect(options).to_have_count(3)
    expect(page.get_by_role("status").filter(has_text="People to choose from: 3")).to_be_attached()
    # Whom one follows stands first.
    expect(options.first).to_contain_text("@zora_two")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    last = options.last
    expect(last).to_have_attribute("aria-selected", "true")
    expect(text).to_have_attribute("aria-activedescendant", last.get_attribute("id"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(text).to_have_value("Hello @zora_two ")
    expect(text).to_be_focused()
    expect(options).to_have_count(0)


def test_whom_to_write_to_is_suggested_without_an_at(people, open_page, watch):
    watch.forgive("ERR_ABORTED")
    page = open_page(people)
    go(page, "/messages")
    name, options = page.get_by_label("Write to"), page.get_by_role("option")
    name.press_sequentially("zora_t")
    expect(options).to_have_count(2)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(name).to_have_value("@zora_three ")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Messages with Zora_three")).to_be_visible()


def test_name_typed_in_full_is_sent_though_others_are_suggested(people, open_page, watch):
    watch.forgive("ERR_ABORTED")
    page = open_page(people)
    go(page, "/messages")
    page.get_by_label("Write to").press_sequentially("zora_one")
    expect(page.get_by_role("option")).to_have_count(1)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Messages with Zora Abendroth")).to_be_visible()


def test_tab_takes_and_the_next_tab_leaves_the_field(typing):
    page, text, options = typing
    text.press_sequentially("@zora_o")
    expect(options).to_have_count(1)
    page.keyboard.press("Tab")
    expect(text).to_have_value("@zora_one ")
    expect(text).to_be_focused()
    page.keyboard.press("Tab")
    expect(text).not_to_be_focused()


def test_escape_closes_and_keeps_what_was_typed(typing):
    page, text, options = typing
    text.press_sequentially("@zo")
    expect(options).to_have_count(3)
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    page.keyboard.press("Enter")
    expect(text).to_have_value("@zo\n")


def test_name_in_the_middle_of_a_text_is_completed_by_a_click(typing):
    page, text, options = typing
    text.fill("Hello and good-bye")
    for _ in range(len(" and good-bye")):
        page.keyboard.press("ArrowLeft")
    text.press_sequentially(" @zora_th")
    options.filter(has_text="@zora_three").click()
    expect(text).to_have_value("Hello @zora_three and good-bye")
    expect(text).to_be_focused()


def test_nothing_is_suggested_in_an_address_or_for_a_hashtag(typing):
    page, text, options = typing
    with page.expect_response("**/suggest?*"):
        text.press_sequentially("me@zo #zo @@zo @zo")
    expect(options).to_have_count(3)
    text.fill("")
    text.press_sequentially("me@zo")
    page.wait_for_timeout(400)
    expect(options).to_have_count(0)


def test_list_is_within_the_window_from_right_to_left(people, open_page, watch):
    watch.forgive("ERR_ABORTED")
    page = open_page(people, phone=True)
    go(page, "/")
    page.evaluate("document.documentElement.dir = 'rtl'")
    page.get_by_label("Your post").press_sequentially("سلام @zo")
    expect(page.get_by_role("option")).to_have_count(3)
    box = page.get_by_role("listbox").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_named_person_is_a_link_in_the_post(typing):
    page, text, options = typing
    text.press_sequentially("Hi @zora_t")
    options.filter(has_text="زهرة").click()
    press(page.get_by_role("button", name="Post", exact=True))
    press(page.locator(".post-body").get_by_role("link", name="@zora_two"))
    expect(page).to_have_url(re.compile("/user/zora_two$"))


def test_hashtag_is_followed_in_place(people, town, open_page):
    town.post(people, "Out with the tide #evening")
    page = open_page(people)
    go(page, "/explore")
    press(page.locator(".post-body").get_by_role("link", name="#evening"))
    page.evaluate("window.same = true")
    page.get_by_role("button", name="Follow #evening").click()
    expect(page.get_by_role("button", name="Unfollow #evening")).to_be_focused()
    assert page.evaluate("window.same"), "the page was loaded anew"
