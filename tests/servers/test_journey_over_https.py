"""What people do, in Chromium, through nginx over HTTPS, as deployed; nothing from elsewhere."""

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Response, sync_playwright

from tests.browser.acting import go, press, write
from tests.browser.conftest import open_page, watch
from tests.browser.test_journey import (
    test_newcomer_joins_posts_follows_reads_edits_deletes_and_leaves,
    test_of_three_people_only_the_follower_reads_at_home,
    test_sign_in_leads_on_to_the_page_that_was_asked_for,
)
from tests.browser.test_mail_and_jobs import (
    test_copy_of_ones_data_is_made_told_and_downloaded,
    test_forgotten_password_is_replaced_by_a_link_that_works_once,
)
from tests.factories import PASSWORD
from tests.post_office import PostOffice
from tests.servers.stack import HOST, Stack, Town

__all__ = [
    "open_page",
    "test_copy_of_ones_data_is_made_told_and_downloaded",
    "test_forgotten_password_is_replaced_by_a_link_that_works_once",
    "test_newcomer_joins_posts_follows_reads_edits_deletes_and_leaves",
    "test_of_three_people_only_the_follower_reads_at_home",
    "test_sign_in_leads_on_to_the_page_that_was_asked_for",
    "watch",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # The site's name leads to this machine, all others nowhere; its certificate is our own.
    names = f"MAP {HOST} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    switches = ["--no-sandbox", f"--host-resolver-rules={names}", "--ignore-certificate-errors"]
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=switches)
        yield browser
        browser.close()


@pytest.fixture
def town(stack: Stack) -> Town:
    return stack.town


@pytest.fixture
def post_office(stack: Stack) -> PostOffice:
    return stack.post_office


def test_everything_comes_encrypted_over_http_2_and_files_once(stack, open_page):
    page, files = open_page(), []

    def note(response: Response) -> None:
        if urlsplit(response.url).path.startswith("/static/"):
            files.append(response)

    page.on("response", note)
    go(page, "/explore")
    assert page.url == f"{stack.url}/explore"
    spoken = page.evaluate(
        "performance.getEntries().filter((each) => each.nextHopProtocol)"
        ".map((each) => each.nextHopProtocol)"
    )
    assert len(spoken) > 5
    assert set(spoken) == {"h2"}
    assert {urlsplit(file.url).path.rsplit(".")[-1] for file in files} >= {"css", "js", "svg"}
    for file in files:
        assert file.status == 200
        assert "immutable" in file.headers["cache-control"]
        if urlsplit(file.url).path.endswith((".css", "icons.svg")):
            assert file.headers["content-encoding"] == "gzip"
    paths = {urlsplit(file.url).path for file in files}
    served = [entry for entry in stack.entries("microblog") if entry["path"] in paths]
    assert {entry["upstream"] for entry in served} == {""}


def test_cookies_go_over_https_only(stack, open_page):
    member = stack.town.member()
    page = open_page()
    go(page, "/auth/login")
    page.get_by_label("Username").fill(member)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Stay signed in on this device").check()
    press(page.get_by_role("button", name="Sign in"))
    with page.expect_response("**/preferences"):
        page.get_by_role("button", name="Dark").click()
    cookies = {each["name"]: each for each in page.context.cookies()}
    assert {"session", "remember_token", "theme"} <= set(cookies)
    for name, each in cookies.items():
        assert (each["secure"], each["httpOnly"]) == (True, True), name
        assert each["sameSite"] == "Lax", name


def test_policy_holds_for_a_script_that_somebody_slips_in(stack, open_page, watch):
    page = open_page(stack.town.member())
    go(page, "/write")
    write(page, "<script>document.title = 'taken over'</script>")
    assert "taken over" not in page.title()
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'),"
        " {text: 'document.title = \"taken over\"'}))"
    )
    assert "taken over" not in page.title()
    [problem] = watch.problems
    assert "Content Security Policy" in problem
    watch.problems.clear()
