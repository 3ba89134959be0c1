"""Arguments for every address of the site, so that a walk over the URL map finds things there."""

from flask import Flask
from werkzeug.routing import Rule

from app.accounts import links
from app.accounts.models import Registration, User, UserSession
from app.accounts.queries import by_username
from app.exports.models import ExportPart
from app.extensions import db
from app.jobs.models import Job, JobState
from tests.factories import PASSWORD_HASH, make_message, make_post, make_user
from tests.working import path_of

Arguments = dict[str, object]


def furnish(owner: User) -> Arguments:
    """Give a member something at every kind of address; returns the arguments, by name.

    Where two addresses mean different things by a name, it stands there with the endpoint.
    """
    session = UserSession(user_id=owner.id, token_hash="another device")
    joining = Registration(
        username="dora",
        email="dora@example.com",
        email_key="dora@example.com",
        password_hash=PASSWORD_HASH,
    )
    copy = Job(kind="exports.export", user_id=owner.id, state=JobState.DONE)
    db.session.add_all([session, joining, copy])
    db.session.flush()
    copy.due_at, copy.finished_at = None, copy.created_at
    db.session.add(ExportPart(job_id=copy.id, number=0, content=b"PK"))
    values: Arguments = {
        "post_id": make_post(owner).id,
        "message_id": make_message(owner, by_username("bob") or make_user("bob")).id,
        "session_id": session.id,
        "job_id": copy.id,
        "username": "bob",
        "name": "café",
        "purpose": "reset",
        "auth.reset_password token": token_in(links.reset_link(owner)),
        "auth.confirm token": token_in(links.registration_link(joining)),
        "version": "0",
        "filename": "dist/site.css",
    }
    db.session.commit()
    return values


def token_in(link: str) -> str:
    """Return the secret at the end of a link."""
    return path_of(link).rpartition("/")[2]


def path_to(app: Flask, rule: Rule, values: Arguments) -> str:
    """Return a rule's address with its arguments."""
    chosen = {
        name: values.get(f"{rule.endpoint} {name}", values.get(name)) for name in rule.arguments
    }
    assert None not in chosen.values(), f"no argument is known for {rule}"
    return app.url_map.bind("x").build(rule.endpoint, chosen)
