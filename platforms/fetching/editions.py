"""Which edition of a page an address is: of a region or a language. Pure."""

import re
from urllib.parse import parse_qsl, urlsplit

# "en", "en-us", "de_AT", "zh-hans"; "us", "eu" and the like are two letters too.
_LOCALE = re.compile(r"(?:[a-z]{2}|[a-z]{2}[-_](?:[a-z]{2}|[a-z]{4}|\d{3}))$", re.IGNORECASE)
_PARAMETERS = frozenset({"hl", "gl", "lang", "language", "locale", "region", "country", "cc"})
# Two letters that name no place or language in an address.
_OTHER_PARTS = frozenset({"ai", "my", "tv"})
_DEPTH = 3  # locales are among the first parts of a path


def edition_of(url: str) -> tuple[str, ...]:
    """Return what names a region or language in an address, in lower case; () if nothing does."""
    parts = urlsplit(url)
    found = [
        part.lower().replace("_", "-")
        for part in parts.path.split("/")[1 : _DEPTH + 1]
        if _LOCALE.match(part) and part.lower() not in _OTHER_PARTS
    ]
    found += [
        f"{name.lower()}={value.lower()}"
        for name, value in sorted(parse_qsl(parts.query))
        if name.lower() in _PARAMETERS
    ]
    return tuple(found)
