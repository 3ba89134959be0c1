"""Fixtures of the browser tests: the served site, Chromium, and pages that are watched."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.places import Places, reset_path, settle_down
from tests.browser.site import free_port, served, settings_for, working
from tests.browser.town import Town
from tests.browser.watch import Watch
from tests.post_office import PostOffice

# No name but this machine's own can be looked up: the network is off.
CHROMIUM_ARGS = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 20_000

OpenPage = Callable[..., Page]


# Run by `make check`: `make test` has to be quick.
THOROUGH = {
    "test_accessibility",
    "test_actions",
    "test_cards",
    "test_composer",
    "test_conversation",
    "test_follow",
    "test_hover_card",
    "test_keyboard",
    "test_look",
    "test_mail_and_jobs",
    "test_suggest_names",
    "test_messages",
    "test_times",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if item.path.stem in THOROUGH:
                item.add_marker(pytest.mark.thorough)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is missing: apt-get install chromium fonts-noto-core", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def post_office() -> Iterator[PostOffice]:
    post_office = PostOffice()
    post_office.open()
    yield post_office
    post_office.close()


@pytest.fixture(scope="package")
def town(
    empty_database: Path, tmp_path_factory: pytest.TempPathFactory, post_office: PostOffice
) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(empty_database, folder / "app.db")
    settings = settings_for(folder, free_port()) | post_office.settings
    with served(folder, settings), working(folder, settings):
        yield Town(folder, settings)


@pytest.fixture(scope="package")
def settled(town: Town) -> Places:
    return settle_down(town)


@pytest.fixture
def places(town: Town, settled: Places) -> Places:
    # The one page that does not stay for as long as these tests may take.
    settled.public["new password"] = settled.own["new password"] = reset_path(town, settled.member)
    return settled


@pytest.fixture
def watch(town: Town) -> Iterator[Watch]:
    watch = Watch(town.url)
    yield watch
    assert not watch.problems
    assert not watch.expected, "an answer that the test expects did not come"


@pytest.fixture
def open_page(chromium: Browser, town: Town, watch: Watch) -> Iterator[OpenPage]:
    contexts = []

    def open_page(
        member: str | None = None,
        *,
        javascript: bool = True,
        phone: bool = False,
        dark: bool = False,
        **options: Any,
    ) -> Page:
        """Open an empty tab in a browser of its own, signed in as `member`."""
        context = chromium.new_context(
            **{
                "base_url": town.url,
                "java_script_enabled": javascript,
                "viewport": PHONE if phone else DESKTOP,
                "color_scheme": "dark" if dark else "light",
                "reduced_motion": "reduce",
                "locale": "en-US",
                **options,
            }
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if member:
            context.add_cookies([town.session_cookie(member)])
        watch.attach(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
