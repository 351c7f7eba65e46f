"""The position of a text on training on people's data, however many sentences state it.

Two texts with the same position differ in wording at most.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from consent.classification.statements import Statement

TRAINING, SHARING, REVIEW = "training", "sharing", "human-review"
PURPOSES = (TRAINING, SHARING, REVIEW)
USED, DENIED, ONLY_IF = "used", "denied", "only if agreed"


@dataclass(frozen=True, slots=True)
class Holding:
    """The data, people and places that a text names for one purpose in one stance.

    general: some sentence names no people and no place, so it concerns everybody.
    firm: some sentence says "does" or "will not" instead of "may".
    """

    data: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    general: bool = False
    firm: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """What a text says about training.

    holdings: by purpose and stance. ways: the words of each kind of control. routes: how controls
    are used. defaults: the words that state "on" or "off". keeps: how long data is kept for
    training, in words.
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


def position_of(statements: Iterable[Statement]) -> Position:
    """Return the position that the statements of one text make together."""
    parts: dict[tuple[str, str], list[Statement]] = {}
    ways: dict[str, str] = {}
    routes: set[str] = set()
    defaults: dict[str, str] = {}
    keeps: set[str] = set()
    for statement in statements:
        if statement.kind == "use":
            parts.setdefault((purpose_of(statement), stance_of(statement)), []).append(statement)
        if statement.kind != "pointer" and statement.control != "none":
            ways.setdefault(statement.control, statement.words)
            if statement.route != "none":
                routes.add(statement.route)
        if statement.default != "unstated":
            defaults.setdefault(statement.default, statement.words)
        if statement.retention:
            keeps.add(statement.retention.casefold())
    return Position(
        holdings={key: _holding(members) for key, members in parts.items()},
        ways=ways,
        routes=frozenset(routes),
        defaults=defaults,
        keeps=frozenset(keeps),
    )


def purpose_of(statement: Statement) -> str:
    if statement.actor != "service":
        return SHARING
    return REVIEW if statement.action == "human-review" else TRAINING


def stance_of(statement: Statement) -> str:
    if statement.only_if_agreed:
        return ONLY_IF
    return DENIED if statement.denies else USED


def _holding(members: Sequence[Statement]) -> Holding:
    return Holding(
        data=frozenset(kind for statement in members for kind in statement.data),
        people=frozenset(group for statement in members for group in statement.audience),
        places=frozenset(place for statement in members for place in statement.regions),
        general=any(not statement.audience and not statement.regions for statement in members),
        firm=any(statement.stance in ("does", "will-not") for statement in members),
        words=max(members, key=lambda statement: statement.certainty).words,
    )
