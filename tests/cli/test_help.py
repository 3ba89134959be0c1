"""Every command has help and a place in it for everything it takes."""

import click
import pytest
from flask.cli import AppGroup

from app.cli.assets import assets
from app.cli.backup import backup, db_copy
from app.cli.counters import counters
from app.cli.demo import demo
from app.cli.doctor import doctor
from app.cli.posts import posts
from app.cli.translate import translate
from app.cli.users import users

OURS = (assets, backup, counters, db_copy, demo, doctor, posts, translate, users)


def walk(command, *path):
    yield [*path, command.name], command
    for child in getattr(command, "commands", {}).values():
        yield from walk(child, *path, command.name)


COMMANDS = [pair for command in OURS for pair in walk(command)]


def test_every_command_the_issue_names_is_there(app):
    assert isinstance(app.cli, AppGroup)
    names = {" ".join(path) for path, _command in COMMANDS}
    wanted = {
        *(f"users {name}" for name in ("create", "list", "promote", "suspend", "restore")),
        *("users delete", "users reset-password", "posts delete"),
        *(f"translate {name}" for name in ("init", "update", "compile", "check")),
    }
    assert wanted - names == set()


@pytest.mark.parametrize("path", [path for path, _command in COMMANDS], ids=" ".join)
def test_help_of_every_command(run, path):
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert f"{' '.join(path)} " in result.output.splitlines()[0]


@pytest.mark.parametrize(
    "command", [command for _path, command in COMMANDS], ids=lambda command: command.name
)
def test_every_command_says_what_it_does(command):
    assert command.help
    assert command.help.strip().endswith(".")


@pytest.mark.parametrize(
    "command", [command for _path, command in COMMANDS], ids=lambda command: command.name
)
def test_every_option_is_explained(command):
    options = [item for item in command.params if isinstance(item, click.Option)]
    assert [option.name for option in options if not (option.help or option.prompt)] == []


@pytest.mark.parametrize(
    "path",
    [path for path, command in COMMANDS if not isinstance(command, click.Group)],
    ids=" ".join,
)
def test_unknown_option_is_a_usage_error(run, path):
    assert run(*path, "--no-such-option").exit_code == 2


@pytest.mark.parametrize("group", ["users", "posts", "translate", "counters", "assets", "backup"])
def test_unknown_command_is_a_usage_error(run, group):
    assert run(group, "no-such-command").exit_code == 2


@pytest.mark.parametrize(
    "path",
    [
        ("users", "create"),
        ("users", "create", "dora"),
        ("users", "promote"),
        ("users", "suspend"),
        ("users", "restore"),
        ("users", "delete", "--yes"),
        ("users", "reset-password"),
        ("posts", "delete", "--yes"),
        ("translate", "init"),
        ("backup", "verify"),
        ("backup", "restore"),
        ("db-copy",),
        ("db-copy", "sqlite:///app.db"),
    ],
    ids=" ".join,
)
def test_missing_argument_is_a_usage_error(run, path):
    assert run(*path).exit_code == 2
