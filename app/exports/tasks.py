"""Jobs about copies: making one, telling its owner, clearing old ones away."""

import tempfile
from datetime import timedelta

from flask import current_app
from flask_babel import force_locale

from app import email
from app.accounts.tasks import member
from app.database import end_read
from app.exports import copies
from app.exports.archive import write_archive
from app.extensions import db
from app.jobs.models import Job
from app.jobs.tasks import PATIENT, Drop, subject, task
from app.jobs.worker import report
from app.messages.queries import messages_kept


@task(copies.KIND, is_long=True)
def export(job: Job) -> None:
    """Write a member's copy, and ask for the message that says so."""
    user = member(job)
    total = user.posts_count + user.following_count + user.followers_count + messages_kept(user)
    total *= 2  # as JSON, and on a page
    locale = email.language_for(user, job)
    db.session.expunge(user)
    end_read(db.session)
    report(job, 0, total)
    folder = current_app.config["DATA_DIR"]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A file without a name goes with the process. Not in /tmp, which may be memory.
    with tempfile.TemporaryFile(dir=folder) as file:
        with force_locale(locale):
            write_archive(file, user, lambda written: report(job, min(written, total), total))
        copies.keep(job, file)
    tell_export_ready.ask(user_id=job.user_id, subject_id=job.id)


@task("exports.tell_ready", **PATIENT)
def tell_export_ready(job: Job) -> None:
    """Tell a member that their copy can be fetched."""
    user, made = member(job), subject(job, Job)
    if not copies.sizes_of([made.id]):
        raise Drop("the copy is gone")
    email.send(job, "export_ready", user, link=email.link_to("main.jobs"), days=copies.KEPT.days)


@task("exports.clear_away", every=timedelta(hours=1))
def clear_away(_job: Job) -> None:
    """Delete copies that were kept long enough."""
    copies.remove_outdated()
