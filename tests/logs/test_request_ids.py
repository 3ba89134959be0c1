"""The number that a proxy gives to a request stands in every line about it, also in the job's."""

import pytest

from tests.browsing import submit
from tests.working import do_jobs, jobs_of_kind

GIVEN = "5f2c0e1b9d7a4e33"


@pytest.fixture
def settings():
    return {"PROXIES": "1"}


def test_number_from_the_proxy_goes_to_the_lines_of_the_job(own_log, client, ana, capsys):
    client.environ_base["HTTP_X_REQUEST_ID"] = GIVEN
    assert submit(client, "/auth/reset_password_request", email=ana.email).status_code == 302
    (job,) = jobs_of_kind("accounts.send_reset_link")
    capsys.readouterr()
    do_jobs(own_log)
    lines = capsys.readouterr().err.splitlines()
    (line,) = [line for line in lines if f"Job {job.id} (accounts.send_reset_link)" in line]
    assert f" [{GIVEN}] " in line
