"""The crash tests with the embedded broker: a folder, which may be removed or got in the way of."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.jobs.worker import GRACE
from tests.jobs.crashes import *  # noqa: F403 (the cases and their site)
from tests.jobs.crashes import arrives, burst

# They share one site, and look at the clock.
pytestmark = pytest.mark.thorough


class Folder:
    """The embedded broker: lost when its folder is gone and cannot be made again."""

    url = ""

    def __init__(self) -> None:
        self.path = Path()

    def lose(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.write_text("in the way")

    def restore(self) -> None:
        self.path.unlink()


@pytest.fixture(scope="module")
def broker() -> Folder:
    return Folder()


@pytest.fixture(scope="module", autouse=True)
def place(site, broker) -> Iterator[None]:
    broker.path = site.folder / "broker"
    return


def test_folder_that_was_removed_is_made_again(site):
    site.run(workers=1)
    shutil.rmtree(site.broker.path, ignore_errors=True)
    member = site.member()
    burst(site, [member])
    assert arrives(site, member, GRACE.total_seconds() / 2)
