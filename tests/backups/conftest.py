"""One site, saved once, for all who read its backup; an empty one for who brings it back."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from tests.backups.town import populate, populate_files, rows_of, run, site


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Return a backup of a site with something in every table, and what was in it."""
    folder = tmp_path_factory.mktemp("saved")
    file = folder / "backup.zip"
    with site(folder, revision="head") as app:
        populate()
        populate_files(folder)
        run(app, "backup", "create", file)
        return SimpleNamespace(file=file, rows=rows_of(), folder=folder)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Flask]:
    """Return a site whose database has no tables yet."""
    with site(tmp_path / "bare") as app:
        yield app
