"""The site's own processes, started as the Procfile says, with everything in one folder."""

import os
import random
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar
from urllib.error import URLError
from urllib.request import urlopen

from config import BASE_DIR

KEY = "a key for tests only, long enough to be live with"
STARTS_WITHIN, STOPS_WITHIN = 30, 15
WORKER_IS_READY = "The worker begins"

Found = TypeVar("Found")


def free_port() -> int:
    """Return a port that nothing listens on, of those that the system gives to no client."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("", random.randrange(10_000, 32_000)))
            return probe.getsockname()[1]


def settings_for(folder: Path, port: int) -> dict[str, str]:
    """Return the whole environment of a site whose files are all in `folder`."""
    address = f"http://127.0.0.1:{port}"
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return inherited | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'app.db'}",
        "SECRET_KEY": KEY,
        "PORT": str(port),
        "PUBLIC_URL": address,
        # Named so that a programmer's own .env does not reach in.
        "SITE_NAME": "Microblog",
        "REGISTRATION": "open",
        "LANGUAGES": "en,es",
        "POST_MAX_LENGTH": "500",
        "POSTS_PER_PAGE": "10",
        "WEB_CONCURRENCY": "1",
        "MAIL_SERVER": "",
        "ADMINS": "",
        "CELERY_BROKER_URL": "",
        "REDIS_URL": "",
        "METRICS_ADDRESS": "",
        "CONFIRM_EMAIL": "0",
        "LOG_TO_STDOUT": "0",
    }


def command_of(name: str) -> list[str]:
    """Return the command that the Procfile has for a process, from this environment."""
    lines = (BASE_DIR / "Procfile").read_text().splitlines()
    program, *arguments = shlex.split(dict(line.split(": ", 1) for line in lines)[name])
    return [str(Path(sys.executable).with_name(program)), *arguments]


def flask(settings: dict[str, str], *arguments: str) -> str:
    """Run a `flask` command on a site and return what it prints."""
    command = [sys.executable, "-m", "flask", "--app", "microblog.py", *arguments]
    return subprocess.run(
        command, cwd=BASE_DIR, env=settings, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def until(condition: Callable[[], Found], seconds: float, *, pause: float = 0.05) -> Found:
    """Wait until a condition holds; returns what it was at last, true or not."""
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(pause)
    return found


class Process:
    """A process and its children: a group of their own, which can be stopped or killed."""

    def __init__(
        self, command: list[str], settings: dict[str, str], log: Path, *, folder: Path = BASE_DIR
    ) -> None:
        self.log = log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env=settings,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def runs(self) -> bool:
        """Whether the process has not ended."""
        return self.process.poll() is None

    def said(self, words: str) -> bool:
        """Tell whether the log has these words."""
        return words in self.log.read_text(errors="replace")

    def wait_for(self, ready: Callable[[], bool], seconds: float = STARTS_WITHIN) -> None:
        """Wait until it does what it is for; ends it and raises RuntimeError if it does not."""
        if not until(lambda: not self.runs or ready(), seconds) or not self.runs:
            self.kill()
            text = self.log.read_text(errors="replace")
            raise RuntimeError(f"{self.process.args} is not ready. Its log:\n{text[-4000:]}")

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the whole group."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.send(signal.SIGKILL)
        self.process.wait(STOPS_WITHIN)

    def stop(self, seconds: float = STOPS_WITHIN) -> None:
        """End it as an administrator would, and whatever it leaves behind."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        self.kill()


def start_web(settings: dict[str, str], log: Path) -> Process:
    """Serve the site; returns when it answers."""
    web = Process(command_of("web"), settings, log)
    web.wait_for(lambda: answers(f"{settings['PUBLIC_URL']}/healthz"))
    return web


def start_worker(settings: dict[str, str], log: Path, *, wait: bool = True) -> Process:
    """Do the site's background jobs; returns when the worker is ready, unless told not to wait."""
    worker = Process(command_of("worker"), settings, log)
    if wait:
        worker.wait_for(lambda: worker.said(WORKER_IS_READY))
    return worker


def answers(url: str) -> bool:
    """Tell whether somebody serves that page."""
    try:
        with urlopen(url, timeout=5):
            return True
    except (URLError, ConnectionError, TimeoutError):
        return False
