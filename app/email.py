"""Mail: rendering a message from its folder of templates and handing it to the server.

Only jobs send messages (`jobs.tasks`), so nobody waits for a mail server and nothing is lost with a
process. Without a server a message becomes a file in DATA_DIR/outbox.

A message is a folder below templates/emails: subject.txt, body.txt, body.html. It is written in the
language of whoever reads it. Its links begin with PUBLIC_URL, whatever host a request was sent to.
"""

import hashlib
import hmac
import re
import smtplib
import ssl
from collections.abc import Callable
from datetime import timedelta
from email import charset, policy
from email.mime.base import MIMEBase
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Protocol

import flask_mail
from flask import current_app, render_template, url_for
from flask_babel import force_locale, get_locale

from app.database import end_read
from app.extensions import db
from app.jobs import worker
from app.jobs.models import Job
from app.jobs.tasks import GiveUp, Retry
from app.metrics.counters import count_outcome

# How long a server may take for each step of the conversation; for the message itself, which it may
# want to look through before it says OK (RFC 5321, 4.5.3.2); and for its good-bye.
TIMEOUT_SECONDS, DATA_SECONDS, QUIT_SECONDS = 10, 300, 1
ACCEPTED, WILL_FORWARD, REFUSED_FOR_GOOD = 250, 251, range(500, 600)
# Lines of 76 ASCII characters: no server may refuse or break longer ones, or other bytes.
charset.add_charset("utf-8", charset.SHORTEST, charset.QP, "utf-8")
ADDRESS = re.compile(r"[^\s<>()\[\]]+@[^\s<>()\[\]]+")


class Recipient(Protocol):
    """Whom a message is for: a member, or somebody who is about to become one."""

    username: str
    name: str
    email: str
    locale: str | None


class Connection(flask_mail.Connection):
    """Flask-Mail's connection, with time limits and with the server's certificate checked."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt and sign in as the settings say."""
        server = self.mail
        where = {"host": server.server, "port": server.port, "timeout": TIMEOUT_SECONDS}
        if server.use_ssl:
            host = smtplib.SMTP_SSL(**where, context=ssl.create_default_context())
        else:
            host = smtplib.SMTP(**where)
        try:
            if server.use_tls:
                host.starttls(context=ssl.create_default_context())
            if server.username:
                host.login(server.username, server.password)
        except BaseException:
            host.close()
            raise
        return host

    def transmit(self, message: flask_mail.Message, hold: Callable[[], None]) -> None:
        """Hand one message over; addresses may be in any script.

        `hold` is called before the step that may take long, and may still prevent it.
        """
        if message.has_bad_headers():
            raise flask_mail.BadHeaderError
        host, sender = self.host, parseaddr(message.sender)[1]
        content = message.as_bytes()
        host.ehlo_or_helo_if_needed()
        code, words = host.mail(sender, ["SMTPUTF8"] if needs_utf8(message) else [])
        if code != ACCEPTED:
            raise smtplib.SMTPSenderRefused(code, words, sender)
        answers = {recipient: host.rcpt(recipient) for recipient in _written(message)}
        if not any(code in {ACCEPTED, WILL_FORWARD} for code, _words in answers.values()):
            raise smtplib.SMTPRecipientsRefused(answers)
        hold()
        host.sock.settimeout(DATA_SECONDS)
        code, words = host.data(content)
        if code != ACCEPTED:
            raise smtplib.SMTPDataError(code, words)

    def __exit__(self, *_exception: object) -> None:
        """Say good-bye; whether the server answers changes nothing about the message."""
        try:
            self.host.sock.settimeout(QUIT_SECONDS)
            self.host.quit()
        except (OSError, AttributeError, smtplib.SMTPException):
            self.host.close()


class Message(flask_mail.Message):
    """Flask-Mail's message, to addresses in any script (RFC 6532)."""

    def _message(self) -> MIMEBase:
        if not needs_utf8(self):
            return super()._message()
        recipients, self.recipients = self.recipients, []
        try:
            message = super()._message()
        finally:
            self.recipients = recipients
        message.policy = policy.SMTPUTF8
        del message["To"]
        message["To"] = ", ".join(recipients)
        return message


