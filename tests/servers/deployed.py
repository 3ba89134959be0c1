"""nginx and supervisor, set up from the files in deploy/ as an administrator does it."""

import getpass
import os
import re
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from config import BASE_DIR
from tests.processes import free_port
from tests.servers.programs import Server, program, run


def deployed(name: str, changes: dict[str, str], folder: Path) -> Path:
    """Copy a file of deploy/ as an administrator adapts it: all of these strings, and no other."""
    text = (BASE_DIR / "deploy" / name).read_text()
    missing = [old for old in changes if old not in text]
    assert not missing, f"deploy/{name} does not have {missing}"
    longest_first = sorted(changes, key=len, reverse=True)
    pattern = "|".join(map(re.escape, longest_first))
    copy = folder / Path(name).name
    copy.write_text(re.sub(pattern, lambda match: changes[match[0]], text))
    return copy


def processes_of_session(number: int) -> list[int]:
    """Return the processes that were started in a session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # Behind the name, which may hold anything: state, parent, group, session.
            if int(stat.read_text().rpartition(")")[2].split()[3]) == number:
                found.append(int(stat.parent.name))
    return found


class Nginx(Server):
    """The web server, as the files in deploy/nginx have it; `port` is where it speaks HTTPS."""

    def __init__(self, folder: Path, port: int, *, host: str, application_port: int) -> None:
        super().__init__(folder, port)
        self.host, self.application_port = host, application_port
        self.http_port = free_port()
        self.certificate = folder / "fullchain.pem"
        # Where the site's files belong, and where it says what was asked.
        self.www, self.logs = folder / "www", folder / "logs"

    def command(self) -> list[str]:
        """Return what starts it, in the foreground."""
        return [*self._nginx(), "-g", "daemon off;"]

    def restore(self) -> None:
        """Start it, set up the first time."""
        if not (self.folder / "nginx.conf").exists():
            self._set_up()
        super().restore()

    def reload(self) -> None:
        """Let it read its configuration again."""
        run([*self._nginx(), "-s", "reload"])

    def _nginx(self) -> list[str]:
        return [program("nginx", "nginx"), "-p", str(self.folder), "-c", self._path("nginx.conf")]

    def _path(self, name: str) -> str:
        return f"{self.folder}/{name}"

    def _set_up(self) -> None:
        for folder in (self.www, self.logs, self.folder / "conf.d"):
            folder.mkdir()
        shutil.copytree(BASE_DIR / "deploy/nginx/errors", self.www / "errors")
        self._write_certificate()
        main = {
            "/etc/nginx/conf.d/": self._path("conf.d/"),
            "/run/nginx.pid": self._path("nginx.pid"),
            "/var/log/nginx/": self._path("logs/"),
        }
        deployed("nginx/nginx.conf", main, self.folder)
        site = {
            "listen 80;": f"listen 127.0.0.1:{self.http_port};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port} ssl http2;",
            "listen [::]:80;": "",
            "listen [::]:443 ssl http2;": "",
            "server_name microblog.example;": f"server_name {self.host};",
            "https://$server_name": f"https://$server_name:{self.port}",
            "/etc/letsencrypt/live/microblog.example/": self._path(""),
            "127.0.0.1:5000": f"127.0.0.1:{self.application_port}",
            "/var/cache/microblog": self._path("cache"),
            "/var/log/nginx/": self._path("logs/"),
            "/var/www/microblog": str(self.www),
            "/var/www/html": str(self.www),
        }
        deployed("nginx/microblog.conf", site, self.folder / "conf.d")
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        lines = [f"{kind}_temp_path {self._path(kind)};\n" for kind in kinds]
        (self.folder / "conf.d" / "paths.conf").write_text("".join(lines))

    def _write_certificate(self) -> None:
        """Make a certificate of our own, good for this name and this machine."""
        files = ["-keyout", self._path("privkey.pem"), "-out", str(self.certificate)]
        names = [
            "-subj",
            f"/CN={self.host}",
            "-addext",
            f"subjectAltName=DNS:{self.host},IP:127.0.0.1",
        ]
        kind = [
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-noenc",
            "-days",
            "2",
        ]
        run([program("openssl", "openssl"), "req", *kind, *names, *files])


class Supervisor(Server):
    """What keeps the site's processes running, as deploy/supervisor/microblog.conf has it."""

    def __init__(self, folder: Path, port: int, *, code: Path) -> None:
        super().__init__(folder, port)
        self.code = code
        self.logs = folder / "logs"

    def command(self) -> list[str]:
        """Return what starts it, in the foreground."""
        return [program("supervisord", "supervisor"), "--nodaemon", *self._configuration()]

    def restore(self) -> None:
        """Start it, set up the first time."""
        if not (self.folder / "supervisord.conf").exists():
            self._set_up()
        super().restore()

    def is_ready(self) -> bool:
        """Tell whether all its programs run."""
        lines = self.control("status").splitlines()
        return bool(lines) and all(" RUNNING " in line for line in lines)

    def control(self, *arguments: str) -> str:
        """Say something to it, as an administrator does, and return its answer."""
        command = [program("supervisorctl", "supervisor"), *self._configuration(), *arguments]
        return subprocess.run(
            command, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ).stdout

    def pid(self, name: str) -> int:
        """Return the process that is now `web` or `worker`."""
        return int(self.control("pid", f"microblog:{name}"))

    def end(self) -> None:
        """Stop it and what it runs: also what it has lost sight of, in its session."""
        super().end()
        if self.process is not None:
            for pid in processes_of_session(self.process.process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def _configuration(self) -> list[str]:
        return ["--configuration", str(self.folder / "supervisord.conf")]

    def _set_up(self) -> None:
        self.logs.mkdir()
        changes = {
            "/srv/microblog": str(self.code),
            "user=microblog\n": f"user={getpass.getuser()}\n",
            "/var/log/supervisor/": f"{self.logs}/",
        }
        programs = deployed("supervisor/microblog.conf", changes, self.folder)
        # What Debian's package has in /etc/supervisor/supervisord.conf.
        (self.folder / "supervisord.conf").write_text(
            f"[unix_http_server]\nfile={self.folder}/socket\n"
            f"[supervisord]\nlogfile={self.logs}/supervisord.log\npidfile={self.folder}/pid\n"
            f"[supervisorctl]\nserverurl=unix://{self.folder}/socket\n"
            "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory="
            "supervisor.rpcinterface:make_main_rpcinterface\n"
            f"[include]\nfiles={programs}\n"
        )
