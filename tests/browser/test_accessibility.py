"""axe-core on every page; and once more for what only shows after somebody did something."""

from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.acting import go, press, write
from tests.browser.conftest import DESKTOP, PHONE

axe = Axe()
SIGNED = pytest.mark.parametrize("signed", ["out", "in"])
LOOKS = (
    ("desktop", DESKTOP, "light"),
    ("phone", PHONE, "dark"),
    ("phone", PHONE, "light"),
    ("desktop", DESKTOP, "dark"),
)


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong with the page as it is now."""
    found = axe.run(page).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:120]} ({node['failureSummary']})"
        for rule in found
        for node in rule["nodes"]
    ]


def violations_in_a_look(page: Page, number: int) -> list[str]:
    """Judge a page in one of the four looks, another from page to page: all share one frame."""
    device, size, scheme = LOOKS[number % len(LOOKS)]
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    return [f"{device}, {scheme}: {wrong}" for wrong in violations(page)]


@SIGNED
def test_no_page_has_a_violation(open_page, places, watch, signed):
    paths = places.public
    if signed == "in":
        # What looks the same to a member is judged as visitors see it.
        alike = places.public.keys() - {"explore", "profile", "followers", "post"}
        paths = {name: path for name, path in places.own.items() if name not in alike}
    page = open_page(places.member if signed == "in" else None)
    found = {}
    for number, (name, path) in enumerate((paths | places.refused).items()):
        watch.expect(*places.statuses.get(name, ()))
        go(page, path)
        if wrong := violations_in_a_look(page, number):
            found[name] = wrong
    assert not found


@pytest.mark.thorough
def test_violations_would_be_found(open_page):
    page = open_page()
    go(page, "/")
    page.evaluate("document.querySelector('h1').style.color = '#eee'")
    page.evaluate("document.querySelector('main a').setAttribute('aria-label', ' ')")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    rules = {line.split(":")[0] for line in violations(page)}
    assert {"color-contrast", "image-alt"} <= rules


def refused_post(page: Page) -> None:
    go(page, "/write")
    write(page, "x" * 501)


def refused_profile(page: Page) -> None:
    go(page, "/edit_profile")
    page.get_by_label("Website").fill("not an address")
    press(page.get_by_role("button", name="Save"))


def refused_password(page: Page) -> None:
    go(page, "/settings/password")
    press(page.locator("main form").get_by_role("button").last)


def over_the_limit(page: Page) -> None:
    go(page, "/")
    page.get_by_label("Your post").fill("x" * 505)


def published(page: Page) -> None:
    go(page, "/")
    write(page, "A message follows.")


def people_to_name(page: Page) -> None:
    go(page, "/")
    page.get_by_label("Your post").press_sequentially("@gu")
    expect(page.get_by_role("option").first).to_be_visible()


def opened_menu(page: Page, selector: str) -> None:
    go(page, "/")
    page.locator(selector).first.click()
    expect(page.locator("details[open]")).to_have_count(1)


STATES = {
    "refused post": (refused_post, [422]),
    "refused profile": (refused_profile, [422]),
    "refused password": (refused_password, [422]),
    "over the limit": (over_the_limit, []),
    "published": (published, []),
    "people to name": (people_to_name, []),
    "menu of a post": (partial(opened_menu, selector=".post-menu summary"), []),
    "menu of the account": (partial(opened_menu, selector=".account summary"), []),
    "menu of languages": (partial(opened_menu, selector=".language summary"), []),
}


@pytest.mark.parametrize("state", STATES)
def test_no_state_has_a_violation(town, open_page, watch, state):
    reach, statuses = STATES[state]
    member = town.member()
    town.post(member)
    page = open_page(member)
    watch.expect(*statuses)
    reach(page)
    assert not violations_in_a_look(page, list(STATES).index(state))


@pytest.mark.parametrize("path", ["/auth/login", "/auth/register"])
def test_no_refused_form_of_a_visitor_has_a_violation(open_page, watch, path):
    page = open_page()
    go(page, path)
    watch.expect(422)
    press(page.locator("main form button[type=submit]"))
    expect(page.locator(".field-error").first).to_be_visible()
    assert not violations_in_a_look(page, len(path))
