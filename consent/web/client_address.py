"""Whose request it is, as far as addresses tell."""

from __future__ import annotations

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest

#: What some proxies write: an address with a port.
_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]*)\](?::\d+)?|(?P<v4>[\d.]+):\d+")


def address_of(request: HttpRequest) -> str | None:
    """Return the address a request comes from, None where there is none.

    Behind TRUSTED_PROXIES proxies it is the one that the outermost of them saw. An IPv4 address in
    IPv6 clothes (::ffff:192.0.2.1) is returned as what it is.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        address = hops[-min(settings.TRUSTED_PROXIES, len(hops))].strip() or address
    if written := _WITH_PORT.fullmatch(address):
        address = written["v6"] or written["v4"] or ""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def login_address_of(request: HttpRequest) -> str | None:
    """Return the address that failed logins are counted for.

    One line of IPv6 has 2**64 addresses, so that its /64 counts as one address: its first.
    """
    address = address_of(request)
    if address is None or ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
