import pytest

# Its cases are collected through the modules that take them in.
pytest.register_assert_rewrite("tests.jobs.crashes", "tests.jobs.live_site")
