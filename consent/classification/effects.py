"""What the difference between two sets of statements does to people's consent."""

import re
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher

from consent.classification.comparing import Delta
from consent.classification.statements import Statement
from consent.classification.suggestion import Fired

CLEAR = 0.7  # strength from which a statement says by itself that models are trained
MOSTLY = 0.6
LONGEST_ITEM = 5  # words
JOINER = re.compile(r"^(?:and|or)\b|\b(?:and|or)$|,", re.IGNORECASE)
MUCH_LONGER = 7  # words
LARGE_REWORDING = 10  # words
PUNCTUATION = ".,;:!?()[]\"'“”‘’"
KNOWN = 0.6  # enough for an earlier statement to count, if it says "train"
EXCEPTION = re.compile(
    r"\b(?:except(?:ion)?|exclud(?:e|es|ed|ing)|other than|with the exception|does not apply)\b",
    re.IGNORECASE,
)
LIMIT = re.compile(
    r"\b(?:unless|except|subject to|without|enterprise|business|paid|only if|by default)\b"
)
NAME = re.compile(
    r"\b(?!(?:Services?|Platform|Content|Terms|Policy|Help|Center|Privacy|Customers?|Data|The|For|If|We)\b)[A-Z][\w-]+\b"
)
EFFECTS = (
    "use-introduced",
    "use-removed",
    "pledge-added",
    "pledge-dropped",
    "default-on",
    "default-off",
    "opt-out-added",
    "opt-out-removed",
    "opt-out-changed",
    "scope-widened",
    "scope-narrowed",
    "sharing-widened",
    "sharing-narrowed",
    "retention-changed",
    "wording-only",
)
LESS = {
    "use-introduced",
    "pledge-dropped",
    "scope-widened",
    "default-on",
    "opt-out-removed",
    "sharing-widened",
}
MORE = {
    "use-removed",
    "pledge-added",
    "scope-narrowed",
    "default-off",
    "opt-out-added",
    "sharing-narrowed",
}


def effects_of(delta: Delta) -> tuple[Fired, ...]:
    """Return every rule that fires on the difference, with its effect and its words."""
    fired = [
        *_use(delta),
        *_pledges(delta),
        *_controls(delta),
        *_sharing(delta),
        *_scope(delta),
        *_row_scope(delta),
        *_retention(delta),
    ]
    if not fired and delta.changed:
        fired.extend(_wording(delta))
    return tuple(fired)


def named(fired: tuple[Fired, ...]) -> tuple[str, ...]:
    """Return the effects that fired, in the order of the closed list."""
    return in_order({one.effect for one in fired})


def in_order(effects: Collection[str]) -> tuple[str, ...]:
    """Return effects in the order of the closed list."""
    return tuple(effect for effect in EFFECTS if effect in effects)


def direction_of(effects: tuple[str, ...]) -> str:
    """Return which way the effects point, seen from the person."""
    less = set(LESS.intersection(effects))
    more = set(MORE.intersection(effects))
    if "use-removed" in more:
        less -= {"opt-out-removed"}  # no use is left to opt out of
    if "pledge-dropped" in less:
        more -= {"default-off"}  # a default is less than the promise it took the place of
    if less and more:
        if "default-on" in less and ("use-introduced" in less or "sharing-widened" in less):
            return "less-control"
        if less <= {"default-on"}:
            return "more-control"
        return "mixed"
    if less:
        return "less-control"
    return "more-control" if more else "neutral"


def _uses(statements: tuple[Statement, ...]) -> list[Statement]:
    return [one for one in statements if one.uses]


def _denials(statements: tuple[Statement, ...]) -> list[Statement]:
    return [one for one in statements if one.kind == "use" and one.denies]


def _controlled(statements: tuple[Statement, ...]) -> list[Statement]:
    return [
        one
        for one in statements
        if one.control in ("opt-out", "objection")
        or (one.kind == "control" and one.control != "opt-in" and one.rule != "default-nearby")
    ]


