"""What rules find in a sentence about training: control, default, stance, actor, data."""

import re
from collections.abc import Mapping
from re import Match, Pattern

from consent.classification.lexicon import Lexicon

DENIAL_REACH = 320  # characters; how far before a use a denial may be
ASIDE = re.compile(r"\([^()]*\)")


def control_of(kind: str, words: str, lexicon: Lexicon) -> str:
    # A setting next to a use is a control only if the words say how to refuse.
    controls = lexicon.controls if kind == "control" else lexicon.controls_beside_use
    return first(controls, words) or "none"


def stance_of(kind: str, words: str, match: Match[str], lexicon: Lexicon) -> str:
    if kind == "control":
        return "may" if lexicon.hedge.search(words) else "does"
    stance = _stance(words, match, lexicon)
    if stance in ("does", "may") and lexicon.default_off.search(words):
        return "does-not"  # "training is off by default" denies the use as long as it is
    return stance


def default_of(words: str, lexicon: Lexicon) -> str:
    if lexicon.default_off.search(words):
        return "off"
    if lexicon.default_on.search(words):
        return "on"
    return "off" if lexicon.consent_needed.search(words) else "unstated"


def actor_of(words: str, use: Match[str], lexicon: Lexicon) -> str:
    start = words.rfind(";", 0, use.start()) + 1
    end = words.find(";", use.end())
    clause = ASIDE.sub(" ", words[start : end if end > 0 else len(words)])
    return first(lexicon.actors, clause) or "service"


def _clause_before(words: str, use: int, lexicon: Lexicon) -> str:
    """Return the words of a clause up to a use. In a list the words before its colon begin each."""
    colon, item = words.find(":", 0, use), words.rfind(";", 0, use) + 1
    if 0 <= colon < item:
        return _clause_before(words, colon, lexicon) + words[item:use]
    start = 0
    for end in lexicon.clause_end.finditer(words, 0, use):
        start = end.end()
    return words[start:use][-DENIAL_REACH:]


def _stance(words: str, match: Match[str], lexicon: Lexicon) -> str:
    clause = _clause_before(words, match.start(), lexicon)
    window = clause + words[match.start() : match.end()]
    if lexicon.verbs_last:
        stop = lexicon.clause_end.search(words, match.end())
        window = clause + words[match.start() : stop.start() if stop else len(words)]
    denial = None
    for negation in lexicon.denial.finditer(window):
        if not lexicon.not_denial.match(window, negation.end()):
            denial = negation
    if denial is not None:
        return "will-not" if lexicon.promise.search(denial[0]) else "does-not"
    if lexicon.denial_after.match(words[match.end() : match.end() + 40].lstrip()):
        return "does-not"
    return "may" if lexicon.may.search(clause[-200:]) else "does"


def named_in(words: str, lexicon: Lexicon) -> tuple[str, ...]:
    groups = (lexicon.data_kinds, lexicon.regions, lexicon.audiences)
    patterns = [pattern for group in groups for pattern in group.values()]
    return tuple(match[0] for pattern in patterns if (match := pattern.search(words)))


def first(patterns: Mapping[str, Pattern[str]], words: str) -> str:
    for name, pattern in patterns.items():
        if pattern.search(words):
            return name
    return ""


def all_of(patterns: Mapping[str, Pattern[str]], words: str) -> tuple[str, ...]:
    """Return the names of what is mentioned, in the order of its first mention."""
    matches = [
        (match.start(), name)
        for name, pattern in patterns.items()
        if (match := pattern.search(words))
    ]
    return tuple(name for _, name in sorted(matches))


def last(pattern: Pattern[str], words: str) -> tuple[int, int] | None:
    span = None
    for match in pattern.finditer(words):
        span = match.span()
    return span
