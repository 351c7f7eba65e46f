"""HTML → Document: parse, choose what counts, walk it, and note what a judge needs to know."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from platforms.extraction import shadows, streams
from platforms.extraction.boilerplate import NamedFurniture, main_content
from platforms.extraction.comparison_form import digest_of
from platforms.extraction.controls import Controls
from platforms.extraction.decoding import to_utf8
from platforms.extraction.document import Document
from platforms.extraction.lengths import TextLengths
from platforms.extraction.links import Links
from platforms.extraction.markdown import to_markdown
from platforms.extraction.parser_limits import tame
from platforms.extraction.related_links import without_further_reading
from platforms.extraction.selecting import Nodes, Selector, find, ids_of, outside, spelled
from platforms.extraction.walking import Walker

_SHORT_CHARS = 500
_EXCERPT_CHARS = 2_000
_EXCERPT_BLOCKS = 100
_SHELL_CHARS = 200
_HEAD_QUERY = 'title, meta, link[rel="canonical" i], base, input[type="password" i]'
_REFRESH_CHARS = 2_000
_TITLE_CHARS = 5_000
_TEMPLATE = b"<template"
_LEVELS = frozenset("123456")
_DEFAULT_LEVEL = 2
_REFRESH = re.compile(r"\s*+[\d.]*+\s*+[;,]?\s*+url\s*+=\s*[\"']?([^\"'\s]+)", re.IGNORECASE)


def read_html(
    body: bytes,
    *,
    url: str,
    content_type: str,
    select: Sequence[Selector],
    remove: Sequence[Selector],
) -> Document:
    """Return what a page says; see `platforms.extraction.extract`."""
    tree = parse(body, content_type)
    head = _read_head(tree, url)
    lengths = TextLengths(tree)
    runs, skip, missed = _choose(tree, select, remove, lengths)
    roots = [node for run in runs for node in run]
    walker = Walker(
        links=head.links,
        skip=skip,
        controls=Controls(tree, roots),
        is_furniture=NamedFurniture(roots, lengths),
        headings=_headings_by_role(roots),
    )
    for run in runs:
        walker.feed(run)
    blocks = without_further_reading(walker.blocks, {link.text for link in walker.links})
    text = to_markdown(blocks)
    excerpt, is_shell = _look_around(tree, head.links) if len(text) < _SHORT_CHARS else ("", False)
    return Document(
        text=text,
        blocks=tuple(blocks),
        digest=digest_of(text),
        title=head.title,
        language=_language(tree) or head.language,
        links=tuple(walker.links),
        images=tuple(walker.images),
        forms=tuple(dict.fromkeys(walker.forms)),
        missed_selectors=missed,
        canonical_url=head.canonical_url,
        refresh_url=head.refresh_url,
        noindex=head.noindex,
        has_password_field=head.has_password_field,
        whole_page_excerpt=excerpt,
        is_script_shell=is_shell,
    )


def parse(body: bytes, content_type: str) -> LexborHTMLParser:
    """Return the tree of a page, with what it sent late or apart in the places meant for it."""
    html = tame(to_utf8(body, content_type))
    tree = LexborHTMLParser(html)
    # Both leave templates in the markup, as hardly any page does: one search for most of them.
    if _TEMPLATE in html:
        if streams.SIGN in html:
            streams.put_in_place(tree)
        if shadows.SIGN in html:
            shadows.show_shadow_trees(tree)
    return tree


def _choose(
    tree: LexborHTMLParser,
    select: Sequence[Selector],
    remove: Sequence[Selector],
    lengths: TextLengths,
) -> tuple[list[Nodes], set[int], tuple[str, ...]]:
    """Return the runs of nodes to read, the `mem_id` to skip, and the selectors without a match."""
    removed = ids_of(tree, remove)
    if not select:
        roots, skip = main_content(tree, lengths)
        return [[root] for root in roots], skip | removed, ()
    runs: list[Nodes] = []
    missed: list[str] = []
    for selector in select:
        found = find(tree, selector)
        if not found:
            missed.append(spelled(selector))
        runs += outside(found, removed)
    return runs, removed, tuple(missed)


@dataclass(slots=True)
class _Head:
    links: Links
    title: str = ""
    language: str = ""
    canonical_url: str = ""
    refresh_url: str = ""
    noindex: bool = False
    has_password_field: bool = False


def _read_head(tree: LexborHTMLParser, url: str) -> _Head:
    """Read what a page says about itself, wherever on the page broken markup has put it."""
    nodes = tree.css(_HEAD_QUERY)
    base = next((node.attributes.get("href") for node in nodes if node.tag == "base"), "")
    head = _Head(Links(url, base or ""))
    for node in nodes:
        match node.tag:
            case "title":
                head.title = head.title or " ".join(node.text_lexbor()[:_TITLE_CHARS].split())
            case "meta":
                _read_meta(node, head)
            case "link":
                head.canonical_url = head.links.absolute(node.attributes.get("href") or "")
            case "input":
                head.has_password_field = True
    return head


def _read_meta(node: LexborNode, head: _Head) -> None:
    attributes = node.attributes
    name = (attributes.get("name") or attributes.get("http-equiv") or "").lower()
    content = attributes.get("content") or ""
    if name == "refresh" and (target := _REFRESH.match(content[:_REFRESH_CHARS])):
        head.refresh_url = head.links.absolute(target[1])
    elif name in ("robots", "googlebot"):
        head.noindex = head.noindex or "noindex" in content.lower() or content.lower() == "none"
    elif name == "content-language":
        head.language = content.split(",")[0].strip()


def _headings_by_role(roots: Sequence[LexborNode]) -> dict[int, int]:
    """Return the levels of what is a heading by its role alone, by `mem_id` (WAI-ARIA 1.2)."""
    found = {}
    for root in roots:
        for node in root.css("[role=heading]"):
            level = node.attributes.get("aria-level") or ""
            found[node.mem_id] = int(level) if level in _LEVELS else _DEFAULT_LEVEL
    return found


def _language(tree: LexborHTMLParser) -> str:
    html = tree.css_first("html")
    return (html.attributes.get("lang") or "").strip() if html is not None else ""


def _look_around(tree: LexborHTMLParser, links: Links) -> tuple[str, bool]:
    """Return the beginning of all that a page shows, and whether scripts would bring its words."""
    if tree.body is None:
        return "", False
    walker = Walker(links=links, max_blocks=_EXCERPT_BLOCKS)
    walker.feed([tree.body])
    text = to_markdown(walker.blocks)
    scripted = tree.css_first("script") is not None
    return text[:_EXCERPT_CHARS], scripted and len(text) < _SHELL_CHARS
