"""The site from outside: does its public address lead to it, how long is its certificate good?"""

import ssl
import time
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from flask import current_app

from app.cli.doctor.findings import Finding, error, ok, said_by, warning

PATIENCE = 4
A_DAY = 86_400
# Certificates are usually renewed a month before they end.
FEWEST_DAYS = 14


def check_site() -> Iterator[Finding]:
    """Ask the site whether it is alive, as a visitor would."""
    url = current_app.config["PUBLIC_URL"]
    try:
        status, days = _ask(url)
    except ssl.SSLCertVerificationError as failure:
        yield error(
            f"Browsers do not trust the certificate of {url}: {failure.verify_message}.",
            "Renew it (`certbot renew`), give its whole chain to nginx, and reload nginx.",
        )
        return
    except (OSError, HTTPException) as failure:
        yield warning(
            f"{url} cannot be reached from here: {said_by(failure)}",
            "Start web (and the proxy in front); or look from another machine whether it answers.",
        )
        return
    if status != HTTPStatus.OK:
        yield error(
            f"{url}/healthz answers {status}.",
            "Look into the logs of the proxy and of web: is web running, and is it this site?",
        )
        return
    yield ok(f"{url} answers.")
    if days is not None and days < FEWEST_DAYS:
        yield warning(
            f"Its certificate ends in {days} days.", "Look why it was not renewed: `certbot renew`."
        )


def _ask(url: str) -> tuple[int, int | None]:
    """Return the status of the answer, and for how many days its certificate is good."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    line = kind(str(parts.hostname), parts.port, timeout=PATIENCE)
    try:
        line.connect()
        certificate = line.sock.getpeercert() if parts.scheme == "https" else None
        line.request("GET", "/healthz")
        status = line.getresponse().status
    finally:
        line.close()
    if not certificate:
        return status, None
    seconds = ssl.cert_time_to_seconds(certificate["notAfter"]) - time.time()
    return status, int(seconds // A_DAY)
