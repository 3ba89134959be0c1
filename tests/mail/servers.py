"""Mail servers on loopback that behave as real ones do: well, slowly, badly."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.processes import free_port

OK = "250 OK"


class Conversation(SMTP):
    """One connection: as aiosmtpd has it, but for where it is dropped."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 (aiosmtpd's name)
        """Take a message, or a part of one."""
        if self.event_handler.drops_at != "DATA":
            await super().smtp_DATA(arg)
            return
        await self.push("354 Go ahead")
        await self._reader.readline()
        self.transport.abort()

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        """Say good-bye, or nothing."""
        if self.event_handler.drops_at == "QUIT":
            self.transport.abort()
            return
        await super().smtp_QUIT(arg)


class MailServer(Controller):
    """A server on a free port, what it took, and how it is to behave; `behave()` begins anew."""

    def __init__(self, **options: Any) -> None:
        self.behave()
        super().__init__(self, hostname="127.0.0.1", port=free_port(), ready_timeout=10, **options)

    def factory(self) -> SMTP:
        """Return what talks to the next client."""
        return Conversation(self, hostname="mail.example", **self.SMTP_kwargs)

    def behave(
        self,
        *,
        mail: str = OK,
        rcpt: str = OK,
        data: str = OK,
        drops_at: str = "",
        pause: float = 0,
    ) -> None:
        """Answer like that from now on, and forget what was taken."""
        self.answers = {"MAIL": mail, "RCPT": rcpt, "DATA": data}
        self.drops_at, self.pause = drops_at, pause
        self.taken: list[Envelope] = []
        self.calls = 0
        self.encrypted: list[bool] = []

    @property
    def messages(self) -> list[EmailMessage]:
        """What was taken, as a mail program reads it."""
        return [message_from_bytes(each.content, policy=policy.default) for each in self.taken]

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to the sender."""
        self.calls += 1
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        envelope.mail_from, envelope.mail_options = address, options
        return self.answers["MAIL"]

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Answer to a recipient."""
        await asyncio.sleep(self.pause)
        if self.answers["RCPT"] == OK:
            envelope.rcpt_tos.append(address)
        return self.answers["RCPT"].format(address=address)

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Answer to a whole message."""
        if self.answers["DATA"] == OK:
            self.taken.append(envelope)
        if self.drops_at == "OK":
            server.transport.abort()
        return self.answers["DATA"].format(address=envelope.rcpt_tos[0])


@contextmanager
def running(server: MailServer) -> Iterator[MailServer]:
    """Run a server inside the block."""
    server.start()
    try:
        yield server
    finally:
        server.stop()
        server.loop.close()


@contextmanager
def silent_port() -> Iterator[int]:
    """Return a port where connections are taken and never a word is said."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
