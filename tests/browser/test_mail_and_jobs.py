"""What goes by mail and what takes a while: the message is one that a mail server received."""

import json
import re
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

from app.clock import utcnow
from tests.browser.acting import both_ways, card, go, press
from tests.factories import PASSWORD
from tests.working import links_in

NEW_PASSWORD = "gulls over the harbour wall"
# The list of jobs is fetched every two seconds; a job may take a moment.
JOB_TAKES_MS = 20_000


def follow(page: Page, message: EmailMessage) -> str:
    """Open the link of a message and return it."""
    link = links_in(message)[0]
    go(page, link)
    return link


def address_of(member: str) -> str:
    return f"{member}@example.com"


def is_signed_in(page: Page) -> bool:
    go(page, "/settings")
    return "/auth/login" not in page.url


def fill_in_login(page: Page, member: str, password: str) -> None:
    page.get_by_label("Username").fill(member)
    page.get_by_label("Password", exact=True).fill(password)
    press(page.get_by_role("button", name="Sign in"))


@both_ways
def test_forgotten_password_is_replaced_by_a_link_that_works_once(
    town, open_page, post_office, watch, javascript
):
    member = town.member()
    elsewhere, page = open_page(member), open_page(javascript=javascript)
    assert is_signed_in(elsewhere)
    go(page, "/auth/login")
    press(page.get_by_role("link", name="Forgot your password?"))
    page.get_by_label("E-mail address").fill("nobody")
    watch.expect(422)
    press(page.get_by_role("button", name="Send me a link"))
    expect(page.locator(".field-error")).to_be_visible()
    page.get_by_label("E-mail address").fill(f" {address_of(member).upper()} ")
    press(page.get_by_role("button", name="Send me a link"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")

    message = post_office.wait_for(address_of(member))
    link = follow(page, message)
    assert link.startswith(f"{town.url}/auth/reset_password/")
    expect(page.get_by_text(f"@{member}")).to_be_visible()
    page.get_by_label("New password").fill("password")
    watch.expect(422)
    press(page.get_by_role("button", name="Set new password"))
    expect(page.locator(".field-error")).to_be_visible()
    page.get_by_label("New password").fill(NEW_PASSWORD)
    press(page.get_by_role("button", name="Set new password"))
    expect(page).to_have_url(f"{town.url}/auth/login")
    expect(page.get_by_role("status").filter(has_text="password is changed")).to_be_visible()
    assert not is_signed_in(elsewhere)

    watch.expect(422)
    fill_in_login(page, member, PASSWORD)
    fill_in_login(page, member, NEW_PASSWORD)
    expect(page).to_have_url(f"{town.url}/")
    watch.expect(410)
    follow(page, message)
    expect(page.get_by_role("heading", level=1)).to_have_text("That link has expired")
    press(page.get_by_role("link", name="Ask for a new one"))
    notice = post_office.wait_for(address_of(member), 2)
    assert links_in(notice)[0] == f"{town.url}/auth/reset_password_request"


def test_html_of_a_message_leads_to_the_same_page(town, open_page, post_office):
    member = town.member()
    page = open_page()
    go(page, "/auth/reset_password_request")
    page.get_by_label("E-mail address").fill(address_of(member))
    press(page.get_by_role("button", name="Send me a link"))
    message = post_office.wait_for(address_of(member))
    shown = open_page()
    shown.set_content(message.get_body(("html",)).get_content())
    links = shown.locator("a").evaluate_all("(links) => links.map((link) => link.href)")
    assert links_in(message)[0] in links
    assert all(link.startswith(town.url) for link in links)


@both_ways
def test_copy_of_ones_data_is_made_told_and_downloaded(
    town, open_page, post_office, chromium, tmp_path, javascript
):
    member, friend = town.member(), town.member()
    for number in range(3):
        town.post(member, f"Boat number {number} is in.")
    town.follow(member, friend)
    page = open_page(member, javascript=javascript)
    go(page, "/settings")
    press(page.get_by_role("link", name="Your data"))
    press(page.get_by_role("button", name="Export my data"))
    expect(page.get_by_role("status").filter(has_text="We are making your copy")).to_be_visible()
    download = page.get_by_role("link", name="Download")
    if javascript:
        page.evaluate("window.sameAsBefore = true")
        expect(download).to_be_visible(timeout=JOB_TAKES_MS)
        assert page.evaluate("window.sameAsBefore"), "the page was loaded anew"
        expect(page.locator("#jobs-news")).to_have_text("Your data is ready.")
    post_office.wait_for(address_of(member))
    if not javascript:
        page.reload()
    expect(page.get_by_role("progressbar")).to_have_count(0)

    with page.expect_download() as begun:
        download.click()
    assert re.fullmatch(rf"{member}-\d{{4}}-\d\d-\d\d\.zip", begun.value.suggested_filename)
    begun.value.save_as(tmp_path / "copy.zip")
    with ZipFile(tmp_path / "copy.zip") as archive:
        posts = json.loads(archive.read("data/posts.json"))
        archive.extractall(tmp_path / "copy")
    assert [post["text"] for post in posts] == [f"Boat number {n} is in." for n in (2, 1, 0)]
    assert links_in(post_office.wait_for(address_of(member)))[0] == f"{town.url}/settings/jobs"
    read_from_disk(chromium, tmp_path / "copy")


def read_from_disk(chromium: Browser, folder: Path) -> None:
    """Read the pages of a copy as they lie there, without the site and without a line."""
    context = chromium.new_context(offline=True)
    elsewhere = []
    page = context.new_page()
    page.on("request", lambda request: elsewhere.append(request.url))
    page.goto((folder / "index.html").as_uri())
    page.get_by_role("link", name=re.compile("post", re.IGNORECASE)).first.click()
    expect(page.get_by_text("Boat number 1 is in.")).to_be_visible()
    context.close()
    assert elsewhere
    assert all(url.startswith(folder.as_uri()) for url in elsewhere), elsewhere


@pytest.fixture
def half_done(town):
    """Return a member, and a function that changes their export, which no worker touches."""
    from app.exports.copies import KIND
    from app.exports.models import ExportPart
    from app.jobs.models import Job, JobState

    member = town.member()
    with town.context() as db:
        user_id = town.find(member).id
        later = utcnow() + timedelta(days=1)
        job = Job(kind=KIND, user_id=user_id, state=JobState.WAITING, due_at=later)
        db.session.add(job)
        db.session.commit()
        job_id = job.id

    def change(**columns: object) -> None:
        with town.context() as db:
            job = db.session.get_one(Job, job_id)
            for name, value in columns.items():
                setattr(job, name, value)
            if job.state == JobState.DONE:
                db.session.add(ExportPart(job_id=job_id, number=0, content=b"a copy"))
            db.session.commit()

    return member, change


@both_ways
def test_progress_is_shown_live_with_scripts_and_by_reload_without(
    town, open_page, half_done, javascript
):
    member, change = half_done
    page = open_page(member, javascript=javascript)
    go(page, "/settings/jobs")
    bar, state = page.get_by_role("progressbar"), page.locator("[id$=-state]")
    assert bar.get_attribute("value") is None

    def look() -> None:
        if not javascript:
            page.reload()

    for done in (300, 900):
        change(state="running", attempts=1, progress_done=done, progress_total=1200)
        look()
        expect(bar).to_have_js_property("value", done)
        expect(bar).to_have_js_property("max", 1200)
        expect(state).to_have_text(f"{done} of 1,200 done")
    change(state="done", due_at=None, finished_at=utcnow())
    look()
    expect(page.get_by_role("link", name="Download")).to_be_visible()
    expect(bar).to_have_count(0)


def test_page_asks_no_more_when_nothing_is_left_to_wait_for(town, open_page, half_done):
    member, change = half_done
    page = open_page(member)
    asked = []
    page.on("request", lambda request: request.resource_type == "fetch" and asked.append(request))
    go(page, "/settings/jobs")
    change(state="failed", attempts=5, due_at=None, finished_at=utcnow())
    expect(page.get_by_text("could not be put together")).to_have_count(2)
    heard = len(asked)
    assert heard
    page.wait_for_timeout(3_000)
    assert len(asked) == heard


def test_address_is_changed_once_confirmed_and_can_be_taken_back(town, open_page, post_office):
    member = town.member()
    old, new = address_of(member), f"new-{address_of(member)}"
    page = open_page(member)
    go(page, "/settings")
    press(page.get_by_role("link", name="E-mail address"))
    page.get_by_label("New e-mail address").fill(new)
    page.get_by_label("Password").fill(PASSWORD)
    press(page.get_by_role("button", name="Change address"))
    expect(page.locator(".note")).to_contain_text(new)
    go(page, "/settings")
    expect(page.get_by_role("link", name="E-mail address")).to_contain_text(old)

    follow(page, post_office.wait_for(new))
    expect(page.get_by_role("main")).to_contain_text(new)
    press(page.get_by_role("button", name="Use this address"))
    expect(page).to_have_url(f"{town.url}/settings/email")
    expect(page.get_by_role("status").filter(has_text="address is changed")).to_be_visible()
    go(page, "/settings")
    expect(page.get_by_role("link", name="E-mail address")).to_contain_text(new)

    notice = post_office.wait_for(old)
    owner = open_page()
    follow(owner, notice)
    press(owner.get_by_role("button", name="Put my address back"))
    expect(owner.get_by_role("heading", level=1)).to_have_text("Check your mail")
    assert not is_signed_in(page)
    follow(owner, post_office.wait_for(old, 2))
    owner.get_by_label("New password").fill(NEW_PASSWORD)
    press(owner.get_by_role("button", name="Set new password"))
    fill_in_login(owner, member, NEW_PASSWORD)
    go(owner, "/settings")
    expect(owner.get_by_role("link", name="E-mail address")).to_contain_text(old)
    assert len(post_office.messages_to(new)) == 1


def test_who_leaves_is_hidden_at_once_and_can_come_back(town, open_page, post_office, watch):
    member = town.member()
    words = f"I was here, says {member}."
    town.post(member, words)
    page, reader = open_page(member, javascript=False), open_page()
    go(page, "/settings")
    press(page.get_by_role("link", name="Delete account"))
    expect(page.get_by_role("main")).to_contain_text("14 days")
    page.get_by_label("Password").fill(PASSWORD)
    press(page.get_by_role("button", name="Delete my account"))
    expect(page.get_by_role("status").filter(has_text="14 days")).to_be_visible()
    assert not is_signed_in(page)
    watch.expect(404)
    reader.goto(f"/user/{member}")
    go(reader, "/explore")
    expect(card(reader, words)).to_have_count(0)

    follow(page, post_office.wait_for(address_of(member)))
    fill_in_login(page, member, PASSWORD)
    expect(page.get_by_role("status").filter(has_text="Welcome back")).to_be_visible()
    go(reader, f"/user/{member}")
    expect(card(reader, words)).to_be_visible()
