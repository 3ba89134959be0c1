"""Servers for tests: started by hand on free ports of this machine, all files in one folder."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa

from config import BASE_DIR
from tests.processes import Process, answers, free_port

RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
MARIADB = Path("/usr/sbin/mariadbd")
ELASTICSEARCH = BASE_DIR.parent / "shared" / "elasticsearch"
_numbers = count(1)
STARTS_WITHIN, STOPS_WITHIN = 60, 30


def program(name: str | Path, package: str) -> str:
    """Return the path of a program; the test fails if it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is missing: `make check` installs it ({package})", pytrace=False)
    return found


def takes_connections(port: int) -> bool:
    """Tell whether something listens on a port of this machine."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def speaks(port: int, greeting: bytes) -> bool:
    """Tell whether whoever listens on a port of this machine answers that greeting."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as line:
        line.sendall(greeting)
        return bool(line.recv(1))
    return False


class Server:
    """A server that may be lost (killed), frozen, and brought back on the same port."""

    url = ""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.process: Process | None = None
        # Some servers refuse to run as root.
        folder.chmod(0o755)

    def command(self) -> list[str]:
        """Return what starts it, in the foreground."""
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        """Return the environment in which it runs."""
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}

    def is_ready(self) -> bool:
        """Tell whether it can be used."""
        return takes_connections(self.port)

    def restore(self) -> None:
        """Start it, or start it again, and wait until it can be used."""
        self.process = Process(self.command(), self.environment(), self.folder / "log")
        self.process.wait_for(self.is_ready, STARTS_WITHIN)

    def lose(self) -> None:
        """Kill it at once."""
        self.process.kill()

    def freeze(self) -> None:
        """Let it be there, but do nothing."""
        self.process.send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.process.send(signal.SIGCONT)

    def end(self) -> None:
        """Stop it for good."""
        if self.process is not None:
            self.thaw()
            self.process.stop(STOPS_WITHIN)


class Redis(Server):
    """A broker in memory."""

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(folder, port)
        self.url = f"redis://127.0.0.1:{port}/0"

    def command(self) -> list[str]:
        """Return what starts it, in the foreground."""
        where = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        return [program("redis-server", "redis-server"), *where, "--save", "", "--daemonize", "no"]

    def is_ready(self) -> bool:
        """Tell whether it can be used: the system takes connections for it also if it is frozen."""
        return speaks(self.port, b"PING\r\n")


class RabbitMQ(Server):
    """A broker in Erlang, and the little name server that it needs."""

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(folder, port)
        self.url = f"amqp://guest:guest@127.0.0.1:{port}//"
        self.names_port = free_port()
        self.names: Process | None = None

    def command(self) -> list[str]:
        """Return what starts it, in the foreground."""
        # Not the wrapper on the path, which would change to another user.
        return [program(RABBITMQ, "rabbitmq-server")]

    def environment(self) -> dict[str, str]:
        """Return the environment in which it runs: nothing outside of its folder."""
        folders = ("MNESIA_BASE", "LOG_BASE", "PID_FILE", "ENABLED_PLUGINS_FILE", "CONFIG_FILE")
        loopback = "-kernel inet_dist_use_interface {127,0,0,1}"
        return (
            super().environment()
            | {
                "RABBITMQ_NODENAME": f"test{self.port}@localhost",
                "RABBITMQ_NODE_PORT": str(self.port),
                "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
                "RABBITMQ_DIST_PORT": str(free_port()),
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": loopback,
                "ERL_EPMD_ADDRESS": "127.0.0.1",
                "ERL_EPMD_PORT": str(self.names_port),
            }
            | {f"RABBITMQ_{name}": str(self.folder / name.lower()) for name in folders}
        )

    def is_ready(self) -> bool:
        """Tell whether it can be used: it listens a moment before it serves."""
        return speaks(self.port, b"AMQP\x00\x00\x09\x01")

    def restore(self) -> None:
        """Start it, with the name server first, which it would leave behind otherwise."""
        if self.names is None:
            epmd = program("epmd", "erlang-base")
            command = [epmd, "-address", "127.0.0.1", "-port", str(self.names_port)]
            self.names = Process(command, self.environment(), self.folder / "names.log")
            self.names.wait_for(lambda: takes_connections(self.names_port))
        super().restore()

    def end(self) -> None:
        """Stop both."""
        super().end()
        if self.names is not None:
            self.names.stop()


class DatabaseServer(Server):
    """A server of databases; `url` leads to the one that is always there."""

    # What its command line says besides.
    options: tuple[str, ...] = ()

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        name = f"microblog{next(_numbers)}"
        engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        return sa.make_url(self.url).set(database=name).render_as_string(hide_password=False)


