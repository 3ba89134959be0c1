"""`python -m tests.jobs.burst FIRST COUNT`: ask for that many mails, as a busy web process does.

Word of each job is sent twice, as a broker does that is not sure whether it was heard.
"""

import sys

import sqlalchemy as sa

from app import create_app
from app.accounts.models import User
from app.accounts.tasks import tell_password_changed
from app.extensions import db
from app.jobs import handover


def ask(first: int, count: int) -> None:
    """Ask for one mail to each of so many members, beginning with one id."""
    with create_app().app_context():
        members = sa.select(User.id).where(User.id >= first, User.id < first + count)
        for user_id in db.session.scalars(members).all():
            job = tell_password_changed.ask(user_id=user_id)
            handover.after_commit(db.session, job.id)
            db.session.commit()


if __name__ == "__main__":
    ask(*map(int, sys.argv[1:3]))
