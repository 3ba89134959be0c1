"""Running commands as an administrator does."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from app.extensions import db


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """Run `flask …`, with what is typed at its prompts."""

    def run(*args: str, typed: str | None = None) -> Result:
        db.session.rollback()
        db.session.expire_all()
        try:
            return app.test_cli_runner().invoke(args=args, input=typed)
        finally:
            db.session.rollback()

    return run
