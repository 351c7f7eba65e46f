"""Which URLs and IP addresses may be visited. Pure: resolves no names."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

DEFAULT_PORTS = {"http": 80, "https": 443}

# Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and
# successors), and two metadata services of clouds on other addresses. Written out because the
# answers of the ipaddress module differ between Python releases.
_NOT_PUBLIC_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT; one cloud's metadata
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # one cloud's metadata and key service
        "169.254.0.0/16",  # link-local; most clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; one cloud's metadata
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, withdrawn
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# In IPv6 only global unicast is public, except for these parts.
_GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo and ORCHID among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries any IPv4 address
        "3fff::/20",  # documentation
    )
)
# DNS64 puts the addresses of IPv4 sites below this prefix, so the IPv4 address is checked.
_NAT64 = IPv6Network("64:ff9b::/96")

_INVALID_IN_URL = re.compile(r"[\x00-\x20\x7f\\]")


def why_url_refused(url: str, *, allowed_ports: Iterable[int]) -> str:
    """Return why this URL may not be visited, as a message; "" if it may.

    The addresses of its host are checked later, once resolved (`why_address_refused`).
    """
    if _INVALID_IN_URL.search(url):
        return "the URL contains spaces, control characters or backslashes"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"the URL cannot be read ({error})"
    return _why_parts_refused(parts, port, allowed_ports)


def _why_parts_refused(parts: SplitResult, port: int | None, allowed_ports: Iterable[int]) -> str:
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        return f"only http and https are visited, not {scheme or 'a URL without scheme'}"
    if "@" in parts.netloc:
        return "the URL carries a user name or password"
    if "%" in parts.netloc:
        return "the host is written with escapes or a zone"
    if not parts.hostname:
        return "the URL names no host"
    port = DEFAULT_PORTS[scheme] if port is None else port
    if port not in allowed_ports:
        return f"port {port} is not allowed"
    return ""


def why_address_refused(address: str, *, allowed_networks: Iterable[Network] = ()) -> str:
    """Return why no connection to this IP address is allowed, as a message; "" if it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return f"{address} is not an IP address"
    if any(parsed.version == network.version and parsed in network for network in allowed_networks):
        return ""
    if _is_public(parsed):
        return ""
    return f"{address} is not a public address"


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_V4)
    if address in _NAT64:
        return _is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in _GLOBAL_UNICAST_V6 and not any(
        address in network for network in _NOT_PUBLIC_V6
    )
