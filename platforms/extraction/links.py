"""Reads links, images and forms of a page. They are not part of its text."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from platforms.extraction.actions import is_action, is_form_of_the_site
from platforms.extraction.document import Link

_TEXT_CHARS = 200
_FORM_CHARS = 2_000
# Texts longer than the first are summed up; after the second, links get no text. Chosen: real pages
# have no such links, and hostile ones stay fast.
_LONG_LINK = 2_000
_MOST_COPIED = 5_000_000
_FORM_NAME = "legend, h1, h2, h3, h4, h5, h6"
_BUTTONS = "button, input[type=submit i], input[type=image i]"
# Targets that only need the folder of the page in front. urljoin takes ten times as long.
_PLAIN_RELATIVE = re.compile(r"[\w-][\w/-]*(?:\.\w+)?(?:[?#][^\s]*)?\Z")


class Links:
    """Reads links of one page; all targets become absolute."""

    def __init__(self, url: str, base: str = "") -> None:
        self._base = _join(url, base) if base else url
        self._copied = 0
        parts = _split(self._base)
        self._origin = f"{parts[0]}://{parts[1]}" if parts[1] else ""
        self._folder = f"{self._origin}{parts[2].rpartition('/')[0]}/" if parts[1] else ""

    def absolute(self, target: str) -> str:
        """Return an absolute URL; a target that cannot be parsed is returned as it is."""
        target = target.strip()
        if target.startswith(("https://", "http://", "mailto:")):
            return target
        if self._origin and target.startswith("/") and not target.startswith(("//", "/.")):
            return f"{self._origin}{target}"
        if self._folder and _PLAIN_RELATIVE.match(target):
            return f"{self._folder}{target}"
        return _join(self._base, target)

    def read(self, node: LexborNode) -> Link | None:
        """Return the link of an <a>; None for an anchor within the page."""
        href = (node.attrs.get("href") or "").strip()
        if not _is_address(href):
            return None
        return Link(self.absolute(href), self._link_text(node))

    def _link_text(self, node: LexborNode) -> str:
        # In broken markup links are nested, and each has the text of the rest of the page.
        if self._copied > _MOST_COPIED:
            return ""
        text = node.text_lexbor()
        if len(text) > _LONG_LINK:
            self._copied += len(text)
        return single_spaced(text)[:_TEXT_CHARS]

    def read_form(self, node: LexborNode, *, under: str) -> Iterator[Link]:
        """Yield the addresses a form sends to, if readers act on their data with it.

        The text of the link is the name of the form, else the heading above it (`under`), and
        the label of its button.
        """
        name = (node.attributes.get("aria-label") or "").strip() or _text_of(
            node.css_first(_FORM_NAME)
        )
        buttons = node.css(_BUTTONS)
        label = _label(buttons[0]) if buttons else ""
        text = ": ".join(part for part in (name or under, label) if part)[:_TEXT_CHARS]
        words = f"{text} {node.text_lexbor()[:_FORM_CHARS]}"
        targets = [node.attributes.get("action")]
        targets += [button.attributes.get("formaction") for button in buttons]
        for target in dict.fromkeys((target or "").strip() for target in targets):
            if not _is_address(target) or is_form_of_the_site(target, label):
                continue
            if is_action(target, words):
                yield Link(self.absolute(target), text)

    def read_frame(self, node: LexborNode) -> Iterator[Link]:
        """Yield the address of a frame if it looks like one of a form of another site."""
        source = (node.attributes.get("src") or "").strip()
        if _is_address(source) and is_action(source, ""):
            yield Link(self.absolute(source), single_spaced(node.attributes.get("title") or ""))

    def read_image(self, node: LexborNode) -> Link | None:
        """Return an image with its alternative text; None for one inlined as a data URL."""
        attributes = node.attributes
        source = (attributes.get("src") or "").strip()
        if not source or source[:5].lower() == "data:":
            return None
        return Link(self.absolute(source), " ".join((attributes.get("alt") or "").split()))


def _is_address(target: str) -> bool:
    """Return whether a target is an address: no anchor within the page, no script, not empty."""
    return bool(target) and target[0] != "#" and target[:11].lower() != "javascript:"


def _text_of(node: LexborNode | None) -> str:
    return single_spaced(node.text_lexbor()) if node is not None else ""


def _label(button: LexborNode) -> str:
    attributes = button.attributes
    label = attributes.get("aria-label") or attributes.get("value") or attributes.get("alt")
    return _text_of(button) or single_spaced(label or "")


def single_spaced(text: str) -> str:
    """Return a line of text as a browser shows it: runs of white space as one space.

    Most lines have no such runs, and checking for them is cheaper than splitting the line.
    """
    text = text.replace("\xa0", " ")
    if "  " in text or "\n" in text or "\t" in text or "\r" in text:
        return " ".join(text.split())
    return text.strip()


def _join(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError:
        return target


def _split(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", "", ""
    return parts.scheme, parts.netloc, parts.path
