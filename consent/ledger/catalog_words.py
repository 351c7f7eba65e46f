"""Texts of the catalog in the language of the page: what guides and controls say.

The words are in the catalog's _words.de.toml and _words.fr.toml. A text that changes in English is
shown in English until it is translated again.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from consent.language_data import catalog_words

#: The class of a sentence that has no translation.
UNTRANSLATED = "untranslated"
#: What is between German or French quotation marks, the spaces of the latter left out.
_QUOTED = re.compile(r"(?<=„)[^“]+(?=“)|(?<=«\xa0)[^»]+(?=\xa0»)")


def translated(text: str) -> str:
    """Return a text of the catalog in the language of the page, or as it is."""
    return _by_text(settings.CATALOG_DIR, _page_language()).get(text, text)


def translated_html(text: str) -> SafeString:
    """Like translated, with what is English marked: all, or words of the product in quotes.

    A sentence that has no translation has a class, by which pages say that some are in English.
    """
    english, words = escape(text), escape(translated(text))
    if _page_language() == settings.LANGUAGE_CODE:
        return english
    if words == english:
        return _marked(english, UNTRANSLATED if english.endswith((".", "?", "!")) else "")
    return SafeString(
        _QUOTED.sub(lambda found: _marked(found[0]) if found[0] in english else found[0], words)
    )


def publisher_words(publisher: str) -> str:
    """Return a publisher with what curators say of it in the language of the page.

    "Security.NL (quotes the policy)": the name stays, the words in parentheses are translated.
    """
    name, opening, rest = translated(publisher).partition(" (")
    return f"{name} {translated(f'({rest}')}" if opening else name


def _marked(escaped: str, css_class: str = "") -> SafeString:
    attribute = f' class="{css_class}"' if css_class else ""
    return SafeString(f'<span lang="{settings.LANGUAGE_CODE}"{attribute}>{escaped}</span>')


def _page_language() -> str:
    return get_language() or settings.LANGUAGE_CODE


@cache
def _by_text(folder: Path, language: str) -> dict[str, str]:
    """Return the words of a language by English text: platforms with the same text share them."""
    found: dict[str, str] = {}
    for words in catalog_words(folder, language).values():
        found |= words
    return found
