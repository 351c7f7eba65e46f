"""Cuts texts into plain words."""

import re
import unicodedata

_WORD = re.compile(r"[\w.&+-]*\w")


def words(text: str) -> list[str]:
    """Cut a text into plain lower-case words without accents; domains stay whole."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))
