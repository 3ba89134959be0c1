"""Whose files are whose, and what becomes of those of the dead."""

import subprocess
import sys

import pytest

from app.metrics.files import ROOM, claim_number
from config import BASE_DIR
from tests.conftest import SETTINGS

# Without the rest of the application, which would take a second to import.
CLAIM = """
import runpy, sys, time
from pathlib import Path
print(runpy.run_path("app/metrics/files.py")["claim_number"](Path(sys.argv[1])), flush=True)
time.sleep(60)
"""


class Counting:
    """A process that has claimed a number."""

    def __init__(self, folder):
        command = [sys.executable, "-c", CLAIM, str(folder)]
        self.process = subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE)
        self.number = int(self.process.stdout.readline())

    def kill(self):
        self.process.kill()
        self.process.stdout.close()
        self.process.wait()


@pytest.fixture
def begin(tmp_path):
    """Return a function that starts such a process."""
    started = []

    def begin():
        started.append(Counting(tmp_path))
        return started[-1]

    yield begin
    for each in started:
        each.kill()


def files(folder):
    return sorted(path.name for path in folder.glob("*.db"))


def test_each_living_process_has_a_number_of_its_own(begin):
    assert [begin().number for _ in range(3)] == [1, 2, 3]


def test_number_of_a_killed_process_goes_to_the_next_with_what_it_counted(begin, tmp_path):
    killed, _living = begin(), begin()
    before = files(tmp_path)
    (tmp_path / "counter_1.db").write_bytes(b"counted")
    killed.kill()
    assert begin().number == killed.number == 1
    assert files(tmp_path) == before
    assert (tmp_path / "counter_1.db").read_bytes() == b"counted"


def test_who_comes_when_nobody_is_there_begins_at_nought(begin, tmp_path):
    for each in (begin(), begin()):
        each.kill()
    for path in tmp_path.glob("*.db"):
        path.write_bytes(b"what a power cut left")
    begin()
    assert files(tmp_path) == ["counter_1.db", "histogram_1.db"]
    assert (tmp_path / "counter_1.db").read_bytes() == bytes(ROOM)


def test_room_is_on_the_disk_before_it_is_needed(tmp_path):
    # A hole that is filled through memory kills the process when the disk is full.
    number = claim_number(tmp_path)
    for kind in ("counter", "histogram"):
        assert (tmp_path / f"{kind}_{number}.db").stat().st_blocks * 512 >= ROOM


@pytest.mark.thorough
def test_site_without_room_for_figures_is_served_without_them(tmp_path):
    program = """
import resource, sys
from pathlib import Path
from app import create_app
from config import Config
folder = Path(sys.argv[1])
settings = {"SECRET_KEY": sys.argv[2], "METRICS_ADDRESS": "127.0.0.1:9191"}
app = create_app(Config(settings, instance=folder))
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
for _ in range(3):
    assert app.test_client().get("/healthz").status_code == 200
"""
    command = [sys.executable, "-c", program, str(tmp_path), SETTINGS["SECRET_KEY"]]
    done = subprocess.run(command, cwd=BASE_DIR, check=True, capture_output=True, text=True)
    assert done.stderr.count("This process keeps no figures") == 1
    assert files(tmp_path / "metrics") == []
