"""The hash in static addresses follows the files: a copy of the module over a tree of its own."""

import importlib.util
import shutil
from pathlib import Path

import pytest

from app import assets


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a small static tree with app/assets.py beside it."""
    shutil.copy(assets.__file__, tmp_path / "assets.py")
    for name in ("css/a.css", "js/b.js"):
        path = tmp_path / "static" / name
        path.parent.mkdir(parents=True)
        path.write_text(name)
    return tmp_path


def hash_of(tree: Path) -> str:
    """Return the hash as a process that starts now would work it out."""
    spec = importlib.util.spec_from_file_location("copied_assets", tree / "assets.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert tree / "static" == module.STATIC
    return module.tree_hash()


def test_same_files_have_the_same_hash(tree):
    assert hash_of(tree) == hash_of(tree)


@pytest.mark.parametrize(
    "change",
    [
        lambda static: (static / "css/a.css").write_text("changed"),
        lambda static: (static / "js/c.js").write_text(""),
        lambda static: (static / "js/b.js").unlink(),
        lambda static: (static / "js/b.js").rename(static / "js/c.js"),
    ],
    ids=["changed", "added", "removed", "renamed"],
)
def test_any_change_changes_the_hash(tree, change):
    before = hash_of(tree)
    change(tree / "static")
    assert hash_of(tree) != before
