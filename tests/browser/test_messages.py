"""Two people write to each other in private, with scripts and without."""

import re

from playwright.sync_api import expect

from tests.browser.acting import both_ways, go, press

LIMIT = 2000
# New messages are asked for every ten seconds.
NEWS_TAKE_MS = 15_000


def unread(page):
    return page.get_by_role("main").get_by_text("1 unread message")


@both_ways
def test_message_is_written_read_answered_and_deleted(town, open_page, javascript):
    ana, bob = town.member(), town.member()
    page, other = (open_page(member, javascript=javascript) for member in (ana, bob))
    go(page, "/messages")
    page.get_by_label("Write to").fill(f"@{bob.upper()}")
    press(page.get_by_role("button", name="Open"))
    expect(page.get_by_text(f"Only you and {bob} can read this.")).to_be_visible()
    page.get_by_label(f"Message to {bob}").fill("Meet me\n\nat the quay.")
    press(page.get_by_role("button", name="Send"))
    expect(page).to_have_url(re.compile(f"/messages/{bob}#end$"))
    expect(page.get_by_label(f"Message to {bob}")).to_have_value("")
    expect(page.locator(".private-message-own")).to_contain_text("at the quay.")

    go(other, "/messages")
    expect(unread(other)).to_be_attached()
    press(other.get_by_role("link", name=re.compile("at the quay")))
    if javascript:
        expect(other.locator(".mark-read")).to_have_count(0)
    else:
        press(other.get_by_role("button", name="Mark as read"))
    go(other, "/messages")
    expect(unread(other)).to_have_count(0)

    go(other, f"/messages/{ana}")
    message = other.locator(".private-message")
    message.locator("summary").click()
    if javascript:
        message.get_by_role("button", name="Delete for me").click()
    else:
        press(message.get_by_role("button", name="Delete for me"))
    expect(message).to_have_count(0)
    go(page, f"/messages/{bob}")
    page.get_by_text("More for this conversation").locator("..").click()
    page.get_by_text("Delete conversation").click()
    expect(page.get_by_text(f"{bob} keeps a copy.")).to_be_visible()
    press(page.get_by_role("button", name="Delete for me").first)
    expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()


def test_far_down_one_sees_that_a_message_was_deleted_and_keeps_the_place(town, open_page):
    member, friend = town.member(), town.member()
    page = open_page(member, phone=True)
    for number in range(12):
        go(page, f"/messages/{friend}")
        page.get_by_label(f"Message to {friend}").fill(f"Crate {number}")
        press(page.get_by_role("button", name="Send"))
    last = page.locator(".private-message").last
    last.locator("summary").click()
    expect(last.get_by_role("button", name="Delete for me")).to_be_in_viewport(ratio=1)
    last.get_by_role("button", name="Delete for me").click()
    expect(page.get_by_text("The message is deleted for you.")).to_be_in_viewport(ratio=1)
    expect(page.get_by_label(f"Message to {friend}")).not_to_be_focused()


@both_ways
def test_text_that_is_too_long_is_kept(town, open_page, watch, javascript):
    member, friend = town.member(), town.member()
    page = open_page(member, javascript=javascript)
    go(page, f"/messages/{friend}")
    text = page.get_by_label(f"Message to {friend}")
    text.fill("x" * (LIMIT + 1))
    watch.expect(422)
    press(page.get_by_role("button", name="Send"))
    expect(text).to_have_value("x" * (LIMIT + 1))
    expect(text).to_be_focused()


def test_open_conversation_shows_what_is_written_meanwhile(town, open_page):
    member, friend = town.member(), town.member()
    page = open_page(member)
    go(page, f"/messages/{friend}")
    expect(page.get_by_role("heading", name="Nothing written yet")).to_be_visible()
    text = page.get_by_label(f"Message to {friend}")
    text.fill("Half a thought")
    town.message(friend, member, "Low tide at noon.")
    message = page.get_by_role("log").get_by_text("Low tide at noon.")
    expect(message).to_be_visible(timeout=NEWS_TAKE_MS)
    expect(text).to_have_value("Half a thought")
    expect(page.get_by_role("heading", name="Nothing written yet")).to_have_count(0)
    expect(page.locator(".mark-read")).to_have_count(0)
    go(page, "/messages")
    expect(page.get_by_role("link", name=re.compile("Low tide at noon"))).to_be_visible()
    expect(unread(page)).to_have_count(0)


def test_draft_waits_for_its_recipient_and_no_public_form_has_it(town, open_page):
    member, friend, stranger = town.member(), town.member(), town.member()
    page = open_page(member)
    go(page, f"/messages/{friend}")
    page.get_by_label(f"Message to {friend}").fill("Between us")
    for path, label in (
        ("/", "Your post"),
        ("/write", "Your post"),
        (f"/messages/{stranger}", f"Message to {stranger}"),
    ):
        go(page, path)
        expect(page.get_by_label(label)).to_have_value("")
    go(page, f"/messages/{friend}")
    text = page.get_by_label(f"Message to {friend}")
    expect(text).to_have_value("Between us")
    with page.expect_navigation():
        text.press("Control+Enter")
    expect(page.locator(".private-message-own")).to_have_text(re.compile("Between us"))
    go(page, "/settings")
    press(page.get_by_role("main").get_by_role("button", name="Sign out"))
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Between us" not in kept
