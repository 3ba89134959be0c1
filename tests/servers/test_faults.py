"""The short form of what may happen to a site under load; `make drill` tries more, for longer."""

from collections.abc import Iterator

import pytest

from tests.servers.faults import FAULTS, Fault, meet, search_server_is_away
from tests.servers.programs import Elasticsearch, running
from tests.servers.stack import Stack, running_stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack() as stack:
        yield stack


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.strike.__name__)
def test_site_keeps_its_promises_and_recovers_by_itself(stack: Stack, fault: Fault):
    assert meet(fault, stack).problems == []


def test_nobody_notices_that_the_search_server_is_away():
    if missing := Elasticsearch.missing():
        pytest.skip(f"NOT RUN, Elasticsearch cannot be started here: {missing}")
    with running(Elasticsearch) as server, running_stack(ELASTICSEARCH_URL=server.url) as stack:
        stack.deployment.flask("search", "rebuild")
        assert meet(search_server_is_away(server), stack).problems == []
