"""What needs servers of its own, brokers and databases: `make check` installs and runs them."""

import pytest

pytest.register_assert_rewrite(
    "tests.jobs.crashes", "tests.jobs.live_site", "tests.search.contract"
)
