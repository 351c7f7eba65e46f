"""How to cite a change: as a line of text, and as BibTeX.

A citation names the short address, which lasts whatever becomes of the title, and the day of the
last edit, since a record may be corrected.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from consent.models import Entry
from consent.site.dates import written
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
    title: str
    address: str
    published_on: dt.date
    edited_on: dt.date

    @property
    def text(self) -> str:
        """All after the title, as a bibliography gives it."""
        if self.edited_on == self.published_on:
            return _("Default On, %(published)s.") % {"published": written(self.published_on)}
        return _("Default On, %(published)s, edited %(edited)s.") % {
            "published": written(self.published_on),
            "edited": written(self.edited_on),
        }

    @property
    def bibtex(self) -> str:
        fields = {
            "author": "{Default On}",
            # In braces of its own, so that no style changes its capitals.
            "title": f"{{{self.title.translate(_ESCAPES)}}}",
            "year": f"{self.published_on:%Y}",
            "month": _MONTHS[self.published_on.month - 1],
            "day": f"{self.published_on.day}",
            "url": self.address,
            "note": f"Edited {self.edited_on.isoformat()}",
        }
        lines = [
            f"  {name} = {value}" if name == "month" else f"  {name} = {{{value}}}"
            for name, value in fields.items()
        ]
        key = f"defaulton-{self.address.rsplit('/', 1)[-1]}"
        return "\n".join([f"@misc{{{key},", ",\n".join(lines), "}"])


def citation_of(entry: Entry) -> Citation:
    """Call for an entry that was published.

    What the catalog took over was published by others first: of ours there is the last edit.
    """
    with translation.override(settings.LANGUAGE_CODE):
        path = reverse("change-by-id", args=[entry.public_id])
    edited_on = entry.updated_at.date()
    ours = entry.origin != Origin.CATALOG and entry.published_at is not None
    return Citation(
        title=entry.title,
        address=settings.SITE_URL + path,
        published_on=entry.published_at.date() if ours and entry.published_at else edited_on,
        edited_on=edited_on,
    )
