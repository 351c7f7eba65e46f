"""The features of a change: what the comparison of two positions shows, for the models."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from consent.classification.delta import Delta
from consent.classification.effect_rules import PERIOD
from consent.classification.learned import words_of
from consent.classification.position import (
    PURPOSES,
    STANCES,
    Holding,
    Position,
    position_of,
    purpose_of,
    stance_of,
)
from consent.classification.statements import Statement

LIMIT = re.compile(
    r"\b(?:unless|except|excluding|exclud\w+|other than|subject to|without|only|not apply"
    r"|sauf|hors|ausgenommen|außer|salvo|excepto|tranne)\b",
    re.IGNORECASE,
)
MOST = 3  # count from which a feature is 1; chosen, the weights were trained with it


def features_of_change(delta: Delta) -> dict[str, float]:
    """Return what changed between the positions of two texts, each feature between -1 and 1."""
    before, after = position_of(delta.before), position_of(delta.after)
    features: dict[str, float] = {}
    for name in _moves(before, after):
        features[name] = 1.0
    for name in _grounds(delta):
        features[name] = 1.0
    for name in _changed(delta):
        features[name] = min(1.0, features.get(name, 0.0) + 1 / MOST)
    features.update(_reworded(delta))
    features.update(_on_balance(delta))
    features.update(_words(delta))
    return features


def _move(was: bool, is_now: bool) -> str:
    if was and is_now:
        return "stays"
    return "came" if is_now else ("went" if was else "")


def _moves(before: Position, after: Position) -> Iterator[str]:
    yield from _moved_uses(before, after)
    yield from _moved_ways(before, after)
    if before.keeps != after.keeps:
        yield "kept for another time"
    if not before.holdings and not before.ways:
        yield "nothing before"
    if not after.holdings and not after.ways:
        yield "nothing after"


def _moved_uses(before: Position, after: Position) -> Iterator[str]:
    for stance in STANCES:
        for purpose in PURPOSES:
            old, new = before.get(purpose, stance), after.get(purpose, stance)
            if move := _move(old is not None, new is not None):
                yield f"{purpose} {stance} {move}"
            if old and new:
                for difference in _between(old, new):
                    yield f"{stance}: {difference}"
        if move := _move(before.any(stance), after.any(stance)):
            yield f"anything {stance} {move}"


def _between(old: Holding, new: Holding) -> Iterator[str]:
    for aspect, was, is_now in (
        ("data", old.data, new.data),
        ("people", old.people, new.people),
        ("places", old.places, new.places),
    ):
        if is_now - was:
            yield f"more {aspect}"
        if was - is_now:
            yield f"fewer {aspect}"
    if old.general != new.general:
        yield "for all now" if new.general else "not for all now"
    if old.firm != new.firm:
        yield "firmer" if new.firm else "less firm"


def _moved_ways(before: Position, after: Position) -> Iterator[str]:
    for way in sorted({*before.ways, *after.ways}):
        yield f"{way} {_move(way in before.ways, way in after.ways)}"
    if move := _move(before.way_out, after.way_out):
        yield f"way out {move}"
    for default in ("on", "off"):
        if move := _move(default in before.defaults, default in after.defaults):
            yield f"default {default} {move}"
    if "off" in before.defaults and "off" not in after.defaults and "on" in after.defaults:
        yield "default turned on"
    if "on" in before.defaults and "off" in after.defaults and "off" not in before.defaults:
        yield "default turned off"
    if after.routes - before.routes:
        yield "new route"
    if before.routes - after.routes:
        yield "route gone"


def _grounds(delta: Delta) -> Iterator[str]:
    """Yield how plainly each text states a use, and whether the added words are new."""
    old = max((_plainness(statement) for statement in delta.before if statement.uses), default=0)
    new = max((_plainness(statement) for statement in delta.after if statement.uses), default=0)
    yield f"use before: {PLAINNESS[old]}"
    yield f"use after: {PLAINNESS[new]}"
    if new > old:
        yield f"use plainer: {PLAINNESS[old]} to {PLAINNESS[new]}"
    elif old > new:
        yield f"use less plain: {PLAINNESS[old]} to {PLAINNESS[new]}"
    known = {word for statement in delta.before for word in words_of(statement.words)}
    for statement in delta.added:
        novel = [word for word in words_of(statement.words) if len(word) > 3 and word not in known]
        share = len(novel) / max(1, len(statement.words.split()))
        yield f"added {_sort(statement)}: " + ("new words" if share > 0.3 else "known words")
    if any(statement.uses and statement.action == "train" for statement in delta.before):
        yield "trained before"
    old_data = {
        kind for statement in delta.before if statement.uses for kind in statement.data or ("any",)
    }
    new_data = {
        kind for statement in delta.added if statement.uses for kind in statement.data or ("any",)
    }
    if old_data == {"public-posts"} and new_data - old_data:
        yield "own data beside public"


PLAINNESS = ("none", "vague", "plain")


def _plainness(statement: Statement) -> int:
    return (
        2
        if statement.certainty >= 0.85
        and (statement.action == "train" or statement.strength >= 0.75)
        else 1
    )


def _changed(delta: Delta) -> Iterator[str]:
    for side, members in (("added", delta.added), ("removed", delta.removed)):
        for statement in members:
            yield f"{side} {_sort(statement)}"
            if statement.control != "none":
                yield f"{side} {statement.control}"
            if statement.default != "unstated":
                yield f"{side} default {statement.default}"
            if statement.kind == "use":
                yield f"{side} {purpose_of(statement)} {stance_of(statement)}"
            if statement.retention:
                yield f"{side} retention"
            if statement.rule.endswith("-nearby"):
                yield f"{side} nearby"
        if members and all(statement.certainty < 0.7 for statement in members):
            yield f"{side} only doubtful"
    if delta.repeated:
        yield "repeated"
    for old, new in delta.rows:
        yield "row changed"
        if set(new.row_data) - set(old.row_data):
            yield "row: more data"
        for state in ("yes", "on"):
            grown = new.states.count(state) - old.states.count(state)
            if grown:
                yield f"row: {'more' if grown > 0 else 'fewer'} {state}"
        if PERIOD.findall(old.row) != PERIOD.findall(new.row):
            yield "row: other time"


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
    balance: dict[str, list[float]] = {}
    features: dict[str, float] = {}
    for side, members in enumerate((delta.added, delta.removed)):
        for statement in {statement.key: statement for statement in members}.values():
            for sort in _sorts(statement):
                balance.setdefault(sort, [0.0, 0.0])[side] += statement.certainty
    for sort, (come, gone) in balance.items():
        features[f"more {sort}"] = min(1.0, max(0.0, come - gone))
        features[f"less {sort}"] = min(1.0, max(0.0, gone - come))
        features[f"replaced {sort}"] = min(1.0, come, gone)
    return features


def _sorts(statement: Statement) -> set[str]:
    sorts = {_sort(statement)}
    if statement.control != "none" and statement.kind != "pointer":
        sorts.add(statement.control)
    if statement.kind == "use" and statement.actor != "service":
        sorts.add(f"others {_sort(statement)}")
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
