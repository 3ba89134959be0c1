"""`flask assets publish`: static files where a web server finds them."""

import gzip
import os
import stat

import pytest

from app.assets import STATIC, tree_hash

FILES = sorted(path.relative_to(STATIC) for path in STATIC.rglob("*") if path.is_file())


@pytest.fixture
def published(run, tmp_path):
    before = os.umask(0o077)
    try:
        result = run("assets", "publish", str(tmp_path / "static"))
    finally:
        os.umask(before)
    assert result.output == f"Published {tmp_path}/static/{tree_hash()}.\n"
    return tmp_path / "static" / tree_hash()


def test_every_file_is_published_as_it_is(published):
    assert len(FILES) > 30
    for file in FILES:
        assert (published / file).read_bytes() == (STATIC / file).read_bytes()


def test_text_is_published_compressed_as_well(published):
    for file in FILES:
        content = (STATIC / file).read_bytes()
        if len(content) > 500:
            compressed = (published / f"{file}.gz").read_bytes()
            assert len(compressed) < len(content)
            assert gzip.decompress(compressed) == content


def test_everybody_may_read_what_is_published_and_nobody_else_may_write(published):
    for path in (published.parent, published, *published.rglob("*")):
        expected = 0o755 if path.is_dir() else 0o644
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_publishing_again_changes_nothing(run, published):
    marked = published / "css" / "marked"
    marked.touch()
    assert run("assets", "publish", str(published.parent)).exit_code == 0
    assert marked.exists()
    assert [path.name for path in published.parent.iterdir()] == [published.name]


def test_newest_releases_stay_and_what_is_no_release(run, tmp_path):
    for age, name in enumerate(("aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.js").touch()
        os.utime(tmp_path / name, (1_000_000_000 - age,) * 2)
    (tmp_path / "somebody's own").mkdir()
    assert run("assets", "publish", str(tmp_path), "--keep", "3").exit_code == 0
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {tree_hash(), "aaaaaaaaaaaa", "bbbbbbbbbbbb", "somebody's own"}


def test_release_that_comes_back_is_the_newest(run, published):
    os.utime(published, (1, 1))
    other = published.with_name("aaaaaaaaaaaa")
    other.mkdir()
    assert run("assets", "publish", str(published.parent), "--keep", "1").exit_code == 0
    assert published.exists()
    assert not other.exists()


@pytest.mark.parametrize("folder", ["no/such/place", "a file"])
def test_folder_that_cannot_be_made_is_named(run, tmp_path, folder):
    (tmp_path / "a file").touch()
    result = run("assets", "publish", str(tmp_path / folder))
    assert result.exit_code in {1, 2}
    assert folder in result.output
    assert "Traceback" not in result.output
