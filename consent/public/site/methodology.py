"""The methodology page: rendered from docs/methodology.md, so that both are the same."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import count, takewhile

import nh3
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark").enable("table")


@lru_cache(maxsize=1)
def methodology_html() -> SafeString | None:
    """Return the document as HTML without its title, its chapters folded; None if not installed."""
    text = _text()
    if text is None:
        return None
    html = nh3.clean(_MARKDOWN.render(text))
    # Wide tables scroll, so they must be focusable for the keyboard.
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>')
    numbers = count(1)
    html = re.sub("</table>", lambda _end: f"</table></div>{_csv_link(next(numbers))}", html)
    preface, *chapters = re.split("(?=<h2>)", html)
    folded = (re.sub("<h2>.*?</h2>", r"<summary>\g<0></summary>", each) for each in chapters)
    html = preface + "".join(f'<details class="chapter">{each}</details>' for each in folded)
    return mark_safe(html)  # noqa: S308 - cleaned by nh3 above


@lru_cache(maxsize=1)
def methodology_tables() -> Sequence[Sequence[Sequence[str]]]:
    """Return the tables of the document in its order: the rows of each, its headings first."""
    tables: list[list[list[str]]] = []
    tokens = iter(_MARKDOWN.parse(_text() or ""))
    for token in tokens:
        if token.type == "table_open":
            tables.append(_rows(takewhile(lambda each: each.type != "table_close", tokens)))
    return tables


def _rows(tokens: Iterable[Token]) -> list[list[str]]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append("".join(each.content for each in token.children or ()))
    return rows


def _text() -> str | None:
    path = settings.BASE_DIR / "docs" / "methodology.md"
    if not path.exists():
        return None
    return re.sub(r"\A#\s.*\n", "", path.read_text(encoding="utf-8"))


def _csv_link(number: int) -> str:
    address = reverse("methodology-csv", args=[number])
    return f'<p class="small"><a href="{address}">CSV</a></p>'
