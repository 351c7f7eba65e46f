"""Faults of markup that browsers mend in silence and other programs do not."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
#: Elements that end a paragraph, whether or not it was closed.
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"),
        *("hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul"),
    )
)
#: What may stand directly in these elements, besides scripts and templates.
_CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"dt", "dd", "div"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tr": {"th", "td"},
    "select": {"option", "optgroup"},
}
#: What may not hold itself or one another, however deep.
_INTERACTIVE = frozenset(("a", "button", "select", "textarea", "summary", "label"))
_REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls")


def faults(html: str) -> list[str]:
    """Return what is wrong with a page, each in a few words with its line."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: Counter[str] = Counter()
        self.asked: list[tuple[str, str]] = []

    def found(self) -> list[str]:
        twice = [f"id {name} stands {count} times" for name, count in self.ids.items() if count > 1]
        lost = [f"{by} asks for {name}" for by, name in self.asked if name not in self.ids]
        unclosed = [f"<{tag}> is never closed" for tag in self.open]
        return [*self.faults, *unclosed, *twice, *lost]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look(tag, attrs)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself, as in SVG."""
        self._look(tag, attrs)
        if "svg" not in self.open and tag != "svg" and tag not in _VOID:
            self._fault(f"<{tag}/> does not close itself in HTML")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self._fault(f"</{tag}> closes nothing; open is {self.open[-3:]}")
            if tag not in self.open:
                return
            while self.open[-1] != tag:
                self.open.pop()
        self.open.pop()

    def _look(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self.open[-1] if self.open else ""
        if tag in _BLOCKS and "p" in self.open:
            self._fault(f"<{tag}> in a paragraph")
        if parent in _CHILDREN and tag not in _CHILDREN[parent] | {"script", "template"}:
            self._fault(f"<{tag}> directly in <{parent}>")
        if tag in _INTERACTIVE and tag in self.open:
            self._fault(f"<{tag}> in <{tag}>")
        names = Counter(name for name, _ in attrs)
        for name, count in names.items():
            if count > 1:
                self._fault(f"<{tag}> has {name} {count} times")
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids[values["id"]] += 1
        for name in _REFERENCES:
            self.asked += [(f"{tag} {name}", each) for each in values.get(name, "").split()]
        href = values.get("href", "")
        if href.startswith("#") and len(href) > 1:
            self.asked.append((f"{tag} href", href[1:]))
        if tag == "img" and "alt" not in values:
            self._fault("<img> without alt")

    def _fault(self, words: str) -> None:
        self.faults.append(f"line {self.getpos()[0]}: {words}")
