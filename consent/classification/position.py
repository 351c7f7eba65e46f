"""What one text holds about training on people's data, whatever the number of its sentences.

Two texts of a page that hold the same are worded differently at most.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from consent.classification.statements import Statement

TRAINING, SHARING, REVIEW = "training", "sharing", "human-review"
PURPOSES = (TRAINING, SHARING, REVIEW)
USED, DENIED, ONLY_IF = "used", "denied", "only if agreed"
STANCES = (USED, DENIED, ONLY_IF)
WAYS_OUT = ("opt-out", "objection", "admin")


@dataclass(frozen=True, slots=True)
class Holding:
    """What a text says of one purpose in one stance: which data, people and places it names.

    general: some sentence names no people and no place, so it is about everybody.
    """

    data: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    general: bool = False
    firm: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """holdings: by purpose and stance. ways: kinds of control; routes: how they are used.

    defaults: "on" and "off", as stated. keeps: how long data is kept for training, in words.
    """

    holdings: dict[tuple[str, str], Holding] = field(default_factory=dict)
    ways: dict[str, str] = field(default_factory=dict)
    routes: frozenset[str] = frozenset()
    defaults: dict[str, str] = field(default_factory=dict)
    keeps: frozenset[str] = frozenset()

    def get(self, purpose: str, stance: str) -> Holding | None:
        return self.holdings.get((purpose, stance))

    def any(self, stance: str) -> bool:
        return any((purpose, stance) in self.holdings for purpose in PURPOSES)

    @property
    def way_out(self) -> bool:
        return any(way in self.ways for way in WAYS_OUT)


def position_of(statements: Iterable[Statement]) -> Position:
    """Return what the statements of one text hold together."""
    parts: dict[tuple[str, str], list[Statement]] = {}
    ways: dict[str, str] = {}
    routes: set[str] = set()
    defaults: dict[str, str] = {}
    keeps: set[str] = set()
    for one in statements:
        if one.kind == "use":
            parts.setdefault((purpose_of(one), stance_of(one)), []).append(one)
        if one.kind != "pointer" and one.control != "none":
            ways.setdefault(one.control, one.words)
            if one.route != "none":
                routes.add(one.route)
        if one.default != "unstated":
            defaults.setdefault(one.default, one.words)
        if one.retention:
            keeps.add(one.retention.casefold())
    return Position(
        holdings={key: _holding(members) for key, members in parts.items()},
        ways=ways,
        routes=frozenset(routes),
        defaults=defaults,
        keeps=frozenset(keeps),
    )


def purpose_of(one: Statement) -> str:
    if one.actor != "service":
        return SHARING
    return REVIEW if one.action == "human-review" else TRAINING


def stance_of(one: Statement) -> str:
    if one.default == "off" and one.control in ("consent", "opt-in", "none"):
        return ONLY_IF
    return DENIED if one.denies else USED


def _holding(members: Sequence[Statement]) -> Holding:
    return Holding(
        data=frozenset(kind for one in members for kind in one.data),
        people=frozenset(who for one in members for who in one.audience),
        places=frozenset(where for one in members for where in one.regions),
        general=any(not one.audience and not one.regions for one in members),
        firm=any(one.stance in ("does", "will-not") for one in members),
        words=max(members, key=lambda one: one.certainty).words,
    )


def in_words(position: Position) -> str:
    """Return a position in plain words, as "may use chats; way out: switch"."""
    return "; ".join(_phrases(position)) or "says nothing about training"


def _phrases(position: Position) -> Iterator[str]:
    verbs = {
        (TRAINING, USED): "trains on {}",
        (TRAINING, DENIED): "does not train on {}",
        (TRAINING, ONLY_IF): "trains on {} only if people agree",
        (SHARING, USED): "others may train on {}",
        (SHARING, DENIED): "others do not train on {}",
        (SHARING, ONLY_IF): "others train on {} only if people agree",
        (REVIEW, USED): "people may review {}",
        (REVIEW, DENIED): "people do not review {}",
        (REVIEW, ONLY_IF): "people review {} only if asked",
    }
    for key, verb in verbs.items():
        if holding := position.holdings.get(key):
            words = verb.format(", ".join(sorted(holding.data)) or "people’s data")
            if key[1] == USED and not holding.firm:
                words = words.replace("trains on", "may train on")
            narrowed = sorted(holding.people | holding.places)
            yield words + (f" ({', '.join(narrowed)})" if narrowed else "")
    if position.any(USED) and not position.ways:
        yield "no way out"
    if position.ways:
        routes = f" by {', '.join(sorted(position.routes))}" if position.routes else ""
        yield f"way out: {', '.join(sorted(position.ways))}{routes}"
    for default in sorted(position.defaults):
        yield f"{default} by default"
    if position.keeps:
        yield f"kept: {'; '.join(sorted(position.keeps))}"
