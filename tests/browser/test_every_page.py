"""Each page of the site, for visitors and for a member: quiet, within the window, nothing moves."""

import re

import pytest

from tests.browser.acting import go, settle

WIDTHS = (320, 390, 800, 1280)
SIGNED = pytest.mark.parametrize("signed", ["out", "in"])

# What reaches beyond the window, unless something around it holds it back on purpose.
BEYOND_THE_WINDOW = """() => {
  const width = document.documentElement.clientWidth;
  const held = (element) => {
    for (let box = element; box && box !== document.body; box = box.parentElement) {
      if (getComputedStyle(box).overflowX !== "visible") return true;
    }
    return false;
  };
  const out = [...document.querySelectorAll("body *")].filter((element) => {
    const { left, right, height } = element.getBoundingClientRect();
    return height > 1 && (right > width + 1 || left < -1) && !held(element);
  }).map((element) => element.outerHTML.slice(0, 80));
  if (document.documentElement.scrollWidth > width) out.push(`the page is wider than ${width}`);
  return out.slice(0, 5);
}"""
# What moved since the whole page was there; a busy machine may paint the half of it before.
SHIFTS = """() => new Promise((resolve) => {
  const moved = [];
  const { domInteractive } = performance.getEntriesByType("navigation")[0];
  const add = (list) => {
    for (const { value, sources, startTime } of list.getEntries()) {
      if (startTime < domInteractive) continue;
      const names = sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? node?.textContent);
      moved.push(`${value.toFixed(6)}: ${names.join(", ")}`);
    }
  };
  new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(moved), 300);
})"""


def visits(places, signed):
    """Return who looks, and the paths by name."""
    paths = places.own if signed == "in" else places.public
    return (places.member if signed == "in" else None), paths


def test_no_page_is_forgotten(town, places):
    paths = [*places.own.values(), *places.public.values()]
    routes = town.app.url_map.bind("127.0.0.1")
    seen = {routes.match(path.split("?")[0])[0] for path in paths}
    pages = {rule.endpoint for rule in town.app.url_map.iter_rules() if "GET" in rule.methods}
    files = {"static", "main.download_export", "main.healthz", "main.readyz"}
    files |= {"main.suggest", "main.unread_counts"}
    parts_of_pages = {"main.user_popup", "main.post_card"}
    assert seen == pages - files - parts_of_pages


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("signed", "javascript"),
    [("in", True), ("out", False)],
    ids=["in, with JavaScript", "out, without JavaScript"],
)
def test_nothing_reaches_beyond_the_window(open_page, places, watch, signed, javascript):
    member, paths = visits(places, signed)
    page = open_page(member, javascript=javascript)
    found = {}
    for name, path in (paths | places.refused).items():
        watch.expect(*places.statuses.get(name, ()))
        go(page, path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            if out := page.evaluate(BEYOND_THE_WINDOW):
                found[f"{name} at {width}"] = out
    assert not found


def test_something_beyond_the_window_would_be_seen(open_page):
    page = open_page()
    go(page, "/")
    page.evaluate("document.querySelector('h1').style.width = '3000px'")
    assert page.evaluate(BEYOND_THE_WINDOW)


def go_with_late_scripts(page, path):
    """Open a page whose behaviours arrive only after it has been painted, as on a slow line."""
    held, painted = [], []

    def hold(route):
        if painted:
            route.continue_()
        else:
            held.append(route)

    page.route("**/behaviors/*.js", hold)
    page.goto(path)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
    for _look in range(40):
        if held:
            break
        page.wait_for_timeout(50)
    assert held, "no behaviour was held back"
    painted.append(True)
    for route in held:
        route.continue_()
    settle(page)


@pytest.mark.parametrize(
    ("signed", "phone"), [("in", True), ("out", False)], ids=["in, phone", "out, desktop"]
)
def test_nothing_moves_after_it_appeared(open_page, places, signed, phone):
    page = open_page(places.member if signed == "in" else None, phone=phone)
    moved = {}
    for path in places.still[signed]:
        go_with_late_scripts(page, path)
        page.unroute_all()
        if shift := page.evaluate(SHIFTS):
            moved[path] = shift
    assert not moved
    page.evaluate("document.querySelector('main').style.marginTop = '200px'")
    assert page.evaluate(SHIFTS), "a real shift goes unnoticed"


@SIGNED
def test_every_page_has_one_heading_of_its_own_and_a_title(open_page, places, signed):
    member, paths = visits(places, signed)
    request = open_page(member).request
    for name, path in paths.items():
        text = request.get(path).text()
        assert text.count("<h1") == 1, name
        assert re.search(r"<title>(\S.* · )?Microblog</title>", text), name
