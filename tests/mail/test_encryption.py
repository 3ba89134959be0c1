"""Servers that want encryption and a password; a certificate nobody vouches for is refused."""

import pytest

from tests.mail.conftest import LOGIN


def settings_for(server, **more):
    return {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(server.port)} | more


@pytest.fixture
def server(request):
    server = request.getfixturevalue(request.param)
    server.behave()
    return server


@pytest.fixture
def settings(server, starttls_server):
    if server is not starttls_server:
        return settings_for(server, MAIL_USE_SSL="1")
    name, password = (word.decode() for word in LOGIN)
    return settings_for(server, MAIL_USE_TLS="1", MAIL_USERNAME=name, MAIL_PASSWORD=password)


BOTH = pytest.mark.parametrize("server", ["starttls_server", "tls_server"], indirect=True)
STARTTLS = pytest.mark.parametrize("server", ["starttls_server"], indirect=True)


@BOTH
def test_message_goes_through_a_server_whose_certificate_is_good(server, trusted, send, ana):
    job = send(ana)
    assert (job.state, job.last_error) == ("done", "")
    assert server.encrypted == [True]
    assert len(server.taken) == 1


@BOTH
def test_certificate_that_nobody_vouches_for_is_refused_and_the_message_waits(
    server, send, wait_and_retry, ana, certificates, monkeypatch
):
    job = send(ana)
    assert (job.state, server.calls) == ("waiting", 0)
    assert "CERTIFICATE_VERIFY_FAILED" in job.last_error
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    assert wait_and_retry(job).state == "done"


@BOTH
def test_certificate_of_another_host_is_refused(app, server, trusted, send, ana):
    mail = app.extensions["mail"]
    mail.server = "localhost"  # it names 127.0.0.1 alone
    try:
        job = send(ana)
    finally:
        mail.server = "127.0.0.1"
    assert (job.state, server.calls) == ("waiting", 0)
    assert "CERTIFICATE_VERIFY_FAILED" in job.last_error


@STARTTLS
def test_wrong_password_is_tried_again_and_nothing_is_lost(
    app, server, trusted, send, wait_and_retry, ana, caplog
):
    mail = app.extensions["mail"]
    right, mail.password = mail.password, "not the password"
    try:
        job = send(ana)
    finally:
        mail.password = right
    assert (job.state, server.taken) == ("waiting", [])
    assert "535" in job.last_error
    # Neither the right one nor the wrong one is told to whoever reads the table or the log.
    assert "not the password" not in job.last_error + caplog.text
    assert wait_and_retry(job).state == "done"


@pytest.mark.parametrize("server", ["plain_server"], indirect=True)
class TestServerWithoutEncryption:
    @pytest.fixture
    def settings(self, server):
        return settings_for(server, MAIL_USE_TLS="1")

    def test_is_not_trusted_with_a_message_that_wants_it(self, server, trusted, send, ana):
        # Whoever sits in between could have cut the offer out: never fall back to plain text.
        job = send(ana)
        assert (job.state, server.calls) == ("waiting", 0)
        assert "STARTTLS" in job.last_error
