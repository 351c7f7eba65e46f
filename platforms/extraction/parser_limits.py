"""Markup built to exhaust a parser → markup a browser would show alike, in linear time.

The HTML standard has steps that look through all open elements, and through all attributes of a
tag: 200,000 nested elements or 50,000 attributes cost minutes. Browsers cut nesting at 512.
Each option of a list makes the parser look through those before it.
"""

import re
from collections.abc import Iterator
from itertools import islice

_MAX_DEPTH = 512
_MAX_ATTRIBUTES = 500
_MAX_OPTIONS = 20_000  # on a page; all in one list cost a second
# Below these numbers the worst a page can do costs a fraction of a second.
_MANY_TAGS = 15_000
_LONG_TAG_BYTES = 4_096

# Quotes count after an equals sign only; what never closes runs to the end, as in a browser, and
# so that no byte is looked at twice.
_TAG = re.compile(
    rb"<(/?)([a-zA-Z][^\s/>]*)"
    rb"((?:[^>=]|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?)*+)(?:>|\Z)"
)
_TAG_START = re.compile(rb"<[a-zA-Z]")
_ATTRIBUTE = re.compile(rb"[\s/]+[^\s/>=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+))?")
# Elements that hold nothing, or that the next of their kind closes: they do not nest.
_FLAT = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd option"
    b" tr td th tbody thead tfoot colgroup caption html head body".split()
)


def tame(html: bytes) -> bytes:
    """Return the markup, without elements nested too deep and attributes beyond reason."""
    if html.count(b">") < _MANY_TAGS and not any(_crowded_tags(html)):
        return html
    return _Tamer().tame(html)


def _crowded_tags(html: bytes) -> Iterator[bool]:
    """Tell of each very long tag whether it has attributes beyond reason.

    Such a tag spans a whole step without a ">", so a look at each step finds them all.
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
        # The bare sign is looked for first: long stretches of data have none.
        sign = html.find(b"<", before + 1, close)
        if sign >= 0 and (opening := _TAG_START.search(html, sign, close)):
            attributes = _ATTRIBUTE.finditer(html, opening.start(), close)
            yield len(list(islice(attributes, _MAX_ATTRIBUTES + 1))) > _MAX_ATTRIBUTES
        at = close


class _Tamer:
    def __init__(self) -> None:
        self._depth = 0
        self._options = 0

    def tame(self, html: bytes) -> bytes:
        return _TAG.sub(self._tag, html)

    def _tag(self, match: re.Match[bytes]) -> bytes:
        closing, name, attributes = match.groups()
        name = name.lower()
        if name == b"option" and not closing:
            self._options += 1
            if self._options > _MAX_OPTIONS:
                return b""
        if name in _FLAT:
            return _within_reason(match, attributes)
        if closing:
            self._depth -= 1
            if self._depth >= _MAX_DEPTH:
                return b""
            self._depth = max(self._depth, 0)
            return match[0]
        self._depth += 1
        return b"" if self._depth > _MAX_DEPTH else _within_reason(match, attributes)


def _within_reason(match: re.Match[bytes], attributes: bytes) -> bytes:
    if len(attributes) < _LONG_TAG_BYTES:
        return match[0]
    found = _ATTRIBUTE.findall(attributes)
    if len(found) <= _MAX_ATTRIBUTES:
        return match[0]
    return b"<%s%s%s>" % (match[1], match[2], b"".join(found[:_MAX_ATTRIBUTES]))
