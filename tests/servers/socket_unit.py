"""What systemd does for microblog-web.socket: keeps the socket open, and a service on it."""

import os
import socket
import subprocess
import sys

# Where a service finds its first socket; the shell becomes the service, whose number is named.
FIRST = 3
SERVICE = ["sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "service"]


def serve(port: int, command: list[str]) -> None:
    """Start the service, and start it again whenever it ends."""
    listening = socket.create_server(("127.0.0.1", port), backlog=socket.SOMAXCONN)
    os.dup2(listening.fileno(), FIRST)
    while True:
        subprocess.run([*SERVICE, *command], pass_fds=[FIRST], check=False)


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2:])
