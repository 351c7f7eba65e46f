"""The rules of accessibility that every page must keep, asked of axe."""

from collections.abc import Iterator
from typing import Any

import pytest

#: Width in pixels and colours in which the rules are asked.
VIEWS = ((360, "dark"), (1280, "light"))
EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What depends on the colours that the reader's system asks for. They change nothing else.
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]


def in_each_view(page: Any) -> Iterator[int]:
    """Give a page that is open one width and scheme of VIEWS after the other. Yield the width.

    No script of ours and no answer of the server depends on either, so one load serves for all.
    """
    for width, scheme in VIEWS:
        resize(page, width)
        page.emulate_media(color_scheme=scheme)
        # Links of Django's admin take a moment to change their colour.
        page.evaluate(
            """document.getAnimations()
                .filter(each => each instanceof CSSTransition)
                .forEach(each => each.finish())"""
        )
        yield width


def resize(page: Any, width: int) -> None:
    """Make the window so many pixels wide."""
    page.set_viewport_size({"width": width, "height": 900})


def open_details(page: Any) -> None:
    """Open all closed parts: every word in them must pass, too."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def broken_rules(page: Any, *, colours: bool = True) -> list[tuple[str, list[str]]]:
    """Open all closed parts and return each broken rule with the elements that break it.

    colours: whether to ask the rules of colour as well. They take most of the time, and a
    translation has the colours of its original.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    open_details(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.axe_script)
    off = {} if colours else {rule: {"enabled": False} for rule in RULES_OF_COLOUR}
    violations = page.evaluate(
        "options => axe.run(options).then(answer => answer.violations)",
        {"resultTypes": ["violations"], "runOnly": EVERY_RULE, "rules": off},
    )
    return [
        (violation["id"], [node["html"][:160] for node in violation["nodes"][:3]])
        for violation in violations
    ]
