"""How long backups take, how large they are and how much memory is needed.

    python -m bench.backup SIZE FROM TO

makes a site with so many posts in FROM, saves it, checks the file and brings it back in TO. FROM
and TO are empty databases, as in DATABASE_URL. Each step is a command in a process of its own, as
an administrator runs it; CPU seconds are its own, without those of a database server. What indexing
takes of the last one is measured once more by itself, on a site that runs.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KIB_PER_MIB = 1024


def main() -> None:
    """Measure every step and print a line for each."""
    size, source, target = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        # This process stays small: the memory of a new one is never counted as less than ours.
        subprocess.run([sys.executable, "-m", "bench.backup", "fill", *sys.argv[1:]], check=True)
        file = str(Path(folder) / "backup.zip")
        print(f"{int(size):>11,} posts {'seconds':>8} {'of CPU':>8} {'peak memory, MiB':>17}")
        measure(folder, source, "backup", "create", file)
        measure(folder, source, "backup", "verify", file)
        measure(folder, target, "backup", "restore", file)
        measure(folder, target, "search", "rebuild")
        print(f"{Path(file).stat().st_size / 1e6:.1f} MB")


def fill(size: str, source: str, _target: str) -> None:
    """Make the site."""
    import flask_migrate

    from bench.search import grow, site, vocabulary

    with tempfile.TemporaryDirectory() as folder, site(Path(folder), source).app_context():
        flask_migrate.upgrade()
        grow(vocabulary(), 0, int(size))


def measure(folder: str, database: str, *arguments: str) -> None:
    """Run one command and print what it took."""
    key = "a key for measurements only"
    settings = {"SECRET_KEY": key, "DATABASE_URL": database, "DATA_DIR": folder}
    command = [sys.executable, "-m", "flask", "--app", "microblog.py", *arguments]
    began = time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.DEVNULL)
    _process, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{arguments} failed")
    seconds, of_cpu = time.perf_counter() - began, usage.ru_utime + usage.ru_stime
    memory = usage.ru_maxrss / KIB_PER_MIB
    print(f"{' '.join(arguments[:2]):<17} {seconds:>8.1f} {of_cpu:>8.1f} {memory:>17.1f}")


if __name__ == "__main__":
    fill(*sys.argv[2:]) if sys.argv[1] == "fill" else main()
