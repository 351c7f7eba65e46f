"""Links that keep their words and lead elsewhere.

They are no change in wording, and most are noise (tracking parameters, redirects). Yet an opt-out
form that moves is news, so they can be asked for.
"""

import re
from collections import defaultdict, deque
from dataclasses import dataclass

from consent.diffing.reading import TARGET, visible
from consent.diffing.structure import Diff, Hunk, Place

# The words are held to a length, so that brackets never closed cost no more than those that are.
_LINK = re.compile(rf"(?<!!)\[(?P<text>(?:[^\[\]\\]|\\.){{1,400}}+)\]{TARGET}")


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A link of the same words whose target differs. hunk: the one that it lies in, of any kind."""

    text: str
    before: str
    after: str
    place: Place
    hunk: Hunk


def link_changes(diff: Diff) -> tuple[LinkChange, ...]:
    """Return the links that lead elsewhere, in the order of `after`, each wording once a hunk."""
    return tuple(
        LinkChange(text, before, after, hunk.place, hunk)
        for hunk in diff.hunks
        if "](" in hunk.before and "](" in hunk.after
        for text, before, after in _retargeted(hunk)
    )


def _retargeted(hunk: Hunk) -> list[tuple[str, str, str]]:
    before: dict[str, deque[str]] = defaultdict(deque)
    for text, target in _links(hunk.before):
        before[text].append(target)
    found: list[tuple[str, str, str]] = []
    for text, target in _links(hunk.after):
        if before[text]:
            old = before[text].popleft()
            if old != target:
                found.append((text, old, target))
    return list(dict.fromkeys(found))


def _links(text: str) -> list[tuple[str, str]]:
    found = [(visible(match["text"]), match["target"]) for match in _LINK.finditer(text)]
    return [(words, target) for words, target in found if words]
