"""The Procfile's processes with nothing but what Heroku gives them: .profile does the rest.

Its Redis speaks TLS with a certificate that nobody vouches for; its addresses begin with postgres://
and rediss://; the web process has to listen on every address. Heroku itself was not there.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import redis

from app.jobs.worker import GRACE
from config import BASE_DIR
from tests.post_office import PostOffice
from tests.processes import (
    KEY,
    STARTS_WITHIN,
    WORKER_IS_READY,
    Process,
    answers,
    command_of,
    free_port,
    until,
)
from tests.servers.programs import PostgreSQL, Redis, run, running
from tests.visitor import Visitor

PASSWORD = "hunter2"
PRINTED = re.compile(r"^Password: (.*)$", re.MULTILINE)


class RedisWithTLS(Redis):
    """Redis as Heroku has it."""

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(folder, port)
        self.url = f"rediss://:{PASSWORD}@127.0.0.1:{port}"

    def command(self) -> list[str]:
        """Return what starts it, in the foreground."""
        key, certificate = str(self.folder / "key.pem"), str(self.folder / "certificate.pem")
        new = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=redis"]
        run(["openssl", "req", *new, "-keyout", key, "-out", certificate])
        files = ["--tls-cert-file", certificate, "--tls-key-file", key]
        plain = super().command()
        plain[plain.index("--port") + 1] = "0"
        tls = ["--tls-port", str(self.port), "--tls-auth-clients", "no", *files]
        return [*plain, *tls, "--requirepass", PASSWORD]

    def is_ready(self) -> bool:
        """Tell whether it can be used."""
        try:
            return bool(self.client().ping())
        except redis.RedisError:
            return False

    def client(self) -> redis.Redis:
        """Return a connection that is content with its certificate."""
        return redis.from_url(self.url, ssl_cert_reqs="none")


@pytest.fixture(scope="module")
def heroku(tmp_path_factory):
    """Hand out its servers, and the environment of a process there."""
    folder, port, post_office = tmp_path_factory.mktemp("dyno"), free_port(), PostOffice()
    with running(PostgreSQL) as database, running(RedisWithTLS) as server:
        post_office.open()
        environment = post_office.settings | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "DYNO": "web.1",
            "PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "SECRET_KEY": KEY,
            "DATABASE_URL": database.new_database().replace("postgresql+psycopg", "postgres"),
            "REDIS_URL": server.url,
            # Only so that the tests leave nothing in the programmer's own folder.
            "DATA_DIR": str(folder / "data"),
        }
        try:
            yield server, post_office, environment
        finally:
            post_office.close()


def dyno(command: list[str]) -> list[str]:
    """Return how Heroku runs a command."""
    return ["bash", "-c", f". ./.profile && exec {shlex.join(command)}"]


def run_once(name: str, command: list[str], disks: Path, environment: dict[str, str]) -> str:
    """Run a command on a disk of its own; return what it says."""
    return subprocess.run(
        dyno(command),
        cwd=BASE_DIR,
        env=environment | {"DATA_DIR": str(disks / name)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def start(name: str, disks: Path, environment: dict[str, str]) -> Process:
    """Start one of the Procfile's processes on a disk of its own."""
    environment = environment | {"DATA_DIR": str(disks / name)}
    return Process(dyno(command_of(name)), environment, disks.with_name(f"{name}.log"))


def copy_for(visitor: Visitor) -> ZipFile:
    """Ask for a copy, wait until it is made, and fetch it."""
    visitor.submit("/settings/jobs/export", at="/settings/jobs")
    link = re.compile(r'href="([^"]*/download)"')
    found = until(lambda: link.search(visitor.get("/settings/jobs").text), STARTS_WITHIN)
    return ZipFile(BytesIO(visitor.get(found[1]).content))


def test_site_runs_on_what_the_platform_gives(heroku, tmp_path):
    server, post_office, environment = heroku
    disks = tmp_path / "disks"
    run_once("release", command_of("release"), disks, environment)
    create = ["flask", "users", "create", "ana", "ana@example.com"]
    [password] = PRINTED.findall(run_once("run", create, disks, environment))
    web, worker = start("web", disks, environment), start("worker", disks, environment)
    try:
        # An address of this machine that is not 127.0.0.1: the router comes from elsewhere.
        web.wait_for(lambda: answers(f"http://127.0.0.2:{environment['PORT']}/healthz"))
        worker.wait_for(lambda: worker.said(WORKER_IS_READY))
        visitor = Visitor(environment["PUBLIC_URL"])
        visitor.submit("/auth/reset_password_request", email="ana@example.com")
        post_office.wait_for("ana@example.com", seconds=STARTS_WITHIN)
        visitor.sign_in("ana", password)
        assert copy_for(visitor).testzip() is None
    finally:
        web.stop()
        worker.stop(GRACE.total_seconds())
    # Limits are counted for all processes together.
    with server.client() as client:
        assert client.keys("microblog*")
    assert not worker.said('"ERROR"')
    lines = (tmp_path / "web.log").read_text().splitlines()
    assert lines
    assert all(json.loads(line) for line in lines)
    # Nothing is written to a disk that does not last.
    assert not [path for path in disks.rglob("*") if path.is_file()]


def test_doctor_finds_the_servers_of_the_platform(heroku):
    _server, _post_office, environment = heroku
    done = subprocess.run(
        dyno(["flask", "doctor", "--json"]),
        cwd=BASE_DIR,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    findings = json.loads(done.stdout)["findings"]
    levels = {each["check"]: each["level"] for each in findings}
    assert (levels["broker"], levels["limits"], levels["mail"]) == ("ok", "ok", "ok")
    assert PASSWORD not in done.stdout
