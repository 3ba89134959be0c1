"""Mail to the administrators: soon, seldom, never in the way, and without secrets."""

import json
import time

import pytest

from app import email, error_mail
from app.extensions import db
from app.jobs.tasks import TASKS, GiveUp, task
from tests.browsing import enter, token_for
from tests.factories import make_user
from tests.jobs.conftest import asked
from tests.mail.servers import MailServer, running, silent_port
from tests.processes import free_port
from tests.working import do_jobs, mails

ADMINS = "harbour.master@example.com, pilot@example.com"
SECRET = "a-secret-that-nobody-else-may-read"


@pytest.fixture
def settings():
    return {"ADMINS": ADMINS}


def mailbox_of(app):
    return next(each for each in app.logger.handlers if isinstance(each, error_mail.Mailbox))


@pytest.fixture
def sent(broken):
    """Return a function that waits until all is sent, and returns the messages."""

    def read():
        mailbox_of(broken).stop()
        return mails(broken)

    return read


def text_of(message):
    assert not message.is_multipart()
    return message.get_content()


def let_a_while_pass(app):
    """Let the time of every group pass."""
    for group in mailbox_of(app).sender.groups.values():
        group.sent_at -= error_mail.GROUP_SECONDS


def test_error_is_mailed_at_once_to_every_administrator(client, sent):
    request_id = client.get("/boom/of/all").headers["X-Request-ID"]
    (message,) = sent()
    assert {each.addr_spec for each in message["To"].addresses} == {
        "harbour.master@example.com",
        "pilot@example.com",
    }
    assert message["Auto-Submitted"] == "auto-generated"
    subject = message["Subject"].strip()
    assert subject.startswith("[Microblog] Something broke: ZeroDivisionError in ")
    text = text_of(message)
    assert f"Request: GET /boom/of/all [{request_id}]" in text
    assert "Traceback (most recent call last)" in text
    assert "division of the fleet" in text


def test_count_says_how_many_there_were_in_between(broken, client, sent):
    for _ in range(300):
        client.get("/boom")
    assert len(sent()) == 1
    let_a_while_pass(broken)
    client.get("/boom")
    first, second = sent()
    assert "times more" not in text_of(first)
    assert "299 times more" in text_of(second)
    # And is counted anew.
    client.get("/boom")
    let_a_while_pass(broken)
    client.get("/boom")
    assert "The same happened 1 times more" in text_of(sent()[2])


def test_thousand_errors_at_once_are_one_message_and_then_their_whole_number(broken, sent):
    # A page that breaks for everybody: more at once than wait in the queue.
    def fail():
        try:
            raise ZeroDivisionError
        except ZeroDivisionError:
            broken.logger.exception("broken")

    for _ in range(1000):
        fail()
    assert len(sent()) == 1
    let_a_while_pass(broken)
    fail()
    assert "999 times more" in text_of(sent()[1])


def test_different_errors_are_different_messages(client, sent):
    for path in ("/boom", "/kinds/1", "/kinds/2", "/words?words=x", "/boom", "/kinds/1"):
        client.get(path)
    subjects = [message["Subject"] for message in sent()]
    assert len(subjects) == len(set(subjects)) == 4


def test_all_groups_together_are_limited(broken, client, sent):
    for number in range(error_mail.HOURLY + 15):
        client.get(f"/kinds/{number}")
    assert len(sent()) == error_mail.HOURLY
    # What was held back is not forgotten: it comes with its count when an hour has passed.
    held_back = mailbox_of(broken).sender
    for _ in range(len(held_back.sent)):
        held_back.sent.append(held_back.sent.popleft() - error_mail.AN_HOUR)
    client.get(f"/kinds/{error_mail.HOURLY + 3}")
    assert "The same happened 1 times more" in text_of(sent()[-1])


def test_warning_is_not_mailed(broken, sent):
    broken.logger.warning("a small thing")
    assert sent() == []


def test_page_that_is_not_found_or_refused_is_not_mailed(client, sent):
    client.get("/nowhere")
    client.post("/auth/login")
    client.get("/explore", headers={"Host": "evil.example"})
    assert sent() == []


def test_message_holds_no_password_body_or_secret_link(client, sent):
    ana = make_user("ana")
    enter(client, ana)
    client.post(
        "/boom",
        data={"csrf_token": token_for(client), "password": SECRET, "body": f"post {SECRET}"},
        headers={"Cookie": f"extra={SECRET}", "Authorization": f"Bearer {SECRET}"},
    )
    client.get(f"/auth/confirm/{SECRET}/boom")
    client.get(f"/boom/x?token={SECRET}")
    client.get("/words", query_string={"words": f"http://127.0.0.1/auth/reset_password/{SECRET}"})
    messages = sent()
    assert messages
    for message in messages:
        assert SECRET not in message.as_string()
        assert SECRET not in text_of(message)


