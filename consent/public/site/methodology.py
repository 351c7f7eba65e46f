"""The methodology page: rendered from docs/methodology.md, so that both are the same."""

import re
from functools import lru_cache

import nh3
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt


@lru_cache(maxsize=1)
def methodology_html() -> SafeString | None:
    """Return the document as HTML without its title; None if the file is not installed."""
    path = settings.BASE_DIR / "docs" / "methodology.md"
    if not path.exists():
        return None
    text = re.sub(r"\A#\s.*\n", "", path.read_text(encoding="utf-8"))
    html = nh3.clean(MarkdownIt("commonmark").enable("table").render(text))
    # Wide tables scroll, so they must be focusable for the keyboard.
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>')
    html = html.replace("</table>", "</table></div>")
    return mark_safe(html)  # noqa: S308 - cleaned by nh3 above
