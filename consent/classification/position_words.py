"""The position of a text in plain English, for people who do not know the classifier."""

from collections.abc import Collection, Iterator

from consent.classification.position import (
    DENIED,
    ONLY_IF,
    REVIEW,
    SHARING,
    TRAINING,
    USED,
    Holding,
    Position,
)
from consent.classification.titles import KINDS, PEOPLES_DATA, REGIONS

NOTHING = "nothing about training AI on people’s data"
CLAUSES = {
    (TRAINING, USED): "the service trains AI on {}",
    (TRAINING, DENIED): "the service does not train AI on {}",
    (TRAINING, ONLY_IF): "the service trains AI on {} only if people agree",
    (SHARING, USED): "other companies may train AI on {}",
    (SHARING, DENIED): "other companies may not train AI on {}",
    (SHARING, ONLY_IF): "other companies may train AI on {} only if people agree",
    (REVIEW, USED): "staff may read {} to improve AI",
    (REVIEW, DENIED): "no staff read {} to improve AI",
    (REVIEW, ONLY_IF): "staff read {} to improve AI only if people agree",
}
WAYS = {
    "opt-out": "they can opt out",
    "objection": "they can object",
    "admin": "an administrator can opt out for them",
    "opt-in": "they can opt in",
    "consent": "they are asked first",
    "delete": "they can delete their data to stop it",
}
ROUTES = {
    "switch": "with a switch",
    "form": "with a form",
    "email": "by mail",
    "admin-console": "in the admin console",
    "account-deletion": "by deleting the account",
}
DEFAULTS = {"on": "it is on unless people refuse", "off": "it is off unless people agree"}
GROUPS = {
    "enterprise": "business customers",
    "education": "schools",
    "free": "free accounts",
    "paid": "paid accounts",
}


def clauses_of(position: Position) -> list[str]:
    """Return what a text says about training, a clause each: "people can opt out by mail"."""
    return [*_uses(position), *_ways(position), *_rest(position)]


def _uses(position: Position) -> Iterator[str]:
    for key, clause in CLAUSES.items():
        if holding := position.holdings.get(key):
            if key == (TRAINING, USED) and not holding.firm:
                clause = clause.replace("trains", "may train")
            yield clause.format(data_words(holding.data)) + _limits(holding)


def _limits(holding: Holding) -> str:
    named = [*group_words(holding.people), *place_words(holding.places)]
    if not named:
        return ""
    return f" (naming {'also ' if holding.general else ''}{listed(named)})"


def _ways(position: Position) -> Iterator[str]:
    ways = [WAYS.get(way, way) for way in sorted(position.ways)]
    if ways:
        routes = [ROUTES.get(route, route) for route in sorted(position.routes)]
        yield f"people have a choice: {' or '.join(ways)}" + (
            f" ({listed(routes)})" if routes else ""
        )
    elif position.any(USED):
        yield "no way to refuse is named"


def _rest(position: Position) -> Iterator[str]:
    for default in sorted(position.defaults):
        yield DEFAULTS[default]
    if position.keeps:
        yield f"the data is kept {listed(sorted(position.keeps))}"


def data_words(kinds: Collection[str]) -> str:
    return listed([KINDS.get(kind, kind) for kind in sorted(kinds)]) or PEOPLES_DATA


def group_words(groups: Collection[str]) -> list[str]:
    return [GROUPS.get(group, group) for group in sorted(groups)]


def place_words(places: Collection[str]) -> list[str]:
    return [REGIONS.get(place, place) for place in sorted(places)]


def listed(parts: Collection[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    *first, last = parts or [""]
    return f"{', '.join(first)} and {last}" if first else last
