"""What a language needs besides its translations: tables in locale/<language>/, as TOML.

places.toml: how places are called in a sentence. search.toml: the words of people's questions.
docs/languages.md explains both. A language without a table uses the defaults of its reader.
"""

import tomllib
from functools import cache
from typing import Any

from django.conf import settings


@cache
def language_data(language: str, table: str) -> dict[str, Any]:
    """Return a table of a language; empty if it has none."""
    path = settings.BASE_DIR / "locale" / language / f"{table}.toml"
    if not path.is_file():
        return {}
    return tomllib.loads(path.read_text(encoding="utf-8"))
