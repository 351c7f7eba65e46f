"""HTML → Document: parse, select the content, walk it, collect signals for judging the visit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from platforms.extraction import mail_addresses, shadows, streams
from platforms.extraction.boilerplate import NamedFurniture, main_content
from platforms.extraction.comparison_form import digest_of
from platforms.extraction.document import Document
from platforms.extraction.encodings import to_utf8
from platforms.extraction.form_controls import Controls
from platforms.extraction.lengths import TextLengths
from platforms.extraction.links import Links
from platforms.extraction.markdown import to_markdown
from platforms.extraction.parser_limits import limit_markup
from platforms.extraction.related_links import without_further_reading
from platforms.extraction.selectors import (
    Nodes,
    Selector,
    find,
    format_selector,
    ids_of,
    runs_outside,
)
from platforms.extraction.walker import Walker

# Chosen. A text this short may be a wall, an error page or a wrong selector: the judge then needs
# the beginning of the whole page.
_SHORT_CHARS = 500
_EXCERPT_CHARS = 2_000
_EXCERPT_BLOCKS = 100
_SHELL_CHARS = 200  # a page with scripts and less text than this waits for its scripts; chosen
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
    """Return the Document of a page. For the arguments see `platforms.extraction.extract`."""
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
    excerpt, is_shell = _excerpt(tree, head.links) if len(text) < _SHORT_CHARS else ("", False)
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
    """Return the tree of a page; streamed parts and shadow trees are where a browser shows them.

    Raises MemoryError if there is too little memory.
    """
    html = limit_markup(to_utf8(body, content_type))
    try:
        tree = LexborHTMLParser(html)
    except SelectolaxError as error:
        # Any bytes are HTML: the parser fails only without memory, and does not say so.
        raise MemoryError from error
    if mail_addresses.SIGN in html:
        mail_addresses.show_hidden_addresses(tree)
    # Both need templates in the markup, which most pages do not have.
    if _TEMPLATE in html:
        if streams.SIGN in html:
            streams.place_late_parts(tree)
        if shadows.SIGN in html:
            shadows.show_shadow_trees(tree)
    return tree


def _choose(
    tree: LexborHTMLParser,
    select: Sequence[Selector],
    remove: Sequence[Selector],
    lengths: TextLengths,
) -> tuple[list[Nodes], set[int], tuple[str, ...]]:
    """Return the runs of nodes to read, the `mem_id` of nodes to skip, and the missed selectors."""
    removed = ids_of(tree, remove)
    if not select:
        roots, skip = main_content(tree, lengths)
        return [[root] for root in roots], skip | removed, ()
    runs: list[Nodes] = []
    missed: list[str] = []
    for selector in select:
        matches = find(tree, selector)
        if not matches:
            missed.append(format_selector(selector))
        runs += runs_outside(matches, removed)
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
    """Read the metadata of a page. Broken markup may have it outside the <head>."""
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
    """Return the levels of headings by role (WAI-ARIA 1.2), by `mem_id`."""
    levels = {}
    for root in roots:
        for node in root.css("[role=heading]"):
            level = node.attributes.get("aria-level") or ""
            levels[node.mem_id] = int(level) if level in _LEVELS else _DEFAULT_LEVEL
    return levels


def _language(tree: LexborHTMLParser) -> str:
    html = tree.css_first("html")
    return (html.attributes.get("lang") or "").strip() if html is not None else ""


def _excerpt(tree: LexborHTMLParser, links: Links) -> tuple[str, bool]:
    """Return the beginning of the whole page, and whether its text would come from scripts."""
    if tree.body is None:
        return "", False
    walker = Walker(links=links, max_blocks=_EXCERPT_BLOCKS)
    walker.feed([tree.body])
    text = to_markdown(walker.blocks)
    scripted = tree.css_first("script") is not None
    return text[:_EXCERPT_CHARS], scripted and len(text) < _SHELL_CHARS
