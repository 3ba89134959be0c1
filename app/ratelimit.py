"""Who is limited, and by how much. Limits are named here and used by the views.

They are generous: a whole school may sit behind one address. Wrong passwords have a memory of their
own, in the database (`accounts.sign_in`).
"""

import ipaddress

from flask import request
from flask_login import current_user

SIGN_IN = "25 per 5 minutes"
REGISTER = "25 per 5 minutes"
RESET = "25 per 5 minutes"
SEARCH = "120 per 5 minutes"
PUBLISH = "60 per 10 minutes"
FOLLOW = "400 per hour"
PASSWORD = "10 per 15 minutes"  # noqa: S105


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
