"""Splits a page into sentences with their offsets, headings and lead-ins."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

MARKER = re.compile(
    r"(?P<indent>[ \t\u2800\xa0]*)(?P<marker>(?:>\s*)?(?:[*+\-•●▪◦–]|\\?[-–]|o"
    r"|\d{1,3}(?:\.\d{1,3}){0,3}[.)]"
    r"|\(?(?:[a-z]|[ivx]{1,5}|\d{1,2})\)|[a-z]\.)[ \t]+)?"
)
HEADING = re.compile(
    r"^(?:(?P<hashes>\#{1,6})[ \t]+(?P<atx>[^\n]{1,200})"
    r"|(?P<setext>[^\n]{2,200})\n(?P<rule>={3,}|-{3,})[ \t]*$"
    r"|(?P<bold>\*\*[^*\n]{3,100}\*\*:?)[ \t]*$)",
    re.MULTILINE,
)
BREAK = re.compile(r"<br\s*/?>(?:\s*(?:[*+•●-]\s)?)|\||[.!?][\"”’')*_\]]*\s+(?=\S)")
ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|Inc|Art|No|Corp|Ltd|Co|vs|approx|incl|z\.B|u\.a|d\.h|bzw|ggf|Nr|Abs"
    r"|p\. ?ex|Sr|Sra|U\.S|lit|[A-Z])|^\s*(?:\d+|[a-z]|[ivx]+))\.\s*$"
)
LINK = re.compile(
    r"!?\[([^\[\]\n]{0,400})\]\([^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,2000})?"
    r"(?:\s\"[^\"\n]{0,200}\")?\)"
)
LINK_NOTE = re.compile(r"\s?\((?:opens in a new (?:window|tab))\)", re.IGNORECASE)
MARKUP = re.compile(r"[*_`\\]+|<[a-z/][^<>\n]{0,60}>")
MARKUP_SIGNS = "*_`\\<"  # without one of them the pattern finds nothing
# Chosen: they bound the work on long lists and are wider than the lists of real policies need.
LOOK_BACK = 90  # lines above an item that are searched for its lead-in
LEAD_IN_LENGTH = 700  # characters of a lead-in that are kept
MOST_BROKEN = 7  # lines over which one sentence may be broken
# A line break inside a sentence, as in Markdown that is written by hand: the line before is about
# as long as such lines are, has no end, and the next one begins with a small letter.
WRAPPED_LENGTH = range(50, 131)  # characters
GOES_ON = re.compile(r"[ \t]{0,6}[a-zäöüéèàâêîôûç](?![.)]|[ \t]*\|)")
CONTINUES = re.compile(r"(?:[;,:]|\b(?:and|or|und|oder|et|ou|y|o))\s*$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or one cell or item of a list, of a page.

    text: without Markdown; start and end: offsets into the page; lead_ins: what a list item
    continues, outermost first; headings: outermost first; line: index of its line; paragraph:
    the whole line, with Markdown, and where it starts; read_as, answer, states: see answers.
    """

    text: str
    start: int
    end: int
    line: int
    lead_ins: tuple[str, ...]
    headings: tuple[str, ...]
    is_item: bool
    paragraph: str
    paragraph_start: int
    read_as: str = ""
    answer: str = ""
    states: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The headings above in one line."""
        return " › ".join(self.headings)

    @property
    def quote(self) -> str:
        """The sentence as it is in the page, with its Markdown."""
        start = self.start - self.paragraph_start
        return self.paragraph[start : start + self.end - self.start]


def is_row(line: str) -> bool:
    """Return whether a line is a row of a table, with or without a bar at its edges."""
    return line.lstrip().startswith("|") or " | " in line


def plain(text: str) -> str:
    """Return the words of a piece of Markdown, without link targets, emphasis and extra spaces."""
    if "](" in text:
        text = LINK.sub(r"\1", text)
    if "(open" in text:
        text = LINK_NOTE.sub("", text)
    if any(sign in text for sign in MARKUP_SIGNS):
        text = MARKUP.sub("", text)
    return " ".join(text.split())


def unwrapped(text: str) -> str:
    """Return a text of the same length, with sentences that are broken over lines in one line."""
    lines = text.split("\n")
    ends = (" " if _is_broken(*pair) else "\n" for pair in pairwise(lines))
    return "".join(chain.from_iterable(zip(lines, chain(ends, ("",)), strict=True)))


def _is_broken(line: str, following: str) -> bool:
    return (
        len(line) in WRAPPED_LENGTH
        and line[-1] not in ".!?:;>-="
        and "|" not in line
        and not line.lstrip().startswith(("#", "```"))
        and GOES_ON.match(following) is not None
    )


class Page:
    """The lines of one text. Lead-ins and headings are only looked up when needed."""

    def __init__(self, text: str) -> None:
        self.text = text = unwrapped(text)
        self.lines = text.split("\n")
        self._lead_ins: dict[int, tuple[str, ...]] = {}
        self._known_headings: dict[int, tuple[str, ...]] = {}

    @cached_property
    def starts(self) -> list[int]:
        starts, position = [], 0
        for line in self.lines:
            starts.append(position)
            position += len(line) + 1
        return starts

    @cached_property
    def _headings(self) -> tuple[list[int], list[tuple[int, str]]]:
        positions, headings = [], []
        for match in HEADING.finditer(self.text):
            words = plain(match["atx"] or match["setext"] or match["bold"]).strip("# :")
            if not words or words[0] == "|":
                continue
            if match["hashes"]:
                level = len(match["hashes"])
            elif match["rule"]:
                level = 1 if match["rule"][0] == "=" else 2
            else:
                level = 7
            positions.append(match.start())
            headings.append((level, words))
        return positions, headings

    def line_at(self, position: int) -> int:
        return bisect_right(self.starts, position) - 1

    def headings(self, position: int) -> tuple[str, ...]:
        """Return the headings above a position, outermost first, at most four."""
        positions, headings = self._headings
        path: list[str] = []
        level = 99
        nearest = bisect_right(positions, position) - 1
        for index in range(nearest, max(nearest - 60, -1), -1):
            if headings[index][0] < level:
                level = headings[index][0]
                path.append(headings[index][1])
                if level == 1 or len(path) == 4:
                    break
        return tuple(reversed(path))

    def sentences(self, line: int) -> Iterator[Sentence]:
        """Yield the sentences of one line."""
        for start, end in _pieces(self.lines[line]):
            if words := plain(self.lines[line][start:end]):
                yield self._sentence(line, start, end, words)

    def sentences_at(self, line: int, positions: Sequence[int]) -> Iterator[tuple[Sentence, str]]:
        """Yield the sentences of one line that contain a position, with the words before each.

        positions: offsets into the page, in order. All other sentences are skipped before their
        Markdown is removed, which saves most of the work.
        """
        whole, base = self.lines[line], self.starts[line]
        previous: tuple[int, int] | None = None
        for start, end in _pieces(whole):
            at = bisect_left(positions, base + start)
            holds = at < len(positions) and positions[at] < base + end
            if holds and (words := plain(whole[start:end])):
                before = plain(whole[slice(*previous)]) if previous else ""
                yield self._sentence(line, start, end, words), before or self.text_above(line)
            previous = start, end

    def _sentence(self, line: int, start: int, end: int, words: str) -> Sentence:
        base = self.starts[line]
        return Sentence(
            text=words,
            start=base + start,
            end=base + end,
            line=line,
            lead_ins=self.lead_ins(line),
            headings=self._headings_of(line),
            is_item=self._is_item(line),
            paragraph=self.lines[line],
            paragraph_start=base,
        )

    def sentence_after(self, sentence: Sentence) -> Sentence | None:
        """Return the next sentence, in the same line or in the nearest one below with words."""
        for line in range(sentence.line, min(sentence.line + MOST_BROKEN, len(self.lines))):
            for following in self.sentences(line):
                if following.start >= sentence.end:
                    return following
        return None

    def whole_line(self, line: int) -> Sentence:
        """Return a line as one sentence."""
        return self._sentence(line, 0, len(self.lines[line]), plain(self.lines[line]))

    def header_of(self, line: int) -> str:
        """Return the first line of the table that a line is in, or one LOOK_BACK above it."""
        top = max(line - LOOK_BACK, 0)
        while line > top and is_row(self.lines[line - 1]):
            line -= 1
        return self.lines[line]

    def _headings_of(self, line: int) -> tuple[str, ...]:
        known = self._known_headings.get(line)
        if known is None:
            known = self._known_headings[line] = self.headings(self.starts[line])
        return known

    def text_above(self, line: int) -> str:
        """Return the nearest line above that has words, without Markdown, or ""."""
        for above in range(line - 1, max(line - MOST_BROKEN, -1), -1):
            if words := plain(self.lines[above][-2 * LEAD_IN_LENGTH :]):
                return words
        return ""

    def _is_item(self, line: int) -> bool:
        words = self.lines[line]
        marker = MARKER.match(words)
        return bool(marker and marker["marker"]) or words.lstrip()[:1].islower()

    def lead_ins(self, line: int) -> tuple[str, ...]:
        """Return the sentences that a list item continues, outermost first."""
        known = self._lead_ins.get(line)
        if known is None:
            known = self._lead_ins[line] = tuple(reversed(list(self._climb(line))))
        return known

    def _climb(self, line: int) -> Iterator[str]:
        words = self.lines[line]
        if not _marked(words) and words.lstrip()[:1].islower() and (broken := self._broken(line)):
            yield broken
            return
        indent = _indent(words)
        is_item = self._is_item(line)
        for above in range(line - 1, max(line - LOOK_BACK, -1), -1):
            words = self.lines[above]
            if not words.strip():
                continue
            ends_open = words.rstrip().rstrip("*_ ").endswith(":")
            if not is_item and not ends_open:
                return
            is_item = True
            if not self._is_item(above):
                yield plain(words)[-LEAD_IN_LENGTH:]
                return
            if _indent(words) < indent or (ends_open and _indent(words) <= indent):
                indent = _indent(words)
                yield plain(words)[-LEAD_IN_LENGTH:]
            elif not _marked(words) and CONTINUES.search(words[-12:]) is None:
                return

    def _broken(self, line: int) -> str:
        """Return the beginning of a sentence that is broken over lines, as in PDFs."""
        parts: list[str] = []
        for above in range(line - 1, max(line - MOST_BROKEN, -1), -1):
            words = self.lines[above]
            if not words.strip() or words.rstrip()[-1] in ".!?:;|":
                break
            parts.append(words)
            if words.lstrip()[:1].isupper() and len(parts) > 1:
                break
        return plain(" ".join(reversed(parts)))[-LEAD_IN_LENGTH:]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _marked(line: str) -> bool:
    marker = MARKER.match(line)
    return bool(marker and marker["marker"])


def _pieces(line: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in BREAK.finditer(line):
        end = match.end()
        if match[0][0] in ".!?" and ABBREVIATION.search(
            line, max(start, match.start() - 12), match.start() + 1
        ):
            continue
        if end - start > 2:
            yield start, end
        start = end
    if start < len(line):
        yield start, len(line)
