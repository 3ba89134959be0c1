"""`make drill`: everything that may happen to a site, tried, and written into docs/reliability.md.

python -m tests.servers.drill [WORDS]    renews the lines about what has these words in its name
"""

import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from app.clock import utcnow
from config import BASE_DIR
from tests.servers.disasters import ON_A_PLAIN_SITE, ON_THE_WHOLE_SITE, plain_site
from tests.servers.faults import FAULTS, Fault, Outcome, meet, search_server_is_away
from tests.servers.load import Visit
from tests.servers.programs import Elasticsearch, running
from tests.servers.promises import copies
from tests.servers.stack import Stack, running_stack

PAGE = BASE_DIR / "docs" / "reliability.md"
BEGIN, END = "<!-- Written by `make drill`. -->\n", "<!-- The end of what it wrote. -->\n"
COLUMNS = (
    "What happens",
    "What people see",
    "What is logged",
    "What was promised",
    "Well again by itself",
)


@contextmanager
def site_with_elasticsearch(server: Elasticsearch) -> Iterator[Stack]:
    """Hand out a site that searches there."""
    with running_stack(ELASTICSEARCH_URL=server.url) as stack:
        stack.deployment.flask("search", "rebuild")
        yield stack


def drill(words: str) -> Iterator[Outcome]:
    """Try everything whose name has these words, on the kind of site that it is for."""

    def wanted(faults: list[Fault]) -> list[Fault]:
        return [fault for fault in faults if words in fault.name]

    if faults := wanted([*FAULTS, *ON_THE_WHOLE_SITE]):
        with running_stack() as stack:
            for fault in faults:
                yield meet(fault, stack, in_haste=False)
    if faults := wanted(ON_A_PLAIN_SITE):
        with plain_site() as stack:
            for fault in faults:
                yield meet(fault, stack, in_haste=False)
    if words in "Elasticsearch is away" and not Elasticsearch.missing():
        with running(Elasticsearch) as server, site_with_elasticsearch(server) as stack:
            yield meet(search_server_is_away(server), stack, in_haste=False)


def row(outcome: Outcome) -> list[str]:
    """Return a line of the table."""
    if outcome.problems:
        promised = "**BROKEN:** " + "; ".join(outcome.problems[:5])
    else:
        promised = _promised(outcome)
    logged = f"`{outcome.logged}`" if outcome.logged else "nothing of its own"
    return [
        outcome.fault.name,
        _seen(outcome),
        logged,
        promised,
        f"{outcome.seconds:.0f} s later",
    ]


def _promised(outcome: Outcome) -> str:
    load = outcome.load
    posts, messages = sum(load.posts.values()), sum(load.asked.values())
    notes = {
        "messages that came twice, with one Message-ID": copies(load),
        "jobs that waited, and were told by hand not to": outcome.hurried,
        "messages not sent, since by then their links were over": len(outcome.late),
    }
    words = [f"posts: {posts}, messages: {messages}; nothing lost, no post twice"]
    words += [f"{what}: {number}" for what, number in notes.items() if number]
    return "; ".join(words)


def _seen(outcome: Outcome) -> str:
    visits, failures = outcome.load.visits, outcome.load.failures
    slowest = max(visit.ended - visit.began for visit in visits)
    words = f"the slowest of {len(visits)} answers took {slowest:.1f} s"
    if not failures:
        return f"nothing; {words}"
    kinds = Counter(map(_name, failures))
    told = ", ".join(f"{name}: {number} times" for name, number in kinds.most_common())
    seconds = failures[-1].ended - failures[0].began
    return f"{told}, in {seconds:.0f} s; {words}"


def _name(visit: Visit) -> str:
    return f"“{visit.title}” ({visit.status})" if visit.status else f"no answer ({visit.title})"


def table(rows: list[list[str]]) -> str:
    """Return lines of Markdown."""
    lines = [COLUMNS, ["---"] * len(COLUMNS), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


def write(rows: list[list[str]]) -> None:
    """Put the table into its place; lines about what was not tried now stay as they are."""
    before, _begin, rest = PAGE.read_text().partition(BEGIN)
    old, _end, after = rest.partition(END)
    lines = [line.strip("| ").split(" | ") for line in old.splitlines() if line.startswith("| ")]
    tried = {line[0]: line for line in lines[2:]} | {line[0]: line for line in rows}
    rows = list(tried.values())
    when = f"{utcnow():%d %B %Y}, on a machine with {os.cpu_count()} cores that did other work too."
    note = "" if not Elasticsearch.missing() else "Elasticsearch was NOT TRIED: it is not here.\n"
    PAGE.write_text(f"{before}{BEGIN}\nTried on {when}\n{note}\n{table(rows)}\n{END}{after}")


def main(words: str = "") -> None:
    """Try, tell, and write it down."""
    # Whoever ends this early ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_details: sys.exit("ended"))
    rows, broken = [], 0
    for outcome in drill(words):
        rows.append(row(outcome))
        broken += bool(outcome.problems)
        print("\n    ".join(rows[-1]), "\n", flush=True)  # noqa: T201
    write(rows)
    sys.exit(f"{broken} promises were broken." if broken else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