def _use(delta: Delta) -> Iterator[Fired]:
    before, after = _uses(delta.before), _uses(delta.after)
    added, removed = _uses(delta.added), _uses(delta.removed)
    # A control is over a use, so one there was; vague talk of better algorithms is not yet one.
    known = any(
        one.strength >= (KNOWN if one.action == "train" else CLEAR) for one in before
    ) or any(one.kind == "control" for one in delta.before)
    clear = any(one.strength >= CLEAR for one in added)
    if added and _new_sort(before, added):
        yield Fired("own-data-beside-public", "use-introduced", added[0].words)
    elif added and not known and (clear or not before):
        for one in added:
            yield Fired("use-where-none-was", "use-introduced", one.words)
    elif len(added) > len(removed):
        own = [one for one in added if one.actor == "service"]
        for one in own:
            yield Fired("one-more-use", "scope-widened", one.words)
    if removed and not after:
        for one in removed:
            yield Fired("use-no-longer-stated", "use-removed", one.words)
    elif not added and any(one.strength >= CLEAR for one in removed):
        for one in removed:
            yield Fired("one-use-less", "scope-narrowed", one.words)
    for old, new in delta.reworded:
        if old.denies and new.uses and not (old.default == "off" and new.default == "on"):
            yield Fired("denial-became-use", "use-introduced", new.words)
            yield Fired("denial-became-use", "pledge-dropped", old.words)
        elif old.uses and new.denies:
            yield Fired("use-became-denial", "use-removed", old.words)
            yield Fired("use-became-denial", "pledge-added", new.words)


def _new_sort(before: list[Statement], added: list[Statement]) -> bool:
    """Tell whether only public data was used before, and people's own data is now."""
    own = [one for one in added if set(one.data) - {"public-posts"}]
    return bool(before and own) and all(one.data == ("public-posts",) for one in before)


def _pledges(delta: Delta) -> Iterator[Fired]:
    added, removed = _denials(delta.added), _denials(delta.removed)
    known = _denials(delta.before)
    if added and not removed:
        for one in added:
            if not _restates(one, known):
                yield Fired("new-denial", "pledge-added", one.words)
    if removed and not added:
        for one in removed:
            yield Fired("denial-gone", "pledge-dropped", one.words)
    for old, new in delta.reworded:
        if not (old.kind == "use" and old.denies and new.denies):
            continue
        if new.default == "off" and old.default != "off":
            yield Fired("promise-made-a-default", "pledge-dropped", old.words)
            yield Fired("promise-made-a-default", "default-off", new.words)
        elif limits := _limits(old, new):
            yield Fired("promise-limited", "pledge-dropped", limits)


def _limits(old: Statement, new: Statement) -> str:
    """Return the words that came and that leave a promise to fewer cases."""
    for gone, come in differences(old.words, new.words):
        if len(come) > len(gone) and LIMIT.search(come) and not LIMIT.search(gone):
            return come
    return ""


def _restates(one: Statement, known: list[Statement]) -> bool:
    """Tell whether most of what a statement says was said before, in other words."""
    said = set(one.key.split())
    return any(len(said & set(other.key.split())) >= MOSTLY * len(said) for other in known) or (
        bool(known) and one.strength < CLEAR and one.rule != "exception-nearby"
    )


def _controls(delta: Delta) -> Iterator[Fired]:
    before, after = _controlled(delta.before), _controlled(delta.after)
    added, removed = _controlled(delta.added), _controlled(delta.removed)
    added += [new for old, new in delta.reworded if _controlled((new,)) and not _controlled((old,))]
    if added and not before:
        for one in added:
            yield Fired("control-where-none-was", "opt-out-added", one.words)
        if not _uses(delta.before) and not _uses(delta.after) and not _denials(delta.after):
            yield Fired("control-implies-use", "use-introduced", added[0].words)
    elif removed and not after:
        for one in removed:
            yield Fired("control-gone", "opt-out-removed", one.words)
    elif added or removed:
        for one in added or removed:
            yield Fired("control-reworded", "opt-out-changed", one.words)
    for old, new in delta.reworded:
        if old.kind == new.kind == "control":
            changed = list(differences(old.words, new.words))
            size = sum(max(len(gone.split()), len(come.split())) for gone, come in changed)
            if set(new.data) - set(old.data):
                kinds = ", ".join(kind for kind in new.data if kind not in old.data)
                yield Fired("control-over-more", "scope-widened", kinds)
            elif size >= LARGE_REWORDING or old.route != new.route:
                yield Fired(
                    "control-reworded",
                    "opt-out-changed",
                    "; ".join(come or gone for gone, come in changed),
                )
    firm = [one for one in added if one.control == "opt-out" and one.stance != "may"]
    if firm and not before and _uses(delta.added) and not _uses(delta.before):
        yield Fired("on-until-opted-out", "default-on", firm[0].words)
    for default in ("on", "off"):
        was = any(one.default == default for one in delta.before)
        now = [one for one in delta.after if one.default == default and _speaks_of_default(one)]
        if now and not was:
            yield Fired("default-stated", f"default-{default}", now[0].words)


