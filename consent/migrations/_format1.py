"""What 0018 needs of format 1: people in words, rules for controls, and what files said of rows.

Frozen, like `platforms.migrations._format1`. `convert_catalog` reads the same tables.
"""

import datetime
import re
import urllib.parse
from collections.abc import Container, Iterable, Sequence
from typing import Any

from platforms.migrations._format1 import Said, moment, without_defaults

VALUES = {
    "on-no-opt-out": "no-way-out",
    "on-by-default": "unless-refused",
    "off-by-default": "only-if-agreed",
    "not-used": "not-used",
    "unclear": "unclear",
    "not-offered": "not-offered",
}
_REFUSE = {
    "switch": "turn-off",
    "form": "submit",
    "email": "write",
    "admin-console": "ask-admin",
    "account-deletion": "delete",
}
#: How the label of a switch begins that is turned on to refuse.
_REVERSED = re.compile(r"(block|don['’]?t|do not|object|opt out|disable|turn off)\b", re.IGNORECASE)
_KINDS = {
    "chats": "chats",
    "files": "files",
    "voice": "voice",
    "images-and-video": "images and video",
    "public-posts": "public posts",
    "private-messages": "private messages",
    "mail-and-documents": "mail and documents",
    "code": "code",
    "usage-and-feedback": "usage and feedback",
    "profile": "profile",
}
_PERSONAL, _CREATORS, _ORGANISATION = ["personal"], ["creators"], ["organisation"]
_NO_ACCOUNT = ["no-account"]
#: People, plans, and whether the words are kept since they say more.
_AUDIENCES: dict[str, tuple[list[str], list[str], bool]] = {
    "personal accounts": (_PERSONAL, [], False),
    "personal accounts of adults": (_PERSONAL, [], False),
    "adults": (_PERSONAL, [], False),
    "everyone": (_PERSONAL, [], False),
    "organisations": (_ORGANISATION, [], False),
    "everyone, with or without an account": ([*_PERSONAL, *_NO_ACCOUNT], [], False),
    "people without an account": (_NO_ACCOUNT, [], False),
    "people who do not use claude": (_NO_ACCOUNT, [], True),
    "personal plans, also signed out": ([*_PERSONAL, *_NO_ACCOUNT], [], True),
    "everyone; in organisations the admin may decide": ([*_PERSONAL, *_ORGANISATION], [], True),
    "everyone; teams can enforce it": ([*_PERSONAL, *_ORGANISATION], [], True),
    "free": (_PERSONAL, ["Free"], False),
    "free and pro": (_PERSONAL, ["Free", "Pro"], False),
    "free, pro and max": (_PERSONAL, ["Free", "Pro", "Max"], False),
    "free, pro and pro+": (_PERSONAL, ["Free", "Pro", "Pro+"], False),
    "free, pro and student": (_PERSONAL, ["Free", "Pro", "Student"], False),
    "pro and student": (_PERSONAL, ["Pro", "Student"], False),
    "free and go plans": (_PERSONAL, ["Free", "Go"], False),
    "copilot free": (_PERSONAL, ["Copilot Free"], False),
    "free, premium and single-user pro": (_PERSONAL, ["Free", "Premium", "Pro"], True),
    "developers on the experiment plan": (_PERSONAL, ["Experiment"], True),
    "pro and business": ([*_PERSONAL, *_ORGANISATION], ["Pro", "Business"], False),
    "starter and professional": (
        [*_PERSONAL, *_ORGANISATION],
        ["Starter", "Professional"],
        False,
    ),
    "owners of echo dot 4, echo show 10 and echo show 15 in english": (_PERSONAL, [], True),
    "owners of ray-ban meta glasses": (_PERSONAL, [], True),
    "players with game bar on windows": (_PERSONAL, [], True),
    "artists": (_CREATORS, [], True),
    "channel owners": (_CREATORS, [], True),
    "contributors": (_CREATORS, [], True),
    "owners of a publication": (_CREATORS, [], True),
    "site owners": (_CREATORS, [], True),
    "business customers": (_ORGANISATION, [], True),
    "business customers who use these models": (_ORGANISATION, [], True),
    "api and business customers": (_ORGANISATION, [], True),
    "business plans bought on the website": (_ORGANISATION, [], True),
    "enterprise plans": (_ORGANISATION, [], True),
    "work and school accounts": (_ORGANISATION, [], True),
    "workspaces, free and paid": (_ORGANISATION, [], True),
    "government cloud, isolated cloud, hipaa and customer-managed keys": (_ORGANISATION, [], True),
    "enterprise": (_ORGANISATION, ["Enterprise"], False),
    "team": (_ORGANISATION, ["Team"], False),
    "free and standard": (_ORGANISATION, ["Free", "Standard"], False),
    "free, standard and premium": (_ORGANISATION, ["Free", "Standard", "Premium"], False),
    "premium and enterprise": (_ORGANISATION, ["Premium", "Enterprise"], False),
    "business and enterprise": (_ORGANISATION, ["Business", "Enterprise"], False),
    "organization and enterprise": (_ORGANISATION, ["Organization", "Enterprise"], False),
    "education and government": (_ORGANISATION, ["Education", "Government"], False),
    "business, enterprise, edu and api": (
        _ORGANISATION,
        ["Business", "Enterprise", "Edu", "API"],
        False,
    ),
    "teams, business, enterprise and education": (
        _ORGANISATION,
        ["Teams", "Business", "Enterprise", "Education"],
        False,
    ),
    "claude for work, education, government, api, bedrock and vertex": (
        _ORGANISATION,
        ["Claude for Work", "Education", "Government", "API", "Bedrock", "Vertex"],
        False,
    ),
}