def send(
    job: Job, name: str, to: Recipient, *, address: str | None = None, **context: object
) -> None:
    """Render the message `name` for somebody and hand it over.

    `address` is where it goes if not to the recipient's own. Raises Retry if the server is away or
    asks for patience, GiveUp if it refuses for good. Ends the transaction, which must have written
    nothing, before it talks to anybody.
    """
    if job.mailed_at is not None:
        return  # at an earlier attempt, which failed later on
    with force_locale(language_for(to, job)):
        parts = _render(name, to, context)
    recipient = address or to.email
    end_read(db.session)
    message = Message(**parts, recipients=[recipient])
    message.msgId = _message_id(f"job {job.id}")
    # While the server looks through the message, the job must not seem abandoned.
    longest = timedelta(seconds=DATA_SECONDS + TIMEOUT_SECONDS)
    deliver(message, f"{job.id:06}-{name}", lambda: worker.hold(job, longest))
    worker.note_mailed(job)


@count_outcome("mail_attempts", "sent", {GiveUp: "refused", Retry: "retried"})
def deliver(
    message: flask_mail.Message, filename: str, hold: Callable[[], None] = lambda: None
) -> None:
    """Hand a message to the server, or lay it into the outbox under that name."""
    message.extra_headers = (message.extra_headers or {}) | {"Auto-Submitted": "auto-generated"}
    if not current_app.config["MAIL_SERVER"]:
        _lay_into_outbox(message, filename)
        return
    try:
        with Connection(current_app.extensions["mail"]) as connection:
            connection.transmit(message, hold)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _refusal(code, text) from error
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        # Without encryption we do not send; the server may be mended. The address will not change.
        raise (GiveUp if needs_utf8(message) else Retry)(f"mail server: {error}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Retry(f"mail server: {type(error).__name__}: {error}") from error


def language_for(to: Recipient, job: Job) -> str:
    """Return the language in which to write: the recipient's, or that of the page they were on."""
    offered = current_app.config["LANGUAGES"]
    choices = (to.locale, job.locale, offered[0])
    return next(choice for choice in choices if choice in offered)


def needs_utf8(message: flask_mail.Message) -> bool:
    """Tell whether an address cannot be written in ASCII (RFC 6531); its domain always can."""
    return not all(address.rpartition("@")[0].isascii() for address in message.recipients)


def link_to(endpoint: str, **values: object) -> str:
    """Return the address of a page under the site's public name."""
    return current_app.config["PUBLIC_URL"] + url_for(endpoint, _external=False, **values)


def outbox() -> Path | None:
    """Return the folder in which messages lie, or None if they go to a server."""
    return None if current_app.config["MAIL_SERVER"] else current_app.config["DATA_DIR"] / "outbox"


def outbox_to_show() -> Path | None:
    """Return the outbox if pages may name it: never on a live site."""
    return None if current_app.config["LIVE"] else outbox()


def _render(name: str, to: Recipient, context: dict[str, object]) -> dict[str, Any]:
    locale = get_locale()
    context |= {
        "site_name": current_app.config["SITE_NAME"],
        "public_url": current_app.config["PUBLIC_URL"],
        "locale": str(locale).replace("_", "-"),
        "text_direction": locale.text_direction,
        "name": to.name,
        "username": to.username,
    }
    subject, body, html = (
        render_template(f"emails/{name}/{part}", **context)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return {
        "subject": " ".join(subject.split()),
        "body": body.strip() + "\n",
        "html": html,
        "extra_headers": {"Content-Language": context["locale"]},
    }


def _message_id(seed: str) -> str:
    """Return the same id for every attempt at a message, so that a second copy can be told."""
    key = current_app.config["SECRET_KEY"].encode()
    digest = hmac.new(key, f"message {seed}".encode(), hashlib.sha256).hexdigest()[:32]
    domain = parseaddr(current_app.config["MAIL_DEFAULT_SENDER"])[1].rpartition("@")[2]
    return f"<{digest}@{domain}>"


def _written(message: flask_mail.Message) -> list[str]:
    if needs_utf8(message):
        return message.recipients
    return flask_mail.sanitize_addresses(message.recipients)


def _refusal(code: int, text: bytes | str) -> Exception:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    # Servers like to repeat the address, which is not for the table of jobs or the log.
    words = " ".join(ADDRESS.sub("…", words).split())
    kind = GiveUp if code in REFUSED_FOR_GOOD else Retry
    return kind(f"mail server: {code} {words}")


def _lay_into_outbox(message: flask_mail.Message, filename: str) -> None:
    folder = outbox()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{filename}"
    draft.touch(mode=0o600)
    draft.write_bytes(message.as_bytes())
    draft.replace(folder / f"{filename}.eml")
