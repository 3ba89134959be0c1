"""A message and a real server: taken once, tried again, or given up and said so."""

import logging
import time
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

from app import email
from app.accounts import tasks
from app.clock import utcnow
from app.extensions import db
from tests.factories import make_user
from tests.mail.servers import silent_port
from tests.processes import free_port
from tests.slow_work import can_write
from tests.working import again, do_jobs


@pytest.fixture
def server(plain_server):
    plain_server.behave()
    return plain_server


@pytest.fixture
def settings(server):
    return {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(server.port)}


def test_message_reaches_its_recipient_and_nobody_else(server, send, ana, bob):
    job = send(ana)
    assert (job.state, job.last_error, job.due_at) == ("done", "", None)
    (envelope,) = server.taken
    assert envelope.rcpt_tos == ["ana@example.com"]
    assert envelope.mail_from == "noreply@localhost"


def test_headers_are_those_of_a_message_that_a_program_sent(server, send, ana):
    send(ana)
    (message,) = server.messages
    assert message["To"] == "ana@example.com"
    assert message["From"].addresses[0].addr_spec == "noreply@localhost"
    assert message["From"].addresses[0].display_name == "Microblog"
    assert message["Auto-Submitted"] == "auto-generated"
    assert abs(parsedate_to_datetime(message["Date"]) - utcnow()) < timedelta(minutes=1)
    for name in ("To", "From", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"):
        assert len(message.get_all(name)) == 1, name
    for name in ("Bcc", "Cc", "Reply-To", "X-Mailer"):
        assert name not in message


def test_nothing_lies_in_the_outbox_of_a_site_with_a_server(app, server, send, ana):
    send(ana)
    assert server.taken
    assert not (app.config["DATA_DIR"] / "outbox").exists()


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
def test_temporary_refusal_is_tried_again_and_sent_once(
    app, server, send, wait_and_retry, ana, caplog, step
):
    server.behave(**{step: "451 Try again later"})
    job = send(ana)
    assert (job.state, job.attempts) == ("waiting", 1)
    assert "451" in job.last_error
    assert job.due_at > utcnow() + timedelta(seconds=5)
    assert server.taken == []
    # It is expected: no error, no traceback.
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert [record.exc_info for record in caplog.records if record.exc_info] == []

    server.behave()
    job = wait_and_retry(job)
    assert (job.state, job.attempts, job.last_error) == ("done", 2, "")
    assert len(server.taken) == 1
    do_jobs(app)
    assert len(server.taken) == 1


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
def test_permanent_refusal_fails_at_once_and_is_shown_to_the_administrator(
    app, server, send, ana, caplog, step
):
    server.behave(**{step: "554 We will never take that"})
    job = send(ana)
    assert (job.state, job.attempts, job.due_at) == ("failed", 1, None)
    assert job.last_error == "mail server: 554 We will never take that"
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [f"Job {job.id} (accounts.tell_password_changed)" in errors[0].getMessage()] == [True]
    db.session.rollback()
    listed = app.test_cli_runner().invoke(args=["jobs", "list", "--state", "failed"])
    (line,) = listed.stdout.splitlines()
    assert line.split("\t")[:4] == [str(job.id), "accounts.tell_password_changed", "failed", "1"]
    assert line.endswith("554 We will never take that")


def test_failed_message_is_sent_when_an_administrator_retries_it(app, server, send, ana):
    server.behave(rcpt="550 No such person")
    job = send(ana)
    server.behave()
    done = app.test_cli_runner().invoke(args=["jobs", "retry", str(job.id)])
    assert done.exit_code == 0
    do_jobs(app)
    assert (again(job).state, len(server.taken)) == ("done", 1)


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_words_of_the_server_that_name_the_address_stay_out_of_the_table_and_the_log(
    server, send, ana, caplog, step
):
    # Servers like to say whom they refused.
    server.behave(**{step: "550 5.1.1 <{address}>: Recipient address rejected"})
    job = send(ana)
    assert job.state == "failed"
    assert "550 5.1.1" in job.last_error
    assert "ana@example.com" not in job.last_error
    assert "ana@example.com" not in caplog.text


def test_answer_of_several_lines_becomes_one_line(server, send, ana):
    server.behave(data="554-First\r\n554-second\r\n554 \x1b[31mthird")
    error = send(ana).last_error
    assert "\n" not in error
    assert "First second" in error


def test_answer_without_end_is_cut_to_fit_its_column(server, send, ana):
    server.behave(data="\r\n".join([f"554-{'x' * 300}"] * 5 + ["554 end"]))
    job = send(ana)
    assert (job.state, len(job.last_error)) == ("failed", 500)


def test_connection_dropped_in_the_middle_of_the_message_is_tried_again(
    server, send, wait_and_retry, ana
):
    server.behave(drops_at="DATA")
    job = send(ana)
    assert (job.state, server.taken) == ("waiting", [])
    server.behave()
    assert wait_and_retry(job).state == "done"
    assert len(server.taken) == 1


def test_connection_dropped_after_the_ok_counts_as_sent(app, server, send, ana):
    server.behave(drops_at="QUIT")
    job = send(ana)
    assert (job.state, job.attempts, len(server.taken)) == ("done", 1, 1)
    do_jobs(app)
    assert len(server.taken) == 1


def test_second_copy_after_a_lost_ok_can_be_told_by_its_message_id(
    server, send, wait_and_retry, ana
):
    server.behave(drops_at="OK")
    job = send(ana)
    assert (job.state, len(server.taken)) == ("waiting", 1)
    first = server.messages[0]["Message-ID"]
    server.behave()
    assert wait_and_retry(job).state == "done"
    assert server.messages[0]["Message-ID"] == first


def test_two_messages_have_two_message_ids_of_the_senders_domain(server, send, ana):
    send(ana)
    send(ana)
    first, second = (message["Message-ID"] for message in server.messages)
    assert first != second
    assert first.endswith("@localhost>")


def test_server_that_is_not_there_is_tried_again(app, server, send, wait_and_retry, ana):
    mail = app.extensions["mail"]
    port, mail.port = mail.port, free_port()
    try:
        job = send(ana)
    finally:
        mail.port = port
    assert job.state == "waiting"
    assert "ConnectionRefusedError" in job.last_error
    assert wait_and_retry(job).state == "done"


def test_server_that_says_nothing_is_left_soon_and_tried_again(app, send, ana, monkeypatch):
    monkeypatch.setattr(email, "TIMEOUT_SECONDS", 0.3)
    mail, port = app.extensions["mail"], app.extensions["mail"].port
    with silent_port() as mail.port:
        began = time.monotonic()
        job = send(ana)
    mail.port = port
    assert time.monotonic() - began < 3
    assert (job.state, job.attempts) == ("waiting", 1)
    assert "timed out" in job.last_error


def test_server_that_stops_in_the_middle_is_left_soon_and_tried_again(
    server, send, wait_and_retry, ana, monkeypatch
):
    monkeypatch.setattr(email, "TIMEOUT_SECONDS", 0.3)
    server.behave(pause=1)
    job = send(ana)
    assert (job.state, server.taken) == ("waiting", [])
    server.behave()
    assert wait_and_retry(job).state == "done"


def test_nobody_waits_for_the_database_while_a_server_is_slow(app, server, send, ana, monkeypatch):
    found = []

    async def look(*_args):
        with app.app_context():
            found.append(can_write())
        return "250 OK"

    monkeypatch.setattr(server, "handle_DATA", look)
    assert send(ana).state == "done"
    assert found == [True]


def test_message_whose_time_has_passed_is_dropped_not_sent_late(app, server, ana):
    job = tasks.send_reset_link.ask(user_id=ana.id)
    job.expires_at = utcnow() - timedelta(seconds=1)
    db.session.commit()
    do_jobs(app)
    job = again(job)
    assert (job.state, job.due_at, server.calls) == ("dropped", None, 0)


def test_message_that_expires_while_the_server_is_away_is_dropped(
    server, send, wait_and_retry, ana
):
    server.behave(rcpt="450 Not now")
    job = send(ana)
    job.expires_at = utcnow() - timedelta(seconds=1)
    db.session.commit()
    server.behave()
    assert wait_and_retry(job).state == "dropped"
    assert server.taken == []


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("grete", "grüße@example.com"),
        ("kanji", "用户@例子.example"),
    ],
)
def test_name_in_another_script_is_sent_to_a_server_that_reads_it(app, server, send, who, address):
    job = send(make_user(who, email=address))
    assert (job.state, job.last_error) == ("done", "")
    (envelope,) = server.taken
    assert "SMTPUTF8" in envelope.mail_options
    local = address.split("@")[0]
    assert envelope.rcpt_tos[0].split("@")[0] == local
    assert local in server.messages[0]["To"]


