"""What a person does with a page in the browser."""

import pytest
from playwright.sync_api import Locator, Page

both_ways = pytest.mark.parametrize(
    "javascript", [True, False], ids=["with JavaScript", "without JavaScript"]
)
every_size = pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])

# Importing a behaviour once more waits until the page's own import of it has bound it.
BEHAVIOURS_BOUND = """async () => {
  const main = document.querySelector("script[type=module]").src;
  const marked = [...document.querySelectorAll("[data-behavior]")];
  const names = new Set(marked.flatMap((element) => element.dataset.behavior.split(" ")));
  await Promise.all([...names].map((name) => import(new URL(`behaviors/${name}.js`, main))));
}"""


def go(page: Page, path: str) -> None:
    """Open a page of the site; returns when its scripts have done their part."""
    page.goto(path)
    settle(page)


def settle(page: Page) -> None:
    """Wait until every behaviour that the page asks for is bound (at once without JavaScript)."""
    page.wait_for_load_state()
    if has_scripts(page):
        page.evaluate(BEHAVIOURS_BOUND)


def has_scripts(page: Page) -> bool:
    """Tell whether JavaScript is on for this page."""
    return page.evaluate("matchMedia('(scripting: enabled)').matches")


def press(target: Locator) -> None:
    """Click on something that leads to another page (or to this one anew), and wait for it."""
    with target.page.expect_navigation():
        target.click()
    settle(target.page)


def write(page: Page, text: str) -> None:
    """Write into the composer of this page and send it."""
    page.get_by_label("Your post").fill(text)
    press(page.get_by_role("button", name="Post", exact=True))


def card(page: Page, text: str) -> Locator:
    """Return the post that says this."""
    return page.get_by_role("article").filter(has_text=text)


def choose(page: Page, text: str, entry: str) -> None:
    """Open the menu of the post that says this, and follow one of its links."""
    card(page, text).locator("summary").click()
    press(card(page, text).get_by_role("link", name=entry))


def reply(page: Page, name: str, text: str) -> None:
    """Answer the post of somebody that this page is about."""
    page.get_by_label(f"Reply to {name}", exact=True).fill(text)
    press(page.get_by_role("button", name="Reply", exact=True))


def badge(page: Page, place: str) -> Locator:
    """Return the way to a place in the navigation; its name tells what is unread there."""
    return page.get_by_role("navigation", name="Main").get_by_role("link", name=place)


def enter(page: Page, place: str) -> None:
    """Go to a place by the navigation."""
    press(badge(page, place))
