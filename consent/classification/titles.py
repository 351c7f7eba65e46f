"""Drafts the title of a change in the words that readers of the site see."""

import re
from collections.abc import Callable, Iterable, Sequence

from consent.classification.delta import Delta
from consent.classification.statements import Statement

LONGEST_TITLE = 90  # characters; the same limit as the title of an Entry
KINDS = {
    "chats": "chats",
    "files": "files",
    "voice": "voice recordings",
    "images-and-video": "images and video",
    "public-posts": "public posts",
    "private-messages": "private messages",
    "mail-and-documents": "mail and documents",
    "code": "code",
    "usage-and-feedback": "usage data and feedback",
    "profile": "personal data",
}
REGIONS = {"EU": "the EU", "UK": "the UK", "US": "the US", "CH": "Switzerland", "FR": "France"}
PEOPLES_DATA = "people’s data"

POSTS = re.compile(
    r"\b(?:posts?|tweets?|comments?|reviews?|beiträge|publications?|publicaciones)\b", re.I
)

Draft = Callable[[Delta, frozenset[str], str], list[str]]


def draft_title(delta: Delta, effects: Sequence[str], subject: str = "") -> str:
    """Return one sentence of at most 90 characters; "" if no effect has a draft."""
    who = subject.strip() or "The service"
    for effect, draft in DRAFTS.items():
        if effect in effects:
            return fitting(draft(delta, frozenset(effects), who))
    return ""


def _use(delta: Delta, effects: frozenset[str], who: str) -> list[str]:
    uses = [statement for statement in _new(delta) if statement.uses] or [
        statement for statement in delta.after if statement.uses
    ]
    lead = max(uses, key=lambda statement: (statement.strength, bool(statement.data)), default=None)
    also = " also" if "use-introduced" not in effects else ""
    if lead is None:
        return [f"{who} now{also} uses {PEOPLES_DATA} to train AI"]
    verb = f"may now{also} use" if lead.stance == "may" else f"now{also} uses"
    data, model = _data(lead), lead.model or "AI"
    unless = ""
    if "default-on" in effects or ("opt-out-added" in effects and "default-off" not in effects):
        unless = " unless people opt out"
    start = f", from {lead.since}" if lead.since else ""
    return [
        f"{who} {verb} {data} to train {model}{unless}{start}",
        f"{who} {verb} {data} to train {model}{unless}",
        f"{who} {verb} {_data_in_short(lead)} to train {model}{unless}",
        f"{who} {verb} {PEOPLES_DATA} to train {model}{unless}",
        f"{who} {verb} {PEOPLES_DATA} to train AI",
    ]


def _shared(delta: Delta, effects: frozenset[str], who: str) -> list[str]:
    others = [
        statement for statement in _new(delta) if statement.uses and statement.actor != "service"
    ]
    data = _data(others[0]) if others else PEOPLES_DATA
    unless = " unless people opt out" if "default-on" in effects else ""
    return [
        f"{who} may now let others train AI on {data}{unless}",
        f"{who} may now let others train AI on {PEOPLES_DATA}",
    ]


def _promise(delta: Delta, effects: frozenset[str], who: str) -> list[str]:
    denials = [
        statement
        for statement in _new(delta)
        if statement.kind == "use" and (statement.denies or statement.only_if_agreed)
    ]
    data = _data(denials[0]) if denials else PEOPLES_DATA
    only = " without consent" if "default-off" in effects else ""
    region = _regions(denials[0].regions) if denials else ""
    return [
        f"{who} now says it does not use {data} to train AI{only}{region}",
        f"{who} now says it does not train AI on {PEOPLES_DATA}{only}{region}",
    ]


def _promise_gone(delta: Delta, effects: frozenset[str], who: str) -> list[str]:
    denials = [
        statement for statement in _old(delta) if statement.kind == "use" and statement.denies
    ]
    data = _data(denials[0]) if denials else PEOPLES_DATA
    return [
        f"{who} no longer promises not to train AI on {data}",
        f"{who} no longer promises not to train AI on {PEOPLES_DATA}",
    ]


def _no_use(delta: Delta, effects: frozenset[str], who: str) -> list[str]:
    if "pledge-added" in effects:
        return _promise(delta, effects, who)
    gone = [statement for statement in _old(delta) if statement.uses]
    data = _data(gone[0]) if gone else PEOPLES_DATA
    return [
        f"{who} no longer says that it trains AI on {data}",
        f"{who} no longer says that it trains AI on {PEOPLES_DATA}",
    ]


def _default(delta: Delta, effects: frozenset[str], who: str) -> list[str]:
    state = "on" if "default-on" in effects else "off"
    lead = next((statement for statement in _new(delta) if statement.default == state), None)
    data = _data(lead) if lead else PEOPLES_DATA
    region = _regions(lead.regions) if lead else ""
    return [
        f"{who} turns training on {data} {state} by default{region}",
        f"{who} turns AI training {state} by default{region}",
    ]


def _narrowed(delta: Delta, effects: frozenset[str], who: str) -> list[str]:
    return [f"{who} narrows what it uses to train AI"]


def _control_added(delta: Delta, effects: frozenset[str], who: str) -> list[str]:
    lead = next((statement for statement in _new(delta) if statement.control != "none"), None)
    region = _regions(lead.regions) if lead else ""
    return [f"{who} adds a way to opt out of AI training{region}"]


def _fixed(words: str) -> Draft:
    return lambda delta, effects, who: [f"{who} {words}"]


def _new(delta: Delta) -> list[Statement]:
    return [*(new for _, new in delta.reworded), *delta.added]


def _old(delta: Delta) -> list[Statement]:
    return [*(old for old, _ in delta.reworded), *delta.removed]


def _kinds(statement: Statement) -> list[str]:
    kinds = [KINDS[kind] for kind in statement.data]
    if "public-posts" in statement.data and not POSTS.search(statement.words):
        kinds[statement.data.index("public-posts")] = "public information"
    return kinds


def _data_in_short(statement: Statement) -> str:
    kinds = _kinds(statement)
    return f"{kinds[0]} and more" if len(kinds) > 1 else _data(statement)


def _data(statement: Statement) -> str:
    kinds = _kinds(statement)
    if not kinds:
        return PEOPLES_DATA
    if len(kinds) > 2:
        return f"{kinds[0]}, {kinds[1]} and more"
    return " and ".join(kinds)


def _regions(regions: Iterable[str]) -> str:
    named = [REGIONS.get(region, region) for region in regions]
    return f" in {' and '.join(named)}" if named and len(named) <= 2 else ""


def fitting(drafts: Sequence[str]) -> str:
    """Return the first draft that is short enough for a title, or the shortest, cut."""
    for draft in drafts:
        if len(draft) <= LONGEST_TITLE:
            return draft
    shortest = min(drafts, key=len)
    return shortest[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


# The most important effect for a reader first.
DRAFTS: dict[str, Draft] = {
    "use-introduced": _use,
    "sharing-widened": _shared,
    "use-removed": _no_use,
    "pledge-dropped": _promise_gone,
    "scope-widened": _use,
    "default-on": _default,
    "pledge-added": _promise,
    "default-off": _default,
    "opt-out-removed": _fixed("no longer describes a way to opt out of AI training"),
    "opt-out-added": _control_added,
    "scope-narrowed": _narrowed,
    "sharing-narrowed": _fixed("no longer says that others may train AI on people’s data"),
    "opt-out-changed": _fixed("changes how people opt out of AI training"),
    "retention-changed": _fixed("changes how long it keeps data for AI training"),
    "wording-only": _fixed("rewords what it says about AI training"),
}
