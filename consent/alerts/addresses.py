"""Mail addresses: one form for each."""

import unicodedata


def normalise(address: str) -> str:
    """Return the form under which an address is known: without the case that nobody relies on.

    Providers' own rules (dots, plus signs) are left alone: they are not ours to guess.
    """
    local, _, domain = unicodedata.normalize("NFKC", address.strip()).rpartition("@")
    return f"{local.casefold()}@{domain.casefold().rstrip('.')}"


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()
