"""What the drill tries besides the faults of `make check`: longer, and for whole machines."""

import os
import random
import re
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from tests.processes import Process, until
from tests.servers.faults import (
    RECOVERS_WITHIN,
    Fault,
    children,
    kill_web,
    kill_web_worker,
    kill_worker,
)
from tests.servers.load import Browser, Load
from tests.servers.programs import program, run
from tests.servers.stack import HOST, Stack, running_stack

DISK = "64m"
KILLS, CLIENTS = 100, 10_000
HOUR, DAY = 3600, 86400


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Put a small disk (in memory) in the place of a folder."""
    run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "microblog", str(folder)])
    try:
        yield
    finally:
        run(["umount", "--lazy", str(folder)])


@contextmanager
def plain_site(**settings: str) -> Iterator[Stack]:
    """Hand out a site with SQLite and the embedded broker, its files on a small disk."""
    with TemporaryDirectory(prefix="microblog-") as name, small_disk(Path(name)):
        own = {
            "DATA_DIR": name,
            "DATABASE_URL": f"sqlite:///{name}/app.db",
            "REDIS_URL": "",
            "CELERY_BROKER_URL": "",
        }
        with running_stack(**own | settings) as stack:
            yield stack


def fill(folder: Path, seconds: float) -> None:
    """Leave no room on a disk for so long."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for size in (2**20, 2**10, 1):
                with suppress(OSError):
                    while file.write(b"x" * size):
                        pass
            time.sleep(0.1)
    ballast.unlink()


def fill_disk(load: Load) -> None:
    """Fill the disk with the database."""
    fill(Path(load.stack.deployment.settings["DATA_DIR"]), 20)


def fill_log_disk(load: Load) -> None:
    """Fill the disk with the logs."""
    fill(load.stack.supervisor.logs, 15)


@contextmanager
def small_log_disk(stack: Stack) -> Iterator[None]:
    """Let the logs of web and worker go to a small disk."""
    reopen = lambda: stack.supervisor.process.process.send_signal(signal.SIGUSR2)  # noqa: E731
    with small_disk(stack.supervisor.logs):
        reopen()
        assert until((stack.supervisor.logs / "microblog-web.log").exists, 30)
        yield
    reopen()


# The clock


@contextmanager
def movable_clock(stack: Stack) -> Iterator[None]:
    """Give web and worker a clock that reads how wrong it is from a file."""
    folder = stack.supervisor.folder
    path, library, offset = folder / "microblog.conf", folder / "clock.so", folder / "offset"
    source = str(Path(__file__).with_name("clock.c"))
    run([program("gcc", "gcc"), "-shared", "-fPIC", "-O2", "-o", str(library), source])
    offset.write_text("0")
    words = f'LD_PRELOAD="{library}",CLOCK_OFFSET="{offset}"'
    real = path.read_text()
    path.write_text(real.replace("environment=", f"environment={words},"))
    try:
        stack.supervisor.control("update")
        stack.wait()
        yield
    finally:
        path.write_text(real)
        stack.supervisor.control("update")
    stack.wait()


def move_clock(load: Load) -> None:
    """Let the clock jump: forwards and back, by an hour and by a day, and be right at last."""
    offset = load.stack.supervisor.folder / "offset"
    for seconds in (HOUR, 0, DAY, 0, -HOUR, 0, -DAY, 0):
        offset.write_text(str(seconds))
        time.sleep(1.5)
        load.wait_until_all_is_well()


# Clients


def meet_slow_clients(load: Load) -> None:
    """Let ten thousand clients connect and dawdle, and hold them for a while."""
    nginx = load.stack.nginx
    command = [sys.executable, "-m", "tests.servers.slow_clients"]
    command += [str(nginx.port), str(nginx.http_port), str(CLIENTS)]
    log = nginx.folder / "slow_clients.log"
    clients = Process(command, dict(os.environ), log)
    connected = lambda: int(("0 " + log.read_text()).split()[-1])  # noqa: E731
    try:
        enough = until(lambda: connected() >= 0.95 * CLIENTS, RECOVERS_WITHIN)
        assert enough, connected()
        end = time.monotonic() + 20
        while time.monotonic() < end:
            load.wait_until_all_is_well()
    finally:
        clients.stop()


