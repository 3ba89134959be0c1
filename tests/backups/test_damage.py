"""A file that is not as it was written is noticed, and nothing of it reaches a database."""

import json
import random
import resource
import subprocess
import sys
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from app.backups.archive import opened
from app.backups.errors import BackupError
from config import BASE_DIR
from tests.backups.town import FILE, run
from tests.processes import settings_for

FLIPS = 150
# Leaves room for what SQLite writes.
LARGEST = 64 * 1024


def faults_of(file):
    try:
        with opened(file) as archive:
            return list(archive.faults(lambda _rows: None))
    except BackupError as error:
        return [str(error)]


def content_of(file):
    with opened(file) as archive:
        tables = {name: list(archive.lines(name)) for name in archive.entries}
        files = {name: archive.open_file(name).read() for name in archive.manifest.files}
        return archive.manifest, tables, files


def changed(saved, file, change):
    """Write a backup whose parts a function has changed, as a zip file without fault."""
    with ZipFile(saved.file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts["manifest.json"])
    change(parts, manifest)
    if "manifest.json" in parts:
        parts["manifest.json"] = json.dumps(manifest).encode()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


def test_whole_backup_has_no_fault(saved):
    assert faults_of(saved.file) == []


def test_backup_that_was_written_anew_has_no_fault(saved, tmp_path):
    # The premise of what follows.
    assert faults_of(changed(saved, tmp_path / "b.zip", lambda *_all: None)) == []


@pytest.mark.thorough
def test_flipped_bit_is_noticed_or_changes_nothing_that_is_read(saved, tmp_path):
    whole, original = saved.file.read_bytes(), content_of(saved.file)
    chance, noticed, file = random.Random(3), 0, tmp_path / "flipped.zip"
    for _flip in range(FLIPS):
        place = chance.randrange(len(whole))
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        file.write_bytes(flipped)
        if faults_of(file):
            noticed += 1
        else:
            assert content_of(file) == original, f"byte {place}"
    # Dates and attributes of the parts, which nobody reads, are a tenth of so small a file.
    assert noticed > FLIPS * 0.7


@pytest.mark.parametrize("part", [0, 1, 0.1, 0.5, 0.9, -1, -100])
def test_truncated_file_is_noticed(saved, tmp_path, part):
    whole, file = saved.file.read_bytes(), tmp_path / "cut.zip"
    file.write_bytes(whole[: int(part * len(whole)) if 0 < part < 1 else part])
    [fault] = faults_of(file)
    assert "This is no backup, or it was cut off" in fault


def drop_a_row(parts, _manifest):
    rows = parts["tables/posts.jsonl"].splitlines(keepends=True)
    parts["tables/posts.jsonl"] = b"".join(rows[1:])


def change_a_row(parts, _manifest):
    parts["tables/posts.jsonl"] = parts["tables/posts.jsonl"].replace(b"noon", b"dawn")


def drop_a_table(parts, _manifest):
    del parts["tables/follows.jsonl"]


def change_a_file(parts, _manifest):
    parts[f"files/{FILE}"] += b"!"


def drop_a_file(parts, _manifest):
    del parts[f"files/{FILE}"]


def add_a_part(parts, _manifest):
    parts["tables/shells.jsonl"] = b""


def lead_elsewhere(parts, manifest):
    parts["files/../secret_key"] = parts.pop(f"files/{FILE}")
    manifest["files"]["../secret_key"] = manifest["files"].pop(FILE)


def drop_the_manifest(parts, _manifest):
    del parts["manifest.json"]


def empty_the_manifest(_parts, manifest):
    manifest.clear()


def spoil_the_manifest(_parts, manifest):
    manifest["tables"] = {"posts": "many"}


def come_from_the_future(_parts, manifest):
    manifest["format"] = 2


def come_from_a_later_version(_parts, manifest):
    manifest["revision"] = "9999"


FAULTS = {
    drop_a_row: "the table posts has 19 rows, not 20",
    change_a_row: "the table posts has other rows than were saved",
    drop_a_table: "tables/follows.jsonl is missing",
    change_a_file: f"the file {FILE} is another than was saved",
    drop_a_file: f"files/{FILE} is missing",
    add_a_part: "tables/shells.jsonl does not belong into it",
    lead_elsewhere: "the file ../secret_key is another than was saved",
    drop_the_manifest: "it has no manifest.json",
    empty_the_manifest: "manifest.json cannot be understood: KeyError('format')",
    spoil_the_manifest: "manifest.json cannot be understood",
    come_from_the_future: "has format 2, and this version of Microblog reads format 1",
    come_from_a_later_version: "revision 9999, which this version of Microblog does not know",
}


@pytest.mark.parametrize("change", FAULTS, ids=lambda change: change.__name__)
def test_fault_is_told_in_plain_words(bare, saved, tmp_path, change):
    words = FAULTS[change]
    file = changed(saved, tmp_path / "b.zip", change)
    result = run(bare, "backup", "verify", file, status=1)
    assert words in result.output
    result = run(bare, "backup", "restore", file, status=1)
    assert words in result.output
    assert not (bare.config["DATA_DIR"] / FILE).exists()


def test_several_faults_are_all_told(bare, saved, tmp_path):
    def change(parts, manifest):
        drop_a_row(parts, manifest)
        drop_a_file(parts, manifest)

    output = run(
        bare, "backup", "verify", changed(saved, tmp_path / "b.zip", change), status=1
    ).output
    assert FAULTS[drop_a_row] in output
    assert FAULTS[drop_a_file] in output


def test_file_that_is_something_else_is_told(bare, tmp_path):
    (tmp_path / "letter.zip").write_text("Dear Ana")
    result = run(bare, "backup", "verify", tmp_path / "letter.zip", status=1)
    assert "Error: This is no backup, or it was cut off" in result.output


def test_file_that_is_missing_is_a_usage_error(bare, tmp_path):
    for command in ("verify", "restore"):
        run(bare, "backup", command, tmp_path / "none.zip", status=2)


@pytest.mark.thorough
def test_full_disk_is_told_and_leaves_no_half_file(app, tmp_path):
    folder, file = app.config["DATA_DIR"], tmp_path / "b.zip"
    (folder / "outbox").mkdir()
    (folder / "outbox" / "9.eml").write_bytes(random.randbytes(2 * LARGEST))

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))

    result = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "microblog.py", "backup", "create", str(file)],
        cwd=BASE_DIR,
        env=settings_for(folder, 1) | {"LOG_TO_STDOUT": "1"},
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr == f"Error: {file} cannot be written: [Errno 27] File too large\n"
    assert list(tmp_path.iterdir()) == []
