"""The whole site on one machine, set up from the files in deploy/ as an administrator does it.

nginx speaks HTTPS; supervisor keeps gunicorn and a worker running; PostgreSQL and Redis stand
beside them. The code is a copy of its own, so that a test may put new code in its place.
"""

import json
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.client import HTTPMessage, HTTPSConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import HTTPSHandler, Request

from config import BASE_DIR
from tests.browser.town import Town as BrowserTown
from tests.browsing import enter
from tests.post_office import PostOffice
from tests.processes import WORKER_IS_READY, free_port, settings_for, until
from tests.servers.deployed import Nginx, Supervisor
from tests.servers.programs import STARTS_WITHIN, DatabaseServer, PostgreSQL, Redis, running
from tests.visitor import PATIENCE, Visitor

HOST = "microblog.test"
INHERITED = {"PATH", "HOME", "LANG", "LOG_TO_STDOUT"}
CODE = ("app", "migrations", "deploy", "config.py", "microblog.py")


@dataclass
class Answer:
    """What the site said to one request; redirects are not followed."""

    status: int
    headers: HTTPMessage
    content: bytes

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode()


class ConnectionHere(HTTPSConnection):
    """A connection to the site's name, which no name server knows, on this machine."""

    def connect(self) -> None:
        """Connect, and check the certificate against the name."""
        here = ("127.0.0.1", self.port)
        plain = socket.create_connection(here, self.timeout, self.source_address)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)


class HandlerHere(HTTPSHandler):
    """Lets urllib use such connections, from an address of this machine."""

    def __init__(self, tls: ssl.SSLContext, client: str) -> None:
        super().__init__()
        self.connect = partial(ConnectionHere, context=tls, source_address=(client, 0))

    def https_open(self, request: Request) -> Any:
        """Send a request."""
        return self.do_open(self.connect, request)


class Town(BrowserTown):
    """The people of the site, made from outside while it runs."""

    def session_cookie(self, username: str) -> dict[str, str]:
        """Sign somebody in and return their cookie, as Playwright takes it."""
        with self.context():
            client = self.app.test_client()
            enter(client, self.find(username))
            cookie = client.get_cookie("session", domain=HOST)
            return {"name": "session", "value": cookie.value, "url": self.url}


class Deployment:
    """The site's code and settings in a folder, as an administrator lays them there."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.code, self.settings = folder / "code", settings
        self.code.mkdir()
        for name in CODE:
            source, copy = BASE_DIR / name, self.code / name
            shutil.copytree(source, copy) if source.is_dir() else shutil.copy2(source, copy)
        (self.code / ".venv").symlink_to(sys.prefix)
        self.write_settings()

    def write_settings(self) -> None:
        """Write them where every process reads them when it starts."""
        # Where the log goes is said by what starts the processes.
        own = {name: value for name, value in self.settings.items() if name not in INHERITED}
        lines = [f"{name}='{value}'\n" for name, value in own.items()]
        (self.code / ".env").write_text("".join(lines))

    def flask(self, *arguments: str) -> str:
        """Run a `flask` command in that folder, and return what it prints."""
        command = [self.code / ".venv/bin/flask", *arguments]
        environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "FLASK_APP": "microblog.py"}
        done = subprocess.run(
            command, cwd=self.code, env=environment, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@dataclass
class Stack:
    """The site and its servers, each of which has lose(), restore(), freeze() and thaw()."""

    deployment: Deployment
    nginx: Nginx
    supervisor: Supervisor
    database: DatabaseServer
    redis: Redis
    post_office: PostOffice
    town: Town

    @property
    def url(self) -> str:
        """The site's address."""
        return self.town.url

    @property
    def tls(self) -> ssl.SSLContext:
        """What clients need to trust the site's certificate."""
        return ssl.create_default_context(cafile=self.nginx.certificate)

    def wait(self) -> None:
        """Wait until web and worker do what they are for."""
        web = until(lambda: self.open("/readyz").status == HTTPStatus.OK, STARTS_WITHIN)
        assert web, self.log("web")
        assert until(lambda: WORKER_IS_READY in self.log("worker"), STARTS_WITHIN)

    def open(
        self,
        path: str = "/",
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        client: str = "127.0.0.1",
    ) -> Answer:
        """Send one request through nginx, from an address of this machine (127.0.0.0/8)."""
        with closing(self.connect(client)) as line:
            line.request(method, path, body, headers or {})
            answer = line.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def connect(self, client: str = "127.0.0.1") -> ConnectionHere:
        """Return a connection for any number of requests, from an address of this machine."""
        options = {"timeout": PATIENCE, "context": self.tls, "source_address": (client, 0)}
        return ConnectionHere(HOST, self.nginx.port, **options)

    def visitor(self, member: str | None = None, client: str = "127.0.0.1") -> Visitor:
        """Return a browser without JavaScript, signed in through the form if a name is given."""
        visitor = Visitor(self.url, HandlerHere(self.tls, client))
        if member:
            page = visitor.sign_in(member)
            assert page.url == f"{self.url}/", page.text
        return visitor

    def log(self, name: str) -> str:
        """Return a log: `web`, `worker`, `supervisord`, or nginx's `microblog` and `error`."""
        folder = self.supervisor.logs
        if name in {"microblog", "error"}:
            folder = self.nginx.logs
        elif name in {"web", "worker"}:
            name = f"microblog-{name}"
        return (folder / f"{name}.log").read_text()

    def entries(self, name: str) -> list[dict[str, Any]]:
        """Return a log's entries, of those that have objects: `web`, `worker`, `microblog`."""
        return [json.loads(line) for line in self.log(name).splitlines() if line.startswith("{")]

    def logged(self, answer: Answer, log: str = "microblog") -> dict[str, Any]:
        """Return the entry of a log that says what this was the answer to."""
        number = answer.headers["X-Request-ID"]
        [entry] = until(
            lambda: [each for each in self.entries(log) if each.get("request_id") == number], 10
        )
        return entry


@contextmanager
def running_stack(**settings: str) -> Iterator[Stack]:
    """Hand out a site with these settings besides its own; ends everything afterwards."""
    post_office, port = PostOffice(), free_port()
    web_server = partial(Nginx, host=HOST, application_port=port)
    with (
        TemporaryDirectory(prefix="microblog-", ignore_cleanup_errors=True) as name,
        running(PostgreSQL) as database,
        running(Redis) as redis,
        running(web_server) as nginx,
    ):
        folder = Path(name)
        servers = {
            "PUBLIC_URL": f"https://{HOST}:{nginx.port}",
            "PROXIES": "1",
            "WEB_CONCURRENCY": "2",
            "DATABASE_URL": database.new_database(),
            "REDIS_URL": redis.url,
            "CELERY_BROKER_URL": redis.url,
            "METRICS_ADDRESS": f"127.0.0.1:{free_port()}",
        }
        settings = settings_for(folder, port) | post_office.settings | servers | settings
        deployment, town = Deployment(folder, settings), Town(folder, settings)
        deployment.flask("db", "upgrade")
        deployment.flask("assets", "publish", str(nginx.www / "static"))
        post_office.open()
        try:
            with running(partial(Supervisor, code=deployment.code)) as supervisor:
                stack = Stack(deployment, nginx, supervisor, database, redis, post_office, town)
                stack.wait()
                yield stack
        finally:
            post_office.close()
            with town.context() as db:
                db.engine.dispose()
