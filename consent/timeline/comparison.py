"""The texts behind an entry, compared for reading: in one column, in two, or each in full."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from consent.diffing import MovedLink, diff, moved_links
from consent.diffing.rendering import Words, inline_html, side_by_side_html
from consent.models import Change, Entry
from consent.site.dates import written

#: The views of a change page, in the order of their links; the first is shown without asking.
VIEWS = {
    "changes": gettext_lazy("Changes only"),
    "inline": gettext_lazy("In one column"),
    "side": gettext_lazy("Side by side"),
    "before": gettext_lazy("Full text before"),
    "after": gettext_lazy("Full text after"),
}

#: Where a passage begins, in one column or in the first cell of a row of two.
_PASSAGE = re.compile(
    r'<(?:div|tr) class="diff-hunk [^"]*" id="(?P<anchor>change-\d+-passage-\d+)">(?:<td[^>]*>)?'
)


@dataclass(frozen=True, slots=True)
class ViewLink:
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """One watched page's difference behind an entry, drawn in the view asked for."""

    change: Change
    view: str
    html: SafeString
    moved_links: Sequence[MovedLink] = ()

    @property
    def views(self) -> list[ViewLink]:
        return [ViewLink(name, str(label)) for name, label in VIEWS.items()]


def compared_pages(entry: Entry, view: str) -> list[ComparedPage]:
    """Draw every difference an entry was made from. Reads EntryQuerySet.for_change_page."""
    chosen = view if view in VIEWS else "changes"
    return [
        ComparedPage(
            change,
            chosen,
            _draw(change, chosen),
            moved_links(change.before_document.links, change.after_document.links),
        )
        for change in entry.changes.all()
    ]


def _draw(change: Change, view: str) -> SafeString:
    before, after = change.before_document.text, change.after_document.text
    words = _words(change.page.language)
    if view in ("before", "after"):
        text = before if view == "before" else after
        html = inline_html(diff(text, text), changes_only=False, heading_level=4, words=words)
    elif view == "side":
        html = side_by_side_html(
            diff(before, after),
            before_label=written(change.observed_from),
            after_label=written(change.observed_to),
            caption=_("Text before and after, block by block"),
            words=words,
        )
    else:
        html = inline_html(
            diff(before, after), changes_only=view == "changes", heading_level=4, words=words
        )
    # An entry may rest on several pages; each needs anchors of its own. Captured text cannot
    # hold this pattern, since its quotation marks are escaped.
    named = html.replace('id="passage-', f'id="change-{change.pk}-passage-')
    return SafeString(_with_ways(named, words.lang))


def _with_ways(html: str, lang: str) -> str:
    """Begin each passage with a link to itself, and links to the ones before and after it."""
    anchors = [match["anchor"] for match in _PASSAGE.finditer(html)]
    count = len(anchors)
    places = iter(range(count))

    def begun(match: re.Match[str]) -> str:
        place = next(places)
        where = _("Passage %(number)d of %(count)d") % {"number": place + 1, "count": count}
        ways = [(match["anchor"], where)]
        if place:
            ways.append((anchors[place - 1], _("previous")))
        if place + 1 < count:
            ways.append((anchors[place + 1], _("next")))
        links = " ".join(f'<a href="#{anchor}">{escape(words)}</a>' for anchor, words in ways)
        return f'{match[0]}<p class="passage-way"{lang}>{links}</p>'

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
