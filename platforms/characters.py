"""Characters that no text of ours holds: controls, surrogates and noncharacters.

They come from watched pages and forms, say nothing to people, and break what programs read: XML 1.0
forbids most of them, and a feed that cannot be written is a page that fails. Texts are cleaned when
they are read, when they are saved, and once more by whatever writes XML, JSON-LD, CSV or mail.
"""

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

#: Unicode's category Cc but for tab, line feed and carriage return; lone surrogates; what ends with
#: FFFE or FFFF in the basic plane (XML 1.0, section 2.2).
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: Those that part words wherever text is split (str.split, Unicode's White_Space).
_SPACES = frozenset("\x0b\x0c\x1c\x1d\x1e\x1f\x85")


def without_controls(text: str) -> str:
    """Return the text without these characters; those that part words become a space."""
    return _UNWANTED.sub(lambda found: " " if found[0] in _SPACES else "", text)


def has_controls(text: str) -> bool:
    return _UNWANTED.search(text) is not None


def cleaned(value: Any) -> Any:
    """Return a value with `without_controls` applied to every text in it.

    Looks into lists, tuples, dicts (values) and frozen dataclasses; anything else passes as it is.
    """
    found = value
    if isinstance(value, str):
        found = without_controls(value)
    elif isinstance(value, list | tuple):
        found = type(value)(map(cleaned, value))
    elif isinstance(value, dict):
        found = {key: cleaned(each) for key, each in value.items()}
    elif is_dataclass(value) and not isinstance(value, type):
        values = {each.name: getattr(value, each.name) for each in fields(value)}
        changed = {name: new for name, old in values.items() if (new := cleaned(old)) != old}
        found = replace(value, **changed) if changed else value
    return found
