"""The edge for administrators: the `flask` commands. Each one calls the actions that pages call."""

from flask import Flask

from app.cli.assets import assets
from app.cli.backup import backup, db_copy
from app.cli.counters import counters
from app.cli.demo import demo
from app.cli.doctor import doctor
from app.cli.jobs import jobs
from app.cli.posts import posts
from app.cli.search import search
from app.cli.translate import translate
from app.cli.users import users

COMMANDS = [assets, backup, counters, db_copy, demo, doctor, jobs, posts, search, translate, users]


def register_commands(app: Flask) -> None:
    """Add the command groups to the `flask` command."""
    for command in COMMANDS:
        app.cli.add_command(command)
