"""Cuts markup that would exhaust the parser, in linear time. A browser would show it alike.

Some steps of the HTML standard search all open elements, or all attributes of a tag: 200,000
nested elements or 50,000 attributes take minutes. For each option of a list the parser searches
the options before it. Browsers limit nesting to 512.
"""

import re
from collections.abc import Iterator
from itertools import islice

_MAX_DEPTH = 512
_MAX_ATTRIBUTES = 500
_MAX_OPTIONS = 20_000  # on a page; all in one list cost a second
# Markup below these numbers takes the parser a fraction of a second at worst.
_MANY_TAGS = 15_000
_LONG_TAG_BYTES = 4_096

# Quotes count only after an equals sign. As in a browser, an unclosed tag or quote ends at the end
# of the page; this also means that no byte is searched twice.
_TAG = re.compile(
    rb"<(/?)([a-zA-Z][^\s/>]*)"
    rb"((?:[^>=]|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?)*+)(?:>|\Z)"
)
_TAG_START = re.compile(rb"<[a-zA-Z]")
_ATTRIBUTE = re.compile(rb"[\s/]+[^\s/>=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+))?")
# Elements that do not nest: they have no content, or the next one closes them.
_FLAT = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd option"
    b" tr td th tbody thead tfoot colgroup caption html head body".split()
)


def limit_markup(html: bytes) -> bytes:
    """Return the markup without tags nested too deep and without surplus attributes, options."""
    if html.count(b">") < _MANY_TAGS and not any(_crowded_tags(html)):
        return html
    return _Limiter().limit(html)


def _crowded_tags(html: bytes) -> Iterator[bool]:
    """Yield for each very long tag whether it has too many attributes.

    Such a tag has no ">" for a whole step of the search, so steps of that length find them all.
    """
    at = 0
    while at < len(html):
        end = at + _LONG_TAG_BYTES
        if html.find(b">", at, end) >= 0:
            at = end
            continue
        close = html.find(b">", end)
        close = len(html) if close < 0 else close
        before = html.rfind(b">", max(0, at - _LONG_TAG_BYTES), at)
        # The plain search comes first: it is faster, and long stretches of data have no "<".
        start = html.find(b"<", before + 1, close)
        if start >= 0 and (opening := _TAG_START.search(html, start, close)):
            attributes = _ATTRIBUTE.finditer(html, opening.start(), close)
            yield len(list(islice(attributes, _MAX_ATTRIBUTES + 1))) > _MAX_ATTRIBUTES
        at = close


class _Limiter:
    def __init__(self) -> None:
        self._depth = 0
        self._options = 0

    def limit(self, html: bytes) -> bytes:
        return _TAG.sub(self._tag, html)

    def _tag(self, match: re.Match[bytes]) -> bytes:
        closing, name, attributes = match.groups()
        name = name.lower()
        if name == b"option" and not closing:
            self._options += 1
            if self._options > _MAX_OPTIONS:
                return b""
        if name in _FLAT:
            return _limit_attributes(match, attributes)
        if closing:
            self._depth -= 1
            if self._depth >= _MAX_DEPTH:
                return b""
            self._depth = max(self._depth, 0)
            return match[0]
        self._depth += 1
        return b"" if self._depth > _MAX_DEPTH else _limit_attributes(match, attributes)


def _limit_attributes(match: re.Match[bytes], attributes: bytes) -> bytes:
    if len(attributes) < _LONG_TAG_BYTES:
        return match[0]
    all_attributes = _ATTRIBUTE.findall(attributes)
    if len(all_attributes) <= _MAX_ATTRIBUTES:
        return match[0]
    return b"<%s%s%s>" % (match[1], match[2], b"".join(all_attributes[:_MAX_ATTRIBUTES]))
