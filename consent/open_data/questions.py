"""Checks of what programs ask: a question that cannot be answered as it is asked is refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from consent.ledger.audiences import plan_named
from consent.ledger.facts import facts_of, listed_platforms
from consent.ledger.figures import record_begin
from consent.ledger.filters import TimelineFilters
from consent.ledger.question import RefusedQuestionError, checked
from consent.ledger.reader_place import codes_of, place_code
from consent.ledger.record_fields import Record
from consent.ledger.state_of_play import Reader
from consent.models import Entry, FormerSlug
from consent.search.operators import operators
from consent.search.plain_words import words
from consent.search.results import find
from consent.search.web_addresses import addressed_platforms, company_of_site, is_page_of_company
from consent.vocabulary import People
from consent.web.absolute_urls import absolute_url
from consent.web.filter_form import FilterForm
from platforms.characters import cleaned
from platforms.days import is_within_bounds
from platforms.declarations.partial_dates import PartialDate
from platforms.models import Platform
from platforms.places import GROUPS, countries

#: Words of a plan that follows a name. Chosen: more would cost a look at all names for each word.
_LONGEST_PLAN = 3


class Refused(Exception):
    """A request that cannot be answered: its status, the kind of error, and why.

    allowed: the values that can be asked for, where they are a closed list; of days, the first and
    the last.
    """

    def __init__(
        self, status: int, title: str, detail: str, allowed: Sequence[str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail
        self.allowed = allowed


class Meant(NamedTuple):
    """A platform that a text may mean, and by what: a value of MATCHED_BY."""

    platform: Platform
    matched_by: str


#: How a text leads to a platform, from the surest to the least sure.
MATCHED_BY = (
    "id",
    "former-id",
    "name",
    "alias",
    "part",
    "domain",
    "domain-name",
    "operator",
    "beginning",
    "search",
)
WHERE_IDS_ARE = "/api/v1/resolve?q= finds ids by names and words."
#: The region in the host of a cloud: "us-east-1." or "us-central1-".
_REGION = re.compile(r"(?<![a-z0-9-])[a-z]+(?:-[a-z]+)+-?[0-9]+[.-]")
#: Ways of which one alone is an answer: the text names the platform, and no word beside it.
_NAMES_IT = MATCHED_BY[: MATCHED_BY.index("operator")]


def resolved(asked: str) -> tuple[list[Record], str]:
    """Return the platforms that a text may mean, and a known service in it that nobody watches.

    Where no name leads to a platform, words do, as in the search.
    """
    meant, unwatched = platforms_meant(asked), ""
    found = {each.platform.pk for each in meant}
    meant += [each for each in _beginning_with(asked) if each.platform.pk not in found]
    if not meant:
        by_words = find(asked, list(listed_platforms()))
        meant = [Meant(each, "search") for each in by_words.platforms]
        if unwatched := by_words.unwatched:  # what else is found is not what was asked for
            meant = []
    return [_resolved(*each) for each in meant], unwatched


def _beginning_with(asked: str) -> list[Meant]:
    """Return the platforms with a name that begins with these words: "Meta" of "Meta AI"."""
    wanted = words(asked)
    return [
        Meant(each, "beginning")
        for each in listed_platforms()
        if wanted
        and any(
            words(name)[: len(wanted)] == wanted for name in (each.name, *each.aliases, *each.parts)
        )
    ]


def _resolved(platform: Platform, matched_by: str) -> Record:
    record: Record = cleaned(
        {
            "id": platform.slug,
            "name": platform.name,
            "operator": platform.operator,
            "category": platform.category,
            "homepage": platform.homepage,
            "domains": domains_of(
                platform.homepage, platform.aliases, operators(listed_platforms())
            ),
            "matched_by": matched_by,
            "url": absolute_url(platform.get_absolute_url()),
        }
    )
    return record


def platforms_meant(asked: str) -> list[Meant]:
    """Return the listed platforms that a text names, by the surest way that leads to any.

    asked: an id, one that it had, a name, an alias, a part of the product, an address or a domain,
    or a company.
    """
    listed = list(listed_platforms())
    wanted, compact = asked.strip().casefold(), _compact(asked)
    renamed = FormerSlug.objects.platform_once_called(wanted)
    companies = operators(listed, at_least=1)
    company = companies.get(" ".join(words(asked)))
    of_company = list(company.platforms) if company else []
    found = {
        "id": [each for each in listed if each.slug == wanted],
        "former-id": [each for each in listed if renamed and each.pk == renamed.pk],
        "name": [each for each in listed if _compact(each.name) == compact],
        # "Meta" is more than Facebook, whatever its company was called.
        "alias": [
            each
            for each in listed
            if len(of_company) < 2
            and compact in map(_compact, each.aliases)
            and compact not in domains_of("", each.aliases)  # which others may have, too
        ],
        "part": [each for each in listed if compact in map(_compact, each.parts)],
        "operator": of_company,
        **_of_address(wanted, listed),
    }
    for matched_by in MATCHED_BY:
        if platforms := found.get(matched_by):
            return [Meant(each, matched_by) for each in platforms]
    return []


def _compact(name: str) -> str:
    """Return a name as it is compared: "Linked In" is LinkedIn."""
    return "".join(name.casefold().split())


def _of_address(wanted: str, listed: Sequence[Platform]) -> dict[str, list[Platform]]:
    """Return the platforms that have the host of an address, or a domain above it, on record.

    As "domain-name" those that are called like the domain: ebay.fr is no domain on record.
    """
    host, _slash, path = (wanted.partition("://")[2] or wanted).partition("/")
    host = host.partition(":")[0]
    companies = operators(listed)
    if company := company_of_site(host, listed, companies):
        of_path = _with_homepage(host, path, listed) if path else []
        return {"domain": of_path} if of_path else {"operator": list(companies[company].platforms)}
    for domain in dict.fromkeys((_REGION.sub("", host), host)):
        domain = domain.removeprefix("www.")
        if "." not in domain or " " in domain:
            continue
        if of_host := [
            each for each in listed if domain in domains_of(each.homepage, each.aliases, companies)
        ]:
            return {"domain": of_host}
        if found := addressed_platforms(domain, listed, companies)[0]:
            labels = domain.split(".")
            above = {".".join(labels[start:]) for start in range(1, len(labels) - 1)}
            owned = above.intersection(domains_of(found[0].homepage, found[0].aliases))
            return {"domain" if owned else "domain-name": found}
    return {}


def _with_homepage(host: str, path: str, listed: Sequence[Platform]) -> list[Platform]:
    """Return the platform whose homepage an address is below, the nearest; none without one."""
    bare = host.removeprefix("www.")
    below = [
        (homepage.path.strip("/"), each)
        for each in listed
        for homepage in [urlsplit(each.homepage)]
        if (homepage.hostname or "").removeprefix("www.") == bare
        and f"{path}/".startswith(homepage.path.strip("/"))
    ]
    return [each for own, each in below if own == max(own for own, _each in below)]


def domains_of(homepage: str, aliases: Iterable[str], companies: Container[str] = ()) -> list[str]:
    """Return the host of a homepage and the aliases that are domains, without "www.".

    companies: with several platforms, on whose sites a page is no domain of one of them.
    """
    is_own = not is_page_of_company(homepage, companies)
    names = [(is_own and urlsplit(homepage).hostname) or "", *aliases]
    hosts = [name.lower().removeprefix("www.") for name in names]
    return list(
        dict.fromkeys(host for host in hosts if "." in host and " " not in host and "/" not in host)
    )


def known_platform(asked: str) -> Platform:
    """Return a listed platform by its id, one that it had, a name, an alias, a part or a domain."""
    meant = platforms_meant(asked)
    if not meant:
        detail = f"We watch no platform “{asked}”. {WHERE_IDS_ARE}"
        raise Refused(404, "Not found", detail)
    if len(meant) > 1 or meant[0].matched_by not in _NAMES_IT:
        slugs = sorted(each.platform.slug for each in meant)
        what = "several" if meant[0].matched_by in _NAMES_IT else "a company, which runs"
        detail = f"platform: “{asked}” is {what}: {', '.join(slugs)}."
        raise Refused(400, "Invalid parameter", detail, slugs)
    return meant[0].platform


def platform_with_plan(asked: str) -> tuple[Platform, str]:
    """Return the platform and the plan of "chatgpt:Enterprise" or "ChatGPT Plus"; without one "".

    A colon within a name, or after the scheme of an address, divides nothing.
    """
    name, colon, plan = asked.rpartition(":")
    meant = platforms_meant(asked)
    if colon and not plan.startswith("//") and all(each.matched_by == "domain" for each in meant):
        return known_platform(name.strip()), plan.strip()
    return (None if meant else _with_plan_on_record(asked)) or (known_platform(asked), "")


def _with_plan_on_record(asked: str) -> tuple[Platform, str] | None:
    """Return the platform and the plan of words that end with a plan on record."""
    cut = asked.split()
    for length in range(1, min(_LONGEST_PLAN + 1, len(cut))):
        plan = " ".join(cut[-length:])
        for platform, matched_by in platforms_meant(" ".join(cut[:-length])):
            if matched_by in _NAMES_IT and plan_named(facts_of([platform])[platform.pk], plan):
                return platform, plan
    return None


def reader_asked(
    platform: Platform, place: str, people: People | None, plan: str, day: dt.date
) -> Reader:
    """Return whom an answer is for. Raises Refused for a place or a plan that is not known."""
    reader = Reader(known_place(place), people, plan.strip())
    try:
        known = checked(facts_of([platform])[platform.pk], reader.on(day))
    except RefusedQuestionError as error:
        raise Refused(400, "Invalid parameter", _in_words(error), error.allowed) from error
    return reader._replace(plan=known.plan)


def known_place(place: str) -> str:
    """Return the code of a place given by code or name; "" without one."""
    code = place_code(place)
    if place.strip() and not code:
        raise _refused_place(place)
    return code


def _refused_place(place: str) -> Refused:
    if meant := codes_of(place):
        detail = f"place: “{place}” is several places: {', '.join(meant)}."
        return Refused(400, "Invalid parameter", detail, meant)
    detail = (
        f"place: we know no place “{place}”. Give a code with two letters (ISO 3166: DE, US-CA) or"
        " a name."
    )
    return Refused(400, "Invalid parameter", detail, (*GROUPS, *countries()))


def _in_words(error: RefusedQuestionError) -> str:
    if error.axis == "people":
        return f"people: this plan is for several: say which. {', '.join(error.allowed)}."
    if not error.allowed:
        return (
            f"plan: we have no list of plans of {error.platform} for these people; ask without one."
        )
    listed = ", ".join(error.allowed)
    if error.plan and error.plan.since:
        since = PartialDate(error.plan.since, error.plan.since_precision)
        return f"plan: {error.platform} has “{error.asked}” since {since} only."
    return (
        f"plan: “{error.asked}” is not on record for {error.platform} and these people."
        f" You can ask for: {listed}."
    )


def past(day: dt.date) -> dt.date:
    """Return a day up to today."""
    today = timezone.localdate()
    if is_within_bounds(day) and day <= today:
        return day
    first = record_begin() or today
    allowed = (first.isoformat(), today.isoformat())
    on_record = f"What is on record is from {first} to {today}."
    if not is_within_bounds(day):
        detail = f"asof: give a day from 1970 on. {on_record}"
        raise Refused(400, "Invalid parameter", detail, allowed)
    raise Refused(
        400,
        "Day to come",
        f"asof: nobody knows yet what holds on a day to come. {on_record} What is planned is in the"
        " entries, under the dates “due”, “effective” and “deadline”.",
        allowed,
    )


def filters_asked(request: HttpRequest, *, without: Sequence[str] = ()) -> QueryDict:
    """Return the parameters that are filters of a page."""
    asked = request.GET.copy()
    for name in ("lang", "limit", "after", *without):
        asked.pop(name, None)
    for name in [name for name, value in asked.items() if not value]:
        del asked[name]
    if "platform" in asked:
        asked["platform"] = known_platform(str(asked["platform"])).slug
    return asked


def require_valid(filters: FilterForm) -> None:
    """Refuse filters with a value that they do not take."""
    if problems := filters.problems():
        names = list(dict.fromkeys(each.name for each in problems))
        if "place" in names:
            known_place(filters.data["place"])
        said = " ".join(f"{each.name}: {each.message}" for each in problems)
        allowed = filters.allowed(names[0]) if len(names) == 1 else None
        raise Refused(400, "Invalid parameter", said, allowed)


def entry_before(public_id: str | None, filters: TimelineFilters) -> Entry | None:
    """Return the last entry of the page before in a view; None on its first page."""
    if not public_id:
        return None
    found = Entry.objects.on_record().filter(public_id=public_id).first()
    if found is None or getattr(found, filters.listed_by()) is None:
        raise unknown_after(f"there is no entry “{public_id}” in this view")
    return found


def unknown_after(fault: str) -> Refused:
    """Return the refusal of a page after a record that is not in the list."""
    return Refused(
        400,
        "Invalid parameter",
        f"after: {fault}. Follow “next”, or send the id of the last record that you have; begin"
        " again without “after” if that record is gone.",
    )
