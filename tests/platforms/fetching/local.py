"""A policy that may visit this machine, with limits short enough for tests."""

from ipaddress import ip_network
from typing import Any

from platforms.fetching.policy import FetchPolicy

LOOPBACK = (ip_network("127.0.0.0/8"),)


def local_policy(*servers, **overrides):
    """Return a policy that may visit these servers and nothing else of this machine."""
    values: dict[str, Any] = {
        "user_agent": "DefaultOn/0.1 (+https://default-on.example/about)",
        "connect_timeout": 0.3,
        "read_timeout": 0.3,
        "total_timeout": 0.6,
        "max_bytes": 300_000,
        "max_redirects": 5,
        "allowed_networks": LOOPBACK,
        "browser_as_root": True,
        "allowed_ports": frozenset(server.port for server in servers),
    }
    return FetchPolicy(**(values | overrides))
