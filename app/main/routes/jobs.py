"""Long work that a member asked for: their jobs, and the copy of their data."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from app.exports import copies
from app.exports.actions import ask_for_export
from app.exports.copies import exports_of
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
    return render_template(
        "settings/jobs.html",
        form=ConfirmForm(),
        jobs=jobs,
        sizes=copies.sizes_of([job.id for job in done]),
        expires={job.id: job.finished_at + copies.KEPT for job in done},
        keep_days=copies.KEPT.days,
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
        flash(_("We are making your copy. An e-mail will tell you when it is ready."), "success")
    db.session.commit()
    return redirect(url_for("main.jobs"))


@bp.get("/settings/jobs/<id:job_id>/download")
@login_required
def download_export(job_id: int) -> Response:
    """Send one's own copy, or the rest of it after a break."""
    job = one_or_404(exports_of(current_user).where(Job.id == job_id, Job.state == JobState.DONE))
    size = copies.sizes_of([job.id]).get(job.id)
    if size is None:
        abort(404)
    name = f"{current_user.username}-{job.created_at.date().isoformat()}.zip"
    response = Response(copies.parts_of(job.id), mimetype="application/zip")
    response.content_length = size
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.set_etag(str(job.id))
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    response.headers["Cache-Control"] = "private, no-store"
    return response