def vanish(load: Load) -> None:
    """Send halves of posts, through nginx and past it, and be gone or silent in the middle."""
    stack = load.stack
    browser = Browser(stack, stack.town.member(f"{load.name}n_vanishes"))
    page = browser.open("/write").text
    fields = dict(re.findall(r'name="(csrf_token|form_key)"[^>]*value="([^"]*)"', page))
    body = urlencode(fields | {"body": f"{load.name} was never to be seen. " * 8}).encode()
    session = browser.cookies["session"].value
    request = (
        f"POST /write HTTP/1.1\r\nHost: {HOST}:{stack.nginx.port}\r\nCookie: session={session}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nX-Forwarded-Proto: https\r\n"
        f"X-Forwarded-For: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body[: len(body) // 2]
    silent = []
    for number in range(300):
        line = stack.connect() if number % 2 else None
        if line is not None:
            line.connect()
        direct = ("127.0.0.1", stack.nginx.application_port)
        plain = line.sock if line is not None else socket.create_connection(direct)
        plain.sendall(request)
        if number % 10 < 2:
            silent.append(plain)
            continue
        # Gone at once, without a good-bye.
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        plain.close()
    load.wait_until_all_is_well()
    for plain in silent:
        plain.close()


# Kills


def kill_backend(load: Load) -> None:
    """Kill one of PostgreSQL's processes: it then ends all others, and looks after its data."""
    postmaster = load.stack.database.process.process.pid
    commands = {pid: Path(f"/proc/{pid}/cmdline") for pid in children(postmaster)}
    with suppress(OSError):
        serving = [pid for pid, path in commands.items() if b"127.0.0.1" in path.read_bytes()]
        if serving:
            os.kill(random.choice(serving), signal.SIGKILL)


def kill_many(*kinds: Callable[[Load], None]) -> Callable[[Load], None]:
    """Return a disaster: kill one after the other, each after something was promised again."""

    def strike(load: Load) -> None:
        for number in range(KILLS):
            kinds[number % len(kinds)](load)
            before = load.acknowledged
            assert until(lambda b=before: load.acknowledged > b, RECOVERS_WITHIN), load.told()
            time.sleep(random.uniform(0, 1))

    return strike


WEB_AND_WORKER = (kill_web_worker, kill_web, kill_web_worker, kill_worker, kill_web_worker)
KILLED = r"exited: \w+ \(terminated by SIGKILL; not expected\)"
MANY = {"members": 150, "askers": 400}

ON_THE_WHOLE_SITE = [
    Fault("10 000 slow connections to nginx", meet_slow_clients, is_felt=False),
    Fault(
        "300 clients disappear, or fall silent, in the middle of a post",
        vanish,
        "web",
        r"POST /write\W+400",
        is_felt=False,
    ),
    Fault(
        "The disk with the logs is full",
        fill_log_disk,
        is_felt=False,
        around=small_log_disk,
    ),
    Fault(
        "The clock jumps by an hour and by a day, forwards and back",
        move_clock,
        is_felt=False,
        moves_clock=True,
        around=movable_clock,
    ),
    Fault(
        f"{KILLS} kills: web, worker, PostgreSQL's processes",
        kill_many(*WEB_AND_WORKER, kill_backend),
        "supervisord",
        KILLED,
        **MANY,
    ),
]
ON_A_PLAIN_SITE = [
    Fault("The disk with SQLite's file is full", fill_disk, "web", "database or disk is full"),
    Fault(
        f"{KILLS} kills on a site with SQLite: web, worker",
        kill_many(*WEB_AND_WORKER),
        "supervisord",
        KILLED,
        **MANY,
    ),
]
