"""What `make run` and `make dev` do: a key, the database, and all processes in one terminal.

python -m deploy.local key                # writes a secret key, if there is none
python -m deploy.local start PROCFILE     # upgrades the database, then runs web and worker
"""

import os
import secrets
import subprocess
import sys
from pathlib import Path

from dotenv import load_dotenv

from config import BASE_DIR, Config, read_folder


def make_key() -> None:
    """Write a secret key into DATA_DIR, where the settings have none."""
    folder = read_folder(os.environ, "DATA_DIR", BASE_DIR / "instance")
    path = folder / "secret_key"
    if os.environ.get("SECRET_KEY") or path.exists():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(secrets.token_hex(32) + "\n")


def start(procfile: str) -> None:
    """Upgrade the database and become honcho, which runs web and worker until one of them ends."""
    config = Config()
    # Named for all processes: honcho gives each a PORT of its own.
    os.environ["PUBLIC_URL"] = config.PUBLIC_URL
    programs = Path(sys.executable).parent
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    subprocess.run([programs / "flask", "db", "upgrade"], check=True)  # noqa: S603
    print(f"Serving on http://127.0.0.1:{config.PORT} - Ctrl-C ends it.", flush=True)  # noqa: T201
    options = ("--procfile", procfile, "--env", os.devnull, "--port", str(config.PORT))
    os.execv(programs / "honcho", ["honcho", "start", *options, "web", "worker"])  # noqa: S606


if __name__ == "__main__":
    load_dotenv(BASE_DIR / ".env")
    if sys.argv[1] == "key":
        make_key()
    else:
        start(sys.argv[2])
