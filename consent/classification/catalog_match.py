"""Which uses and controls of the catalog a change is about.

Nothing here knows a platform: a use is compared by its purpose, its kinds of data, its people, and
the words that only it has among the uses of its platform.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from consent.classification.delta import Delta
from consent.classification.position import REVIEW, SHARING, TRAINING, purpose_of
from consent.classification.statements import Statement

WORD = re.compile(r"[^\W\d_]{4,}")
PURPOSES = {TRAINING: "training", SHARING: "sharing-for-training", REVIEW: "human-review"}
PEOPLE = {"enterprise": "organisation", "education": "organisation", "minors": "minors"}
# Weights of what a use and a change have in common, chosen by hand on 139 labelled
# changes: docs/methodology.md has the figures.
PURPOSE, DATA, PEOPLE_NAMED, NAMED = 2.0, 1.0, 0.5, 5.0
TITLE_WORD, OTHER_WORD = 0.8, 0.3  # a word of the title, or of what is covered, that only it has
MOST_WORDS = 4
ELSEWHERE = 1.5  # how much less a use counts that is limited to a part that no words name
NOT_TRAINING = 1.5  # how much less a use counts that is not about training
LATER = 0.1  # uses are listed in order of weight: each later one counts this much less
BESIDE = 0.5  # a use that scores this much less than the best is named too, if it shares a purpose
STEM = 5  # letters by which two words count as one: "recordings", "recorded"


@dataclass(frozen=True, slots=True)
class CatalogUse:
    """A use as the catalog has it. part: the part of the product that it is limited to."""

    slug: str
    purpose: str
    title: str
    covers: str = ""
    part: str = ""
    data_kinds: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogControl:
    """A control as the catalog has it. names: its labels, present and former.

    uses: slugs of what it refuses. route: as in the vocabulary.
    """

    slug: str
    names: tuple[str, ...]
    uses: tuple[str, ...] = ()
    route: str = ""
    by_admin: bool = False


@dataclass(frozen=True, slots=True)
class Catalog:
    """The uses and controls of one platform, in the order of their weight."""

    uses: tuple[CatalogUse, ...] = ()
    controls: tuple[CatalogControl, ...] = ()


def concerned(delta: Delta, effects: Sequence[str], catalog: Catalog) -> tuple[str, ...]:
    """Return the slugs of the uses, then of the controls, that a change with effects is about."""
    changed = _changed(delta)
    if not changed:
        return ()
    words = "\n".join(statement.words for statement in changed).casefold()
    named = [control for control in catalog.controls if _is_named(control, words)]
    purposes = _purposes(changed)
    if any(effect.startswith("sharing-") for effect in effects):
        purposes[PURPOSES[SHARING]] += max(1, purposes.total())
    uses = _uses(changed, purposes, catalog, named)
    controls = named or _controls(changed, uses, catalog.controls)
    return (*uses, *(control.slug for control in controls))


def _changed(delta: Delta) -> list[Statement]:
    return [
        *delta.added,
        *delta.removed,
        *(statement for pair in (*delta.reworded, *delta.rows) for statement in pair),
        *delta.repeated,
    ]


def _is_named(control: CatalogControl, words: str) -> bool:
    return any(name and name.casefold() in words for name in control.names)


def _uses(
    changed: Sequence[Statement],
    purposes: Counter[str],
    catalog: Catalog,
    named: Sequence[CatalogControl],
) -> list[str]:
    """Return the use that fits best, and the best of another purpose if it fits nearly as well."""
    scores = _scores(changed, purposes, catalog, named)
    best = max(scores.values(), default=0.0)
    return [
        use.slug
        for use in catalog.uses
        if scores[use.slug] == best
        or (
            use.purpose in purposes
            and scores[use.slug] >= best - BESIDE
            and use.purpose != _of(catalog, best, scores).purpose
        )
    ]


def _of(catalog: Catalog, best: float, scores: Mapping[str, float]) -> CatalogUse:
    return next(use for use in catalog.uses if scores[use.slug] == best)


def _purposes(changed: Iterable[Statement]) -> Counter[str]:
    return Counter(
        PURPOSES[purpose_of(statement)] for statement in changed if statement.kind != "pointer"
    )


def _scores(
    changed: Sequence[Statement],
    purposes: Counter[str],
    catalog: Catalog,
    named: Sequence[CatalogControl],
) -> dict[str, float]:
    share = {name: count / purposes.total() for name, count in purposes.items()}
    data = {kind for statement in changed for kind in statement.data}
    people = {PEOPLE.get(group, "") for statement in changed for group in statement.audience}
    text = _stems(f"{statement.place} {statement.words}" for statement in changed)
    whole = " ".join(f"{one.place} {one.words}" for one in changed).casefold()
    titles = _own_words({use.slug: use.title for use in catalog.uses})
    others = _own_words({use.slug: use.covers for use in catalog.uses})
    refused = {slug for control in named for slug in control.uses}
    scores = {}
    for position, use in enumerate(catalog.uses):
        score = PURPOSE * share.get(use.purpose, 0.0) - LATER * position
        score += DATA * len(data.intersection(use.data_kinds)) / max(1, len(data))
        score += PEOPLE_NAMED * bool(people.intersection(use.people))
        score += TITLE_WORD * min(MOST_WORDS, len(titles[use.slug] & text))
        score += OTHER_WORD * min(MOST_WORDS, len(others[use.slug] & text))
        if use.part and use.part.casefold() not in whole:
            score -= ELSEWHERE
        score += NAMED * (use.slug in refused)
        if use.purpose not in PURPOSES.values():
            score -= NOT_TRAINING
        scores[use.slug] = round(score, 6)
    return scores


def _own_words(texts: Mapping[str, str]) -> dict[str, set[str]]:
    """Return the words of each text that no other one has."""
    words = {slug: _stems([text]) for slug, text in texts.items()}
    counts = Counter(word for own in words.values() for word in own)
    return {
        slug: {word for word in own if counts[word] == 1 < len(words)}
        for slug, own in words.items()
    }


def _stems(texts: Iterable[str]) -> set[str]:
    return {word[:STEM] for text in texts for word in WORD.findall(text.casefold())}


def _controls(
    changed: Sequence[Statement], uses: Sequence[str], controls: Sequence[CatalogControl]
) -> Iterator[CatalogControl]:
    """Yield the control of these uses that changed sentences describe without its name."""
    described = [
        statement
        for statement in changed
        if statement.control in ("opt-out", "objection", "admin", "opt-in", "consent")
        and (statement.kind == "control" or statement.route != "none" or statement.default == "on")
    ]
    fitting = [control for control in controls if set(control.uses) & set(uses)]
    if not described or not fitting:
        return
    routes = {statement.route for statement in described} - {"none"}
    admin = any(
        statement.control == "admin" or statement.route == "admin-console"
        for statement in described
    )
    yield max(
        fitting,
        key=lambda control: (control.route in routes) + (control.by_admin == admin) / 2,
    )
