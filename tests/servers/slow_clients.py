"""Thousands of clients that connect and then hardly say anything; says how many are connected.

python -m tests.servers.slow_clients HTTPS_PORT HTTP_PORT NUMBER
"""

import asyncio
import ssl
import sys
from contextlib import suppress
from itertools import cycle

PATIENCE, PAUSE = 30, 4
IDLE = b"GET / HTTP/1.1\r\nHost: microblog.test\r\n\r\n"
SLOW_HEADER = b"GET / HTTP/1.1\r\nHost: microblog.test\r\nX-Slow: "
SLOW_BODY = b"POST /write HTTP/1.1\r\nHost: microblog.test\r\nContent-Length: 100000\r\n\r\n"
# So many begin at once, since the system's queue of new connections is not endless.
_beginning = asyncio.Semaphore(200)
connected = 0


async def dawdle(
    port: int, tls: ssl.SSLContext | None, source: str, begin: bytes, word: bytes = b"x"
) -> None:
    """Be one client, again and again: say how it begins, and then a word now and then."""
    global connected  # noqa: PLW0603 (one loop, one thread)
    while True:
        with suppress(OSError, TimeoutError):
            async with _beginning:
                reader, writer = await asyncio.wait_for(
                    asyncio.open_connection("127.0.0.1", port, ssl=tls, local_addr=(source, 0)),
                    PATIENCE,
                )
            connected += 1
            try:
                writer.write(begin)
                await go_on(reader, writer, word)
            finally:
                connected -= 1
                writer.close()
        await asyncio.sleep(0.1)


async def go_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, word: bytes) -> None:
    """Say a word now and then, until the server has had enough."""
    while True:
        with suppress(TimeoutError):
            if not await asyncio.wait_for(reader.read(1000), PAUSE):
                return
        writer.write(word)
        await writer.drain()


async def come(https_port: int, http_port: int, number: int) -> None:
    """Be that many clients, of four kinds, and say every second how many are connected."""
    tls = ssl.create_default_context()
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    kinds = [
        *[{"port": https_port, "tls": tls, "begin": SLOW_BODY}] * 4,
        # They have their answer, and stay.
        *[{"port": http_port, "tls": None, "begin": IDLE, "word": b""}] * 4,
        {"port": http_port, "tls": None, "begin": SLOW_HEADER},
        # These do not even begin with TLS.
        {"port": https_port, "tls": None, "begin": b"", "word": b""},
    ]
    clients = [
        asyncio.create_task(dawdle(**kind, source=f"127.1.{each // 250}.{1 + each % 250}"))
        for each, kind in zip(range(number), cycle(kinds), strict=False)
    ]
    while clients:
        print(connected, flush=True)  # noqa: T201
        await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(come(*map(int, sys.argv[1:])))
