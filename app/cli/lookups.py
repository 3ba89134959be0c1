"""What several commands begin with."""

import click

from app.accounts.models import User
from app.accounts.queries import by_username


def member_named(username: str) -> User:
    """Return a member, suspended or not; ends the command with status 1 if nobody has that name."""
    user = by_username(username)
    if user is None:
        raise click.ClickException(f"Nobody is called {username}.")
    return user
