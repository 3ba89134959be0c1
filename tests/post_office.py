"""A real mail server on this machine, which can be slow on purpose and refuse for good."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.processes import free_port, until


@dataclass
class PostOffice:
    """What arrived, in order; `holding` keeps whoever has handed a message over waiting."""

    port: int = field(default_factory=free_port)
    holding: bool = False
    # Messages to these addresses are refused for good.
    refused: set[str] = field(default_factory=set)
    waiting: int = 0
    messages: list[EmailMessage] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        """Return what a site needs in its environment to send its mail here."""
        return {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(self.port)}

    def messages_to(self, address: str) -> list[EmailMessage]:
        """Return what arrived for somebody."""
        return [message for message in list(self.messages) if recipient_of(message) == address]

    def count_by_recipient(self) -> Counter[str]:
        """Count what arrived for whom."""
        return Counter(map(recipient_of, list(self.messages)))

    def wait_for(self, address: str, number: int = 1, seconds: float = 20) -> EmailMessage:
        """Return the so-manieth message to somebody, once it has arrived."""
        arrived = until(lambda: self.messages_to(address)[number - 1 :], seconds)
        assert arrived, f"to {address}: {[mail['Subject'] for mail in self.messages_to(address)]}"
        return arrived[0]

    def open(self) -> None:
        """Begin to take mail."""
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def close(self) -> None:
        """Take no more mail."""
        self.holding = False
        self.controller.stop()

    async def handle_RCPT(  # noqa: N802 (the server's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        """Take a recipient, or not."""
        if address in self.refused:
            return "550 nobody of that name lives here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (the server's name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take a message; one whose sender is gone before our answer has not arrived."""
        self.waiting += 1
        try:
            while self.holding:
                await asyncio.sleep(0.02)
        finally:
            self.waiting -= 1
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


def recipient_of(message: EmailMessage) -> str:
    """Return the bare address that a message is for."""
    return parseaddr(message["To"])[1]
