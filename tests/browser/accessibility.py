"""The rules of accessibility that every page must keep, asked of axe."""

from collections.abc import Callable
from typing import Any

import pytest

#: Width in pixels and colours in which the rules are asked.
VIEWS = ((360, "dark"), (1280, "light"))
EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What depends on the colours that the reader's system asks for. They change nothing else.
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]
#: What depends on the width even if the same elements are shown.
RULES_OF_LAYOUT = ["target-size", "scrollable-region-focusable"]
#: Each broken rule with the first elements that break it.
Broken = list[tuple[str, list[str]]]
#: Checking the colours of each text takes most of axe's time. An element is marked if an earlier
#: one looks the same and is inside elements that look the same: then its colours are the same, too.
MARK_REPEATED_LOOKS = """() => {
    const STYLES = [
        'color', 'backgroundColor', 'backgroundImage', 'opacity', 'fill', 'fontSize', 'fontWeight',
        'textDecorationLine', 'textShadow', 'filter', 'mixBlendMode', 'position', 'display',
        'visibility', 'clip', 'clipPath', 'overflow',
    ];
    const kindOfText = (element) => {
        const nodes = [...element.childNodes].filter(node => node.nodeType === Node.TEXT_NODE);
        const text = nodes.map(node => node.data).join('').trim();
        return text.length > 1 && /[\\p{L}\\p{N}]/u.test(text) ? 'words' : text ? 'sign' : '';
    };
    const known = new Map();
    const mark = (element, around) => {
        const style = getComputedStyle(element);
        const look = [
            around, element.localName, element.getAttribute('class'), kindOfText(element),
            element.matches(':disabled, [aria-disabled=true]'), element.control?.disabled,
            element.getClientRects().length > 0, ...STYLES.map(name => style[name]),
        ].join('|');
        element.toggleAttribute('data-repeated-look', known.has(look));
        if (!known.has(look)) known.set(look, known.size);
        for (const child of element.children) mark(child, known.get(look));
    };
    mark(document.documentElement, '');
}"""
SKIP_REPEATED_LOOKS = """axe.configure({rules: [
    {id: 'color-contrast', selector: ':not([data-repeated-look])'},
    {id: 'link-in-text-block', selector: 'a[href]:not([data-repeated-look])'},
]})"""


#: Numbers the elements that are shown.
SHOWN = """[...document.body.querySelectorAll('*')].flatMap(
    (element, number) => element.checkVisibility() ? [number] : [])"""


def broken_in_each_view(
    page: Any, look: Callable[[int], object] = lambda width: None
) -> dict[int, Broken]:
    """Return by width which rules an open page breaks, in the width and scheme of each of VIEWS.

    No script of ours and no answer of the server depends on either, so one load serves for all.
    look: called in each view before closed parts are opened. Where another view shows the same
    elements, only what it can change is checked again: colours and layout.
    """
    found = {}
    shown_before: list[list[int]] = []
    for width, scheme in VIEWS:
        resize(page, width)
        page.emulate_media(color_scheme=scheme)
        # Links of Django's admin take a moment to change their colour.
        page.evaluate(
            """document.getAnimations()
                .filter(each => each instanceof CSSTransition)
                .forEach(each => each.finish())"""
        )
        look(width)
        open_details(page)
        shown = page.evaluate(SHOWN)
        rules = RULES_OF_COLOUR + RULES_OF_LAYOUT if shown in shown_before else EVERY_RULE
        shown_before.append(shown)
        if broken := broken_rules(page, rules):
            found[width] = broken
    return found


def resize(page: Any, width: int) -> None:
    """Make the window so many pixels wide."""
    page.set_viewport_size({"width": width, "height": 900})


def open_details(page: Any) -> None:
    """Open all closed parts: every word in them must pass, too."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def broken_rules(page: Any, rules: list[str] = EVERY_RULE, *, colours: bool = True) -> Broken:
    """Open all closed parts and return each broken rule with the elements that break it.

    rules: names of rules or of groups of them. colours: whether to check the rules of colour as
    well. A translation has the colours of its original.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    open_details(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.axe_script)
        page.evaluate(SKIP_REPEATED_LOOKS)
    if colours:
        page.evaluate(MARK_REPEATED_LOOKS)
    off = {} if colours else {rule: {"enabled": False} for rule in RULES_OF_COLOUR}
    violations = page.evaluate(
        "options => axe.run(options).then(answer => answer.violations)",
        {
            "resultTypes": ["violations"],
            "runOnly": rules,
            "rules": off,
            "preload": False,  # no rule of these reads style sheets, and no page has a film
        },
    )
    return [
        (violation["id"], [node["html"][:160] for node in violation["nodes"][:3]])
        for violation in violations
    ]
