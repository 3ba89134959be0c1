"""Jobs about accounts: the messages that members get, and clearing away what is over."""

from datetime import timedelta

import sqlalchemy as sa

from app import email
from app.accounts import limits, links
from app.accounts.models import AddressChange, MailRequest, Registration, User
from app.clock import utcnow
from app.database import begin_read
from app.extensions import db
from app.jobs.models import Job
from app.jobs.tasks import PATIENCE, PATIENT, Drop, subject, task


@task(
    "accounts.send_reset_link",
    attempts=30,
    expires_after=limits.MAIL_REQUEST_WINDOW,
    is_private=True,
)
def send_reset_link(job: Job) -> None:
    """Send the way to a new password; to nobody, if nobody has the address that was typed."""
    if job.user_id is None:
        raise Drop("nobody has that address")
    user = member(job)
    minutes = limits.RESET_LIFETIME // timedelta(minutes=1)
    email.send(
        job,
        "reset_password",
        user,
        link=links.reset_link(user),
        minutes=minutes,
        # Asked for by whoever took a changed address back.
        address_is_back=job.subject_id is not None,
    )


@task("accounts.tell_password_changed", **PATIENT)
def tell_password_changed(job: Job) -> None:
    """Tell a member that their password is a new one."""
    link = email.link_to("auth.reset_password_request")
    email.send(job, "password_changed", member(job), link=link)


@task("accounts.send_registration_link", **PATIENT, is_private=True)
def send_registration_link(job: Job) -> None:
    """Send the link that makes a member of whoever registered."""
    registration = subject(job, Registration)
    link = links.registration_link(registration)
    days = limits.CONFIRM_LIFETIME.days
    email.send(job, "confirm_registration", registration, link=link, days=days)


@task("accounts.tell_address_is_taken", **PATIENT, is_private=True)
def tell_address_is_taken(job: Job) -> None:
    """Tell a member that somebody, perhaps they, gave their address once more."""
    email.send(
        job,
        "address_taken",
        member(job),
        sign_in_link=email.link_to("auth.login"),
        reset_link=email.link_to("auth.reset_password_request"),
    )


@task("accounts.send_address_link", **PATIENT, is_private=True)
def send_address_link(job: Job) -> None:
    """Send the link that proves a new address, to that address."""
    change = subject(job, AddressChange)
    link, to = links.change_link(change), change.user
    days = limits.CONFIRM_LIFETIME.days
    email.send(job, "confirm_address", to, address=change.new_email, link=link, days=days)


@task("accounts.tell_address_changed", **PATIENT)
def tell_address_changed(job: Job) -> None:
    """Tell the old address where the account's messages go now, and how to undo it."""
    change = subject(job, AddressChange)
    email.send(
        job,
        "address_changed",
        change.user,
        address=change.old_email,
        new_address=change.new_email,
        link=links.undo_link(change),
        days=limits.UNDO_LIFETIME.days,
    )


@task("accounts.clear_away", every=timedelta(hours=1))
def clear_away(_job: Job) -> None:
    """Delete registrations, changes and requests whose time is over."""
    now = utcnow()
    # Each message may be late, and each link be followed at the last moment.
    confirm_ends = PATIENCE + limits.CONFIRM_LIFETIME
    change_ends = confirm_ends + PATIENCE + limits.UNDO_LIFETIME
    for column, age in (
        (Registration.created_at, confirm_ends),
        (AddressChange.requested_at, change_ends),
        (MailRequest.requested_at, limits.MAIL_REQUEST_WINDOW),
    ):
        db.session.execute(sa.delete(column.class_).where(column < now - age))


def member(job: Job) -> User:
    """Return the member whose job it is. Raises Drop if they are suspended."""
    begin_read(db.session)
    user = db.session.get(User, job.user_id)
    if user is None or user.suspended_at is not None:
        raise Drop("the account is suspended or gone")
    return user
