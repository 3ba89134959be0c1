"""Servers, each started once for all tests that need it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import SERVERS
from tests.servers.programs import (
    Elasticsearch,
    RabbitMQ,
    Redis,
    Server,
    running,
)
from tests.servers.stack import Stack, running_stack

BROKERS = {"redis": Redis, "rabbitmq": RabbitMQ}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.servers)


@pytest.fixture(scope="session", params=BROKERS)
def broker(request: pytest.FixtureRequest) -> Iterator[Server]:
    with running(BROKERS[request.param]) as server:
        yield server


@pytest.fixture(scope="session", params=SERVERS)
def database(request: pytest.FixtureRequest) -> Iterator[Server]:
    with running(SERVERS[request.param]) as server:
        yield server


@pytest.fixture(scope="session")
def elasticsearch() -> Iterator[Elasticsearch]:
    """Run the engine of Elasticsearch 7.0.0 behind a compatibility shim."""
    missing = Elasticsearch.missing()
    if missing:
        pytest.skip(f"NOT RUN, Elasticsearch cannot be started here: {missing}")
    with running(Elasticsearch) as server:
        yield server


@pytest.fixture(scope="session")
def elasticsearch_url(request: pytest.FixtureRequest) -> str:
    """Return where an Elasticsearch answers: the one that is named, or one of our own."""
    url = os.environ.get("ELASTICSEARCH_TEST_URL")
    if not url:
        url = os.environ["ELASTICSEARCH_TEST_URL"] = request.getfixturevalue("elasticsearch").url
    return url


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Return the whole site, for tests that leave it as they found it."""
    with running_stack() as stack:
        yield stack
