"""The rules of our visits: user agent, timeouts, sizes, allowed networks and ports."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Any


class NoContactError(Exception):
    """No page may be visited, because CONTACT_EMAIL is not set."""

    def __init__(self) -> None:
        super().__init__(
            "No page is visited until CONTACT_EMAIL is set, because sites that we visit must be "
            "able to write to us: make run CONTACT_EMAIL=you@example.org"
        )


def has_contact() -> bool:
    """True if CONTACT_EMAIL is set, so that sites we visit can write to the operator."""
    from django.conf import settings

    return not settings.CONTACT_EMAIL.endswith("@localhost")


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """Limits of one visit. Times are in seconds; max_bytes counts after decompression.

    total_timeout covers the whole visit, redirects and name look-ups included.
    allowed_networks: private and special-purpose networks that may be visited.
    ca_file: certificates to trust instead of the public ones, for an intranet; "" for those.
    browser: path of a Chromium; "" to search for one.
    browser_as_root: run it without its sandbox, which does not work as root.
    browser_memory: bytes of memory that all its processes together may use.
    browser_startup: seconds it may take to start and to close, in addition to total_timeout.
    """

    user_agent: str = "DefaultOn"
    accept_language: str = "en"
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    total_timeout: float = 60.0
    max_bytes: int = 20_000_000
    max_redirects: int = 10
    host_pause: float = 10.0
    allowed_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    allowed_ports: frozenset[int] = frozenset({80, 443})
    ca_file: str = ""
    browser: str = ""
    browser_as_root: bool = False
    browser_memory: int = 1_500_000_000
    browser_startup: float = 10.0

    @classmethod
    def from_settings(cls, **overrides: Any) -> FetchPolicy:
        """Return the policy of this installation (the FETCH_ settings), with overrides.

        Raises NoContactError without CONTACT_EMAIL.
        """
        from django.conf import settings

        if not has_contact():
            raise NoContactError
        values: dict[str, Any] = {
            "user_agent": settings.FETCH_USER_AGENT,
            "connect_timeout": settings.FETCH_CONNECT_TIMEOUT,
            "read_timeout": settings.FETCH_READ_TIMEOUT,
            "total_timeout": settings.FETCH_TOTAL_TIMEOUT,
            "max_bytes": settings.FETCH_MAX_BYTES,
            "host_pause": settings.FETCH_HOST_PAUSE,
            "allowed_networks": tuple(settings.FETCH_ALLOWED_NETWORKS),
            "allowed_ports": frozenset(settings.FETCH_ALLOWED_PORTS),
            "browser": settings.FETCH_BROWSER,
            "browser_as_root": settings.FETCH_BROWSER_AS_ROOT,
        }
        return cls(**(values | overrides))