def knows_audience(phrase: str) -> bool:
    """Return whether a rule reads an audience in words."""
    return " ".join(phrase.split()).casefold() in _AUDIENCES


def people_of(phrase: str, *, of_entry: bool = False) -> tuple[list[str], list[str], str]:
    """Return people, plans and who of an audience in words; unknown words stay in who.

    Everyone is nobody in particular on an entry, and personal accounts on a branch.
    """
    words = " ".join(phrase.split())
    if of_entry and words.casefold() in ("everyone", ""):
        return [], [], ""
    known = _AUDIENCES.get(words.casefold())
    if known is None:
        return ([] if of_entry else list(_PERSONAL)), [], phrase[:200]
    people, plans, is_kept = known
    return list(people), list(plans), phrase if is_kept else ""


def who_of_guide(applies_to: str) -> str:
    """Return whom a guide is for, if not for all whom its control is for."""
    return "" if applies_to.strip().casefold() == "everyone" else applies_to


def titles(data_kinds: Sequence[str]) -> tuple[str, str]:
    """Return what happens and what does not, as far as a rule can say it: never a label."""
    named = ""
    kinds = [_KINDS[kind] for kind in data_kinds if kind in _KINDS]
    for count in range(len(kinds), 0, -1):
        rest = ["more"] if count < len(kinds) else []
        named = _joined([*kinds[:count], *rest])
        if len(named) <= 45:
            break
    are = "is" if not kinds else "are"
    subject = f"Your {named}" if kinds else "Your data"
    if len(kinds) == 1 and kinds[0] in ("voice", "code", "profile"):
        are = "is"
    return f"{subject} {are} used for AI", f"{subject} {are} not used for AI"


def _joined(words: Sequence[str]) -> str:
    if len(words) == 1:
        return words[0]
    comma = "," if any(" and " in word for word in words) else ""
    return f"{', '.join(words[:-1])}{comma} and {words[-1]}"


def control_slug(slug: str, taken: Container[str]) -> str:
    """Return a slug for the control of a setting; uses and controls share one space of slugs."""
    wanted = f"{slug[:70].rstrip('-')}-control"
    number = 2
    while wanted in taken:
        wanted = f"{slug[:70].rstrip('-')}-control-{number}"
        number += 1
    return wanted


def control_of(route: str, reach: str, label: str) -> dict[str, str]:
    """Return refuse, by, scope and reach of the control of a setting, by rule."""
    refuse = _REFUSE[route]
    if refuse == "turn-off" and _REVERSED.match(label.strip()):
        refuse = "turn-on"
    return {
        "refuse": refuse,
        "by": "admin" if refuse == "ask-admin" else "person",
        "scope": "this-device" if reach == "this-device" else "everything",
        "reach": "unstated" if reach in ("this-device", "whole-account") else reach,
    }


def surfaces_of(
    path: str, deep_link: str, in_guides: set[str]
) -> list[tuple[str, str, str]]:
    """Return surface, path and deep link for each surface where a control is found.

    in_guides: the surfaces that guides describe. The path of a setting was said of all of them; an
    address is opened in a browser.
    """
    found = [name for name in ("web", "ios", "android", "desktop") if name in in_guides]
    if not found or "any" in in_guides:
        return [("any", path, deep_link)] if path or deep_link or in_guides else []
    if deep_link and "web" not in found:
        return [*((name, path, "") for name in found), ("web", "", deep_link)]
    return [(name, path, deep_link if name == "web" else "") for name in found]


# What a file of format 1 said of a row; defaults are left out. Rows come with what belongs to them.


def setting(row: Any) -> Said:
    return without_defaults(
        {
            "slug": row.slug,
            "label": row.label,
            "covers": row.covers,
            "data_kinds": list(row.data_kinds),
            "audience": row.audience,
            "region": row.region,
            "path": row.path,
            "route": row.route,
            "reach": row.reach,
            "deep_link": row.deep_link or None,
            "pages": sorted(page.url for page in row.pages.all()),
            "states": _states(row.states.all()),
            "note": row.note,
        },
        data_kinds=[],
        audience="everyone",
        region="worldwide",
        path="",
        reach="unstated",
        deep_link=None,
        pages=[],
        note="",
    )


def in_order(states: Iterable[Any]) -> list[Any]:
    """States, oldest first; the one that began nobody knows when comes before all others."""
    return sorted(states, key=lambda state: state.starts_on or datetime.date.min)


