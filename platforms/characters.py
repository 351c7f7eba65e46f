"""Removes controls, surrogates and noncharacters from texts.

They come from watched pages and forms, mean nothing to people, and break other programs: XML 1.0
forbids most of them, so a feed with one could not be written. Texts are cleaned when they are read,
when they are saved, and again when XML, JSON-LD, CSV or mail is written.
"""

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

#: Unicode category Cc except tab, line feed and carriage return; lone surrogates; U+FFFE and U+FFFF
#: (XML 1.0, section 2.2).
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: Those at which str.split separates words (Unicode property White_Space).
_SPACES = frozenset("\x0b\x0c\x1c\x1d\x1e\x1f\x85")


def without_controls(text: str) -> str:
    """Return the text without these characters; those that separate words become a space."""
    if text.isprintable():  # then it has none: asked first, since most texts are
        return text
    return _UNWANTED.sub(lambda match: " " if match[0] in _SPACES else "", text)


def has_controls(text: str) -> bool:
    return _UNWANTED.search(text) is not None


def cleaned(value: Any) -> Any:
    """Return a value with `without_controls` applied to every text in it.

    Looks into lists, tuples, dicts (values) and frozen dataclasses; anything else passes as it is.
    """
    result = value
    if value is None or isinstance(value, int):
        pass  # asked first, like the next line: most values in records are one of these
    elif isinstance(value, str):
        result = without_controls(value)
    elif isinstance(value, (list, tuple)):
        result = type(value)(map(cleaned, value))
    elif isinstance(value, dict):
        result = {key: cleaned(item) for key, item in value.items()}
    elif is_dataclass(value) and not isinstance(value, type):
        values = {field.name: getattr(value, field.name) for field in fields(value)}
        changed = {name: new for name, old in values.items() if (new := cleaned(old)) != old}
        result = replace(value, **changed) if changed else value
    return result
