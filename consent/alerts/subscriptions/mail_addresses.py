"""Mail addresses: a normal form to compare them, and the form for SMTP."""

import re
import unicodedata

import idna

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PLAIN_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+", re.ASCII)


def normalise(address: str) -> str:
    """Return the form in which addresses are compared: lower case, the domain in Unicode.

    Providers' own rules (dots, plus signs) are not applied: we would have to guess them.
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
    """Return an address as SMTP needs it: its domain in ASCII, without brackets.

    Raises ValueError if no mail can be sent to it.
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
    """Encode a domain by IDNA 2008, in which "straße" and "strasse" are different domains."""
    return idna.encode(domain, uts46=True).decode()
