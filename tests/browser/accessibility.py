"""The rules of accessibility that every page must keep, asked of axe."""

from typing import Any

import pytest

EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What depends on the colours that the reader's system asks for. They change nothing else.
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]


def broken_rules(page: Any, scheme: str = "") -> list[tuple[str, list[str]]]:
    """Return each broken rule with the elements that break it.

    Closed parts are opened first: every word must pass. scheme: light or dark; without one the
    rules of colour are left out. They take most of the time, and a translation has the colours of
    its original.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    off = {}
    if scheme:
        _colour(page, scheme)
    else:
        off = {rule: {"enabled": False} for rule in RULES_OF_COLOUR}
    answer = axe.run(
        page, options={"resultTypes": ["violations"], "runOnly": EVERY_RULE, "rules": off}
    ).response
    return [
        (violation["id"], [node["html"][:160] for node in violation["nodes"][:3]])
        for violation in answer["violations"]
    ]


def _colour(page: Any, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    # Links of Django's admin take a moment to change their colour.
    page.evaluate(
        """document.getAnimations()
            .filter(each => each instanceof CSSTransition)
            .forEach(each => each.finish())"""
    )
