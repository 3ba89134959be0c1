"""The page of figures: what all processes counted, and what waits in the database just now."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.clock import utcnow
from app.database import begin_read
from app.extensions import db
from app.jobs.queries import Backlog, backlog, count_running
from app.metrics.counters import Figures, count_request

if TYPE_CHECKING:
    from prometheus_client import Metric

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# How long the database may take to say what waits.
PATIENCE = 3


def init_app(app: Flask) -> None:
    """Count, and serve what was counted, if the settings say where."""
    if not app.config["METRICS_ADDRESS"]:
        return
    from prometheus_client import CollectorRegistry, make_wsgi_app
    from prometheus_client.multiprocess import MultiProcessCollector

    folder = app.config["DATA_DIR"] / "metrics"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    app.extensions["metrics"] = Figures(folder)
    app.after_request(count_request)

    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))
    registry.register(DatabaseFigures(app))
    port = int(app.config["METRICS_ADDRESS"].rpartition(":")[2])
    app.wsgi_app = OwnAddress(app.wsgi_app, port, make_wsgi_app(registry))


class OwnAddress:
    """Middleware: who comes to that port gets that page, and nothing of the site."""

    def __init__(self, site: WsgiApp, port: int, page: WsgiApp) -> None:
        self.site = site
        self.port = port
        self.page = page

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer with the one or the other."""
        # Not SERVER_PORT: on a Unix socket gunicorn takes that from the client's Host header.
        socket = environ.get("gunicorn.socket")
        address = socket.getsockname() if socket is not None else None
        is_here = isinstance(address, tuple) and address[1] == self.port
        return (self.page if is_here else self.site)(environ, start)


class DatabaseFigures:
    """What the database knows about jobs, for a registry of Prometheus."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        # A database that does not answer never keeps more than this one thread.
        self.asking = ThreadPoolExecutor(1, thread_name_prefix="metrics")

    def collect(self) -> Iterator["Metric"]:
        """Yield the figures of this moment; without those of jobs if the database is away."""
        from prometheus_client.core import GaugeMetricFamily as Gauge

        found = self._find()
        yield Gauge("microblog_database_up", "Whether the database answers.", bool(found))
        if not found:
            return
        work, running = found
        jobs = Gauge("microblog_jobs", "Jobs by state.", labels=("state",))
        states = {"due": work.due, "running": running, "retried": work.retried}
        for state, number in (states | {"failed": work.failed}).items():
            jobs.add_metric((state,), number)
        yield jobs
        waits = (utcnow() - work.oldest).total_seconds() if work.oldest is not None else 0
        yield Gauge("microblog_jobs_oldest_due_seconds", "How long the oldest job is due.", waits)

    def _find(self) -> tuple[Backlog, int] | None:
        future = self.asking.submit(self._ask)
        try:
            return future.result(PATIENCE)
        except (SQLAlchemyError, TimeoutError):
            future.cancel()
            return None

    def _ask(self) -> tuple[Backlog, int]:
        with self.app.app_context():
            begin_read(db.session)
            return backlog(), count_running()
