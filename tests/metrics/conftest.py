"""A site that keeps figures, with a mail server that does as it is told."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.figures import Page
from tests.mail.servers import MailServer, running

AskPage = Callable[..., TestResponse]


@pytest.fixture(scope="session")
def listener() -> Iterator[socket.socket]:
    """Return a socket such as gunicorn has for each address that it listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture(scope="session")
def mail_server() -> Iterator[MailServer]:
    with running(MailServer()) as server:
        yield server


@pytest.fixture
def settings(listener: socket.socket, mail_server: MailServer) -> dict[str, str]:
    mail_server.behave()
    # The same for every test: the library knows one folder in a process.
    return {
        "METRICS_ADDRESS": f"127.0.0.1:{listener.getsockname()[1]}",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(mail_server.port),
    }


@pytest.fixture
def ask(client: FlaskClient, listener: socket.socket) -> AskPage:
    """Return a function that sends a request to the address of the figures."""

    def ask(path: str = "/metrics", **options: Any) -> TestResponse:
        return client.open(path, environ_overrides={"gunicorn.socket": listener}, **options)

    return ask


@pytest.fixture
def growth(ask: AskPage) -> Callable[..., float]:
    """Return a function that tells by how much a figure has grown since the test began."""
    before = Page(ask().text)

    def growth(name: str, **labels: str) -> float:
        now = Page(ask().text)
        return (now.value(name, **labels) or 0) - (before.value(name, **labels) or 0)

    return growth
