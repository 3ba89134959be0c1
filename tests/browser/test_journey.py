"""The main job, done by people: write, follow, read, change, delete."""

import re

from playwright.sync_api import expect

from tests.browser.acting import both_ways, card, choose, go, press, write
from tests.factories import PASSWORD


@both_ways
def test_newcomer_joins_posts_follows_reads_edits_deletes_and_leaves(
    town, open_page, watch, javascript
):
    name = f"newcomer{int(javascript)}"
    smell = f"The pier smells of tar, {name}."
    author = town.member(display_name="Olga of the pier")
    town.post(author, smell)
    page = open_page(javascript=javascript)

    go(page, "/")
    press(page.get_by_role("main").get_by_role("link", name="Join"))
    page.get_by_label("Username").fill(name)
    page.get_by_label("E-mail address").fill(f"{name}@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page.get_by_role("button", name="Join"))
    expect(page.get_by_role("status").filter(has_text="Welcome")).to_be_visible()

    write(page, f"Hello, I am {name}.")
    expect(page).to_have_url(f"{town.url}/")
    expect(page.get_by_role("status").filter(has_text="published")).to_be_visible()
    expect(page.get_by_label("Your post")).to_have_value("")
    expect(card(page, smell)).to_have_count(0)

    press(page.get_by_role("navigation", name="Main").get_by_role("link", name="Explore"))
    press(card(page, smell).get_by_role("link", name=re.compile("^Olga")))
    page.get_by_role("main").get_by_role("button", name="Follow Olga of the pier").click()
    expect(page.get_by_role("button", name="Unfollow Olga of the pier")).to_be_visible()
    expect(page.get_by_role("link", name="1 follower")).to_be_visible()

    press(page.get_by_role("navigation", name="Main").get_by_role("link", name="Home"))
    expect(page.locator(".post-body")).to_have_text([f"Hello, I am {name}.", smell])

    choose(page, f"Hello, I am {name}.", "Edit")
    expect(page.get_by_label("Your post")).to_have_value(f"Hello, I am {name}.")
    page.get_by_label("Your post").fill("Hello, it is me.")
    press(page.get_by_role("button", name="Save changes"))
    expect(page).to_have_url(re.compile(r"/post/\d+$"))
    expect(page.get_by_role("article")).to_contain_text("Hello, it is me.")
    expect(page.get_by_role("article")).to_contain_text("Edited")
    permalink = page.url

    choose(page, "Hello, it is me.", "Delete")
    press(page.get_by_role("button", name="Delete post"))
    expect(page).to_have_url(f"{town.url}/user/{name}")
    expect(page.get_by_role("status").filter(has_text="deleted")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(0)
    watch.expect(404)
    page.goto(permalink)
    expect(page.get_by_role("article")).to_have_count(0)

    go(page, "/")
    page.locator(".account summary").click()
    press(page.get_by_role("button", name="Sign out"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Short posts")
    page.goto("/write")
    expect(page).to_have_url(f"{town.url}/auth/login?next=/write")


def test_of_three_people_only_the_follower_reads_at_home(town, open_page):
    writer, reader, stranger = (town.member() for _ in range(3))
    town.follow(reader, writer)
    writing, reading, elsewhere = map(open_page, (writer, reader, stranger))
    go(writing, "/write")
    write(writing, "Bread at six.")

    go(reading, "/")
    go(elsewhere, "/")
    expect(card(reading, "Bread at six.")).to_be_visible()
    expect(card(elsewhere, "Bread at six.")).to_have_count(0)
    go(elsewhere, "/explore")
    expect(card(elsewhere, "Bread at six.")).to_be_visible()

    choose(writing, "Bread at six.", "Edit")
    writing.get_by_label("Your post").fill("Bread at seven.")
    press(writing.get_by_role("button", name="Save changes"))
    go(reading, "/")
    expect(card(reading, "Bread at seven.")).to_contain_text("Edited")
    expect(reading.get_by_text("Bread at six.")).to_have_count(0)

    choose(writing, "Bread at seven.", "Delete")
    press(writing.get_by_role("button", name="Delete post"))
    go(reading, "/")
    expect(reading.get_by_text("Bread at seven.")).to_have_count(0)


def test_nobody_else_is_offered_to_change_a_post(town, open_page):
    writer, reader = town.member(), town.member()
    post = town.post(writer)
    page = open_page(reader)
    go(page, f"/post/{post}")
    page.get_by_role("article").locator("summary").click()
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    expect(page.get_by_role("link", name="Edit")).to_have_count(0)
    expect(page.get_by_role("link", name="Delete")).to_have_count(0)


@both_ways
def test_keeping_a_post_after_all_keeps_it(town, open_page, javascript):
    writer = town.member()
    post = town.post(writer, "Nearly gone.")
    page = open_page(writer, javascript=javascript)
    go(page, f"/post/{post}/delete")
    press(page.get_by_role("link", name="Keep it"))
    expect(card(page, "Nearly gone.")).to_be_visible()


@both_ways
def test_sign_in_leads_on_to_the_page_that_was_asked_for(town, open_page, watch, javascript):
    member = town.member()
    page = open_page(javascript=javascript)
    go(page, "/settings/sessions")
    page.get_by_label("Username").fill(member)
    page.get_by_label("Password", exact=True).fill("not the password")
    watch.expect(422)
    press(page.get_by_role("button", name="Sign in"))
    expect(page.get_by_label("Username")).to_have_value(member)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page.get_by_role("button", name="Sign in"))
    expect(page).to_have_url(f"{town.url}/settings/sessions")
    expect(page.get_by_text("This device", exact=True)).to_be_visible()


@both_ways
def test_registration_keeps_what_was_typed_and_leads_to_the_first_mistake(
    town, open_page, watch, javascript
):
    taken = town.member()
    page = open_page(javascript=javascript)
    go(page, "/auth/register")
    page.get_by_label("Username").fill(taken)
    page.get_by_label("E-mail address").fill("nobody")
    page.get_by_label("Password", exact=True).fill("password")
    watch.expect(422)
    press(page.get_by_role("button", name="Join"))
    expect(page.get_by_label("Username")).to_have_value(taken)
    expect(page.get_by_label("E-mail address")).to_have_value("nobody")
    expect(page.get_by_label("Username")).to_be_focused()
    for label in ("Username", "E-mail address", "Password"):
        field = page.get_by_label(label, exact=True)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f"#{field.get_attribute('id')}-error")).to_be_visible()


def test_session_ended_elsewhere_ends_here(town, open_page):
    member = town.member()
    here, there = open_page(member), open_page(member)
    go(there, "/")
    go(here, "/settings/sessions")
    expect(here.locator(".device")).to_have_count(2)
    press(here.get_by_role("button", name="Sign out everywhere else"))
    expect(here.locator(".device")).to_have_count(1)
    go(there, "/")
    expect(there.get_by_role("main").get_by_role("link", name="Join")).to_be_visible()