def test_path_cannot_write_lines_of_its_own_into_the_message(client, sent):
    client.get("/boom-name/x%0a%0aYour%20site%20was%20moved:%20ask%20evil.example")
    (message,) = sent()
    assert not [line for line in text_of(message).splitlines() if line.startswith("Your site")]


def test_failed_job_is_mailed_with_the_id_of_the_request_that_asked(broken, client, sent):
    @task("tests.failing")
    def failing(_job):
        raise GiveUp("the sea is too rough")

    def ask():
        asked(failing)
        return "asked"

    broken.add_url_rule("/ask", view_func=ask)
    try:
        request_id = client.get("/ask").headers["X-Request-ID"]
        do_jobs(broken)
    finally:
        TASKS.pop("tests.failing")
    (message,) = sent()
    assert "tests.failing" in text_of(message)
    assert "the sea is too rough" in text_of(message)
    assert f"[{request_id}]" in text_of(message)


def test_jobs_that_fail_for_different_reasons_are_different_messages(broken, sent):
    names = ["tests.one", "tests.two"]
    for name in names:

        @task(name)
        def work(_job, name=name):
            raise GiveUp(f"because of {name}")

        asked(work)
    try:
        do_jobs(broken)
    finally:
        for name in names:
            TASKS.pop(name)
    assert len(sent()) == 2


def test_error_is_mailed_when_the_database_is_away(broken, client, sent):
    db.session.rollback()
    db.drop_all()
    assert client.get("/explore").status_code == 500
    messages = sent()
    assert len(messages) == 1
    assert "GET /explore" in text_of(messages[0])


class TestNobodyToTell:
    @pytest.fixture
    def settings(self):
        return {"ADMINS": ""}

    def test_nothing_is_sent_and_nothing_waits(self, broken, client):
        assert client.get("/boom").status_code == 500
        assert not [each for each in broken.logger.handlers if "mail" in type(each).__module__]
        assert mails(broken) == []


class TestServerThatHangs:
    @pytest.fixture
    def settings(self):
        with silent_port() as port:
            yield {"ADMINS": ADMINS, "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(port)}

    def test_no_page_waits_for_it(self, broken, client, monkeypatch):
        monkeypatch.setattr(email, "TIMEOUT_SECONDS", 3)
        client.get("/explore")
        began = time.monotonic()
        for number in range(3):
            assert client.get(f"/kinds/{number}").status_code == 500
        assert time.monotonic() - began < 3


class WithServer:
    """Tests whose site has a real mail server."""

    @pytest.fixture
    def server(self):
        with running(MailServer()) as server:
            yield server

    @pytest.fixture
    def settings(self, server):
        return {"ADMINS": ADMINS, "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(server.port)}


class TestServerThatIsSlow(WithServer):
    def test_what_happens_meanwhile_is_counted_whole(self, broken, client, server):
        server.behave(pause=0.5)
        for _ in range(error_mail.WAITING + 50):
            client.get("/boom")
        mailbox_of(broken).stop()
        server.pause = 0
        let_a_while_pass(broken)
        client.get("/boom")
        mailbox_of(broken).stop()
        assert len(server.messages) == 2
        text = text_of(server.messages[1])
        assert f"{error_mail.WAITING + 49} times more" in text


class TestServerThatIsAway:
    @pytest.fixture
    def settings(self):
        port = str(free_port())
        return {"ADMINS": ADMINS, "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": port} | {
            "LOG_TO_STDOUT": "1"
        }

    def test_that_is_said_and_leads_to_no_other_mail(self, broken, client, capsys):
        client.get("/boom")
        mailbox_of(broken).stop()
        said = capsys.readouterr()
        assert (said.out + said.err).count("Could not tell the administrators") == 1
        # Standard output is for objects only.
        for line in said.out.splitlines():
            json.loads(line)


class TestServerThatRefusesOne(WithServer):
    def test_the_others_are_told(self, broken, client, server, monkeypatch):
        async def take(_server, _session, envelope, address, _options):
            if address.startswith("harbour"):
                return "550 Nobody of that name"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        monkeypatch.setattr(server, "handle_RCPT", take)
        client.get("/boom")
        mailbox_of(broken).stop()
        assert [envelope.rcpt_tos for envelope in server.taken] == [["pilot@example.com"]]