def _speaks_of_default(one: Statement) -> bool:
    return one.kind == "use" or one.rule == "default-nearby"


def _sharing(delta: Delta) -> Iterator[Fired]:
    before = [one for one in _uses(delta.before) if one.actor != "service"]
    after = [one for one in _uses(delta.after) if one.actor != "service"]
    if after and not before:
        yield Fired("others-may-train", "sharing-widened", after[0].words)
    elif before and not after:
        yield Fired("others-no-longer-train", "sharing-narrowed", before[0].words)


def _scope(delta: Delta) -> Iterator[Fired]:
    for old, new in delta.reworded:
        if old.uses and new.uses and old.kind == new.kind:
            yield from _scope_of_pair(old, new)


def _scope_of_pair(old: Statement, new: Statement) -> Iterator[Fired]:
    """Compare two wordings of a use: data, people and things named, and exceptions made."""
    wider, narrower = _gained(old, new), _gained(new, old)
    for gone, come in differences(old.words, new.words):
        grown = len(come.split()) - len(gone.split())
        if EXCEPTION.search(come) and not EXCEPTION.search(gone):
            yield Fired("exception-made", "scope-narrowed", come)
            return
        if (wider and _names(new, come)) or _names_more(gone, come) or grown >= MUCH_LONGER:
            yield Fired("more-is-named", "scope-widened", come)
            return
        if narrower and not wider and not come and _is_list_item(gone) and _names(old, gone):
            yield Fired("less-is-named", "scope-narrowed", gone)
            return


def _is_list_item(words: str) -> bool:
    """Tell whether some words are one thing of an enumeration, as in "and messages"."""
    return len(words.split()) <= LONGEST_ITEM and JOINER.search(words) is not None


def _names(statement: Statement, words: str) -> bool:
    said = set(_bare(words.split()))
    return any(said.intersection(_bare(name.split())) for name in statement.named)


def _gained(old: Statement, new: Statement) -> list[str]:
    """Return the kinds of data, regions and audiences that only the newer wording names."""
    before = {*old.data, *old.regions, *old.audience}
    return [name for name in (*new.data, *new.regions, *new.audience) if name not in before]


def _row_scope(delta: Delta) -> Iterator[Fired]:
    for old, new in delta.rows:
        if kinds := [kind for kind in new.row_data if kind not in old.row_data]:
            yield Fired("more-in-the-row", "scope-widened", ", ".join(kinds))


def _names_more(gone: str, come: str) -> bool:
    """Tell whether an enumeration grew by things with names, as in "… and Bard"."""
    return not gone and len(set(NAME.findall(come))) >= 2


def differences(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield the words that gave way and the words that came, one pair a place."""
    before, after = old.split(), new.split()
    matcher = SequenceMatcher(None, _bare(before), _bare(after), autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield " ".join(before[i1:i2]), " ".join(after[j1:j2])


def _bare(tokens: list[str]) -> list[str]:
    return [token.strip(PUNCTUATION).casefold().replace("’", "'") for token in tokens]


def _retention(delta: Delta) -> Iterator[Fired]:
    for one in delta.added:
        if one.retention and one.uses:
            yield Fired("retention-stated", "retention-changed", one.retention)
    for old, new in delta.reworded:
        if new.kind == "use" and old.retention != new.retention:
            yield Fired("retention-reworded", "retention-changed", new.retention or old.retention)


def _wording(delta: Delta) -> Iterator[Fired]:
    for old, new in delta.reworded:
        changed = "; ".join(come or gone for gone, come in differences(old.words, new.words))
        yield Fired("reworded", "wording-only", changed[:200])
    for old, new in delta.rows:
        changed = "; ".join(come or gone for gone, come in differences(old.row, new.row))
        yield Fired("row-reworded", "wording-only", changed[:200])
    for one in delta.repeated:
        yield Fired("repeated", "wording-only", one.words)
    for one in (*delta.added, *delta.removed):
        yield Fired("said-differently", "wording-only", one.words)
