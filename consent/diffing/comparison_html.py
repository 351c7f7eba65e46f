"""Renders a comparison as HTML, inline or side by side.

The text of a page may be hostile: every character is escaped here, control characters are made
visible, and paragraphs get dir="auto" so that direction marks only affect their own paragraph. The
HTML has no style attribute, no script, and no id besides "passage-N".

Classes, for the stylesheet:
    .diff                     around either form; .diff-inline or .diff-sides with it
    .diff-section             a run of blocks under one .diff-place (the headings above it)
    .diff-hunk                a block that changed (or several, joined or split), with
                              id="passage-N"; also .diff-insert, .diff-delete,
                              .diff-replace or .diff-move
    .diff-context             an unchanged block
    .diff-heading .diff-item .diff-row .diff-paragraph   the kind of block in the text
    .diff-note                "Moved from …", in a hunk
    .diff-skipped             the number of blocks left out
    .diff-none                side by side: the cell of the side that lacks the block
    ins, del                  words added and removed, each beginning with a .visually-hidden word
    table.diff-sides          the cells carry data-side="Before" or "After", to be shown by
                              td::before where the columns are stacked on narrow screens
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from consent.diffing.layout import Row, Section, sections
from consent.diffing.passages import Segment, segments
from consent.diffing.structure import Diff, Hunk, Place
from consent.diffing.visible_words import visible

SEPARATOR = " › "

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPACES = re.compile(" {2,}")


@dataclass(frozen=True, slots=True)
class Words:
    """The words that renderings add. skipped: the words for a number of blocks.

    language: of these words, where it may differ from that of the text.
    """

    removed: str = "removed"
    added: str = "added"
    nothing: str = "nothing"
    moved_within: str = "Moved within this section"
    moved_from: str = "Moved here from “%s”"
    moved_from_top: str = "Moved here from the top"
    skipped: Callable[[int], str] = lambda count: (
        f"{count} unchanged {'paragraph' if count == 1 else 'paragraphs'}"
    )
    language: str = ""

    @property
    def lang(self) -> str:
        return f' lang="{_escaped(self.language)}"' if self.language else ""


ENGLISH = Words()


class Html(str):
    """Text that is HTML already. Templates do not escape it, by the __html__ convention."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def inline_html(
    diff: Diff,
    *,
    changes_only: bool = True,
    context: int = 2,
    heading_level: int = 3,
    words: Words = ENGLISH,
    shown: list[Section] | None = None,
) -> Html:
    """Return one column with the removed and the added words at their places.

    changes_only: False shows the whole text; True the changes with `context` blocks around them.
    heading_level: of the places, to fit the outline of the page.
    shown: render only these sections (a part, see layout.parts); None renders all.
    """
    if shown is None:
        shown = sections(diff, changes_only=changes_only, context=context)
    lines = ['<div class="diff diff-inline">']
    for section in shown:
        if section.skipped:
            lines.append(f'<p class="diff-skipped"{words.lang}>{_skipped(section, words)}</p>')
        if not section.rows:
            continue
        lines.append('<div class="diff-section">')
        if section.place:
            title = _place_html(section.place)
            lines.append(f'<h{heading_level} class="diff-place">{title}</h{heading_level}>')
        lines += filter(None, (_inline_row(row, words) for row in section.rows))
        lines.append("</div>")
    return Html("\n".join([*lines, "</div>"]))


def side_by_side_html(
    diff: Diff,
    *,
    changes_only: bool = True,
    context: int = 2,
    before_label: str = "Before",
    after_label: str = "After",
    caption: str = "Text before and after, block by block",
    words: Words = ENGLISH,
    shown: list[Section] | None = None,
) -> Html:
    """Return a table of two columns, before and after; options as for `inline_html`.

    before_label, after_label: headers of the columns, such as the dates of the two snapshots.
    """
    if shown is None:
        shown = sections(diff, changes_only=changes_only, context=context)
    labels = _escaped(before_label), _escaped(after_label)
    lines = [
        '<table class="diff diff-sides">',
        f"<caption{words.lang}>{_escaped(caption)}</caption>",
        f'<thead{words.lang}><tr><th scope="col">{labels[0]}</th>'
        f'<th scope="col">{labels[1]}</th></tr></thead>',
    ]
    for section in shown:
        lines.append('<tbody class="diff-section">')
        if section.skipped:
            lines.append(
                f'<tr class="diff-skipped"{words.lang}>'
                f'<td colspan="2">{_skipped(section, words)}</td></tr>'
            )
        if section.place:
            title = _place_html(section.place)
            lines.append(
                f'<tr class="diff-place"><th scope="rowgroup" colspan="2">{title}</th></tr>'
            )
        lines += filter(None, (_row_of_sides(row, labels, words) for row in section.rows))
        lines.append("</tbody>")
    return Html("\n".join([*lines, "</table>"]))


