"""Mail: would the server take a message from us? Nothing is sent, unless that is asked for."""

import smtplib
import socket
import ssl
from collections.abc import Iterator

import flask_mail
from flask import current_app

from app import email
from app.cli.doctor.findings import Finding, error, ok, said_by, warning
from app.jobs.tasks import GiveUp, Retry
from config import is_loopback

# The first that fits is said; so the more special ones come first.
REASONS: tuple[tuple[type[Exception], str, str], ...] = (
    (socket.gaierror, "nobody knows that host", "Correct MAIL_SERVER."),
    (ConnectionRefusedError, "nothing listens there", "Start it, or correct MAIL_PORT."),
    (
        TimeoutError,
        "it does not answer",
        "Look for a firewall; or MAIL_USE_SSL and MAIL_PORT do not belong together.",
    ),
    (
        ssl.SSLCertVerificationError,
        "its certificate is not trusted",
        "Let MAIL_SERVER be the name in it; for an authority of your own set SSL_CERT_FILE.",
    ),
    (
        ssl.SSLError,
        "it does not encrypt in that way",
        "Port 465 wants MAIL_USE_SSL=1, port 587 wants MAIL_USE_TLS=1.",
    ),
    (
        smtplib.SMTPAuthenticationError,
        "it does not accept our name and password",
        "Correct MAIL_USERNAME and MAIL_PASSWORD; some providers want a password for programs.",
    ),
    (
        smtplib.SMTPNotSupportedError,
        "it cannot do what the settings want",
        "Look at MAIL_USE_TLS; many servers take names and passwords only when encrypted.",
    ),
    (
        smtplib.SMTPServerDisconnected,
        "it hangs up",
        "Port 465 wants MAIL_USE_SSL=1; or it does not know the address of this machine.",
    ),
    (Exception, "it does not take us", "Look at MAIL_SERVER and MAIL_PORT."),
)


def check_mail() -> Iterator[Finding]:
    """Connect, encrypt and sign in as the worker does, and say good-bye."""
    config = current_app.config
    if not config["MAIL_SERVER"]:
        yield from _check_outbox()
        return
    place = f"{config['MAIL_SERVER']}:{config['MAIL_PORT']}"
    try:
        with email.Connection(current_app.extensions["mail"]) as connection:
            connection.host.ehlo_or_helo_if_needed()
            could_encrypt = connection.host.has_extn("starttls")
    except (OSError, smtplib.SMTPException) as failure:
        reason, remedy = next(words for kind, *words in REASONS if isinstance(failure, kind))
        yield error(f"The mail server at {place}: {reason} ({said_by(failure)}).", remedy)
        return
    signed_in = ", and our name and password are right" if config["MAIL_USERNAME"] else ""
    yield ok(f"The mail server at {place} answers{signed_in}.")
    encrypts = config["MAIL_USE_TLS"] or config["MAIL_USE_SSL"]
    if not encrypts and not is_loopback(config["MAIL_SERVER"]):
        yield _not_encrypted(could_encrypt)


def _check_outbox() -> Iterator[Finding]:
    place = current_app.config["DATA_DIR"] / "outbox"
    if current_app.config["LIVE"]:
        yield warning(
            f"No mail is sent: messages stay in {place}, and nobody gets a new password.",
            "Set MAIL_SERVER.",
        )
    else:
        yield ok(f"Messages are files in {place}, as no MAIL_SERVER is set.")


def _not_encrypted(could_encrypt: bool) -> Finding:
    text = "Messages, and the links in them, go to the mail server unencrypted."
    remedy = "Set MAIL_USE_TLS=1" if could_encrypt else "Find out whether it has a port with TLS"
    return warning(text, f"{remedy}.")


def send_message(address: str) -> Iterator[Finding]:
    """Send somebody a message, in the way of all others but without a job."""
    name = current_app.config["SITE_NAME"]
    message = flask_mail.Message(
        subject=f"[{name}] This is a test",
        recipients=[address],
        body=f"`flask doctor` sent this from {current_app.config['PUBLIC_URL']}.\n",
    )
    try:
        email.deliver(message, "doctor")
    except (Retry, GiveUp) as reason:
        yield error(f"A message to {address} was not taken: {reason}", "See what is said of mail.")
        return
    taken = "was taken by the mail server" if current_app.config["MAIL_SERVER"] else "is a file now"
    yield ok(f"A message to {address} {taken}. See whether it arrives, and not among spam.")
