"""Who is limited, and by how much. Limits are named here and used by the views.

They are generous: a whole school may sit behind one address. Wrong passwords have a memory of their
own, in the database (`accounts.sign_in`).

Requests are counted in Redis if there is one, for all processes together. While it is away, each
process counts in its own memory; after one short wait, nobody waits for it. Every now and then a
request looks whether it is back, less and less often, up to half a minute apart.
"""

import ipaddress
import logging

from flask import Flask, request
from flask_login import current_user

SIGN_IN = "25 per 5 minutes"
REGISTER = "25 per 5 minutes"
RESET = "25 per 5 minutes"
SEARCH = "120 per 5 minutes"
SUGGEST = "600 per 5 minutes"
PUBLISH = "60 per 10 minutes"
FOLLOW = "400 per hour"
MESSAGE = "60 per 10 minutes"
# People to whom a member never wrote before, and who never wrote to them.
NEW_CONVERSATION = "30 per day"
BLOCK = "200 per hour"
REACT = "600 per hour"
PASSWORD = "10 per 15 minutes"  # noqa: S105

# How long Redis may take to answer.
PATIENCE = 0.25


def init_app(app: Flask) -> None:
    """Say where requests are counted, and have it logged when Redis goes and comes back."""
    app.config["RATELIMIT_STORAGE_URI"] = "memory://"
    if app.config["REDIS_URL"]:
        app.config.from_mapping(_redis_settings(app.config["REDIS_URL"]))
    log = logging.getLogger("flask-limiter")
    log.handlers, log.level = app.logger.handlers, app.logger.level
    log.addFilter(_is_about_storage)


def client_network() -> str:
    """Return the client's network: an IPv4 address, or the /64 that an IPv6 household gets."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def member() -> str:
    """Return the key of a limit that counts per signed-in member."""
    return f"member:{current_user.id}" if current_user.is_authenticated else client_network()


def _redis_settings(url: str) -> dict[str, object]:
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return {
        "RATELIMIT_STORAGE_URI": url,
        "RATELIMIT_STORAGE_OPTIONS": {
            "key_prefix": "microblog",
            "socket_connect_timeout": PATIENCE,
            "socket_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 0),  # else it tries four times
        },
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        # Of several requests that wait for Redis when it goes, only the first falls back. Rather
        # than break, the others are not counted.
        "RATELIMIT_SWALLOW_ERRORS": True,
    }


def _is_about_storage(record: logging.LogRecord) -> bool:
    # Refusals are visits with status 429, and would push everything else out of the file.
    return record.levelno >= logging.ERROR or str(record.msg).startswith("Rate limit storage")
