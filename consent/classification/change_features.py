"""The features of a change: what the comparison of two positions shows, for the models."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from consent.classification.delta import Delta
from consent.classification.learned import words_of
from consent.classification.position import stance_of
from consent.classification.statements import Statement

LIMIT = re.compile(
    r"\b(?:unless|except|excluding|exclud\w+|other than|subject to|without|only|not apply"
    r"|sauf|hors|ausgenommen|außer|salvo|excepto|tranne)\b",
    re.IGNORECASE,
)


def features_of_change(delta: Delta) -> dict[str, float]:
    """Return what changed between the positions of two texts, each feature between -1 and 1."""
    features = _reworded(delta)
    features.update(_on_balance(delta))
    features.update(_words(delta))
    return features


def _sort(statement: Statement) -> str:
    return stance_of(statement) if statement.kind == "use" else statement.kind


def _reworded(delta: Delta) -> dict[str, float]:
    features: dict[str, float] = {}
    for old, new in delta.reworded:
        for name in _reworded_pair(old, new):
            features[name] = min(1.0, features.get(name, 0.0) + 1 / 2)
    if delta.reworded and not delta.added and not delta.removed:
        features["only reworded"] = 1.0
    if not (delta.reworded or delta.added or delta.removed):
        features["only moved"] = 1.0
    return features


def _reworded_pair(old: Statement, new: Statement) -> Iterator[str]:
    sort = _sort(new)
    yield f"reworded {sort}"
    if _sort(old) != sort:
        yield f"reworded {_sort(old)} to {sort}"
    elif old.stance != new.stance:
        yield f"reworded {sort}: {old.stance} to {new.stance}"
    if old.actor == "service" != new.actor:
        yield "reworded to others"
    if new.actor == "service" != old.actor:
        yield "reworded from others"
    if old.route != new.route:
        yield "reworded: other route"
    if old.retention != new.retention:
        yield "reworded: other retention"
    for difference in (*_other_attributes(old, new), *_other_words(old, new)):
        yield f"reworded {sort}: {difference}"


def _other_attributes(old: Statement, new: Statement) -> Iterator[str]:
    for aspect, was, is_now in (
        ("data", old.data, new.data),
        ("people", old.audience, new.audience),
        ("places", old.regions, new.regions),
    ):
        if set(is_now) - set(was):
            yield f"more {aspect}"
        if set(was) - set(is_now):
            yield f"fewer {aspect}"
    if old.control != new.control:
        yield "other control" if old.control != "none" else "control came"


def _on_balance(delta: Delta) -> dict[str, float]:
    """Return how much more or less of each sort is stated, by certainty, and what is replaced.

    Many small sentences count no more than one that is certain.
    """
    come, gone = Counter[str](), Counter[str]()
    for side, members in ((come, delta.added), (gone, delta.removed)):
        for statement in {statement.key: statement for statement in members}.values():
            side.update(dict.fromkeys(_sorts(statement), statement.certainty))
    for old, new in delta.reworded:
        come.update(dict.fromkeys(_sorts(new) - _sorts(old), new.certainty))
        gone.update(dict.fromkeys(_sorts(old) - _sorts(new), old.certainty))
    features: dict[str, float] = {}
    for sort in come.keys() | gone.keys():
        features[f"more {sort}"] = min(1.0, max(0.0, come[sort] - gone[sort]))
        features[f"less {sort}"] = min(1.0, max(0.0, gone[sort] - come[sort]))
        features[f"replaced {sort}"] = min(1.0, come[sort], gone[sort])
    for name, others in (("more used", delta.before), ("less used", delta.after)):
        stated = max((each.certainty for each in others if each.uses), default=0.0)
        features[f"{name}, none beside it"] = features.get(name, 0.0) * (1 - stated)
    return features


def _sorts(statement: Statement) -> set[str]:
    """Return what a statement is: its stance or kind, its control, its default, a time."""
    sorts = {_sort(statement)}
    if statement.control != "none" and statement.kind != "pointer":
        sorts.add(statement.control)
    if statement.kind == "use" and statement.actor != "service":
        sorts.add(f"others {_sort(statement)}")
    if statement.default != "unstated":
        sorts.add(f"default {statement.default}")
    if statement.retention:
        sorts.add("retention")
    return sorts


def _other_words(old: Statement, new: Statement) -> Iterator[str]:
    gone, come = differing_words(old.words, new.words)
    if LIMIT.search(" ".join(come)) and not LIMIT.search(" ".join(gone)):
        yield "limit came"
    if LIMIT.search(" ".join(gone)) and not LIMIT.search(" ".join(come)):
        yield "limit went"
    if not come:
        yield "only cut"
    elif not gone:
        yield "only grew"
    longer = len(come) - len(gone)
    if longer >= 5:
        yield "longer"
    elif longer <= -5:
        yield "shorter"
    if len(come) + len(gone) <= 4:
        yield "hardly"


def differing_words(old: str, new: str) -> tuple[list[str], list[str]]:
    """Return the removed and the added words between two wordings."""
    before, after = words_of(old), words_of(new)
    gone: list[str] = []
    come: list[str] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            gone += before[i1:i2]
            come += after[j1:j2]
    return gone, come


def _words(delta: Delta) -> dict[str, float]:
    gone: set[str] = set()
    come: set[str] = set()
    for old, new in delta.reworded:
        went, came = differing_words(old.words, new.words)
        gone.update(went)
        come.update(came)
    for statement in delta.added:
        come.update(words_of(statement.words))
    for statement in delta.removed:
        gone.update(words_of(statement.words))
    features = {f"+{word}": 0.3 for word in come - gone}
    features.update({f"-{word}": 0.3 for word in gone - come})
    return features