class PostgreSQL(DatabaseServer):
    """A database that refuses to run as root."""

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(folder, port)
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"

    def command(self) -> list[str]:
        """Return what starts it, in the foreground."""
        places = {"listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder}
        settings = [f"--{name}={value}" for name, value in places.items()]
        data = ["-D", str(self.folder / "data"), "-p", str(self.port)]
        return as_user("postgres", [self._program("postgres"), *data, *settings, *self.options])

    def restore(self) -> None:
        """Start it, on an empty database the first time."""
        if not (self.folder / "data").exists():
            give_to("postgres", self.folder)
            kind = ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", "postgres", "-N"]
            data = ["-D", str(self.folder / "data")]
            run(as_user("postgres", [self._program("initdb"), *data, *kind]))
        super().restore()

    def is_ready(self) -> bool:
        """Tell whether it can be used."""
        command = [self._program("pg_isready"), "-h", "127.0.0.1", "-p", str(self.port), "-q"]
        return subprocess.run(command, check=False).returncode == 0

    def end(self) -> None:
        """Stop it without waiting for clients."""
        if self.process is not None:
            self.process.send(signal.SIGINT)
        super().end()

    @staticmethod
    def _program(name: str) -> str:
        found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
        return program(found[-1] if found else name, "postgresql")


class MariaDB(DatabaseServer):
    """A database."""

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(folder, port)
        self.url = f"mysql+pymysql://root@127.0.0.1:{port}/mysql"

    def command(self) -> list[str]:
        """Return what starts it, in the foreground."""
        where = [f"--port={self.port}", "--bind-address=127.0.0.1", *self._places()]
        command = [program(MARIADB, "mariadb-server"), "--no-defaults", "--user=mysql"]
        return [*command, *where, *self.options]

    def restore(self) -> None:
        """Start it, with an empty database the first time."""
        if not (self.folder / "data").exists():
            give_to("mysql", self.folder)
            install = program("mariadb-install-db", "mariadb-server")
            options = ["--auth-root-authentication-method=normal", "--skip-test-db"]
            run([install, "--no-defaults", "--user=mysql", *self._places(), *options])
        super().restore()

    def _places(self) -> list[str]:
        # Several that are installed at once would take each other's files in a common tmpdir.
        files = {"datadir": "data", "socket": "socket", "pid-file": "pid", "tmpdir": ""}
        return [f"--{option}={self.folder / name}" for option, name in files.items()]


class Elasticsearch(Server):
    """The engine of Elasticsearch 7.0.0 behind a compatibility shim, which is built first.

    It shows that our queries do what they should on a real engine; it says nothing of how the
    client gets on with a current server.
    """

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(folder, port)
        self.url = f"http://127.0.0.1:{port}"

    @staticmethod
    def missing() -> str:
        """Return what is missing to build and run it, or an empty string."""
        if not ELASTICSEARCH.is_dir():
            return f"there is no {ELASTICSEARCH}"
        absent = [name for name in ("java", "javac") if shutil.which(name) is None]
        return f"a JDK is missing ({', '.join(absent)})" if absent else ""

    def command(self) -> list[str]:
        """Return what starts it, in the foreground."""
        script = str(ELASTICSEARCH / "run.sh")
        return ["bash", script, str(self.folder), str(self.port), "-Dshim=true"]

    def restore(self) -> None:
        """Start it, built the first time, with the data that it had."""
        if not (self.folder / "fat.jar").exists():
            run(["bash", str(ELASTICSEARCH / "build.sh"), str(self.folder)])
        super().restore()

    def is_ready(self) -> bool:
        """Tell whether it can be used."""
        return answers(f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=1s")


def as_user(name: str, command: list[str]) -> list[str]:
    """Return the command for another user, where we are root; who is not root is somebody else."""
    return (
        ["setpriv", f"--reuid={name}", f"--regid={name}", "--clear-groups", *command]
        if (os.geteuid() == 0)
        else command
    )


def give_to(user: str, folder: Path) -> None:
    """Let a user write in a folder, where we are root."""
    if os.geteuid() == 0:
        shutil.chown(folder, user, user)


def run(command: list[str]) -> None:
    """Run a command to its end; the test fails with what it says if it fails."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"{command}\n{done.stdout}{done.stderr}", pytrace=False)


@contextmanager
def running(kind: Callable[[Path, int], Server]) -> Iterator[Server]:
    """Hand out a server of that kind; ends it afterwards."""
    # Not among pytest's folders: other users cannot reach into those.
    with TemporaryDirectory(prefix="microblog-", ignore_cleanup_errors=True) as folder:
        server = kind(Path(folder), free_port())
        try:
            server.restore()
            yield server
        finally:
            server.end()