def _inline_row(row: Row, words: Words) -> str:
    if row.hunk is None:
        text = _escaped(visible(row.text))
        return text and _paragraph(row, text, "diff-context")
    return (
        f'<div class="diff-hunk diff-{row.hunk.kind}" id="passage-{row.number}">'
        f"{_note(row.hunk, words)}{_paragraph(row, _marked(segments(row.hunk), words))}</div>"
    )


def _row_of_sides(row: Row, labels: tuple[str, str], words: Words) -> str:
    if row.hunk is None:
        text = _escaped(visible(row.text))
        if not text:
            return ""
        same = _paragraph(row, text)
        cells = "".join(_cell(same, label, words) for label in labels)
        return f'<tr class="diff-context">{cells}</tr>'
    parts = segments(row.hunk)
    before, after = _marked(parts, words, added=False), _marked(parts, words, removed=False)
    return (
        f'<tr class="diff-hunk diff-{row.hunk.kind}" id="passage-{row.number}">'
        f"{_cell(before and _paragraph(row, before), labels[0], words)}"
        f"{_cell(after and _note(row.hunk, words) + _paragraph(row, after), labels[1], words)}</tr>"
    )


def _cell(content: str, label: str, words: Words) -> str:
    if not content:
        nothing = f'<span class="visually-hidden"{words.lang}>{_escaped(words.nothing)}</span>'
        return f'<td class="diff-none" data-side="{label}">{nothing}</td>'
    return f'<td data-side="{label}">{content}</td>'


def _paragraph(row: Row, content: str, extra: str = "") -> str:
    names = f"diff-{row.kind} {extra}".strip()
    return f'<p class="{names}" dir="auto">{content}</p>'


def _marked(
    hunk_segments: list[Segment], words: Words, *, removed: bool = True, added: bool = True
) -> str:
    """Return the words of a hunk as HTML: those of both sides, or of one."""
    parts: list[str] = []
    for op, before, after in hunk_segments:
        if op == "equal":
            parts.append(_escaped(after if added else before))
            continue
        if removed:
            parts.append(_tagged("del", words.removed, before, words.lang))
        if removed and added and before and after:
            parts.append(" ")
        if added:
            parts.append(_tagged("ins", words.added, after, words.lang))
    return _SPACES.sub(" ", "".join(parts)).strip().replace("\n", "<br>")


def _tagged(tag: str, word: str, text: str, lang: str) -> str:
    """Return the text in an element, with the white space around it outside."""
    content = text.strip()
    if not content:
        return text
    lead, trail = text.split(content)
    return (
        f'{lead}<{tag}><span class="visually-hidden"{lang}>{_escaped(word)}: </span>'
        f"{_escaped(content)}</{tag}>{trail}"
    )


def _note(hunk: Hunk, words: Words) -> str:
    if hunk.kind != "move":
        return ""
    moved = _escaped(_moved_from(hunk.origin, hunk.place, words))
    return f'<p class="diff-note" dir="auto"{words.lang}>{moved}</p>'


def _moved_from(origin: Place, place: Place, words: Words) -> str:
    if origin == place:
        return words.moved_within
    return words.moved_from % SEPARATOR.join(origin) if origin else words.moved_from_top


def _skipped(section: Section, words: Words) -> str:
    return _escaped(words.skipped(section.skipped))


def _place_html(place: Place) -> str:
    return _escaped(SEPARATOR.join(place))


def _escaped(text: str) -> str:
    return escape(_CONTROL.sub("\ufffd", text))
