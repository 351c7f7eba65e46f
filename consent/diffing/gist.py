"""What differs between two texts, in one line: how many words, where, and one sentence of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from consent.diffing.passages import OMITTED, Passage, passages, segments
from consent.diffing.structure import Diff, Hunk

#: Characters of the sentence, and of the heading above it. Chosen: four lines on a phone.
_QUOTED, _PLACE = 140, 40
#: Marks of tables.
_MARKS = re.compile(r"\||<br>")


def gist_of(diff: Diff, telling: Callable[[str], bool]) -> str:
    """Return how many words went and came, and a sentence; "" where no word differs.

    telling: whether a sentence is of the kind that matters. Such a one is quoted if it changed,
    otherwise one of the passage in which most words changed.
    """
    counts = [_changed_words(hunk) for hunk in diff.changes]
    if not counts:
        return ""
    removed, added = map(sum, zip(*counts, strict=True))
    chosen = max(
        zip(passages(diff), counts, strict=True),
        key=lambda pair: (telling(f"{pair[0].removed} {pair[0].added}"), sum(pair[1])),
    )[0]
    size = ", ".join(
        f"{number} {what}" for number, what in ((removed, "removed"), (added, "added")) if number
    )
    words = f"Words: {size}" if size else "Passages moved"
    where = f", in “{_cut(chosen.place[-1], _PLACE)}”" if chosen.place else ""
    return f"{words}{where}: {_sentence(chosen, telling)}"


def _changed_words(hunk: Hunk) -> tuple[int, int]:
    differing = [part for part in segments(hunk) if part.op != "equal"]
    return (
        sum(_words_in(part.before) for part in differing),
        sum(_words_in(part.after) for part in differing),
    )


def _words_in(text: str) -> int:
    return sum(any(map(str.isalnum, word)) for word in text.split())


def _sentence(passage: Passage, telling: Callable[[str], bool]) -> str:
    """Return the telling, else the longest piece of a passage that is there now, or went."""
    pieces = (passage.added or passage.removed).split(OMITTED)
    return _cut(max(pieces, key=lambda piece: (telling(piece), len(piece))), _QUOTED)


def _cut(words: str, most: int) -> str:
    words = " ".join(_MARKS.sub(" ", words).split())
    return words if len(words) <= most else f"{words[:most].rpartition(' ')[0] or words[:most]} …"
