"""Mail addresses: one form for each, and the network a request came from."""

import hashlib
import ipaddress
import unicodedata

from django.conf import settings
from django.http import HttpRequest


def normalise(address: str) -> str:
    """Return the form under which an address is known: without the case that nobody relies on.

    Providers' own rules (dots, plus signs) are left alone: they are not ours to guess.
    """
    local, _, domain = unicodedata.normalize("NFKC", address.strip()).rpartition("@")
    return f"{local.casefold()}@{domain.casefold().rstrip('.')}"


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def network_of(request: HttpRequest) -> str:
    """Return the network a request comes from, digested: a /24, or a /64 of IPv6.

    Behind TRUSTED_PROXIES proxies the address is the one that the outermost of them saw.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        address = hops[-min(settings.TRUSTED_PROXIES, len(hops))].strip() or address
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    width = 24 if parsed.version == 4 else 64
    network = ipaddress.ip_network(f"{parsed}/{width}", strict=False)
    return hashlib.sha256(str(network).encode()).hexdigest()[:32]
