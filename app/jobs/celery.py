"""The Celery application: one task, which runs one job, and what a worker does beside it."""

import logging
import os
import sys
from pathlib import Path
from typing import Any

from celery import Celery, signals
from flask import Flask
from kombu.transport import TRANSPORT_ALIASES

from app.jobs import worker
from app.jobs.handover import TASK_NAME

THREADS = 4
# How long a broker that does not answer may keep the thread that talks to it.
PATIENCE = 2
TRANSPORT_ALIASES["folder"] = "app.jobs.folder:Transport"


def init_app(app: Flask) -> None:
    """Make the Celery application of this Flask application."""
    url = app.config["CELERY_BROKER_URL"]
    celery = Celery("microblog", broker=url or "folder://localhost", set_as_current=False)
    celery.conf.update(
        broker_transport_options=_transport_options(url, app.config["DATA_DIR"] / "broker"),
        broker_connection_timeout=PATIENCE,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        task_publish_retry=False,
        task_ignore_result=True,
        # Jobs wait in the database; threads share what the process has loaded.
        worker_pool="threads",
        worker_concurrency=THREADS,
        worker_prefetch_multiplier=1,
        # Nobody asks workers questions or listens to their events.
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
    )

    @celery.task(name=TASK_NAME)
    def run(job_id: int) -> None:
        """Do one job, unless somebody else does it already."""
        worker.run(app, job_id)

    @signals.setup_logging.connect(weak=False, dispatch_uid="microblog")
    def share_log(**_details: Any) -> None:
        """Let Celery's own messages go where the application's go."""
        if app.config["LOG_TO_STDOUT"]:
            sys.__stdout__ = sys.__stderr__  # Celery says good-bye there, and not in JSON
        for name in ("celery", "kombu"):
            # One line a job is enough, and that one is ours.
            logging.getLogger(name).setLevel(max(app.logger.level, logging.WARNING))
            logging.getLogger(name).handlers = app.logger.handlers

    # Not "worker_ready": that is only sent once a broker has answered.
    @signals.worker_init.connect(weak=False, dispatch_uid="microblog")
    def begin_sweeping(**_details: Any) -> None:
        """Look after the table from now on, whatever the broker does."""
        app.logger.info("The worker begins, with %s threads", THREADS)
        if not app.config["MAIL_SERVER"]:
            app.logger.warning("MAIL_SERVER is not set: messages stay in the folder outbox")
        worker.start_sweeping(app)

    @signals.worker_shutting_down.connect(weak=False, dispatch_uid="microblog")
    def end_sweeping(**_details: Any) -> None:
        """Come to an end soon."""
        worker.stop_sweeping()

    app.extensions["celery"] = celery


def _transport_options(url: str, folder: Path) -> dict[str, Any]:
    """Return what keeps each kind of broker from waiting longer than `PATIENCE`."""
    if not url:
        return {"folder": os.fspath(folder)}
    if url.startswith(("amqp", "pyamqp")):
        return {"connect_timeout": PATIENCE, "read_timeout": PATIENCE, "write_timeout": PATIENCE}
    return {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
