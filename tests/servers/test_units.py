"""The units in deploy/systemd/, as systemd itself sees them (it does not run here)."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from config import BASE_DIR
from tests.processes import command_of
from tests.servers.deployed import deployed
from tests.servers.programs import program

UNITS = sorted(path.name for path in (BASE_DIR / "deploy/systemd").iterdir())
SERVICES = [name for name in UNITS if name.endswith(".service")]


@pytest.fixture
def folder(tmp_path):
    """Lay all units into a folder, with the programs of this environment."""
    here = str(Path(command_of("web")[0]).parent)
    for name in SERVICES:
        deployed(f"systemd/{name}", {"/srv/microblog/.venv/bin": here}, tmp_path)
    shutil.copy(BASE_DIR / "deploy/systemd/microblog-web.socket", tmp_path)
    return tmp_path


def analyze(*arguments: str) -> subprocess.CompletedProcess:
    command = [program("systemd-analyze", "systemd"), "--man=no", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_to_complain_of(folder, name):
    done = analyze("verify", str(folder / name))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_systemd_would_complain_of_a_mistake(folder):
    unit = folder / SERVICES[0]
    unit.write_text(unit.read_text().replace("ProtectSystem=strict", "ProtectSystem=sometimes"))
    assert "protect system" in analyze("verify", str(unit)).stderr


@pytest.mark.parametrize("name", SERVICES)
def test_services_are_shut_in(folder, name):
    # 0 is least exposed, 10 most; systemd calls up to 2 safe enough for what must have a network.
    done = analyze("security", "--offline=true", "--threshold=20", str(folder / name))
    assert done.returncode == 0, re.findall("^✗.*", done.stdout, re.MULTILINE)
