"""Proposes the title and the kind of a page from its address, for a curator to check."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from platforms.vocabulary import PageKind

#: Words in an address, the first that fits. Four in five pages of the catalog get their kind.
_KINDS = {
    PageKind.ROBOTS: r"robots\.txt$",
    PageKind.HELP: r"\b(help|support|docs|faq|hc)\b",
    PageKind.ANNOUNCEMENT: r"\b(news|newsroom|blog|announcements?|updates?)\b",
    PageKind.PRIVACY_POLICY: r"privacy",
    PageKind.TERMS: r"\b(terms|tos|conditions|eula|agreement|legal)\b",
    PageKind.SETTINGS: r"\b(settings|preferences|account)\b",
}
_TITLES = {"privacy": "Privacy policy", "terms": "Terms of service", "tos": "Terms of service"}
#: Numbers of articles and endings of files; words in capitals.
_NO_WORDS = re.compile(r"\b(?=\w*\d)[0-9a-f]{4,}\b|\.\w{2,4}$")
_IN_CAPITALS = re.compile(r"\b(ai|faqs?|eu)\b", re.IGNORECASE)


def proposed_page(url: str) -> dict[str, Any]:
    """Return url, kind and title of a page to watch. Without a word that fits it is help."""
    parts = urlsplit(url)
    words = re.sub(r"[-_+]", " ", f"{parts.hostname or ''}{unquote(parts.path)}").lower()
    kind = next((kind for kind, fit in _KINDS.items() if re.search(fit, words)), PageKind.HELP)
    title = "robots.txt" if kind == PageKind.ROBOTS else _title(words)
    return {"url": url, "kind": kind, "title": title[:200]}


def _title(words: str) -> str:
    """Return the last part of an address as a title. words: host and path, without hyphens."""
    last = words.rstrip("/").rpartition("/")[2]
    told = " ".join(_NO_WORDS.sub(" ", last).split()) if "/" in words else ""
    title = _TITLES.get(told) or (told or last)[:1].upper() + (told or last)[1:]
    return _IN_CAPITALS.sub(lambda found: found[0].upper(), title)
