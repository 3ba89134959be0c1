"""Long work that a member asked for: their jobs, and the copy of their data."""

from flask import Response, abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from app.exports import files
from app.exports.actions import ask_for_export
from app.exports.files import exports_of
from app.extensions import db
from app.forms import ConfirmForm
from app.jobs.models import Job, JobState
from app.jobs.queries import shown_to
from app.main import bp
from app.main.lookups import one_or_404
from app.problems import Problem


@bp.get("/settings/jobs")
@login_required
def jobs() -> ResponseReturnValue:
    """Show what was asked for and how far it is."""
    jobs = shown_to(current_user.id)
    done = [job for job in jobs if job.state == JobState.DONE]
    sizes = {job.id: files.size_of(job.id) for job in done}
    return render_template(
        "settings/jobs.html",
        form=ConfirmForm(),
        jobs=jobs,
        sizes={job_id: size for job_id, size in sizes.items() if size is not None},
        expires={job.id: job.finished_at + files.KEPT for job in done},
        keep_days=files.KEPT.days,
    )


@bp.post("/settings/jobs/export")
@login_required
def export_data() -> ResponseReturnValue:
    """Have a copy of everything that is one's own made."""
    try:
        ask_for_export(current_user)
    except Problem as problem:
        flash(str(problem), "info")
    else:
        flash(_("We are making your copy. A message will tell you when it is ready."), "success")
    db.session.commit()
    return redirect(url_for("main.jobs"))


@bp.get("/settings/jobs/<id:job_id>/download")
@login_required
def download_export(job_id: int) -> Response:
    """Send one's own copy."""
    job = one_or_404(exports_of(current_user).where(Job.id == job_id, Job.state == JobState.DONE))
    if files.size_of(job.id) is None:
        abort(404)
    name = f"{current_user.username}-{job.created_at.date().isoformat()}.zip"
    response = send_file(files.path_of(job.id), as_attachment=True, download_name=name, max_age=0)
    response.headers["Cache-Control"] = "private, no-store"
    return response
