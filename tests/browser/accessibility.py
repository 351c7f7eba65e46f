"""The rules of accessibility that every page must keep, asked of axe."""

from typing import Any

import pytest

EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def broken_rules(page: Any) -> list[tuple[str, list[str]]]:
    """Return each broken rule with the elements that break it.

    Closed parts are opened first: every word must pass.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    answer = axe.run(page, options={"runOnly": EVERY_RULE, "resultTypes": ["violations"]}).response
    return [
        (violation["id"], [node["html"][:160] for node in violation["nodes"][:3]])
        for violation in answer["violations"]
    ]
