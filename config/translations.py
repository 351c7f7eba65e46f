"""Collects the texts of the interface from the code, updates locale/, and compiles it.

`make messages` runs this after texts have changed; with the code of a new language it begins its
catalog. The site itself reads the compiled catalogs only. docs/languages.md says how to add one.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE_DIR = ROOT / "locale"
#: What curators, operators and designers see stays in English, as the documentation does.
_NOT_FOR_READERS = ("admin.py", "admin", "desk", "management", "migrations")
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def collect() -> Catalog:
    """Return every text that readers may see, with the files that contain it."""
    catalog = Catalog()
    for path in _sources():
        for _line, message, comments, context in extract(
            "python", io.BytesIO(_as_python(path)), _KEYWORDS, ["Translators:"]
        ):
            catalog.add(
                message,
                locations=[(path.relative_to(ROOT).as_posix(), 0)],
                auto_comments=comments,
                context=context,
            )
    return catalog


def read(language: str) -> Catalog:
    with _po(language).open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> Catalog:
    """Return the catalog with exactly the present texts; new ones are not translated yet."""
    catalog = read(language)
    written_at = catalog.creation_date
    catalog.update(collect(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.creation_date = written_at  # or every run would change the file
    return catalog


def begin(language: str) -> None:
    """Write a catalog of a new language, in which everything has yet to be translated."""
    _po(language).parent.mkdir(parents=True)
    catalog = Catalog(locale=language, project="Default", version="On", fuzzy=False)
    catalog.msgid_bugs_address = catalog.last_translator = "Default On"
    catalog.language_team = language
    catalog.header_comment = f"# Texts of Default On's interface in {language}."
    _po(language).write_bytes(as_po(catalog))


def as_po(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, sort_output=True, include_lineno=False, width=100)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def languages() -> list[str]:
    return sorted(path.parent.parent.name for path in LOCALE_DIR.glob("*/LC_MESSAGES/django.po"))


def untranslated(catalog: Catalog) -> list[str]:
    """Return the texts whose translation is missing, incomplete or marked as fuzzy."""
    lacking = []
    for message in catalog:
        forms = message.string if isinstance(message.string, list | tuple) else [message.string]
        if message.id and (message.fuzzy or not all(forms)):
            lacking.append(message.id if isinstance(message.id, str) else message.id[0])
    return lacking


def main(new_languages: Sequence[str] = ()) -> int:
    """Update every catalog, and begin those of new languages."""
    for language in new_languages:
        begin(language)
    lacking = 0
    for language in languages():
        catalog = updated(language)
        _po(language).write_bytes(as_po(catalog))
        # Compile the file as written: the format may have dropped something.
        _po(language).with_suffix(".mo").write_bytes(as_mo(read(language)))
        for text in untranslated(catalog):
            lacking += 1
            sys.stdout.write(f"{language}: not translated: {text}\n")
    sys.stdout.write(f"{lacking} texts to translate in locale/*/LC_MESSAGES/django.po\n")
    return 1 if lacking else 0


def _po(language: str) -> Path:
    return LOCALE_DIR / language / "LC_MESSAGES" / "django.po"


def _sources() -> Iterator[Path]:
    for folder in ("consent", "platforms", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            parts = path.relative_to(ROOT).parts
            if path.suffix in (".py", ".html", ".txt") and not set(parts) & set(_NOT_FOR_READERS):
                yield path


def _as_python(path: Path) -> bytes:
    if path.suffix == ".py":
        return path.read_bytes()
    calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    # Indentation left from the template would be a syntax error in Python.
    return "\n".join(line.strip() for line in calls.splitlines()).encode()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
