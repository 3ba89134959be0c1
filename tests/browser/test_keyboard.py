"""Keyboard and finger: everything can be reached, and one sees where one is."""

import pytest
from playwright.sync_api import expect

from tests.browser.acting import every_size, go


@pytest.mark.parametrize(
    ("javascript", "phone"),
    [(True, False), (False, True)],
    ids=["desktop, with JavaScript", "phone, without JavaScript"],
)
def test_skip_link_leads_past_the_navigation(town, open_page, javascript, phone):
    page = open_page(town.member(), javascript=javascript, phone=phone)
    go(page, "/explore")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


FOCUS = """() => {
  const focused = document.activeElement;
  const ring = focused.matches("textarea") ? focused.closest(".composer-box") : focused;
  const { outlineStyle, outlineWidth } = getComputedStyle(ring);
  const box = focused.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    name: focused.outerHTML.slice(0, 100),
    last: focused === document.body,
    ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    uncovered: top !== null && (focused.contains(top) || ring.contains(top)),
  };
}"""


@every_size
@pytest.mark.parametrize("path", ["/", "/settings"])
def test_focus_is_always_visible(town, open_page, path, phone):
    member, friend = town.member(), town.member()
    town.follow(member, friend)
    for number in range(6):
        town.post(friend, f"Something to read, number {number}. " * 8)
    page = open_page(member, phone=phone)
    go(page, path)
    faults, stops = [], 0
    for _ in range(40):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop["last"]:
            break
        stops += 1
        if not (stop["ring"] and stop["uncovered"]):
            faults.append(stop)
    assert stops > 8, "nothing to stop at"
    assert not faults


def test_pointer_leaves_no_ring_on_a_button(town, open_page):
    page = open_page(town.member())
    go(page, "/")
    page.locator(".account summary").click()
    assert not page.evaluate(FOCUS)["ring"]


# A finger needs 44 px. A button may look smaller: what counts is where a touch still reaches it.
SMALL_TARGETS = """() => {
  const targets = "button, summary, .button, .nav-link, .nav-write, .tab, .row";
  const reached = (target, x, y) => target.contains(document.elementFromPoint(x, y));
  return [...document.querySelectorAll(targets)]
    .filter((target) => target.checkVisibility())
    .filter((target) => {
      target.scrollIntoView({ block: "center" });
      const { x, y, width, height } = target.getBoundingClientRect();
      const [middleX, middleY] = [x + width / 2, y + height / 2];
      return !(width >= 43.5 || reached(target, middleX - 21.5, middleY))
        || !(height >= 43.5 || reached(target, middleX, middleY - 21.5))
        || !(height >= 43.5 || reached(target, middleX, middleY + 21.5));
    })
    .map((target) => target.className);
}"""


def test_targets_on_a_phone_are_large_enough(places, open_page):
    page = open_page(places.member, phone=True)
    small = set()
    for path in ("/", f"/user/{places.author}", "/settings", f"/user/{places.author}/followers"):
        go(page, path)
        small.update(page.evaluate(SMALL_TARGETS))
    assert not small
