"""Whom a limit counts as one client."""

import pytest

from app.ratelimit import client_network


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::FFFF:CB00:7107", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:0DB8:0001:0002:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
        ("203.0.113.7, 198.51.100.1", "unknown"),
        ("203.0.113.007", "unknown"),
        ("1.2.3.4.evil", "unknown"),
    ],
)
def test_client_network(app, address, network):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert client_network() == network


def test_client_without_an_address_is_unknown(app):
    with app.test_request_context(environ_overrides={"REMOTE_ADDR": None}):
        assert client_network() == "unknown"


def test_network_fits_the_column(app):
    address = "ffff:ffff:ffff:ffff::1%" + "x" * 90
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert len(client_network()) <= 64
