"""What a process counts."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from flask import Response, current_app, request

from app.logs import seconds_taken
from app.metrics.files import claim_number

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

# The words that say what is counted, and the labels, with their values where all are known before.
# Labels have few values, and tell nothing about anybody.
COUNTERS: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "http_requests": ("Requests answered.", {"route": (), "method": (), "status": ()}),
    "sign_in_failures": ("Sign-ins refused.", {"reason": ("password", "locked")}),
    "job_attempts": ("Jobs begun, by how it went.", {"kind": (), "outcome": ()}),
    "mail_attempts": (
        "Messages to be handed over, by how it went.",
        {"outcome": ("sent", "refused", "retried")},
    ),
}
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

logger = logging.getLogger(__name__)


def count(name: str, **labels: str) -> None:
    """Add one to a figure of this process, if figures are kept."""
    figures = current_app.extensions.get("metrics")
    if figures is not None and figures.are_kept:
        figures.counters[name].labels(**labels).inc()


@contextmanager
def count_outcome(name: str, success: str, failures: dict[type[Exception], str]) -> Iterator[None]:
    """Add one to the figure that says how this ended."""
    try:
        yield
    except tuple(failures) as failure:
        count(name, outcome=failures[type(failure)])
        raise
    count(name, outcome=success)


def count_request(response: Response) -> Response:
    """Count an answer, and how long it took."""
    figures, rule = current_app.extensions["metrics"], request.url_rule
    if figures.are_kept:
        # Anybody may think of paths and methods; routes, and what they answer, are few.
        where = (rule.rule, request.method) if rule else ("none", "none")
        figures.counters["http_requests"].labels(*where, response.status_code).inc()
        figures.seconds.labels(*where).observe(seconds_taken())
    return response


class Figures:
    """The figures of this process; begun when the first is wanted: a command may want none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counters: dict[str, Counter] = {}
        self.seconds: Histogram | None = None
        self._beginning = Lock()
        self._has_begun = False

    @property
    def are_kept(self) -> bool:
        """Whether there is a place to count in."""
        with self._beginning:
            if not self._has_begun:
                self._has_begun = True
                try:
                    self._begin()
                except OSError as error:
                    logger.warning("This process keeps no figures: %s", error)
        return self.seconds is not None

    def _begin(self) -> None:
        from prometheus_client import Counter, Histogram, values

        number = claim_number(self.folder)
        # The library takes the folder from there, and would number the files by process.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(self.folder)
        values.ValueClass = values.MultiProcessValue(lambda: number)
        options = {"namespace": "microblog", "registry": None}
        for name, (words, labels) in COUNTERS.items():
            self.counters[name] = Counter(name, words, tuple(labels), **options)
            for known in product(*labels.values()):
                self.counters[name].labels(*known)
        words, labels = "How long requests took.", ("route", "method")
        self.seconds = Histogram(
            "http_request_duration_seconds", words, labels, buckets=SECONDS, **options
        )
