"""Where links, images and forms of a page lead: read beside the words, kept out of them."""

import re
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from platforms.extraction.document import Link

_TEXT_CHARS = 200
# Ways in which readers act on their data; allow-listed because all other links move for no reason.
_ACTION = re.compile(
    r"opt[-_ ]?out|unsubscribe|setting|preference|privacy[-_ ]?(?:choice|portal|request|center|form)"
    r"|data[-_ ]?(?:control|request|rights)|do[-_ ]?not[-_ ]?(?:sell|train)|objection|object to"
    r"|consent|right[-_ ]to[-_ ]|dsar|/contact/|/forms?[/.]|forms\.gle|webform",
    re.IGNORECASE,
)


class Links:
    """Reads links of one page; all targets become absolute."""

    def __init__(self, url: str, base: str = "") -> None:
        self._base = _join(url, base) if base else url
        parts = _split(self._base)
        self._origin = f"{parts[0]}://{parts[1]}" if parts[1] else ""

    def absolute(self, target: str) -> str:
        """Return an absolute URL; a target that cannot be read comes back as it is."""
        target = target.strip()
        if target.startswith(("https://", "http://", "mailto:")):
            return target
        if self._origin and target.startswith("/") and not target.startswith(("//", "/.")):
            return f"{self._origin}{target}"
        return _join(self._base, target)

    def read(self, node: LexborNode) -> Link | None:
        """Return the link of an <a>; None for an anchor within the page."""
        href = (node.attributes.get("href") or "").strip()
        if not href or href[0] == "#" or href[:11].lower() == "javascript:":
            return None
        text = " ".join(node.text_lexbor().split())[:_TEXT_CHARS]
        return Link(self.absolute(href), text, _is_action(href, text))

    def read_image(self, node: LexborNode) -> Link | None:
        """Return an image with its alternative text; None for one written into the page."""
        attributes = node.attributes
        source = (attributes.get("src") or "").strip()
        if not source or source[:5].lower() == "data:":
            return None
        return Link(self.absolute(source), " ".join((attributes.get("alt") or "").split()))


def _is_action(href: str, text: str) -> bool:
    return _ACTION.search(href) is not None or _ACTION.search(text) is not None


def _join(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError:
        return target


def _split(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc
