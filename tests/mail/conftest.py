"""Mail servers, with and without encryption, and sites that send through them."""

import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult
from flask import Flask

from app.accounts import tasks
from app.accounts.models import User
from app.clock import utcnow
from app.extensions import db
from app.jobs.models import Job
from tests.mail.servers import MailServer, running
from tests.working import again, do_jobs

LOGIN = (b"microblog", b"a password for the post office")
AUTHORITY = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2")


@dataclass
class Certificates:
    """An authority of our own, and the server's certificate that it signed."""

    authority: Path
    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """Return what the server needs."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self.key)
        return context


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Make them with the openssl command."""
    folder = tmp_path_factory.mktemp("certificates")

    def openssl(*args: str) -> None:
        subprocess.run(["openssl", *args], cwd=folder, check=True, capture_output=True)

    openssl(*AUTHORITY, "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem")
    openssl(
        *("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=mail.example"),
        *("-keyout", "server.key", "-out", "server.csr"),
    )
    (folder / "extensions").write_text("subjectAltName=IP:127.0.0.1\n")
    openssl(
        *("x509", "-req", "-in", "server.csr", "-days", "2", "-extfile", "extensions"),
        *("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "server.pem"),
    )
    return Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")


@pytest.fixture
def trusted(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process trust our own authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))


@pytest.fixture(scope="session")
def plain_server() -> Iterator[MailServer]:
    """Run a server without encryption."""
    with running(MailServer()) as server:
        yield server


@pytest.fixture(scope="session")
def starttls_server(certificates: Certificates) -> Iterator[MailServer]:
    """Run a server that wants STARTTLS and then a password."""

    def check(_server: object, _session: object, _envelope: object, _how: str, given: object):
        return AuthResult(success=(given.login, given.password) == LOGIN, handled=False)

    server = MailServer(
        tls_context=certificates.context(),
        require_starttls=True,
        auth_required=True,
        authenticator=check,
    )
    with running(server):
        yield server


@pytest.fixture(scope="session")
def tls_server(certificates: Certificates) -> Iterator[MailServer]:
    """Run a server that speaks TLS from the first byte."""
    with running(MailServer(ssl_context=certificates.context())) as server:
        yield server


@pytest.fixture
def send(app: Flask) -> Callable[..., Job]:
    """Return a function that has a real message sent, by the real job, and returns the job."""

    def send(user: User) -> Job:
        job = tasks.tell_password_changed.ask(user_id=user.id)
        db.session.commit()
        do_jobs(app)
        return again(job)

    return send


@pytest.fixture
def wait_and_retry(app: Flask) -> Callable[[Job], Job]:
    """Return a function that lets the time until the next attempt pass, and has it made."""

    def retry(job: Job) -> Job:
        job = again(job)
        assert job.due_at > utcnow(), "there is nothing to wait for"
        job.due_at = utcnow() - timedelta(seconds=1)
        db.session.commit()
        do_jobs(app)
        return again(job)

    return retry
