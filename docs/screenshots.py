"""Takes the pictures of the README: `python -m docs.screenshots`, from the root of the repository.

Serves the site on a temporary database that `flask demo` has filled, looks at it with Debian's
Chromium, and writes docs/images/. Needs what `make test` installs. Names, posts and follows are the
same each time; only the times on the posts are counted from today.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.site import ROOT, free_port, served, settings_for

IMAGES = ROOT / "docs" / "images"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 760}
DRAFT = "Low tide at noon. Who is coming along to the sandbank?"


@dataclass(frozen=True)
class Shot:
    """One picture: which page, on what, in which colours, and who looks."""

    name: str
    path: str
    scheme: str
    phone: bool = False
    signed_in: bool = True
    writing: bool = False


SHOTS = (
    Shot("landing", "/", "light", signed_in=False),
    Shot("home", "/", "light"),
    Shot("profile-dark", "/user/ines_panadera", "dark"),
    Shot("notifications", "/notifications", "light"),
    Shot("phone-messages-dark", "/messages/haruka_clay", "dark", phone=True),
    Shot("phone-explore", "/explore", "light", phone=True),
    Shot("phone-home-dark", "/", "dark", phone=True, writing=True),
)


def main() -> None:
    """Take every picture."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is missing: apt-get install chromium fonts-noto-core fonts-noto-cjk")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(Path(folder), free_port()) | {"POSTS_PER_PAGE": "25"}
        flask(settings, "db", "upgrade")
        member, password = re.search(
            r"Sign in as (\S+) with the password (\S+)", flask(settings, "demo")
        ).groups()
        with served(Path(folder), settings) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            state = sign_in(browser, address, member, password)
            for shot in SHOTS:
                take(browser, address, shot, state)
            browser.close()


def flask(settings: dict[str, str], *command: str) -> str:
    """Run a `flask` command on the temporary site and return what it says."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "microblog.py", *command],
        cwd=ROOT, env=settings, check=True, stdout=subprocess.PIPE, text=True,
    ).stdout  # fmt: skip


def sign_in(browser: Browser, address: str, member: str, password: str) -> dict[str, object]:
    """Return the cookies of a signed-in member, for a new browser context."""
    page = browser.new_page(base_url=address)
    page.goto("/auth/login")
    page.fill("[name=username]", member)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    state = page.context.storage_state()
    page.context.close()
    return state


def take(browser: Browser, address: str, shot: Shot, state: dict[str, object]) -> None:
    """Take one picture."""
    context = browser.new_context(
        base_url=address,
        viewport=PHONE if shot.phone else DESKTOP,
        device_scale_factor=2 if shot.phone else 1,
        is_mobile=shot.phone,
        has_touch=shot.phone,
        color_scheme=shot.scheme,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="UTC",
        storage_state=state if shot.signed_in else None,
    )
    page: Page = context.new_page()
    page.goto(shot.path)
    if shot.writing:
        page.fill("textarea", DRAFT)
    page.wait_for_load_state("networkidle")
    # Without the strip that is kept free for a scroll bar, which pictures do not show.
    width = page.evaluate("document.documentElement.getBoundingClientRect().width")
    height = page.viewport_size["height"]
    page.screenshot(
        path=IMAGES / f"{shot.name}.png",
        clip={"x": 0, "y": 0, "width": width, "height": height},
        animations="disabled",
        caret="hide",
    )
    context.close()


if __name__ == "__main__":
    main()
