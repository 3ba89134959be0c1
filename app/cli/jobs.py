"""`flask jobs`: work that is done in the background."""

from collections.abc import Callable

import click
from flask.cli import with_appcontext

from app.database import begin_read
from app.extensions import db
from app.jobs import actions, queries
from app.jobs.models import Job, JobState


@click.group()
def jobs() -> None:
    """Background jobs: what waits, what failed."""


@jobs.command("list")
@click.option("--state", type=click.Choice([state.value for state in JobState]))
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=50, show_default=True)
@with_appcontext
def list_jobs(state: str | None, limit: int) -> None:
    """List jobs, the newest first: number, kind, state, attempts, when next, last error."""
    begin_read(db.session)
    lines = [_line(job) for job in queries.newest(JobState(state) if state else None, limit)]
    db.session.rollback()  # whoever reads on may take their time
    click.echo("\n".join(lines) if lines else "There are none.", err=not lines)


@jobs.command()
@click.argument("job_id", type=int, required=False)
@click.option("--all", "everything", is_flag=True, help="Every job that failed.")
@with_appcontext
def retry(job_id: int | None, everything: bool) -> None:
    """Try a failed job again, or one that waits for its next attempt, now.

    A message that would come too late is dropped even so.
    """
    click.echo(f"To be tried again: {_apply(actions.retry, job_id, everything)}.")


@jobs.command()
@click.argument("job_id", type=int, required=False)
@click.option("--all", "everything", is_flag=True, help="Every job that failed.")
@with_appcontext
def drop(job_id: int | None, everything: bool) -> None:
    """Forget a job: it will not be done."""
    click.echo(f"Dropped: {_apply(actions.drop, job_id, everything)}.")


def _line(job: Job) -> str:
    next_time = job.due_at.isoformat(" ", "seconds") if job.due_at else "-"
    columns = (str(job.id), job.kind, job.state, str(job.attempts), next_time, job.last_error)
    return "\t".join(columns).rstrip()


def _apply(action: Callable[[Job], bool], job_id: int | None, everything: bool) -> int:
    """Do something with all of the chosen jobs, or with none; returns how many there are."""
    chosen = _chosen(job_id, everything)
    for job in chosen:
        if not action(job):
            verb = action.__name__
            raise click.ClickException(f"Job {job.id} is {job.state}: there is nothing to {verb}.")
    db.session.commit()
    return len(chosen)


def _chosen(job_id: int | None, everything: bool) -> list[Job]:
    if everything == (job_id is not None):
        raise click.UsageError("Name the number of a job, or --all.")
    if everything:
        return list(queries.newest(JobState.FAILED, limit=1_000_000))
    job = db.session.get(Job, job_id)
    if job is None:
        raise click.ClickException(f"There is no job {job_id}.")
    return [job]
