"""Cards, menus and buttons: what happens when one is pressed."""

import re

from playwright.sync_api import expect

from tests.browser.acting import both_ways, card, choose, every_size, go, press


def test_whole_card_opens_the_post(town, open_page):
    author = town.member()
    post = town.post(author, "Press anywhere.")
    page = open_page()
    go(page, f"/user/{author}")
    press(page.get_by_text("Press anywhere."))
    expect(page).to_have_url(f"{town.url}/post/{post}")


@both_ways
def test_links_on_a_card_keep_their_own_meaning(town, open_page, javascript):
    author, other = town.member(), town.member()
    post = town.post(author, f"Read {town.url}/user/{other} and come back.")
    page = open_page(javascript=javascript)
    for name, path in (
        (other, f"/user/{other}"),
        (re.compile("ago|now"), f"/post/{post}"),
        (re.compile(f"^{author}"), f"/user/{author}"),
    ):
        go(page, f"/user/{author}")
        press(page.get_by_role("article").get_by_role("link", name=name))
        expect(page).to_have_url(f"{town.url}{path}")


def test_text_on_a_card_can_be_selected(town, open_page):
    author = town.member()
    town.post(author, "Take these words with you.")
    page = open_page()
    go(page, f"/user/{author}")
    box = page.get_by_text("Take these words").bounding_box()
    page.mouse.move(box["x"] + 1, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 10, steps=4)
    page.mouse.up()
    assert page.evaluate("getSelection().toString()").startswith("Take these")
    expect(page).to_have_url(f"{town.url}/user/{author}")


def test_card_opens_in_a_new_tab_as_links_do(town, open_page):
    author = town.member()
    post = town.post(author, "Press anywhere.")
    page = open_page()
    go(page, f"/user/{author}")
    with page.context.expect_page() as opened:
        page.get_by_text("Press anywhere.").click(modifiers=["Control"])
    expect(opened.value).to_have_url(f"{town.url}/post/{post}")
    expect(page).to_have_url(f"{town.url}/user/{author}")


def test_menu_closes_with_escape_and_gives_the_focus_back(town, open_page):
    author = town.member()
    town.post(author, "With a menu.")
    page = open_page(author)
    go(page, "/")
    summary = card(page, "With a menu.").locator("summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Delete")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Delete")).to_be_hidden()
    expect(summary).to_be_focused()


def test_menu_closes_when_one_goes_elsewhere(town, open_page):
    author = town.member()
    town.post(author, "With a menu.")
    page = open_page(author)
    go(page, "/")
    summary = card(page, "With a menu.").locator("summary")
    summary.click()
    expect(page.get_by_role("link", name="Delete")).to_be_visible()
    page.get_by_role("heading", level=1).click()
    expect(page.get_by_role("link", name="Delete")).to_be_hidden()
    summary.click()
    page.get_by_role("link", name="Delete").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Delete")).to_be_hidden()


@every_size
def test_menu_of_the_last_post_can_be_reached(town, open_page, phone):
    author = town.member()
    town.post(author, "The only one.")
    page = open_page(author, phone=phone)
    go(page, f"/user/{author}")
    card(page, "The only one.").locator("summary").click()
    for name in ("Edit", "Delete"):
        page.get_by_role("link", name=name, exact=True).click(trial=True)


def test_menu_without_scripts_offers_nothing_dead(town, open_page):
    author, reader = town.member(), town.member()
    post = town.post(author)
    page = open_page(javascript=False)
    go(page, f"/post/{post}")
    expect(page.get_by_role("article").locator("summary")).to_be_hidden()
    for member, entry, path in (
        (reader, f"Mute {author}", f"/mute/{author}?next=/post/{post}"),
        (author, "Edit", f"/post/{post}/edit"),
    ):
        page = open_page(member, javascript=False)
        go(page, f"/post/{post}")
        choose(page, "Low tide", entry)
        expect(page).to_have_url(town.url + path)
        page.go_back()
        expect(page.get_by_role("button", name="Copy link")).to_have_count(0)


def test_link_to_a_post_is_copied(town, open_page):
    post = town.post(town.member())
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    go(page, f"/post/{post}")
    page.get_by_role("article").locator("summary").click()
    page.get_by_text("Copy link").click()
    expect(page.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{town.url}/post/{post}"


def test_button_that_copies_has_a_name(town, open_page):
    page = open_page()
    go(page, f"/post/{town.post(town.member())}")
    page.get_by_role("article").locator("summary").click()
    tools = page.context.new_cdp_session(page)
    nodes = tools.send("Accessibility.getFullAXTree")["nodes"]
    buttons = [node["name"]["value"] for node in nodes if node["role"]["value"] == "button"]
    assert "Copy link" in buttons


@both_ways
def test_long_post_is_folded_and_can_be_read_whole(town, open_page, javascript):
    author = town.member()
    post = town.post(author, "\n".join(f"line {number}" for number in range(40)))
    page = open_page(javascript=javascript)
    go(page, f"/user/{author}")
    body = page.locator(".post-body")
    folded = body.bounding_box()["height"]
    more = page.get_by_role("link", name="Show more")
    if javascript:
        more.click()
        expect(more).to_have_count(0)
        expect(page).to_have_url(f"{town.url}/user/{author}")
    else:
        press(more)
        expect(page).to_have_url(f"{town.url}/post/{post}")
    assert body.bounding_box()["height"] > folded + 200


def test_password_can_be_shown(open_page):
    page = open_page()
    go(page, "/auth/register")
    field = page.get_by_label("Password", exact=True)
    field.fill("a walk along the quay")
    page.get_by_role("button", name="Show the password").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Show the password").click()
    expect(field).to_have_attribute("type", "password")


@both_ways
def test_signing_out_works_from_a_phone(town, open_page, javascript):
    page = open_page(town.member(), javascript=javascript, phone=True)
    go(page, "/explore")
    page.locator(".account summary").click()
    press(page.get_by_role("button", name="Sign out"))
    expect(page.get_by_role("main").get_by_role("link", name="Join")).to_be_visible()
