"""Jobs about copies: making one, telling its owner, clearing old ones away."""

from datetime import timedelta

from flask_babel import force_locale

from app import email
from app.accounts.tasks import member
from app.database import end_read
from app.exports import files
from app.exports.archive import write_archive
from app.extensions import db
from app.jobs.models import Job
from app.jobs.tasks import PATIENT, Drop, subject, task
from app.jobs.worker import report


@task(files.KIND, is_long=True)
def export(job: Job) -> None:
    """Write a member's copy, and ask for the message that says so."""
    user = member(job)
    total = 2 * (user.posts_count + user.following_count + user.followers_count)
    locale = email.language_for(user, job)
    db.session.expunge(user)
    end_read(db.session)
    report(job, 0, total)
    path, draft = files.path_of(job.id), files.draft_of(job)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft.touch(mode=0o600)
    try:
        with force_locale(locale):
            write_archive(draft, user, lambda written: report(job, min(written, total), total))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    tell_export_ready.ask(user_id=job.user_id, subject_id=job.id)


@task("exports.tell_ready", **PATIENT)
def tell_export_ready(job: Job) -> None:
    """Tell a member that their copy can be fetched."""
    user, made = member(job), subject(job, Job)
    if files.size_of(made.id) is None:
        raise Drop("the copy is gone")
    email.send(job, "export_ready", user, link=email.link_to("main.jobs"), days=files.KEPT.days)


@task("exports.clear_away", every=timedelta(hours=1))
def clear_away(_job: Job) -> None:
    """Delete copies that were kept long enough, and files that no job knows."""
    files.remove_outdated()
