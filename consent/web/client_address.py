"""The network address that a request comes from."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

#: Some proxies add a port to the address.
_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]*)\](?::\d+)?|(?P<v4>[\d.]+):\d+")


def address_of(request: HttpRequest) -> str | None:
    """Return the address a request comes from, None if there is no valid one.

    Behind TRUSTED_PROXIES proxies it is the one that the outermost of them saw. An IPv4 address
    mapped to IPv6 (::ffff:192.0.2.1) is returned as IPv4.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        address = hops[-min(settings.TRUSTED_PROXIES, len(hops))].strip() or address
    return _canonical(address)


@lru_cache(maxsize=1024)
def _canonical(address: str) -> str | None:
    if match := _WITH_PORT.fullmatch(address):
        address = match["v6"] or match["v4"] or ""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def login_address_of(request: HttpRequest) -> str | None:
    """Return the address under which failed logins are counted.

    An IPv6 connection usually has a whole /64 (2**64 addresses), so all of it counts as its first
    address.
    """
    address = address_of(request)
    if address is None or ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
