"""Rules that find the effects of a change: which statements came, went or were reworded."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from consent.classification.delta import Delta
from consent.classification.statements import Statement
from consent.classification.suggestion import Fired

# The thresholds below were chosen by hand; benchmarks/evaluate_detection.py measures them.
CLEAR = 0.7  # strength from which a statement says by itself that models are trained
MOSTLY = 0.6  # share of a statement's words that an earlier one has, to count as said before
LONGEST_ITEM = 5  # words
JOINER = re.compile(r"^(?:and|or)\b|\b(?:and|or)$|,", re.IGNORECASE)
MUCH_LONGER = 7  # words by which a use grows to count as wider
LARGE_REWORDING = 10  # words that differ in a control to count as another control
PUNCTUATION = ".,;:!?()[]\"'“”‘’"
KNOWN = 0.6  # strength from which an earlier statement counts, if it says "train"
EXCEPTION = re.compile(
    r"\b(?:except(?:ion)?|exclud(?:e|es|ed|ing)|other than|with the exception|does not apply)\b",
    re.IGNORECASE,
)
LIMIT = re.compile(
    r"\b(?:unless|except|subject to|without|enterprise|business|paid|only if|by default|currently"
    r"|at present|at this time|at the moment|for now)\b",
    re.IGNORECASE,
)
# Words that make a use wider without a name: at any time, read by people too.
WIDER = re.compile(
    r"\b(?:regardless of|irrespective of|human review\w*|reviewers?|reviewed by)\b", re.IGNORECASE
)
PERIOD = re.compile(
    r"\b\d+ (?:days?|weeks?|months?|years?|tagen?|wochen?|monaten?|jahren?|jours?|mois|ans?|días?"
    r"|meses|años?|giorni|mes[ei]|ann[oi]|dias?|anos?)\b",
    re.IGNORECASE,
)
NAME = re.compile(
    r"\b(?!(?:Services?|Platform|Content|Terms|Policy|Help|Center|Privacy|Customers?|Data|The|For|If|We)\b)[A-Z][\w-]+\b"
)


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


def _uses(statements: tuple[Statement, ...]) -> list[Statement]:
    return [statement for statement in statements if statement.uses]


def _denials(statements: tuple[Statement, ...]) -> list[Statement]:
    return [statement for statement in statements if statement.kind == "use" and statement.denies]


def controlled(statements: tuple[Statement, ...]) -> list[Statement]:
    return [
        statement
        for statement in statements
        if statement.control in ("opt-out", "objection")
        or (
            statement.kind == "control"
            and statement.control != "opt-in"
            and statement.rule != "default-nearby"
        )
    ]


def _use(delta: Delta) -> Iterator[Fired]:
    before, after = _uses(delta.before), _uses(delta.after)
    added, removed = _uses(delta.added), _uses(delta.removed)
    # A control implies a use. A vague sentence about better algorithms does not state one.
    known = any(
        statement.strength >= (KNOWN if statement.action == "train" else CLEAR)
        for statement in before
    ) or any(statement.kind == "control" for statement in delta.before)
    clear = any(statement.strength >= CLEAR for statement in added)
    if added and _new_sort(before, added):
        yield Fired("own-data-beside-public", "use-introduced", added[0].words)
    elif added and not known and (clear or not before):
        for statement in added:
            yield Fired("use-where-none-was", "use-introduced", statement.words)
    elif len(added) > len(removed):
        own = [statement for statement in added if statement.actor == "service"]
        for statement in own:
            yield Fired("one-more-use", "scope-widened", statement.words)
    if removed and not after:
        for statement in removed:
            yield Fired("use-no-longer-stated", "use-removed", statement.words)
    elif not added and any(statement.strength >= CLEAR for statement in removed):
        for statement in removed:
            yield Fired("one-use-less", "scope-narrowed", statement.words)
    for old, new in delta.reworded:
        if old.denies and new.uses and not (old.default == "off" and new.default == "on"):
            yield Fired("denial-became-use", "use-introduced", new.words)
            yield Fired("denial-became-use", "pledge-dropped", old.words)
        elif old.uses and new.denies:
            yield Fired("use-became-denial", "use-removed", old.words)
            yield Fired("use-became-denial", "pledge-added", new.words)


def _new_sort(before: list[Statement], added: list[Statement]) -> bool:
    """Return whether only public data was used before and people's own data is used now."""
    own = [statement for statement in added if set(statement.data) - {"public-posts"}]
    return bool(before and own) and all(statement.data == ("public-posts",) for statement in before)


def _pledges(delta: Delta) -> Iterator[Fired]:
    added, removed = _denials(delta.added), _denials(delta.removed)
    known = _denials(delta.before)
    if added and not removed:
        for statement in added:
            if not _restates(statement, known):
                yield Fired("new-denial", "pledge-added", statement.words)
    if removed and not added:
        for statement in removed:
            yield Fired("denial-gone", "pledge-dropped", statement.words)
    for old, new in delta.reworded:
        if not (old.kind == "use" and old.denies and new.denies):
            continue
        if new.default == "off" and old.default != "off":
            yield Fired("promise-made-a-default", "pledge-dropped", old.words)
            yield Fired("promise-made-a-default", "default-off", new.words)
        elif limits := _limits(old, new):
            yield Fired("promise-limited", "pledge-dropped", limits)


def _limits(old: Statement, new: Statement) -> str:
    """Return the new words that limit a promise; "" if there are none."""
    for gone, come in differences(old.words, new.words):
        if len(come) > len(gone) and LIMIT.search(come) and not LIMIT.search(gone):
            return come
    return ""


