"""`flask users`: members' accounts."""

import secrets

import click
import sqlalchemy as sa
from flask.cli import with_appcontext
from sqlalchemy.exc import IntegrityError

from app.accounts import actions, names, passwords, rules
from app.accounts.models import User
from app.accounts.sign_in import forgive
from app.cli.lookups import member_named
from app.database import begin_read
from app.extensions import db
from app.moderation import actions as moderation
from app.moderation import leaving
from app.problems import Problem

PASSWORD_HELP = "Read the password from a prompt instead of making one up."  # noqa: S105


@click.group()
def users() -> None:
    """Members' accounts."""


@users.command()
@click.argument("username")
@click.argument("email")
@click.option("--admin", is_flag=True, help="Make the new member an administrator.")
@click.option("--ask-password", is_flag=True, help=PASSWORD_HELP)
@with_appcontext
def create(username: str, email: str, admin: bool, ask_password: bool) -> None:
    """Create a member; reserved names are allowed here."""
    try:
        rules.check_new_username(username, reserved=True)
        rules.check_new_email(email)
        password = _new_password(ask_password, username, email)
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem
    normal = names.normal_email(email) or ""
    db.session.rollback()
    password_hash = passwords.hash_password(password)
    try:
        actions.register(username, normal, password_hash, is_admin=admin)
    except IntegrityError as error:
        raise click.ClickException("That name or address was taken a moment ago.") from error
    db.session.commit()
    click.echo(f"Created {username}.")
    _tell_password(password, ask_password)


@users.command("list")
@click.option("--suspended", is_flag=True, help="Only those who are suspended.")
@click.option("--admins", is_flag=True, help="Only administrators.")
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    default=100,
    show_default=True,
    help="At most so many, the newest first.",
)
@with_appcontext
def list_users(suspended: bool, admins: bool, limit: int) -> None:
    """List members, the newest first."""
    query = sa.select(User).order_by(User.id.desc()).limit(limit)
    if suspended:
        query = query.where(User.suspended_at.is_not(None))
    if admins:
        query = query.where(User.is_admin)
    begin_read(db.session)
    lines = [_line(user) for user in db.session.scalars(query)]
    db.session.rollback()  # whoever reads on may take their time
    if lines:
        click.echo("\n".join(lines))


@users.command()
@click.argument("username")
@click.option("--revoke", is_flag=True, help="Take the rights away again.")
@with_appcontext
def promote(username: str, revoke: bool) -> None:
    """Make a member an administrator."""
    user = member_named(username)
    actions.set_admin(user, is_admin=not revoke)
    db.session.commit()
    click.echo(f"{user.username} is {'no longer' if revoke else 'now'} an administrator.")


@users.command()
@click.argument("username")
@with_appcontext
def suspend(username: str) -> None:
    """Shut a member out: signed out everywhere, seen nowhere."""
    user = member_named(username)
    if not moderation.suspend(user):
        raise click.ClickException(f"{user.username} is suspended already.")
    db.session.commit()
    click.echo(f"Suspended {user.username}.")


@users.command()
@click.argument("username")
@with_appcontext
def restore(username: str) -> None:
    """Let a member back in who is suspended; or else, who is about to be deleted."""
    user = member_named(username)
    if not (moderation.restore(user) or leaving.keep_account(user)):
        raise click.ClickException(f"{user.username} is not suspended.")
    db.session.commit()
    click.echo(f"Restored {user.username}.")


@users.command()
@click.argument("username")
@click.confirmation_option(prompt="Delete the account and everything in it, for good?")
@with_appcontext
def delete(username: str) -> None:
    """Delete a member with everything they wrote."""
    user = member_named(username)
    moderation.delete_account(user)
    db.session.commit()
    click.echo(f"Deleted {user.username}.")


@users.command("reset-password")
@click.argument("username")
@click.option("--ask-password", is_flag=True, help=PASSWORD_HELP)
@with_appcontext
def reset_password(username: str, ask_password: bool) -> None:
    """Give a member a new password and sign them out everywhere."""
    user = member_named(username)
    try:
        password = _new_password(ask_password, user.username, user.email)
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem
    db.session.rollback()
    password_hash = passwords.hash_password(password)
    actions.change_password(user, password_hash)
    forgive(user)
    db.session.commit()
    click.echo(f"{user.username} has a new password and is signed out everywhere.")
    _tell_password(password, ask_password)


def _line(user: User) -> str:
    marks = {
        "admin": user.is_admin,
        "suspended": user.suspended_at,
        "leaving": user.deletion_due_at,
    }
    joined = user.created_at.date().isoformat()
    set_marks = ",".join(name for name, on in marks.items() if on)
    return "\t".join([user.username, user.email, joined, str(user.posts_count), set_marks])


def _new_password(ask: bool, *personal: str) -> str:
    if not ask:
        return secrets.token_urlsafe(12)
    db.session.rollback()  # nobody should wait for a person who thinks
    password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    rules.check_new_password(password, *personal)
    return password


def _tell_password(password: str, asked: bool) -> None:
    if not asked:
        click.echo(f"Password: {password}")
