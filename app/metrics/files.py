"""The files in which a process counts: `counter_3.db` belongs to whoever has locked `3.lock`."""

import fcntl
import os
from contextlib import suppress
from itertools import count
from pathlib import Path

KINDS = ("counter", "histogram")
# More than all there is to count needs.
ROOM = 1024 * 1024


def claim_number(folder: Path) -> int:
    """Return a number that no other living process has, with room in the files that bear it.

    The system gives up the locks when the process ends, however it ends.
    """
    everybody = _open(folder / "everybody.lock")
    with suppress(BlockingIOError):
        fcntl.flock(everybody, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Nobody else is there, perhaps after a power cut, which may have left anything.
        for old in folder.glob("*.db"):
            old.unlink()
    fcntl.flock(everybody, fcntl.LOCK_SH)
    number = next(number for number in count(1) if _is_free(folder / f"{number}.lock"))
    for kind in KINDS:
        _make_room(folder / f"{kind}_{number}.db")
    return number


def _open(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_RDWR, 0o600)


def _is_free(path: Path) -> bool:
    file = _open(path)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return False
    return True


def _make_room(path: Path) -> None:
    # Else the file grows while it is written through memory, and a full disk kills the process.
    if not path.exists():
        draft = path.with_suffix(".draft")
        draft.write_bytes(bytes(ROOM))
        draft.replace(path)
