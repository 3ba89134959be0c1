"""Doing jobs: claiming a row, running its task, and looking after what was left behind.

A job is claimed under the lock of its row: the claim is counted, and `due_at` moves to the moment
when its worker must be taken for dead. What the task wrote and the job's end are committed
together, and only while that claim is the latest, so whatever is killed, a job is finished once.
"""

import logging
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import BoundedSemaphore, Event, Thread
from typing import Any

import sqlalchemy as sa
from flask import Flask, g
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.clock import utcnow
from app.database import begin_read
from app.extensions import db
from app.jobs.models import ERROR_MAX, Job, JobState
from app.jobs.queries import backlog, due_before
from app.jobs.tasks import TASKS, Drop, GiveUp, Retry, Task
from app.logs import write_out
from app.metrics.counters import count

# A worker that neither finishes a job nor reports progress for so long is taken for dead.
LEASE = timedelta(minutes=2)
FIRST_DELAY, LONGEST_DELAY, MOST_DOUBLINGS = timedelta(seconds=15), timedelta(hours=1), 10
# The sweep leaves a job to the broker's messenger for so long.
GRACE = timedelta(seconds=8)
SWEEP_SECONDS = 4
SWEEPERS, BATCH = 2, 50
# The clock of the machine that asked for a job may be ahead of ours by so much.
SKEW = timedelta(seconds=5)
# So many long jobs run at once in a process: they must leave threads for short ones.
LONG_AT_ONCE = 2
# Now and then the log says how much waits, and periodic jobs are planted where they are missing.
ROUND_SECONDS = 600
# A message that a server took is noted even if the database is away for a moment.
NOTE_TRIES, NOTE_SECONDS = 6, 5

logger = logging.getLogger(__name__)
_stopping = Event()
_long_jobs = BoundedSemaphore(LONG_AT_ONCE)


class LostJob(Exception):  # noqa: N818 (not an error of ours)
    """Another worker has taken the job over, or it was dropped meanwhile."""


def run(app: Flask, job_id: int) -> bool:
    """Do one job, in a context of its own; returns False if it is not to be done now."""
    with app.app_context():
        task = _task_of(job_id)
        if task is None:
            return False
        if not task.is_long:
            return _run(job_id, task)
        if not _long_jobs.acquire(blocking=False):
            return False  # the sweep comes back to it
        try:
            return _run(job_id, task)
        finally:
            _long_jobs.release()


def report(job: Job, done: int, total: int) -> None:
    """Note how far a long job is, and that its worker lives. Commits; raises LostJob."""
    _change(job, progress_done=done, progress_total=total, due_at=utcnow() + LEASE)
    db.session.commit()
    job.progress_done, job.progress_total = done, total


def hold(job: Job, duration: timedelta) -> None:
    """Keep a job for longer, before a step that may take long. Commits; raises LostJob."""
    _change(job, due_at=utcnow() + duration)
    db.session.commit()


def note_mailed(job: Job) -> None:
    """Note that a server took the job's message, so that it is never sent twice. Commits.

    Tries for a while if the database is away; raises LostJob, or what the database raised last.
    """
    job.mailed_at = utcnow()
    for tries_left in reversed(range(NOTE_TRIES)):
        try:
            _change(job, mailed_at=job.mailed_at, due_at=utcnow() + LEASE)
            db.session.commit()
        except SQLAlchemyError:
            db.session.rollback()
            if not tries_left:
                raise
            time.sleep(NOTE_SECONDS)
        else:
            return


def start_sweeping(app: Flask) -> None:
    """Make sure of the periodic jobs and look after the table, on a thread, until the end."""
    Thread(target=_sweep_for_ever, args=(app,), name="sweep", daemon=True).start()


def stop_sweeping() -> None:
    """Begin no further job; one that is being done is finished."""
    _stopping.set()


def sweep(app: Flask, grace: timedelta = GRACE) -> int:
    """Do whatever is overdue: lost by a broker, left by a dead worker, or to be tried again.

    Returns how many jobs were begun.
    """
    begun = 0
    while not _stopping.is_set():
        with app.app_context():
            begin_read(db.session)
            ids = due_before(utcnow() - grace, BATCH)
        now_begun = sum(run(app, job_id) for job_id in ids if not _stopping.is_set())
        if not now_begun:
            break
        begun += now_begun
    return begun


def plant_periodic_jobs() -> None:
    """Write the row of every job that comes round by itself, where it is missing. Commits."""
    tasks = {f"every {task.name}": task for task in TASKS.values() if task.every is not None}
    there = set(db.session.scalars(sa.select(Job.unique_key).where(Job.unique_key.in_(tasks))))
    for key in tasks.keys() - there:
        # Each by itself: MariaDB calls it a deadlock if two workers plant several in one go.
        try:
            tasks[key].ask(unique_key=key)
            db.session.commit()
        except IntegrityError:
            db.session.rollback()  # another worker was quicker
    db.session.rollback()


def _task_of(job_id: int) -> Task | None:
    """Return the kind of a job; None if it is gone, or a later version of the site knows it."""
    begin_read(db.session)
    kind = db.session.scalar(sa.select(Job.kind).where(Job.id == job_id))
    db.session.rollback()
    return TASKS.get(kind)


