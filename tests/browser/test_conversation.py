"""Three people talk in public and in private, and two of them fall out."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import badge, both_ways, card, choose, enter, go, press, reply, write

PEOPLE = ("Ana", "Bob", "Carla")
SAYING = "Who comes to the quay,"
GAP = "A post that was deleted or is hidden from you"


@pytest.fixture
def three(town, open_page, javascript):
    """Return a page for each of the three, and what their usernames end with."""
    end = town.member().removeprefix("guest")
    names = [town.member(f"{name.lower()}{end}", display_name=name) for name in PEOPLE]
    return *(open_page(name, javascript=javascript) for name in names), end


def talk(ana, bob):
    """Let Ana write and Bob answer; she has her post before her then, and he his answer."""
    go(ana, "/write")
    write(ana, SAYING)
    press(card(ana, SAYING).locator("[data-permalink]"))
    go(bob, ana.url)
    reply(bob, "Ana", "I do.")


def deed(page, text, name):
    """Return a button below the post that says this."""
    return card(page, text).get_by_role("button", name=f"{name} the post by")


def do(page, text, *names, on=True):
    """Press buttons below a post: each says at once that it is pressed, or no longer."""
    for name in names:
        deed(page, text, name).click()
        expect(deed(page, text, name)).to_have_attribute("aria-pressed", "true" if on else "false")


def unread(page, place, count):
    """Expect that the way to a place tells how much is unread there."""
    expect(badge(page, place)).to_have_accessible_name(re.compile(f"{count} unread"))


@both_ways
def test_post_is_found_answered_passed_on_and_kept(three, javascript):
    ana, bob, carla, end = three
    go(ana, "/")
    text = ana.get_by_label("Your post")
    text.press_sequentially(f"{SAYING} @bob{end}")
    if javascript:
        ana.get_by_role("option", name=f"@bob{end}").click()
    text.press_sequentially(f" #quay{end}")
    press(ana.get_by_role("button", name="Post", exact=True))

    go(bob, "/explore")
    unread(bob, "Notifications", 1)
    enter(bob, "Notifications")
    press(bob.get_by_role("link", name="Ana mentioned you"))
    do(bob, SAYING, "Like")
    reply(bob, "Ana", "I do.")

    go(carla, f"/tag/quay{end}")
    carla.get_by_role("button", name=f"Follow #quay{end}").click()
    expect(carla.get_by_role("button", name=f"Unfollow #quay{end}")).to_be_visible()
    enter(carla, "Home")
    do(carla, SAYING, "Like", "Repost", "Bookmark")
    expect(card(carla, SAYING).locator(".post-action-count")).to_have_text(["1", "1", "2"])
    press(card(carla, SAYING).locator("[data-permalink]"))
    press(card(carla, "I do.").get_by_role("link", name="Reply to the post by Bob"))
    reply(carla, "Bob", "Me too.")

    go(ana, "/")
    unread(ana, "Notifications", 3)
    enter(ana, "Notifications")
    for told in ("Carla and Bob liked", "Carla reposted", "Bob replied to"):
        expect(ana.get_by_role("link", name=f"{told} your post")).to_be_visible()
    press(ana.get_by_role("link", name="Carla and Bob liked your post"))
    expect(ana.locator(".post-body")).to_contain_text([SAYING, "I do.", "Me too."])

    enter(carla, "Bookmarks")
    press(card(carla, SAYING).locator("[data-permalink]"))
    do(carla, SAYING, "Like", "Repost", "Bookmark", on=False)
    enter(carla, "Bookmarks")
    expect(carla.get_by_role("heading", name="No bookmarks yet")).to_be_visible()
    enter(ana, "Notifications")
    expect(ana.get_by_role("link", name="Bob liked your post")).to_be_visible()
    expect(ana.get_by_role("link", name="Carla")).to_have_count(0)


@both_ways
def test_answer_stays_below_the_gap_that_a_deleted_one_leaves(three):
    ana, bob, carla, _end = three
    talk(ana, bob)
    go(carla, bob.url)
    reply(carla, "Bob", "Me too.")
    choose(bob, "I do.", "Delete")
    press(bob.get_by_role("button", name="Delete post"))
    go(ana, ana.url)
    gap = ana.get_by_text(GAP)
    expect(gap).to_be_visible()
    assert gap.bounding_box()["y"] < card(ana, "Me too.").bounding_box()["y"]


@both_ways
def test_private_message_waits_is_answered_and_waits_no_longer(three, javascript):
    ana, _bob, carla, end = three
    go(ana, f"/user/carla{end}")
    press(ana.get_by_role("link", name="Message Carla"))
    ana.get_by_label("Message to Carla").fill("Between us: bread at six.")
    press(ana.get_by_role("button", name="Send"))

    go(carla, "/")
    unread(carla, "Messages", 1)
    enter(carla, "Messages")
    press(carla.get_by_role("link", name=re.compile("Ana.*bread at six", re.DOTALL)))
    if not javascript:
        press(carla.get_by_role("button", name="Mark as read"))
    expect(badge(carla, "Messages").locator("[data-unread]")).to_be_hidden()
    carla.get_by_label("Message to Ana").fill("I bring butter.")
    press(carla.get_by_role("button", name="Send"))

    go(ana, "/messages")
    unread(ana, "Messages", 1)
    expect(ana.get_by_role("link", name=re.compile("Carla.*butter", re.DOTALL))).to_be_visible()


@both_ways
def test_muted_leaves_home_and_blocked_finds_nothing(three, watch):
    ana, bob, carla, end = three
    talk(ana, bob)

    answer = bob.url
    enter(bob, "Home")
    write(bob, "Low tide at noon.")

    go(carla, f"/user/bob{end}")
    carla.get_by_role("main").get_by_role("button", name="Follow Bob").click()
    expect(carla.get_by_role("button", name="Unfollow Bob")).to_be_visible()
    enter(carla, "Home")
    choose(carla, "Low tide", "Mute Bob")
    carla.get_by_label("For how long?").select_option("A week")
    press(carla.get_by_role("button", name="Mute"))
    expect(carla).to_have_url(re.compile("/$"))
    expect(card(carla, "Low tide")).to_have_count(0)
    go(carla, "/settings/muted")
    expect(carla.get_by_role("listitem").filter(has_text="Bob")).to_contain_text("Muted until")

    go(ana, ana.url)
    choose(ana, "I do.", "Block Bob")
    press(ana.get_by_role("button", name="Block"))
    expect(ana.get_by_text("You have blocked Bob. Neither")).to_be_visible()
    go(bob, answer)
    expect(card(bob, "I do.")).to_be_visible()
    expect(bob.get_by_text(GAP)).to_be_visible()
    watch.expect(404)
    go(bob, f"/user/ana{end}")
    expect(bob.get_by_role("main")).not_to_contain_text("Ana")
