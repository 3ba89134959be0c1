"""The embedded broker: messages between processes as files in a folder, for kombu.

A file appears whole or not at all, is taken by one reader only, and one that cannot be read is
passed over; so any process may be killed at any moment. (The transport that kombu ships reads files
that are still being written, and a worker that meets one stops.) Nothing here has to last: what a
message is about stands in the table of jobs.
"""

import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import virtual
from kombu.utils.json import dumps, loads

POLLING_SECONDS = 0.5


class Channel(virtual.Channel):
    """Queues as folders' files; a name begins with the time, so that they sort."""

    def _put(self, queue: str, payload: Any, **_options: Any) -> None:
        name = f"{time.time_ns():020}-{uuid.uuid4().hex}.{queue}"
        draft = self._folder("drafts") / name
        draft.write_text(dumps(payload))
        draft.rename(self._folder("waiting") / name)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._listed: dict[str, list[Path]] = {}

    def _get(self, queue: str) -> Any:
        # One look into the folder serves until it is used up.
        listed = self._listed.get(queue) or self._waiting(queue)[::-1]
        self._listed[queue] = listed
        while listed:
            path = listed.pop()
            taken = self._folder("taken") / path.name
            try:
                path.rename(taken)
                payload = loads(taken.read_text())
                taken.unlink()
            except (OSError, ValueError):
                continue  # another reader was quicker, or the file is broken
            return payload
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _purge(self, queue: str) -> int:
        paths = self._waiting(queue)
        for path in paths:
            path.unlink(missing_ok=True)
        return len(paths)

    def _waiting(self, queue: str) -> list[Path]:
        return sorted(self._folder("waiting").glob(f"*.{queue}"))

    def _folder(self, name: str) -> Path:
        broker = Path(self.connection.client.transport_options["folder"])
        for folder in (broker, broker / name):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder


class Transport(virtual.Transport):
    """What kombu's `Connection(transport=...)` takes; `transport_options["folder"]` says where."""

    Channel = Channel
    # A folder that cannot be used is a broker that is away: the worker goes on and tries again.
    connection_errors = (*virtual.Transport.connection_errors, OSError)
    driver_type = driver_name = "folder"
    polling_interval = POLLING_SECONDS

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        """Wait for messages, but never for so long that the worker would be slow to end."""
        super().drain_events(connection, min(timeout or POLLING_SECONDS, POLLING_SECONDS))

    def driver_version(self) -> str:
        """Return what kombu shows as the driver's version."""
        return "1"
