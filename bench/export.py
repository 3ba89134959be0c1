"""How much memory and time the export of a member's data takes, by the number of posts.

Each size is measured in a process of its own, on SQLite, through the job as the worker runs it:
`python -m bench.export` prints a table.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (0, 1_000, 10_000, 100_000)
BODY = "The ferry is late again; the gulls do not mind. Åse, 港, مرحبا: post number {}. " * 3
KIB_PER_MIB = 1024


def main() -> None:
    """Measure every size and print a line for each."""
    print(f"{'posts':>8} {'seconds':>8} {'zip, MB':>8} {'peak memory, MiB':>17}")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            run("fill", folder, size)
            print(run("export", folder, size).rstrip())


def run(step: str, folder: str, size: int) -> str:
    """Run one step in a fresh interpreter and return what it prints."""
    command = [sys.executable, "-m", "bench.export", step, folder, str(size)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def fill(folder: Path, size: int) -> None:
    """Make a site with one member who wrote `size` posts."""
    import flask_migrate
    import sqlalchemy as sa

    from app.accounts import actions
    from app.extensions import db
    from app.posts.models import Post

    with site(folder).app_context():
        flask_migrate.upgrade()
        user = actions.register("ana", "ana@example.com", "no password")
        rows = (
            {
                "id": (1_700_000_000_000 + number * 60_000) << 21,
                "author_id": user.id,
                "body": BODY.replace("{}", str(number)),
                "once_key": str(number),
            }
            for number in range(size)
        )
        if size:
            db.session.execute(sa.insert(Post), list(rows))
        user.posts_count = size
        db.session.commit()


def export(folder: Path, size: int) -> None:
    """Run the job and print what it took."""
    from app.accounts.queries import by_username
    from app.exports.actions import ask_for_export
    from app.exports.copies import sizes_of
    from app.extensions import db
    from app.jobs import worker
    from app.jobs.models import Job

    app = site(folder)
    with app.app_context():
        ask_for_export(by_username("ana"))
        job_id = db.session.query(Job.id).filter_by(kind="exports.export").scalar()
        db.session.commit()
    began = time.perf_counter()
    worker.run(app, job_id)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MIB
    with app.app_context():
        megabytes = sizes_of([job_id])[job_id] / 1e6
    print(f"{size:>8,} {seconds:>8.1f} {megabytes:>8.1f} {peak:>17.1f}")


def site(folder: Path) -> "Flask":  # noqa: F821 (imported late, to measure only what is needed)
    """Return an application whose files are all in `folder`."""
    from app import create_app
    from config import Config

    key = "a key for measurements only, of some length"
    return create_app(Config({"SECRET_KEY": key, "LOG_LEVEL": "ERROR"}, instance=folder))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        {"fill": fill, "export": export}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
