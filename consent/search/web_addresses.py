"""Finds the platforms whose web addresses a query contains."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from consent.search.names import names_of_one
from platforms.models import Platform

_ADDRESS = re.compile(
    r"(?:https?://)?(?P<host>(?:[\w-]+\.)+[a-z]{2,24})(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE
)


def addressed_platforms(query: str, platforms: Iterable[Platform]) -> tuple[list[Platform], str]:
    """Return the platforms of the addresses in a query, and the query without these addresses.

    A host belongs to the platform with the longest domain that it ends in: an alias, or the host of
    a homepage. Otherwise it belongs to a platform that is named like its domain: ebay.fr to eBay.
    """
    every = list(platforms)
    domains = _domains(every)
    names = names_of_one(every)
    found: dict[int, Platform] = {}

    def taken_out(match: re.Match[str]) -> str:
        labels = match["host"].casefold().split(".")
        ends = (".".join(labels[start:]) for start in range(len(labels) - 1))
        platform = next((domains[end] for end in ends if end in domains), None)
        platform = platform or names.get(_domain_name(labels))
        if platform is None:
            return match[0]
        found[platform.pk] = platform
        return " "

    rest = _ADDRESS.sub(taken_out, query)
    return list(found.values()), rest


def _domains(platforms: Iterable[Platform]) -> dict[str, Platform]:
    """Return platforms by their domains. Of several platforms with one domain, none has it."""
    owners: dict[str, set[Platform]] = {}
    for platform in platforms:
        hosts = [alias.casefold() for alias in platform.aliases if "." in alias]
        hosts.append(urlsplit(platform.homepage).hostname or "")
        for host in hosts:
            owners.setdefault(host.removeprefix("www."), set()).add(platform)
    return {host: owner.pop() for host, owner in owners.items() if host and len(owner) == 1}


def _domain_name(labels: list[str]) -> str:
    """Return the label of a host that names its owner: "ebay" of www.ebay.co.uk."""
    names = labels[:-1]
    if len(names) > 1 and len(names[-1]) <= 3 and len(labels[-1]) == 2:
        names = names[:-1]  # co.uk, com.au
    return names[-1]
