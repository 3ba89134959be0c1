"""What `flask doctor` says of mail servers: nothing is sent, unless that is asked for."""

import pytest

from app.cli.doctor import mail
from app.cli.doctor.findings import Level
from tests.mail.conftest import LOGIN
from tests.processes import free_port

NAME, PASSWORD = (word.decode() for word in LOGIN)
SIGNED_IN = {"MAIL_USE_TLS": "1", "MAIL_USERNAME": NAME, "MAIL_PASSWORD": PASSWORD}


@pytest.fixture
def server(request):
    server = request.getfixturevalue(request.param)
    server.behave()
    return server


@pytest.fixture
def settings(server, request):
    options = getattr(request, "param", {})
    return {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(server.port)} | options


def at(server, **options):
    """Let a test find that server, and a site with these settings."""

    def decorate(test):
        test = pytest.mark.parametrize("settings", [options], indirect=True, ids=["-"])(test)
        return pytest.mark.parametrize("server", [server], indirect=True)(test)

    return decorate


def only(findings):
    [finding] = findings
    return finding.level, f"{finding.text} {finding.remedy}"


@at("plain_server")
def test_server_that_takes_us_is_well_and_gets_no_message(app, server):
    assert only(mail.check_mail()) == (
        Level.OK,
        f"The mail server at 127.0.0.1:{server.port} answers. ",
    )
    assert server.calls == 0


@at("starttls_server", **SIGNED_IN)
def test_name_and_password_that_are_right_are_well(app, server, trusted):
    level, text = only(mail.check_mail())
    assert (level, "our name and password are right" in text) == (Level.OK, True)


@at("starttls_server", **SIGNED_IN | {"MAIL_PASSWORD": "not it"})
def test_password_that_is_wrong_is_found(app, server, trusted):
    level, text = only(mail.check_mail())
    assert level == Level.ERROR
    assert "does not accept our name and password" in text
    assert "MAIL_PASSWORD" in text
    assert "not it" not in text


@at("starttls_server", **SIGNED_IN)
def test_certificate_that_nobody_vouches_for_is_found(app, server):
    level, text = only(mail.check_mail())
    assert level == Level.ERROR
    assert "its certificate is not trusted" in text
    assert "SSL_CERT_FILE" in text


@at("plain_server", MAIL_USE_TLS="1")
def test_server_that_cannot_encrypt_is_found(app, server):
    level, text = only(mail.check_mail())
    assert level == Level.ERROR
    assert "it cannot do what the settings want" in text


@at("plain_server", MAIL_USE_SSL="1")
def test_tls_where_the_server_does_not_expect_it_is_found(app, server):
    level, text = only(mail.check_mail())
    assert level == Level.ERROR
    assert "Port 465 wants MAIL_USE_SSL=1, port 587 wants MAIL_USE_TLS=1." in text


@at("plain_server", MAIL_PORT=str(free_port()))
def test_port_where_nothing_listens_is_found(app, server):
    level, text = only(mail.check_mail())
    assert level == Level.ERROR
    assert "nothing listens there" in text
    assert "MAIL_PORT" in text


@at("plain_server", MAIL_SERVER="mail.invalid")
def test_name_that_nobody_knows_is_found(app, server):
    level, text = only(mail.check_mail())
    assert level == Level.ERROR
    assert "nobody knows that host" in text


@at("plain_server")
def test_message_that_is_asked_for_is_sent(app, server):
    level, text = only(mail.send_message("ana@example.org"))
    assert level == Level.OK
    assert "was taken by the mail server" in text
    [message] = server.messages
    assert message["To"] == "ana@example.org"


@at("plain_server")
def test_message_that_the_server_refuses_is_found(app, server):
    server.behave(rcpt="550 no such person as {address}")
    level, text = only(mail.send_message("ana@example.org"))
    assert level == Level.ERROR
    assert "550 no such person" in text


# To us 0.0.0.0 is no loopback address, although it leads to this machine.
@at("plain_server", MAIL_SERVER="0.0.0.0")
def test_messages_that_leave_the_machine_unencrypted_are_worth_a_look(app, server):
    findings = list(mail.check_mail())
    assert [finding.level for finding in findings] == [Level.OK, Level.WARNING]
    assert "unencrypted" in findings[1].text
