"""Finds the platforms whose web addresses a query contains."""

import re
from collections.abc import Container, Iterable
from urllib.parse import urlsplit

from consent.search.brands import brand_of_host
from consent.search.names import names_of_one
from consent.search.plain_words import words
from platforms.models import Platform

_ADDRESS = re.compile(
    r"(?:https?://)?(?P<host>(?:[\w-]+\.)+[a-z]{2,24})(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE
)
#: Second labels under which countries register names (example.co.uk).
_REGISTERED_UNDER = {"ac", "co", "com", "edu", "gov", "net", "org"}


def addressed_platforms(
    query: str, platforms: Iterable[Platform], companies: Container[str] = ()
) -> tuple[list[Platform], str]:
    """Return the platforms of the addresses in a query, and the query without these addresses.

    A host belongs to the platform with the longest domain that it ends in: an alias, or the host of
    a homepage. Otherwise it belongs to a platform that is named like its domain: ebay.fr to eBay.
    The address of a known brand, or of one of these companies, is replaced by its name.
    """
    if not _ADDRESS.search(query):
        return [], query
    every = list(platforms)
    domains = _domains(every, companies)
    names = names_of_one(every)
    found: dict[int, Platform] = {}

    def taken_out(match: re.Match[str]) -> str:
        host = match["host"].casefold()
        labels = host.split(".")
        own = _domain_name(labels)
        brand = brand_of_host(labels)
        ends = (".".join(labels[start:]) for start in range(len(labels) - 1))
        platform = next((domains[end] for end in ends if end in domains), None)
        if host in names:
            platform = names[host]
        elif company := company_of_site(host, every, companies):
            return f" {company} "  # google.com, although it is the homepage of one of its platforms
        elif brand and not domains.get(host) and brand not in names and brand != own:
            return f" {brand} "  # maps.google.com, although google.com is somebody's
        if platform is None and (own not in companies or _is_called(own, every)):
            platform = names.get(own)  # else "Meta" may be an alias of one of them
        if platform is None:
            known = brand or (own if own in companies else "")
            return f" {known} " if known else match[0]
        found[platform.pk] = platform
        return " "

    rest = _ADDRESS.sub(taken_out, query)
    return list(found.values()), rest


def company_of_site(host: str, platforms: Iterable[Platform], companies: Container[str]) -> str:
    """Return the company whose own site a host is; "" for another, and for that of a platform.

    google.com is Google's, which has several platforms; slack.com is Slack's.
    """
    if host.removeprefix("www.").count(".") != 1:
        return ""
    own = _domain_name(host.split("."))
    return "" if own not in companies or _is_called(own, platforms) else own


def _is_called(name: str, platforms: Iterable[Platform]) -> bool:
    return any(name in (each.slug, " ".join(words(each.name))) for each in platforms)


def is_page_of_company(homepage: str, companies: Container[str]) -> bool:
    """Return whether a homepage is a page of the site of a company with several platforms."""
    address = urlsplit(homepage)
    host = (address.hostname or "").removeprefix("www.")
    is_page = bool(address.path.strip("/")) and host.count(".") == 1
    return is_page and _domain_name(host.split(".")) in companies


def _domains(
    platforms: Iterable[Platform], companies: Container[str]
) -> dict[str, Platform | None]:
    """Return platforms by their domains; None for a domain of several, which is nobody's."""
    owners: dict[str, set[Platform]] = {}
    for platform in platforms:
        hosts = [alias.casefold() for alias in platform.aliases if "." in alias]
        if not is_page_of_company(platform.homepage, companies):
            hosts.append(urlsplit(platform.homepage).hostname or "")
        for host in hosts:
            owners.setdefault(host.removeprefix("www."), set()).add(platform)
    return {
        host: next(iter(owner)) if len(owner) == 1 else None
        for host, owner in owners.items()
        if host
    }


def _domain_name(labels: list[str]) -> str:
    """Return the label of a host that names its owner: "ebay" of www.ebay.co.uk."""
    names = labels[:-1]
    if len(names) > 1 and len(names[-1]) <= 3 and len(labels[-1]) == 2:
        names = names[:-1]  # co.uk, com.au
    return names[-1]


def site_of(url: str) -> str:
    """Return the part of an address's host that somebody registered: help.x.com → x.com."""
    labels = (urlsplit(url).hostname or "").split(".")
    is_by_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _REGISTERED_UNDER
    return ".".join(labels[-3:] if is_by_country else labels[-2:])
