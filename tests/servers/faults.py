"""What may happen to a site that is used, and what must come of it: the tests and the drill."""

import os
import random
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import until
from tests.servers.load import Load, Visit
from tests.servers.programs import Server
from tests.servers.promises import broken_promises, overtaken, wait_for_jobs
from tests.servers.stack import Stack

RECOVERS_WITHIN, LOGGED_WITHIN = 150, 30
# So much is promised at least, where there is time.
ENOUGH = 150


@dataclass(frozen=True)
class Fault:
    """Something that happens to a site. `strike` returns when nothing is broken from outside."""

    name: str
    strike: Callable[[Load], object]
    # What stands in which log then: "web", "worker", "supervisord"; nothing, if no words are given.
    log: str = "web"
    words: str = ""
    # Whether people may be told to come back in a moment.
    is_felt: bool = True
    # Makes the site ready for it, and mends that afterwards.
    around: Callable[[Stack], AbstractContextManager[object]] = nullcontext
    # Then jobs may have to be told that their time has come, as `flask jobs retry` does, and
    # messages may be dropped since theirs is over.
    moves_clock: bool = False
    members: int = 24
    askers: int = 40


@dataclass
class Outcome:
    """What became of it."""

    fault: Fault
    load: Load
    logged: str = ""
    seconds: float = 0.0
    hurried: int = 0
    late: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


def meet(fault: Fault, stack: Stack, *, in_haste: bool = True) -> Outcome:
    """Let a fault happen under load, and look at what is left.

    A job whose worker was killed is done when that worker must be taken for dead: `in_haste` lets
    that time pass at once.
    """
    with fault.around(stack):
        load = Load(stack, members=fault.members, askers=fault.askers)
        outcome, said = Outcome(fault, load), len(stack.log(fault.log))
        with load:
            try:
                load.wait_until_all_is_well()
                until(lambda: load.acknowledged > 5, RECOVERS_WITHIN)
                fault.strike(load)
                outcome.seconds = load.wait_until_all_is_well()
                if not in_haste:
                    until(lambda: load.acknowledged > ENOUGH, RECOVERS_WITHIN)
            except AssertionError as error:
                outcome.problems.append(f"the site did not recover: {error}")
        found = until(lambda: re.search(fault.words, stack.log(fault.log)[said:]), LOGGED_WITHIN)
        outcome.logged = found[0].replace("\\", "") if found else ""
        outcome.hurried = wait_for_jobs(stack, in_haste=in_haste or fault.moves_clock)
        outcome.late = overtaken(load) if fault.moves_clock else set()
        outcome.problems += broken_promises(load, excused=outcome.late)
        outcome.problems += _bad_manners(fault, outcome)
    return outcome


def _bad_manners(fault: Fault, outcome: Outcome) -> Iterator[str]:
    if fault.words and not outcome.logged:
        yield f"the log {fault.log} does not say {fault.words!r}"
    for visit in outcome.load.failures:
        if not (fault.is_felt and is_clear(visit)):
            yield f"somebody saw {visit}"
    yield from (f"a traceback was shown: {text}" for text in outcome.load.leaks)


def is_clear(visit: Visit) -> bool:
    """Tell whether somebody was told to come back in a moment; or an answer broke off, as it does
    when what gives it is killed."""
    return (visit.status, visit.title) in {(503, "Back in a moment"), (0, "IncompleteRead")}


def children(pid: int) -> list[int]:
    """Return the processes that a process began."""
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def runs(pid: int) -> bool:
    """Tell whether a process is there, and not only waits that somebody takes note of its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def pid_of(load: Load, name: str) -> int:
    """Return the process that is `web` or `worker`; before there is one supervisor says 0."""
    found = until(lambda: load.stack.supervisor.pid(name), RECOVERS_WITHIN, pause=0.5)
    assert found, load.stack.log("supervisord")
    return found


def kill_web_worker(load: Load) -> None:
    """Kill one of gunicorn's workers."""
    workers = until(lambda: children(pid_of(load, "web")), RECOVERS_WITHIN)
    os.kill(random.choice(workers), signal.SIGKILL)


def kill_web(load: Load) -> None:
    """Kill gunicorn's master; its workers notice, and have gone when this is over."""
    master = pid_of(load, "web")
    workers = children(master)
    os.kill(master, signal.SIGKILL)
    assert until(lambda: not any(map(runs, workers)), RECOVERS_WITHIN), workers


def kill_worker(load: Load) -> None:
    """Kill the worker, with what it is doing."""
    os.kill(pid_of(load, "worker"), signal.SIGKILL)


def restart_database(load: Load) -> None:
    """Restart the database as an upgrade does: who is connected is cut off."""
    load.stack.database.end()
    load.stack.database.restore()


def lose_database(load: Load) -> None:
    """Let the database be away for half a minute."""
    with away(load.stack.database):
        time.sleep(30)


def lose_redis(load: Load) -> None:
    """Let Redis be away, which counts requests and carries word of jobs."""
    with away(load.stack.redis):
        time.sleep(10)


def lose_mail_server(load: Load) -> None:
    """Let the mail server be away while mail is asked for."""
    asked = sum(load.asked.values())
    load.stack.post_office.close()
    try:
        until(lambda: sum(load.asked.values()) > asked + 2, RECOVERS_WITHIN)
    finally:
        load.stack.post_office.open()


def search_server_is_away(server: Server) -> Fault:
    """Return what happens to a site whose Elasticsearch this is."""

    def strike(_load: Load) -> None:
        with away(server):
            time.sleep(10)

    words = r"Elasticsearch does not answer; the embedded index does"
    return Fault("Elasticsearch is away", strike, "web", words, is_felt=False)


@contextmanager
def away(server: Server) -> Iterator[None]:
    """Do without a server."""
    server.lose()
    try:
        yield
    finally:
        server.restore()


FAULTS = [
    Fault(
        "A web worker is killed (`kill -9`)",
        kill_web_worker,
        "web",
        r"Worker \(pid:\d+\) was sent SIGKILL!",
    ),
    Fault(
        "gunicorn's master is killed",
        kill_web,
        "supervisord",
        r"exited: web \(terminated by SIGKILL; not expected\)",
    ),
    Fault(
        "The background worker is killed",
        kill_worker,
        "supervisord",
        r"exited: worker \(terminated by SIGKILL; not expected\)",
        is_felt=False,
    ),
    Fault(
        "The database is restarted",
        restart_database,
        "web",
        r"Database error on [A-Z]+ [^ \"]+",
    ),
    Fault(
        "The database is away for 30 s",
        lose_database,
        "web",
        r"Database error on [A-Z]+ [^ \"]+",
    ),
    Fault(
        "Redis is away (limits, and word of jobs)",
        lose_redis,
        "web",
        r"Rate limit storage unreachable[^\"]*|The broker did not take job[^:\"]*",
        is_felt=False,
    ),
    Fault(
        "The mail server is away",
        lose_mail_server,
        "worker",
        r"Job \d+ \([a-z._]+\) will be tried again in \d+ s: mail server: \w+",
        is_felt=False,
    ),
]