def _run(job_id: int, task: Task) -> bool:
    job = _claim(job_id)
    if job is None:
        return False
    g.request_id, g.job_locale = job.request_id, job.locale
    try:
        _attempt(job, task)
    except LostJob:
        db.session.rollback()
        logger.warning("Job %s was taken over by another worker", job_id)
    return True


def _claim(job_id: int) -> Job | None:
    now = utcnow()
    # Locked by its id, and looked at only then: asked for what is due as well, MariaDB may come by
    # that index, and meet whoever holds the row and changes the index.
    job = db.session.get(Job, job_id, with_for_update={"key_share": True})
    if job is None or job.due_at is None or job.due_at > now + SKEW:
        db.session.rollback()
        return None
    job.state, job.due_at = JobState.RUNNING, now + LEASE
    job.attempts += 1
    job.claims += 1
    db.session.commit()
    # Apart from the session: what it says must not change when the task rolls back.
    db.session.expunge(job)
    return job


def _attempt(job: Job, task: Task) -> None:
    logger.info("Job %s (%s), attempt %s", job.id, job.kind, job.attempts)
    try:
        if job.expires_at is not None and job.expires_at <= utcnow():
            raise Drop("its time has passed")
        if job.attempts > task.attempts:
            raise GiveUp("the worker died at every attempt")
        task.work(job)
        _end(job, task, JobState.DONE)
    except LostJob:
        raise
    except Drop as reason:
        db.session.rollback()
        logger.info("Job %s (%s) dropped: %s", job.id, job.kind, reason)
        _end(job, task, JobState.DROPPED, str(reason))
    except Exception as error:
        db.session.rollback()
        _failed(job, task, error)


def _failed(job: Job, task: Task, error: Exception) -> None:
    known = isinstance(error, Retry | GiveUp)
    words = str(error) if known else f"{type(error).__name__}: {error}"
    reason = write_out(" ".join(words.split()))
    if not isinstance(error, GiveUp) and job.attempts < task.attempts:
        delay = _delay(job.attempts)
        logger.warning(
            "Job %s (%s) will be tried again in %s s: %s",
            *(job.id, job.kind, round(delay.total_seconds()), reason),
            exc_info=None if known else error,
        )
        _change(job, state=JobState.WAITING, due_at=utcnow() + delay, last_error=reason[:ERROR_MAX])
        db.session.commit()
        count("job_attempts", kind=job.kind, outcome="retried")
        return
    logger.error(
        "Job %s (%s) failed: %s",
        *(job.id, job.kind, reason),
        exc_info=None if known else error,
        extra={"group": f"job {job.kind}"},
    )
    _end(job, task, JobState.FAILED, reason)


def _end(job: Job, task: Task, state: JobState, reason: str = "") -> None:
    now = utcnow()
    if task.every is None:
        end = {"state": state, "due_at": None, "finished_at": now, "unique_key": None}
    else:
        end = {"state": JobState.WAITING, "due_at": now + task.every, "attempts": 0}
    _change(job, **end, last_error=reason[:ERROR_MAX])
    db.session.commit()
    count("job_attempts", kind=job.kind, outcome=state)


def _change(job: Job, **values: Any) -> None:
    """Write to a job's row if it is still ours; raises LostJob."""
    ours = (Job.id == job.id, Job.claims == job.claims, Job.state == JobState.RUNNING)
    update = sa.update(Job).where(*ours).values(values)
    result: Any = db.session.execute(update.execution_options(synchronize_session=False))
    if result.rowcount != 1:
        raise LostJob


def _delay(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: twice as long each time, a little by chance.

    The chance keeps jobs that failed together from coming back together.
    """
    delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(attempts - 1, MOST_DOUBLINGS))
    return delay * random.uniform(0.8, 1.2)  # noqa: S311


def _sweep_for_ever(app: Flask) -> None:
    pool = ThreadPoolExecutor(SWEEPERS, thread_name_prefix="sweep")
    sweeping: list[Any] = []
    next_round = time.monotonic()
    while not _stopping.is_set():
        try:
            if time.monotonic() >= next_round:
                with app.app_context():
                    plant_periodic_jobs()
                    _remind()
                next_round = time.monotonic() + ROUND_SECONDS
            # A long job keeps one sweeper; the other goes on.
            sweeping = [future for future in sweeping if not future.done()]
            if len(sweeping) < SWEEPERS:
                sweeping.append(pool.submit(_sweep_once, app))
        except Exception:
            logger.exception("The sweep failed")
        _stopping.wait(SWEEP_SECONDS)


def _sweep_once(app: Flask) -> None:
    try:
        sweep(app)
    except Exception:
        logger.exception("The sweep failed")


def _remind() -> None:
    begin_read(db.session)
    found = backlog()
    db.session.rollback()
    if found.is_late or found.retried:
        logger.warning(
            "Jobs: %s are due, the first since %s; %s failed and are tried again",
            *(found.due, found.oldest, found.retried),
        )