def _restates(statement: Statement, known: list[Statement]) -> bool:
    """Return whether earlier statements have most words of this one."""
    words = set(statement.key.split())
    return any(
        len(words & set(earlier.key.split())) >= MOSTLY * len(words) for earlier in known
    ) or (bool(known) and statement.strength < CLEAR and statement.rule != "exception-nearby")


def _controls(delta: Delta) -> Iterator[Fired]:
    before, after = controlled(delta.before), controlled(delta.after)
    added, removed = controlled(delta.added), controlled(delta.removed)
    added += [new for old, new in delta.reworded if controlled((new,)) and not controlled((old,))]
    removed += [old for old, new in delta.reworded if controlled((old,)) and not controlled((new,))]
    if added and not before:
        for statement in added:
            yield Fired("control-where-none-was", "opt-out-added", statement.words)
        if not _uses(delta.before) and not _uses(delta.after) and not _denials(delta.after):
            yield Fired("control-implies-use", "use-introduced", added[0].words)
        firm = [one for one in added if one.control == "opt-out" and one.stance != "may"]
        if firm and _uses(delta.added) and not _uses(delta.before):
            yield Fired("on-until-opted-out", "default-on", firm[0].words)
    elif removed and not after:
        for statement in removed:
            yield Fired("control-gone", "opt-out-removed", statement.words)
    else:
        for statement in added or removed:
            yield Fired("control-reworded", "opt-out-changed", statement.words)
    yield from _reworded_controls(delta)
    yield from _defaults(delta)


def _reworded_controls(delta: Delta) -> Iterator[Fired]:
    for old, new in delta.reworded:
        if not old.kind == new.kind == "control":
            continue
        changed = list(differences(old.words, new.words))
        size = sum(max(len(gone.split()), len(come.split())) for gone, come in changed)
        if kinds := [kind for kind in new.data if kind not in old.data]:
            yield Fired("control-over-more", "scope-widened", ", ".join(kinds))
        elif size >= LARGE_REWORDING or old.route != new.route or _other_steps(old, new):
            words = "; ".join(come or gone for gone, come in changed)
            yield Fired("control-reworded", "opt-out-changed", words)


def _other_steps(old: Statement, new: Statement) -> bool:
    """Return whether the path to a switch changed: steps name menus, so each word matters."""
    return old.words.count(".") > 1 and bool(_new_names(old, new))


def _new_names(old: Statement, new: Statement) -> set[str]:
    return set(NAME.findall(new.words)) - set(NAME.findall(old.words))


def _defaults(delta: Delta) -> Iterator[Fired]:
    for default in ("on", "off"):
        was = any(statement.default == default for statement in delta.before)
        now = [
            statement
            for statement in delta.after
            if statement.default == default and _speaks_of_default(statement)
        ]
        if now and not was:
            yield Fired("default-stated", f"default-{default}", now[0].words)


def _speaks_of_default(statement: Statement) -> bool:
    return statement.kind == "use" or statement.rule == "default-nearby"


def _sharing(delta: Delta) -> Iterator[Fired]:
    before = [statement for statement in _uses(delta.before) if statement.actor != "service"]
    after = [statement for statement in _uses(delta.after) if statement.actor != "service"]
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
        if (
            (wider and _names(new, come))
            or _names_more(gone, come)
            or grown >= MUCH_LONGER
            or (WIDER.search(come) and not WIDER.search(gone))
        ):
            yield Fired("more-is-named", "scope-widened", come)
            return
        if narrower and not wider and not come and _is_list_item(gone) and _names(old, gone):
            yield Fired("less-is-named", "scope-narrowed", gone)
            return


def _is_list_item(words: str) -> bool:
    """Return whether some words are one item of a list, as in "and messages"."""
    return len(words.split()) <= LONGEST_ITEM and JOINER.search(words) is not None


def _names(statement: Statement, words: str) -> bool:
    tokens = set(_bare(words.split()))
    return any(tokens.intersection(_bare(name.split())) for name in statement.named)


def _gained(old: Statement, new: Statement) -> list[str]:
    """Return the kinds of data, regions and audiences that only the newer wording names."""
    before = {*old.data, *old.regions, *old.audience}
    return [name for name in (*new.data, *new.regions, *new.audience) if name not in before]


def _row_scope(delta: Delta) -> Iterator[Fired]:
    for old, new in delta.rows:
        if kinds := [kind for kind in new.row_data if kind not in old.row_data]:
            yield Fired("more-in-the-row", "scope-widened", ", ".join(kinds))
        for state, more, fewer in (
            ("yes", "scope-widened", "scope-narrowed"),
            ("on", "default-on", "default-off"),
        ):
            grown = new.states.count(state) - old.states.count(state)
            if grown:
                yield Fired("cell-changed", more if grown > 0 else fewer, new.row)
        if PERIOD.findall(old.row) != PERIOD.findall(new.row):
            yield Fired("row-of-another-time", "retention-changed", new.row)


def _names_more(gone: str, come: str) -> bool:
    """Return whether a list grew by names, as in "… and Bard"."""
    return not gone and len(set(NAME.findall(come))) >= 2


def differences(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield the removed and the added words of each place that differs."""
    before, after = old.split(), new.split()
    matcher = SequenceMatcher(None, _bare(before), _bare(after), autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield " ".join(before[i1:i2]), " ".join(after[j1:j2])


def _bare(tokens: list[str]) -> list[str]:
    return [token.strip(PUNCTUATION).casefold().replace("’", "'") for token in tokens]


def _retention(delta: Delta) -> Iterator[Fired]:
    for statement in delta.added:
        if statement.retention and statement.uses:
            yield Fired("retention-stated", "retention-changed", statement.retention)
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
    for statement in delta.repeated:
        yield Fired("repeated", "wording-only", statement.words)
    for statement in (*delta.added, *delta.removed):
        yield Fired("said-differently", "wording-only", statement.words)
