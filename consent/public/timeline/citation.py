"""How to cite a change: as a line of text, as BibTeX and as RIS.

A citation names the short address, which lasts whatever becomes of the title, and the day of the
last edit, since a record may be corrected. What the catalog took over was not published by us on
the day of its sources, and the citation does not say so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from consent.models import Entry
from consent.web.absolute_urls import absolute_url
from consent.web.date_words import format_date
from platforms.record_versions import shown_versions
from platforms.vocabulary import Origin

_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{char: f"\\{char}" for char in "{}%&#_$"},
    }
)


#: Names that BibTeX knows by itself and writes in the language of the document.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Citation:
    """published_on: the day of ours; None for what the catalog took over from sources of others.

    first_shown_on: when readers first saw it here, if that is another day.
    """

    title: str
    address: str
    published_on: dt.date | None
    documented_on: dt.date | None
    first_shown_on: dt.date | None
    edited_on: dt.date | None

    @property
    def text(self) -> str:
        """All after the title, as a bibliography gives it."""
        said = [_("Default On")]
        if self.published_on:
            said.append(format_date(self.published_on))
        elif self.documented_on:
            said.append(_("newest source of %(day)s") % {"day": format_date(self.documented_on)})
        if self.first_shown_on:
            said.append(_("first shown here %(day)s") % {"day": format_date(self.first_shown_on)})
        if self.edited_on:
            said.append(_("edited %(day)s") % {"day": format_date(self.edited_on)})
        accessed = format_date(timezone.localdate())
        said.append(_("accessed %(day)s") % {"day": accessed})
        return ", ".join(said) + "."

    @property
    def ris(self) -> str:
        """The record as reference managers read it. Source: RIS format, 2011, type ELEC."""
        lines = [("TY", "ELEC"), ("AU", "Default On"), ("TI", self.title)]
        if self.published_on:
            day = self.published_on
            lines += [("PY", f"{day:%Y}"), ("DA", f"{day:%Y/%m/%d}")]
        lines += [("UR", self.address), ("Y2", f"{timezone.localdate():%Y/%m/%d}")]
        lines += [("N1", note) for note in self._notes()]
        lines.append(("ER", ""))
        return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)

    @property
    def bibtex(self) -> str:
        fields = {
            "author": "{Default On}",
            # In braces of its own, so that no style changes its capitals.
            "title": f"{{{self.title.translate(_ESCAPES)}}}",
        }
        if self.published_on:
            fields |= {
                "year": f"{self.published_on:%Y}",
                "month": _MONTHS[self.published_on.month - 1],
                "day": f"{self.published_on.day}",
            }
        fields["url"] = self.address
        if notes := self._notes():
            fields["note"] = ", ".join(notes)
        lines = [
            f"  {name} = {value}" if name == "month" else f"  {name} = {{{value}}}"
            for name, value in fields.items()
        ]
        key = f"defaulton-{self.address.rsplit('/', 1)[-1]}"
        return "\n".join([f"@misc{{{key},", ",\n".join(lines), "}"])

    def _notes(self) -> list[str]:
        notes = []
        if self.documented_on:
            notes.append(f"From sources up to {self.documented_on.isoformat()}")
        if self.first_shown_on:
            notes.append(f"First shown here {self.first_shown_on.isoformat()}")
        if self.edited_on:
            notes.append(f"Edited {self.edited_on.isoformat()}")
        return notes


def citation_of(entry: Entry) -> Citation:
    """Call for an entry that was published."""
    with translation.override(settings.LANGUAGE_CODE):
        path = reverse("change-by-id", args=[entry.public_id])
    dated = entry.published_at.date() if entry.published_at else None
    ours = entry.origin != Origin.CATALOG
    version = shown_versions("entry", [entry.pk]).get(entry.pk)
    first_shown_on = version.first_at.date() if version else None
    edited_on = entry.updated_at.date()
    # Older edits are of the file, and in what was shown first.
    is_in_first = first_shown_on is not None and edited_on < first_shown_on
    return Citation(
        title=entry.title,
        address=absolute_url(path),
        published_on=dated if ours else None,
        documented_on=None if ours else dated,
        first_shown_on=first_shown_on if first_shown_on != dated else None,
        edited_on=None if is_in_first or edited_on == dated else edited_on,
    )
