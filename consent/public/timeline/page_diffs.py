"""The diffs of an entry's pages: in one column, in two, or as full texts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from consent.diffing import MovedLink, diff, moved_links
from consent.diffing.comparison_html import ENGLISH, Html, Words, inline_html, side_by_side_html
from consent.diffing.layout import parts, sections
from consent.models import Change, Entry
from consent.web.date_words import format_date

#: The views of a change page, in the order of their links; the first is the default.
VIEWS = {
    "changes": gettext_lazy("Changes only"),
    "inline": gettext_lazy("In one column"),
    "side": gettext_lazy("Side by side"),
    "before": gettext_lazy("Full text before"),
    "after": gettext_lazy("Full text after"),
}

#: Comparing the same texts again costs a second for thousands of passages; a reader who goes from
#: part to part asks for it again and again.
compare_texts = lru_cache(maxsize=2)(diff)

#: Where a passage begins, in one column or in the first cell of a row of two.
_PASSAGE = re.compile(
    r'<(?:div|tr) class="diff-hunk [^"]*" id="(?P<anchor>change-\d+-passage-(?P<number>\d+))">'
    r"(?:<td[^>]*>)?"
)


@dataclass(frozen=True, slots=True)
class ViewLink:
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """One watched page's difference behind an entry, drawn in the view asked for.

    part, part_count: which part of a long text html is, from 1.
    """

    change: Change
    view: str
    html: SafeString
    part: int = 1
    part_count: int = 1
    moved_links: Sequence[MovedLink] = ()

    @property
    def views(self) -> list[ViewLink]:
        return [ViewLink(name, str(label)) for name, label in VIEWS.items()]


def compared_pages(entry: Entry, view: str, part: str = "") -> list[ComparedPage]:
    """Draw every difference an entry was made from. Reads EntryQuerySet.for_change_page.

    part: "12.3" for the third part of the change with the key 12; others show their first part.
    """
    chosen = view if view in VIEWS else "changes"
    key, _dot, number = part.partition(".")
    return [
        _compared(change, chosen, number if key == str(change.pk) else "")
        for change in entry.compared_changes
    ]


def _compared(change: Change, view: str, part: str) -> ComparedPage:
    before, after = change.before_document.text, change.after_document.text
    drawn = draw(
        before,
        after,
        view,
        part,
        heading_level=4,
        before_label=format_date(change.observed_from),
        after_label=format_date(change.observed_to),
        caption=_("Text before and after, block by block"),
        words=_words(change.page.language),
    )
    # An entry may rest on several pages; each needs anchors of its own. Captured text cannot
    # hold this pattern, since its quotation marks are escaped.
    html = drawn.html.replace('id="passage-', f'id="change-{change.pk}-passage-')
    lang = _words(change.page.language).lang
    return ComparedPage(
        change,
        view,
        SafeString(_with_ways(html, lang, drawn, f"?view={view}&amp;part={change.pk}.")),
        drawn.part,
        drawn.part_count,
        moved_links(change.before_document.links, change.after_document.links),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A part of a comparison as HTML. passages: how many all parts have together."""

    html: Html
    part: int
    part_count: int
    passages: int


def draw(
    before: str,
    after: str,
    view: str,
    part: str = "",
    *,
    heading_level: int,
    before_label: str = "",
    after_label: str = "",
    caption: str = "Text before and after, block by block",
    words: Words = ENGLISH,
) -> Drawn:
    """Draw one part of two texts compared, in one of VIEWS.

    part: its number, as an address has it; anything else is the first, or the last if too high.
    """
    if view in ("before", "after"):
        before = after = before if view == "before" else after
    difference = compare_texts(before, after)
    changes_only = view in ("changes", "side")
    all_parts = parts(sections(difference, changes_only=changes_only, context=2))
    known = part.isascii() and part.isdecimal() and len(part) <= 6
    number = min(max(1, int(part)), len(all_parts)) if known else 1
    shown = all_parts[number - 1]
    if view == "side":
        html = side_by_side_html(
            difference,
            before_label=before_label,
            after_label=after_label,
            caption=caption,
            words=words,
            shown=shown,
        )
    else:
        html = inline_html(difference, heading_level=heading_level, words=words, shown=shown)
    return Drawn(html, number, len(all_parts), len(difference.changes))


def _with_ways(html: str, lang: str, drawn: Drawn, address: str) -> str:
    """Begin each passage with a link to itself, and links to the ones before and after it.

    address: that of a part without its number, for passages of the parts before and after.
    """
    here = {match["anchor"] for match in _PASSAGE.finditer(html)}

    def begun(match: re.Match[str]) -> str:
        number = int(match["number"])
        stem = match["anchor"].removesuffix(match["number"])
        where = _("Passage %(number)d of %(count)d") % {"number": number, "count": drawn.passages}
        ways = [(f"#{match['anchor']}", where)]
        if number > 1:
            ways.append((way_to(f"{stem}{number - 1}", drawn.part - 1), _("previous")))
        if number < drawn.passages:
            ways.append((way_to(f"{stem}{number + 1}", drawn.part + 1), _("next")))
        links = " ".join(f'<a href="{href}">{escape(words)}</a>' for href, words in ways)
        return f'{match[0]}<p class="passage-way"{lang}>{links}</p>'

    def way_to(anchor: str, part: int) -> str:
        return f"#{anchor}" if anchor in here else f"{address}{part}#{anchor}"

    return _PASSAGE.sub(begun, html)


def _words(text_language: str) -> Words:
    language = get_language() or ""
    return Words(
        removed=_("removed"),
        added=_("added"),
        nothing=_("nothing"),
        moved_within=_("Moved within this section"),
        moved_from=_("Moved here from “%s”"),
        moved_from_top=_("Moved here from the top"),
        skipped=lambda count: (
            ngettext("%d unchanged paragraph", "%d unchanged paragraphs", count) % count
        ),
        language="" if language == text_language else language,
    )