def _states(rows: Iterable[Any]) -> list[Said]:
    ordered = in_order(rows)
    said = []
    for row, following in zip(ordered, [*ordered[1:], None]):
        until = _date(row.ends_on, row.ends_precision)
        closed_by = row.closed_by.key if row.closed_by else None
        if following is not None and row.ends_on == following.starts_on:
            until = None
            if following.opened_by is not None and closed_by == following.opened_by.key:
                closed_by = None
        said.append(
            without_defaults(
                {
                    "value": row.value,
                    "since": _date(row.starts_on, row.starts_precision),
                    "until": until,
                    "opened_by": row.opened_by.key if row.opened_by else None,
                    "closed_by": closed_by,
                    "disputed": row.disputed,
                    "note": row.note,
                },
                since=None,
                until=None,
                opened_by=None,
                closed_by=None,
                disputed=False,
                note="",
            )
        )
    return said


def entry(row: Any) -> Said:
    sources = _in_order(row.sources.all())
    said = {
        "key": row.key,
        "title": row.title,
        "summary": row.summary,
        "platforms": sorted(platform.slug for platform in row.platforms.all()),
        "settings": _names(row.uses.all()),
        "references": sorted(reference.slug for reference in row.references.all()),
        "effects": list(row.effects),
        "direction": row.direction,
        "data_kinds": list(row.data_kinds),
        "regions": list(row.regions),
        "audience": row.audience,
        "announced": _date(row.announced_on, row.announced_precision),
        "effective": _date(row.effective_on, row.effective_precision),
        "deadline": _date(row.deadline_on, row.deadline_precision),
        "observed_from": moment(row.observed_from),
        "observed_to": moment(row.observed_to),
        "confidence": row.confidence,
        "basis": row.basis,
        "note": row.note,
        "sources": [_source(source) for source in sources],
        "status": row.status,
        "reason": row.status_reason,
        "published": moment(row.published_at),
    }
    days = [source.published_on for source in sources if source.published_on]
    days += [row.announced_on] if row.announced_on else []
    if not days and row.effective_on:
        days = [row.effective_on]
    derived = max(days).isoformat() if days else moment(row.observed_to)
    return without_defaults(
        said,
        platforms=[],
        settings=[],
        references=[],
        data_kinds=[],
        audience="everyone",
        announced=None,
        effective=None,
        deadline=None,
        observed_from=None,
        observed_to=None,
        note="",
        sources=[],
        status="published",
        reason="",
        published=derived if said["published"] == derived else None,
    )


def guide(row: Any) -> Said:
    return without_defaults(
        {
            "slug": row.slug,
            "title": row.title,
            "settings": _names(row.settings.all()),
            "pages": sorted(page.url for page in row.pages.all()),
            "minutes": row.minutes,
            "applies_to": row.who,
            "deep_link": row.deep_link or None,
            "before_you_start": list(row.before_you_start),
            "surfaces": [
                without_defaults(
                    {
                        "surface": surface.surface,
                        "verified": surface.verified_on and surface.verified_on.isoformat(),
                        "verified_by": surface.verified_by,
                        "steps": [
                            without_defaults({"act": step.act, "expect": step.expect}, expect="")
                            for step in sorted(surface.steps.all(), key=lambda step: step.position)
                        ],
                    },
                    verified=None,
                    verified_by="",
                )
                for surface in sorted(row.surfaces.all(), key=lambda surface: surface.pk)
            ],
            "how_to_check": row.how_to_check,
            "caveats": list(row.caveats),
            "sources": [_source(source) for source in _in_order(row.sources.all())],
            "note": row.note,
            "status": row.status,
            "reason": row.status_reason,
        },
        settings=[],
        pages=[],
        minutes=None,
        applies_to="everyone",
        deep_link=None,
        before_you_start=[],
        how_to_check="",
        caveats=[],
        sources=[],
        note="",
        status="published",
        reason="",
    )


def reference(row: Any) -> Said:
    return {
        "slug": row.slug,
        "name": row.name,
        "kind": row.kind,
        "country": row.place,
        "url": row.url,
    }


_OTA_FILE = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)/blob/([0-9a-f]{40})/(.+)")


def _source(row: Any) -> Said:
    ota = _OTA_FILE.fullmatch(row.archived_url)
    return without_defaults(
        {
            "url": row.url,
            "publisher": row.publisher,
            "title": row.title,
            "date": _date(row.published_on, row.published_precision),
            "archived_url": None if ota else row.archived_url or None,
            "ota": ota and {"repo": ota[1], "path": urllib.parse.unquote(ota[3]), "commit": ota[2]},
            "seen_via": row.seen_via,
            "quote": row.quote,
            "snapshot": row.snapshot.sha256 if row.snapshot else None,
        },
        title="",
        date=None,
        archived_url=None,
        ota=None,
        seen_via="",
        quote="",
        snapshot=None,
    )


def _in_order(sources: Iterable[Any]) -> list[Any]:
    return sorted(sources, key=lambda source: (source.position, source.pk))


def _names(rows: Iterable[Any]) -> list[str]:
    return sorted(f"{row.platform.slug}/{row.slug}" for row in rows)


def _date(on: datetime.date | None, precision: str) -> str | None:
    return None if on is None else on.isoformat()[: {"year": 4, "month": 7, "day": 10}[precision]]
