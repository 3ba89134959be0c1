import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import both_ways, go, press, reply, settle, write

LIMIT = 500
FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇺🇦"
E_ACUTE = "e\u0301"

from_both_pages = pytest.mark.parametrize("path", ["/", "/write"], ids=["home", "write"])
crosswise = pytest.mark.parametrize(
    ("path", "javascript"),
    [("/", True), ("/write", False)],
    ids=["home, with JavaScript", "write, without JavaScript"],
)


@from_both_pages
def test_counter_counts_what_people_call_characters(town, open_page, path):
    page = open_page(town.member())
    go(page, path)
    text, words = page.get_by_label("Your post"), page.locator(".counter-words")
    text.fill("a" * (LIMIT - 21))
    expect(page.locator(".counter-ring")).to_be_visible()
    expect(words).to_have_text("")
    text.press("End")
    for typed, left in (("a", 20), (FAMILY, 19), (FLAG, 18), (E_ACUTE, 17), ("水", 16), ("\n", 16)):
        page.keyboard.insert_text(typed)
        expect(words).to_have_text(f"Characters left: {left}")
    page.keyboard.insert_text("b")
    expect(words).to_have_text("Characters left: 14")
    page.keyboard.press("Backspace")
    page.keyboard.insert_text("cccccccccccccccccc")
    expect(words).to_have_text("Characters too many: 3")


