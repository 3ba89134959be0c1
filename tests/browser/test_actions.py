"""Liking, reposting, keeping and answering posts, with scripts and without."""

import pytest
from playwright.sync_api import expect

from tests.browser.acting import both_ways, card, go, press, settle


@pytest.fixture
def reading(town):
    """Return a reader, an author, and the author's two posts."""
    reader, author = town.member(), town.member()
    town.follow(reader, author)
    posts = [town.post(author, f"Boat {name} is in.") for name in ("one", "two")]
    return reader, author, posts


def button(page, post, deed):
    return card(page, post).get_by_role("button", name=f"{deed} the post by")


@both_ways
def test_pressed_again_it_is_taken_back(town, open_page, reading, javascript):
    reader, author, (_post, last) = reading
    page = open_page(reader, javascript=javascript)
    path = f"/user/{author}"
    go(page, path)
    for deed in ("Like", "Repost", "Bookmark"):
        for pressed in ("true", "false"):
            target = button(page, "Boat two", deed)
            target.click() if javascript else press(target)
            expect(target).to_have_attribute("aria-pressed", pressed)
    expect(page).to_have_url(town.url + (path if javascript else f"{path}#post-{last}"))


def test_without_a_line_one_is_told_and_can_press_again(town, open_page, watch, reading):
    reader, author, _posts = reading
    page = open_page(reader)
    go(page, f"/user/{author}")
    watch.forgive("net::ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    target = button(page, "Boat one", "Like")
    target.click()
    told = page.get_by_text("Nothing was sent: there is no connection.")
    expect(told).to_be_in_viewport()
    page.context.set_offline(False)
    target.click()
    expect(target).to_have_attribute("aria-pressed", "true")


def test_liking_in_the_background_changes_this_card_only(town, open_page, reading):
    reader, _author, (post, _other) = reading
    page = open_page(reader)
    go(page, "/")
    page.evaluate("for (const card of document.querySelectorAll('.post')) card.same = true")
    other = card(page, "Boat two").inner_html()
    box = card(page, "Boat one").bounding_box()
    with page.expect_response(f"**/post/{post}/card") as answer:
        button(page, "Boat one", "Like").click()
    expect(button(page, "Boat one", "Like")).to_have_attribute("aria-pressed", "true")
    expect(button(page, "Boat one", "Like")).to_be_focused()
    expect(card(page, "Boat one").locator(".post-action-count")).to_have_text("1")
    assert len(answer.value.body()) < 5000
    assert card(page, "Boat one").bounding_box() == box, "something moved"
    assert card(page, "Boat two").inner_html() == other
    assert page.evaluate("[...document.querySelectorAll('.post')].every((card) => card.same)")


def test_counts_on_the_posts_own_page_follow(open_page, reading):
    reader, _author, (post, _other) = reading
    page = open_page(reader)
    go(page, f"/post/{post}")
    button(page, "Boat one", "Like").click()
    expect(page.get_by_role("link", name="1 like", exact=True)).to_be_visible()


def test_double_click_is_one_press(town, open_page, reading):
    reader, _author, (post, _other) = reading
    page = open_page(reader)
    go(page, "/")
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    button(page, "Boat one", "Like").dblclick()
    expect(button(page, "Boat one", "Like")).to_have_attribute("aria-pressed", "true")
    page.wait_for_load_state("networkidle")
    assert sent == [f"{town.url}/post/{post}/like"]


def test_keyboard_presses_and_presses_again(open_page, reading):
    reader, _author, _posts = reading
    page = open_page(reader)
    go(page, "/")
    button(page, "Boat one", "Like").focus()
    page.keyboard.press("Enter")
    expect(button(page, "Boat one", "Like")).to_have_attribute("aria-pressed", "true")
    expect(button(page, "Boat one", "Like")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(button(page, "Boat one", "Bookmark")).to_have_attribute("aria-pressed", "true")


def test_share_copies_the_address(town, open_page, reading):
    _reader, _author, (post, _other) = reading
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    go(page, f"/post/{post}")
    button(page, "Boat one", "Share").click()
    expect(page.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{town.url}/post/{post}"


@both_ways
def test_answer_stands_below_what_it_answers_and_its_draft_is_gone(open_page, reading, javascript):
    reader, author, (post, _other) = reading
    page = open_page(reader, javascript=javascript)
    go(page, "/")
    press(card(page, "Boat one").get_by_role("link", name="Reply to the post by"))
    page.get_by_label(f"Reply to {author}").fill("Save me a loaf.")
    press(page.get_by_role("button", name="Reply", exact=True))
    expect(page.locator(".post-body")).to_have_text(["Boat one is in.", "Save me a loaf."])
    go(page, f"/post/{post}")
    expect(page.get_by_label(f"Reply to {author}")).to_have_value("")


def test_what_was_half_answered_is_kept(open_page, reading):
    reader, author, (post, other) = reading
    page = open_page(reader)
    go(page, f"/post/{post}")
    page.get_by_label(f"Reply to {author}").fill("Save me")
    go(page, f"/post/{other}")
    expect(page.get_by_label(f"Reply to {author}")).to_have_value("")
    go(page, f"/post/{post}")
    settle(page)
    expect(page.get_by_label(f"Reply to {author}")).to_have_value("Save me")
