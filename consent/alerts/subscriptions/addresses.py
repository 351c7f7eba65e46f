"""Mail addresses: one form for each, and the one that crosses the wire."""

import re
import unicodedata

import idna

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PLAIN_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+", re.ASCII)


def normalise(address: str) -> str:
    """Return the form under which an address is known: without the case that nobody relies on.

    Providers' own rules (dots, plus signs) are left alone: they are not ours to guess.
    """
    local, _, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    domain = domain.lower().rstrip(".")
    if not domain.isascii() or "xn--" in domain:
        try:
            domain = idna.decode(_in_ascii(domain))
        except idna.IDNAError:
            return f"{local.casefold()}@{domain}"
    return f"{local.casefold()}@{domain}"


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def bare_address(address: str) -> str:
    """Return an address as the wire takes it: its domain in ASCII, nothing around it.

    Raises ValueError for one that no mail can be sent to.
    """
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    local, at, domain = address.rpartition("@")
    if not (local and at and local.isascii()) or _CONTROL.search(local) or set("<> ,") & set(local):
        raise ValueError("it goes to no address that can be written to")
    bare = f"{local}@{_in_ascii(domain)}"
    if _CONTROL.search(bare):
        raise ValueError("it goes to no address that can be written to")
    return bare


def _in_ascii(domain: str) -> str:
    """By the rules in force (IDNA 2008), where "straße" and "strasse" are two places."""
    return idna.encode(domain, uts46=True).decode()
