"""Finds what surrounds the text of a page: banners, votes, shares, related articles, navigation.

This is called furniture here. Where a curator has set selectors, only furniture with a telling
class or id is left out. Without selectors, only the main content of the page is read.
"""

import re
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from platforms.extraction.lengths import TextLengths
from platforms.extraction.selectors import outermost

# Matches whole words of a class or id: "cookie-policy" is read, "cookie-banner" is left out.
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:"
    r"onetrust|ot-sdk|cybotcookiebot|cookiebot|usercentrics|didomi|truste|qc-cmp2"
    r"|(?:cookies?|consent|gdpr|ccpa)[_-]?(?:banner|bar|popup|modal|dialog|overlay|prompt|toast)"
    r"|(?:cookie|gdpr)[_-]?(?:consent|notice)[_-]?(?:banner|bar|popup|modal|dialog|container)?"
    r"|(?:article|page|post)[_-]?(?:votes?|voting|feedback|ratings?|share|sharing|relatives)"
    r"|(?:votes?|voting|was-this-helpful|helpfulness|feedback-(?:form|widget))"
    r"|(?:social|share)[_-]?(?:share|sharing|bar|buttons?|links?|icons?|list)"
    r"|(?:related|recommended|suggested|recent(?:ly)?|similar)"
    r"[_-]?(?:viewed|articles?|posts?|questions?|topics?|content|stories|links?|reading)"
    r"|(?:article|page|post)[_-]?comments?|comments?[_-](?:list|section|area|form|thread|overview)"
    r"|(?:intercom[_-]?)?reactions?[_-]?(?:picker|bar|buttons?)"
    r"|(?:breadcrumbs?|skip-?link|skip-to-content|newsletter(?:-signup)?)"
    r")(?:$|[\s_-])",
    re.IGNORECASE,
)
# Parts of these names. An element may have hundreds of generated class names; most contain no
# hint, so the slower expression need not run.
_HINTS = (
    *("ookie", "onsent", "gdpr", "ccpa", "onetrust", "ot-sdk", "usercentrics", "didomi", "truste"),
    *("qc-cmp", "vot", "Vot", "elpful", "eedback", "rating", "Rating", "hare", "haring", "relat"),
    *("Relat", "ecommended", "uggested", "ecent", "imilar", "readcrumb", "kip", "ewsletter"),
    *("social", "eaction", "omment"),
)
# Landmarks around the main content, by element and by role (WAI-ARIA 1.2, HTML AAM).
_LANDMARKS = (
    "nav, footer, dialog, [role=navigation], [role=banner], [role=contentinfo], [role=search],"
    " [role=dialog], [role=alertdialog], [role=menu], [role=menubar], [role=tooltip],"
    " [aria-modal=true]"
)
# Beside an article, an aside usually links to other pages; inside one, it may be a note.
_ASIDES = "aside, [role=complementary]"
_MAIN = ("main, [role=main]", "article, [role=article], [itemprop=articleBody]")
# Furniture is a small part of the text. An element with a larger share is taken for content.
# Chosen.
_LARGEST_SHARE = 0.4
# A main element with less of the page's text is ignored: the words are elsewhere. Chosen.
_LEAST_SHARE = 0.25


class NamedFurniture:
    """Recognises furniture by its class or id, among the nodes that are read."""

    def __init__(self, roots: list[LexborNode], lengths: TextLengths) -> None:
        self._roots = roots
        self._lengths = lengths
        self._limit: float | None = None

    def __call__(self, node: LexborNode) -> bool:
        named = _names_furniture(node.attrs.get("class")) or _names_furniture(node.id)
        return named and self._lengths.of(node) <= self._longest()

    def _longest(self) -> float:
        if self._limit is None:
            self._limit = _LARGEST_SHARE * sum(map(self._lengths.of, self._roots))
        return self._limit


def main_content(tree: LexborHTMLParser, lengths: TextLengths) -> tuple[list[LexborNode], set[int]]:
    """Return the roots of a page's main content, and the `mem_id` of nodes in them to leave out."""
    body = tree.body or tree.root
    if body is None:
        return [], set()
    roots = _main_roots(tree, body, lengths)
    skip: set[int] = set()
    for root in roots:
        around = root.css(_LANDMARKS) + _page_headers(root)
        asides = root.css(_ASIDES)
        around += asides if root.tag == "body" else _mostly_links(asides, lengths)
        limit = _LARGEST_SHARE * lengths.of(root)
        skip.update(node.mem_id for node in around if lengths.of(node) <= limit)
    return roots, skip - {root.mem_id for root in roots}


def _main_roots(tree: LexborHTMLParser, body: LexborNode, lengths: TextLengths) -> list[LexborNode]:
    least = _LEAST_SHARE * _words_length(body, lengths)
    for query in _MAIN:
        roots = outermost(tree.css(query))
        words = sum(_words_length(node, lengths) for node in roots)
        if roots and words >= least:
            # Several articles are a list of teasers, or an answer with comments: all are read.
            return roots
    return [body]


def _page_headers(root: LexborNode) -> list[LexborNode]:
    """Return the headers of the page. Headers of articles contain a title and are not returned."""
    return [
        node
        for node in root.css("header")
        if node.css_first("h1, h2") is None
        and node.css_first("nav, [role=navigation], a") is not None
    ]


def _mostly_links(asides: list[LexborNode], lengths: TextLengths) -> list[LexborNode]:
    """Return the asides with at least half of their text in links."""
    return [node for node in asides if lengths.linked(node) * 2 >= lengths.stripped(node)]


def _words_length(node: LexborNode, lengths: TextLengths) -> int:
    code = sum(map(lengths.of, node.css("script, style, noscript, template")))
    return lengths.of(node) - code


@lru_cache(maxsize=8192)
def _names_furniture(name: str | None) -> bool:
    """Return whether a class or id names furniture. Cached, as pages of a site share names."""
    if not name or not any(map(name.__contains__, _HINTS)):
        return False
    return _NAMED.search(name) is not None
