"""The crash tests with Redis and with RabbitMQ, which may also be there and not answer."""

from app.jobs.worker import GRACE
from tests.jobs.crashes import *  # noqa: F403 (the cases and their site)
from tests.jobs.crashes import (
    SWEEP_FINDS_WITHIN,
    arrives,
    assert_pages_are_quick,
    mails_to,
)
from tests.processes import until


def test_pages_and_jobs_go_on_while_the_broker_does_not_answer(site):
    site.run(workers=1)
    member = site.member()
    site.broker.freeze()
    assert not site.broker.is_ready()
    try:
        assert_pages_are_quick(site, member)
        assert arrives(site, member, SWEEP_FINDS_WITHIN)
        site.rest()
    finally:
        site.broker.thaw()
    # A reset and the notice that the copy is ready.
    assert mails_to(site, member) == 2
    assert site.web.runs
    assert site.workers[0].runs

    def word_goes_through() -> bool:
        late = site.member()
        site.ask_for_reset(late)
        return arrives(site, late, GRACE.total_seconds() / 2)

    # The web process lets a broker that failed rest for a while; then all is as it was.
    assert until(word_goes_through, 60)
