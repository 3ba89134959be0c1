"""The README's first command, as it stands in the Makefile."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from config import BASE_DIR
from tests.browser.site import free_port

PATIENCE = 60


def answers(url: str, process: subprocess.Popen[str]) -> bool:
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            return urlopen(url, timeout=5).status == 200
        except URLError:
            time.sleep(0.2)
    return False


def test_make_run_serves_and_ends_when_asked(tmp_path: Path):
    port = str(free_port())
    env = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'app.db'}"}
    command = ["make", "run", f"PORT={port}"]
    with (tmp_path / "log").open("w+") as log:
        process = subprocess.Popen(
            command, cwd=BASE_DIR, env=env, stdout=log, stderr=log, start_new_session=True
        )
        try:
            served = answers(f"http://127.0.0.1:{port}/readyz", process)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)
            process.wait(PATIENCE)
        assert served, (tmp_path / "log").read_text()
