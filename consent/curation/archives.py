"""Addresses of pages in web archives: which are known, what they look like, which to propose."""

from __future__ import annotations

import datetime as dt
import re

from consent.models import Source

#: By archive: what the address of an archived page looks like there. These are the archives that
#: the catalog cites, and those that newsrooms use.
_SHAPES = {
    "Wayback Machine": r"web\.archive\.org/web/\d{4,14}([a-z]{2}_)?/https?:/.+",
    "archive.today": r"archive\.(today|ph|is|li|fo|md|vn)/(\w{5,}|\d{4,14}/https?:/.+)",
    "Perma.cc": r"perma\.cc/\w{4}-\w{4}",
    "Ghostarchive": r"ghostarchive\.org/(archive|varchive)/[\w/-]+",
    "Arquivo.pt": r"arquivo\.pt/(no)?wayback/\d{14}/https?:/.+",
    "UK Government Web Archive": r"webarchive\.nationalarchives\.gov\.uk/.+/\d{4,14}/https?:/.+",
    "UK Web Archive": r"www\.webarchive\.org\.uk/.+/\d{14}/https?:/.+",
    "Megalodon": r"megalodon\.jp/\d{4}-\d{4}-\d{4}-\d{2}/.+",
    "Open Terms Archive": r"github\.com/[\w.-]+/[\w.-]+/blob/[0-9a-f]{40}/.+",
    "ToS;DR": r"edit\.tosdr\.org/(documents|points)/\d+.*",
}
_ARCHIVED = re.compile(rf"https?://({'|'.join(_SHAPES.values())})")


def archive_mistake(archived_url: str) -> str:
    """Return why an address is none of a page in a known archive, and what to do; "" if it is."""
    if not archived_url or _ARCHIVED.fullmatch(archived_url):
        return ""
    return (
        "This is no address of a page in an archive that we know "
        f"({', '.join(_SHAPES)}). Copy it from there; in the Wayback Machine it is such as "
        "https://web.archive.org/web/20260302/https://example.org/story. Or leave it empty."
    )


def proposed_archive(url: str, day: dt.date) -> str:
    """Return an address in an archive for a page: one that the catalog cites, or a guess.

    The Wayback Machine leads from a day to its nearest capture, if it has any.
    """
    cited = Source.objects.filter(url=url).exclude(archived_url="").order_by("-pk").first()
    return cited.archived_url if cited else f"https://web.archive.org/web/{day:%Y%m%d}/{url}"
