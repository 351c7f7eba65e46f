"""Cuts texts into plain words."""

import re
import unicodedata

_WORD = re.compile(r"[\w.&+-]*\w")


def words(text: str) -> list[str]:
    """Cut a text into plain lower-case words without accents; domains stay whole."""
    if text.isascii():  # most texts; to look at each letter takes ten times as long
        return _WORD.findall(text.casefold())
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))
