"""Colours and languages: what a reader chooses stays chosen."""

from datetime import timedelta

from playwright.sync_api import expect

from app.clock import utcnow
from tests.browser.acting import both_ways, every_size, go, has_scripts, press

LIGHT, DARK = "rgb(251, 249, 245)", "rgb(18, 24, 30)"
PAPER = "getComputedStyle(document.documentElement).backgroundColor"


def use_theme(page, label):
    """Press one of the theme switch's buttons, and wait until the server knows."""
    button = page.get_by_role("group", name="Colours").get_by_role("button", name=label)
    if has_scripts(page):
        with page.expect_response("**/preferences"):
            button.click()
    else:
        press(button)


@every_size
@both_ways
def test_chosen_colours_stay_on_the_next_pages(town, open_page, javascript, phone):
    # A visitor with a phone, a member at a desk.
    member = None if phone else town.member()
    page = open_page(member, javascript=javascript, phone=phone)
    go(page, "/explore?lang=xx")
    assert page.evaluate(PAPER) == LIGHT
    use_theme(page, "Dark")
    expect(page).to_have_url(f"{town.url}/explore?lang=xx")
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Light")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate(PAPER) == DARK
    go(page, "/")
    assert page.evaluate(PAPER) == DARK
    use_theme(page, "Light")
    page.emulate_media(color_scheme="dark")
    go(page, "/explore")
    assert page.evaluate(PAPER) == LIGHT


@both_ways
def test_colours_follow_the_system_until_chosen_and_again_afterwards(open_page, javascript):
    page = open_page(javascript=javascript, dark=True)
    go(page, "/")
    assert page.evaluate(PAPER) == DARK
    page.emulate_media(color_scheme="light")
    assert page.evaluate(PAPER) == LIGHT
    use_theme(page, "Dark")
    assert page.evaluate(PAPER) == DARK
    use_theme(page, "As on this device")
    assert page.evaluate(PAPER) == LIGHT
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(PAPER) == DARK
    go(page, "/explore")
    assert page.evaluate(PAPER) == DARK


def test_colour_of_the_browser_frame_is_the_same_with_and_without_a_script(open_page):
    with_script, without = open_page(), open_page(javascript=False)
    for page in (with_script, without):
        go(page, "/")
        use_theme(page, "Dark")
    colours = "[...document.querySelectorAll('meta[name=theme-color]')].map((m) => m.content)"
    rgb = (
        "(c) => { const d = document.createElement('i'); d.style.color = c; return d.style.color; }"
    )
    shown = [
        [page.evaluate(rgb, c) for c in page.evaluate(colours)] for page in (with_script, without)
    ]
    assert shown == [[DARK, DARK], [DARK, DARK]]
    scheme = "document.querySelector('meta[name=color-scheme]').content"
    assert [page.evaluate(scheme) for page in (with_script, without)] == ["dark", "dark"]


def choose_language(page, name):
    page.locator(".language summary").click()
    press(page.locator(".language").get_by_role("button", name=name))


@both_ways
def test_language_chosen_in_the_footer_stays(town, open_page, javascript):
    page = open_page(javascript=javascript)
    go(page, "/explore")
    expect(page.get_by_role("heading", level=1)).to_have_text("Explore")
    choose_language(page, "Español")
    expect(page).to_have_url(f"{town.url}/explore")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Explore")
    go(page, "/auth/login")
    expect(page.get_by_label("Contraseña", exact=True)).to_be_visible()
    choose_language(page, "English")
    expect(page.get_by_label("Password", exact=True)).to_be_visible()


def test_language_of_a_member_is_the_same_on_another_device(town, open_page):
    member = town.member()
    here, there = open_page(member), open_page(member)
    go(here, "/")
    choose_language(here, "Español")
    go(there, "/")
    expect(there.locator("html")).to_have_attribute("lang", "es")


def test_page_comes_in_the_language_that_the_browser_asks_for(open_page):
    page = open_page(locale="es-MX")
    go(page, "/")
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_counter_and_times_speak_the_language_of_the_page(town, open_page):
    member = town.member(locale="es")
    town.post(member, at=utcnow() - timedelta(hours=3))
    page = open_page(member)
    go(page, "/")
    expect(page.locator("article time")).to_have_text("hace 3 horas")
    page.locator("textarea").fill("x" * 490)
    expect(page.locator(".counter-words")).to_contain_text("10")
    expect(page.locator(".counter-words")).not_to_contain_text("Characters")


def test_each_text_runs_in_its_own_direction(town, open_page):
    author = town.member()
    for text in ("صباح الخير من الميناء", "Good morning", "שלום לכולם"):
        town.post(author, text)
    page = open_page()
    go(page, f"/user/{author}")
    shown = page.locator(".post-body p").evaluate_all(
        "(texts) => texts.map((text) => getComputedStyle(text).direction)"
    )
    assert shown == ["rtl", "ltr", "rtl"]
