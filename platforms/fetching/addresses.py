"""Which URLs and which addresses may be visited at all. Pure: nothing is looked up here."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

DEFAULT_PORTS = {"http": 80, "https": 443}

# Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and
# successors), and the two metadata services that clouds put on addresses outside them. Written
# out because the ipaddress module answers differently from one Python release to the next.
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
# Of IPv6 only global unicast is public at all; these parts of it are not.
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
# Behind DNS64 every IPv4 site is seen under this prefix, so it is judged by what it carries.
_NAT64 = IPv6Network("64:ff9b::/96")

_UNFIT_FOR_URL = re.compile(r"[\x00-\x20\x7f\\]")


def why_url_refused(url: str, *, allowed_ports: Iterable[int]) -> str:
    """Return why this URL may not be visited, in words; "" if nothing speaks against it.

    The host's addresses are judged later, when they are known (`why_address_refused`).
    """
    if _UNFIT_FOR_URL.search(url):
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
    """Return why this IP address may not be connected to, in words; "" if it may."""
    try:
        found = ip_address(address)
    except ValueError:
        return f"{address} is not an IP address"
    if any(found.version == network.version and found in network for network in allowed_networks):
        return ""
    if _is_public(found):
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