def test_counter_is_empty_again_with_the_field(town, open_page):
    page = open_page(town.member())
    go(page, "/write")
    page.get_by_label("Your post").fill("something")
    expect(page.locator(".counter-ring")).to_be_visible()
    page.get_by_label("Your post").fill("")
    expect(page.locator(".counter-ring")).to_be_hidden()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FAMILY * LIMIT, id="families"),
        pytest.param("\r\n".join(["한국어"] * (LIMIT // 4)), id="Korean"),
    ],
)
def test_browser_and_server_count_alike(town, open_page, watch, text):
    page = open_page(town.member())
    go(page, "/write")
    page.get_by_label("Your post").fill(text)
    page.get_by_label("Your post").fill(text + "a" * (LIMIT - _counted(page)))
    expect(page.locator(".counter-words")).to_have_text("Characters left: 0")
    fitting = page.get_by_label("Your post").input_value()
    watch.expect(422)
    write(page, fitting + "b")
    expect(page.locator(".field-error")).to_be_visible()
    write(page, fitting)
    expect(page.get_by_role("status").filter(has_text="published").first).to_be_visible()


def _counted(page) -> int:
    return page.evaluate(
        "[...new Intl.Segmenter().segment(document.querySelector('textarea').value.trim())].length"
    )


@crosswise
def test_text_over_the_limit_is_kept_and_the_field_has_the_focus(
    town, open_page, watch, javascript, path
):
    member = town.member()
    page = open_page(member, javascript=javascript)
    go(page, path)
    watch.expect(422)
    write(page, "x" * (LIMIT + 1))
    text = page.get_by_label("Your post")
    expect(text).to_have_value("x" * (LIMIT + 1))
    expect(text).to_be_focused()
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#body-error")).to_contain_text("too long")
    assert "body-error" in (text.get_attribute("aria-describedby") or "")
    go(page, f"/user/{member}")
    expect(page.get_by_role("article")).to_have_count(0)


@both_ways
def test_empty_post_is_refused_in_words(town, open_page, watch, javascript):
    page = open_page(town.member(), javascript=javascript)
    go(page, "/write")
    watch.expect(422)
    write(page, "  \n ")
    expect(page.locator("#body-error")).to_contain_text("Write something first.")
    expect(page.get_by_label("Your post")).to_be_focused()


@both_ways
def test_lines_and_paragraphs_are_shown_as_they_were_written(town, open_page, javascript):
    page = open_page(town.member(), javascript=javascript)
    go(page, "/write")
    write(page, "one\ntwo\n\nthree <b>&amp;")
    body = page.locator(".post-body")
    expect(body.locator("p")).to_have_count(2)
    expect(body.locator("br")).to_have_count(1)
    expect(body).to_have_text(re.compile(r"one\s*two\s*three <b>&amp;"), use_inner_text=True)


def test_draft_survives_a_closed_tab_and_goes_away_after_posting(town, open_page):
    page = open_page(town.member())
    go(page, "/write")
    page.get_by_label("Your post").fill("Half a thought")
    page.close()
    page = page.context.new_page()
    go(page, "/")
    expect(page.get_by_label("Your post")).to_have_value("Half a thought")
    expect(page.locator(".counter-ring")).to_be_visible()
    press(page.get_by_role("button", name="Post", exact=True))
    expect(page.locator(".post-body")).to_have_text("Half a thought")
    for path in ("/", "/write"):
        go(page, path)
        expect(page.get_by_label("Your post")).to_have_value("")


def test_post_that_an_address_begins_leaves_the_draft_of_another_alone(town, open_page, watch):
    page = open_page(town.member())
    text = page.get_by_label("Your post")
    go(page, "/write")
    text.fill("Half a thought")
    go(page, "/write?text=%23tide")
    expect(text).to_have_value("#tide")
    watch.expect(422)
    write(page, "#tide" + "y" * LIMIT)
    expect(text).to_have_value("#tide" + "y" * LIMIT)
    go(page, "/write")
    expect(text).to_have_value("Half a thought")


def test_draft_that_was_emptied_does_not_come_back(town, open_page):
    page = open_page(town.member())
    go(page, "/write")
    page.get_by_label("Your post").fill("No")
    page.get_by_label("Your post").fill("")
    go(page, "/write")
    expect(page.get_by_label("Your post")).to_have_value("")


def test_draft_goes_away_after_posting_with_a_refusal_in_between(town, open_page, watch):
    page = open_page(town.member())
    go(page, "/write")
    watch.expect(422)
    write(page, "y" * (LIMIT + 1))
    write(page, "y" * LIMIT)
    expect(page.get_by_role("status").filter(has_text="published").first).to_be_visible()
    for path in ("/", "/write"):
        go(page, path)
        expect(page.get_by_label("Your post")).to_have_value("")


def test_refused_text_survives_a_closed_tab(town, open_page, watch):
    page = open_page(town.member())
    go(page, "/write")
    watch.expect(422)
    write(page, "z" * (LIMIT + 1))
    page.close()
    page = page.context.new_page()
    go(page, "/write")
    expect(page.get_by_label("Your post")).to_have_value("z" * (LIMIT + 1))


def test_what_was_changed_after_a_refusal_survives_a_closed_tab(town, open_page, watch):
    page = open_page(town.member())
    go(page, "/write")
    watch.expect(422)
    write(page, "z" * (LIMIT + 1))
    page.get_by_label("Your post").fill("Shorter, then.")
    page.close()
    page = page.context.new_page()
    go(page, "/write")
    expect(page.get_by_label("Your post")).to_have_value("Shorter, then.")


def test_draft_of_a_request_that_failed_outlives_what_succeeds_elsewhere(town, open_page, watch):
    author = town.member()
    post = town.post(author)
    page = open_page(town.member())
    other = page.context.new_page()
    go(page, "/write")
    page.route("**/write", lambda route: route.fulfill(status=503, body="Later."), times=1)
    watch.expect(503)
    page.get_by_label("Your post").fill("Not published yet")
    with page.expect_navigation():
        page.get_by_role("button", name="Post", exact=True).click()
    go(other, f"/post/{post}")
    reply(other, author, "Published")
    expect(other.get_by_role("status").filter(has_text="published").first).to_be_visible()
    go(page, "/write")
    expect(page.get_by_label("Your post")).to_have_value("Not published yet")


def test_draft_is_not_shown_to_the_next_member_in_the_same_browser(town, open_page):
    first, second = town.member(), town.member()
    page = open_page(first)
    go(page, "/write")
    page.get_by_label("Your post").fill("Between you and me")
    page.context.add_cookies([town.session_cookie(second)])
    go(page, "/write")
    expect(
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Profile")
    ).to_have_attribute("href", f"/user/{second}")
    expect(page.get_by_label("Your post")).to_have_value("")


def test_draft_of_a_change_stays_with_its_post(town, open_page):
    member = town.member()
    one, other = town.post(member, "One."), town.post(member, "Other.")
    page = open_page(member)
    go(page, f"/post/{one}/edit")
    page.get_by_label("Your post").fill("One, and more.")
    go(page, f"/post/{other}/edit")
    expect(page.get_by_label("Your post")).to_have_value("Other.")
    go(page, "/write")
    expect(page.get_by_label("Your post")).to_have_value("")
    go(page, f"/post/{one}/edit")
    expect(page.get_by_label("Your post")).to_have_value("One, and more.")


def test_old_draft_does_not_overwrite_a_text_changed_elsewhere(town, open_page):
    member = town.member()
    post = town.post(member, "First.")
    desk, pocket = open_page(member), open_page(member)
    go(desk, f"/post/{post}/edit")
    desk.get_by_label("Your post").fill("First, from the desk.")
    go(pocket, f"/post/{post}/edit")
    pocket.get_by_label("Your post").fill("First, from the pocket.")
    press(pocket.get_by_role("button", name="Save changes"))
    go(desk, f"/post/{post}/edit")
    expect(desk.get_by_label("Your post")).to_have_value("First, from the pocket.")


@crosswise
def test_double_click_on_post_makes_one_post(town, open_page, watch, javascript, path):
    member = town.member()
    page = open_page(member, javascript=javascript)
    go(page, path)
    page.get_by_label("Your post").fill("Once is enough.")
    watch.forgive("ERR_ABORTED")  # the second click takes the place of the first
    page.get_by_role("button", name="Post", exact=True).dblclick()
    expect(page.get_by_role("status").filter(has_text="published").first).to_be_visible()
    settle(page)
    go(page, f"/user/{member}")
    expect(page.locator(".post-body")).to_have_text(["Once is enough."])


@both_ways
def test_post_sent_again_because_the_answer_was_lost_is_one_post(
    town, open_page, watch, javascript
):
    member = town.member()
    page = open_page(member, javascript=javascript)
    go(page, "/write")
    arrived = []

    def lose_the_answer(route):
        arrived.append(route.fetch(max_redirects=0).status)
        route.abort("aborted")

    watch.forgive("ERR_ABORTED")
    page.route("**/write", lose_the_answer, times=1)
    page.get_by_label("Your post").fill("Once is enough.")
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Post", exact=True).click()
    assert arrived == [302], "the first of the two was not published"
    press(page.get_by_role("button", name="Post", exact=True))
    expect(page.get_by_role("status").filter(has_text="published").first).to_be_visible()
    go(page, f"/user/{member}")
    expect(page.locator(".post-body")).to_have_text(["Once is enough."])


def test_control_and_enter_send_the_post(town, open_page):
    page = open_page(town.member())
    go(page, "/write")
    page.get_by_label("Your post").fill("From the keyboard")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".post-body")).to_have_text("From the keyboard")


def test_text_is_kept_when_the_session_has_ended_meanwhile(town, open_page, watch):
    member = town.member()
    page, other = open_page(member), open_page(member)
    go(page, "/write")
    page.get_by_label("Your post").fill("Not to be lost")
    go(other, "/settings/sessions")
    press(other.get_by_role("button", name="Sign out everywhere else"))
    watch.expect(401)
    press(page.get_by_role("button", name="Post", exact=True))
    expect(page.get_by_label("What you wrote")).to_have_value("Not to be lost")
    page.context.add_cookies([town.session_cookie(member)])
    go(page, "/write")
    expect(page.get_by_label("Your post")).to_have_value("Not to be lost")


def test_field_grows_with_the_text(town, open_page):
    page = open_page(town.member())
    go(page, "/")
    text = page.get_by_label("Your post")
    before = text.bounding_box()["height"]
    text.fill("line\n" * 8)
    assert text.bounding_box()["height"] > before + 80


def test_what_was_posted_is_not_offered_again_to_who_goes_back(town, open_page):
    page = open_page(town.member())
    go(page, "/")
    write(page, "Once is enough.")
    page.go_back()
    settle(page)
    expect(page.get_by_label("Your post")).to_have_value("")