def test_name_in_another_script_is_given_up_with_a_server_that_does_not_read_it(
    server, send, monkeypatch
):
    monkeypatch.setitem(server.SMTP_kwargs, "enable_SMTPUTF8", False)
    job = send(make_user("grete", email="grüße@example.com"))
    assert (job.state, job.attempts, server.taken) == ("failed", 1, [])
    assert "grüße@example.com" not in job.last_error


def test_domain_in_another_script_needs_no_special_server(server, send, monkeypatch):
    # RFC 5891: a domain can always be written in ASCII.
    monkeypatch.setitem(server.SMTP_kwargs, "enable_SMTPUTF8", False)
    job = send(make_user("buecher", email="info@bücher.example"))
    assert (job.state, job.last_error) == ("done", "")
    assert server.taken[0].rcpt_tos == ["info@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    "address",
    [
        "o'brien+news@example.com",
        '"a b"@example.com',
        "very.long." + "x" * 54 + "@" + ".".join(["d" * 60] * 3) + ".example",
    ],
)
def test_unusual_address_reaches_exactly_that_address(server, send, address):
    assert send(make_user("odd", email=address)).state == "done"
    assert server.taken[0].rcpt_tos == [address]


def test_account_that_was_suspended_meanwhile_gets_nothing(app, server, ana):
    tasks.tell_password_changed.ask(user_id=ana.id)
    ana.suspended_at = utcnow()
    db.session.commit()
    do_jobs(app)
    assert server.calls == 0
