"""What a language needs besides its translations: tables in locale/<language>/, as TOML.

places.toml: how places are called in a sentence. search.toml: the words of people's questions.
clauses.toml: how titles become parts of sentences. docs/languages.md explains them. A language
without a table uses the defaults of its reader.

What the catalog says of guides and controls in a language is beside its files: _words.de.toml.
"""

import tomllib
from functools import cache
from itertools import chain, product
from pathlib import Path
from typing import Any

from django.conf import settings


@cache
def language_data(language: str, table: str) -> dict[str, Any]:
    """Return a table of a language, its phrases spelled out; empty if it has none."""
    path = settings.BASE_DIR / "locale" / language / f"{table}.toml"
    if not path.is_file():
        return {}
    read: dict[str, Any] = _spelled_out(tomllib.loads(path.read_text(encoding="utf-8")))
    return read


def _spelled_out(value: Any) -> Any:
    """Replace the phrases in lists by those that they stand for."""
    if isinstance(value, dict):
        return {key: _spelled_out(each) for key, each in value.items()}
    if not isinstance(value, list):
        return value
    found = (_phrases(each) if isinstance(each, str) else [_spelled_out(each)] for each in value)
    return list(chain(*found))


def _phrases(shape: str) -> list[str]:
    """Return the phrases that one stands for: "a/the switch" for two, "the/ switch" too.

    An underscore joins a phrase between slashes: "opt_out/refuse". What begins or ends the question
    does so in all of them.
    """
    if "/" not in shape:
        return [shape]
    start, end = shape[: shape.startswith("^")], shape[len(shape) - shape.endswith("$") :]
    slots = shape.removeprefix("^").removesuffix("$").split(" ")
    found = product(*(slot.split("/") for slot in slots))
    return [start + " ".join(filter(None, each)).replace("_", " ") + end for each in found]


def tables_of_words(key: str) -> list[dict[str, Any]]:
    """Return a table of search.toml in each language of the site; empty where one has none."""
    return [language_data(code, "search").get(key, {}) for code, _name in settings.LANGUAGES]


@cache
def listed_words(key: str, name: str) -> frozenset[str]:
    """Return what tables of search.toml list under a name, in all languages of the site.

    Words of a text, or phrases of a list.
    """
    listed = (table.get(name, ()) for table in tables_of_words(key))
    return frozenset(chain(*(each.split() if isinstance(each, str) else each for each in listed)))


def words_file(language: str) -> str:
    return f"_words.{language}.toml"


def catalog_words(folder: Path, language: str) -> dict[str, dict[str, str]]:
    """Return the words of a catalog in a language, by platform and English text.

    Raises ValueError (TOMLDecodeError) for a file that is no table.
    """
    path = folder / words_file(language)
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
