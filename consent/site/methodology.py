"""The methodology page is docs/methodology.md, so that paper and site cannot differ."""

import re
from functools import lru_cache

import nh3
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt


@lru_cache(maxsize=1)
def methodology_html() -> SafeString | None:
    """Return the document without its own title, or None where it is not installed."""
    path = settings.BASE_DIR / "docs" / "methodology.md"
    if not path.exists():
        return None
    text = re.sub(r"\A#\s.*\n", "", path.read_text(encoding="utf-8"))
    html = MarkdownIt("commonmark").enable("table").render(text)
    # Clean HTML of our own file, cleaned again: nothing but text markup passes.
    return mark_safe(nh3.clean(html))  # noqa: S308 - cleaned by nh3
