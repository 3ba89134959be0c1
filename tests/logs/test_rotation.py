"""Several processes write one file, which starts anew when it is large."""

import subprocess
import sys
from collections import Counter

import pytest

from config import BASE_DIR

PROCESSES, LINES, FILE_BYTES = 4, 60, 4_000
SCRIPT = f"""
import logging, sys
from pathlib import Path
from app import logs
logs.FILE_BYTES, logs.OLD_FILES = {FILE_BYTES}, 50
logger = logging.getLogger("test")
logger.addHandler(logs.log_file(Path(sys.argv[1])))
print("ready", flush=True)
sys.stdin.read()
for number in range({LINES}):
    logger.error("writer %s, line %s, which is of a usual length", sys.argv[2], number)
"""


@pytest.mark.thorough
def test_processes_that_write_at_once_lose_no_line_and_start_new_files(tmp_path):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(tmp_path), str(number)],
            cwd=BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for number in range(PROCESSES)
    ]
    for writer in writers:
        assert writer.stdout.readline() == b"ready\n"
    for writer in writers:
        writer.stdin.close()
        writer.stdin = None
    for writer in writers:
        errors = writer.communicate(timeout=60)[1]
        assert (writer.returncode, errors) == (0, b"")
    files = list(tmp_path.glob("microblog.log*"))
    assert len(files) > 2
    # A file may end with the line that made it too large.
    assert max(path.stat().st_size for path in files) < FILE_BYTES + 100
    lines = Counter(line for path in files for line in path.read_text().splitlines())
    expected = {
        f"writer {writer}, line {number}, which is of a usual length"
        for writer in range(PROCESSES)
        for number in range(LINES)
    }
    assert set(lines) == expected
    assert set(lines.values()) == {1}
