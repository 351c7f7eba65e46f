"""Reads the metadata in the head of a page, for curators who decide what to watch. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from platforms.extraction.html import parse

# Bytes. Chosen: heads of real pages are shorter.
_HEAD = 300_000
_MODIFIED = ("article:modified_time", "og:updated_time", "last-modified", "dcterms.modified")
_PUBLISHED = ("article:published_time", "dcterms.issued", "dcterms.created")
_TITLES = ("og:title", "twitter:title", "dcterms.title", "citation_title")
_SITE_NAMES = ("og:site_name", "application-name", "dcterms.publisher")
_MAX_LENGTH = 200  # characters of one statement


@dataclass(frozen=True, slots=True)
class SelfDescription:
    """Statements in the head of a page; empty if there is none.

    canonical: the preferred address of the page, absolute.
    published, modified: as written in the page, in any format.
    robots: what robots may do with the page, such as "noindex, noarchive".
    languages: of its translations, as BCP 47 tags.
    title, site_name: as it wants to be cited.
    """

    canonical: str = ""
    published: str = ""
    modified: str = ""
    robots: str = ""
    languages: tuple[str, ...] = ()
    title: str = ""
    site_name: str = ""

    def statements(self) -> list[tuple[str, str]]:
        """Return the non-empty statements, each with a short label."""
        labelled = (
            ("canonical", self.canonical),
            ("published", self.published),
            ("modified", self.modified),
            ("to robots", self.robots),
            ("languages", ", ".join(self.languages)),
        )
        return [(label, statement) for label, statement in labelled if statement]


def describe(body: bytes, *, url: str, content_type: str = "text/html") -> SelfDescription:
    """Read the head of a page. Its statements are claims of the page and are not checked."""
    if "html" not in content_type:
        return SelfDescription()
    head = parse(body[:_HEAD], content_type)
    stated = dict(reversed(list(_metas(head))))  # the first of two statements applies
    links = head.css("link")
    return SelfDescription(
        canonical=_canonical(links, url),
        published=_first(stated, _PUBLISHED),
        modified=_first(stated, _MODIFIED),
        robots=stated.get("robots", ""),
        languages=tuple(
            dict.fromkeys(
                language
                for link in links
                if "alternate" in _words(link, "rel") and (language := _text(link, "hreflang"))
            )
        ),
        title=_first(stated, _TITLES),
        site_name=_first(stated, _SITE_NAMES),
    )


def _metas(head: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for meta in head.css("meta"):
        name = _text(meta, "name") or _text(meta, "property") or _text(meta, "http-equiv")
        if name and (content := _text(meta, "content")):
            yield name.lower(), content


def _canonical(links: list[LexborNode], url: str) -> str:
    for link in links:
        if "canonical" not in _words(link, "rel") or not (target := _text(link, "href")):
            continue
        try:
            address = urljoin(url, target)
            if urlsplit(address).scheme in ("http", "https"):
                return address
        except ValueError:
            continue
    return ""


def _first(stated: dict[str, str], names: tuple[str, ...]) -> str:
    return next((stated[name] for name in names if name in stated), "")


def _words(tag: LexborNode, attribute: str) -> list[str]:
    return _text(tag, attribute).lower().split()


def _text(tag: LexborNode, attribute: str) -> str:
    value = tag.attributes.get(attribute) or ""
    return " ".join(value.split())[:_MAX_LENGTH]
