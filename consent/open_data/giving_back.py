"""What we know in the formats of those who keep such notes. Files are written; nothing is sent."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from consent.ledger.facts import facts_of_all, listed_platforms
from consent.ledger.guide_lines import all_guide_lines
from consent.ledger.headline_words import headline
from consent.ledger.record_fields import Record
from consent.ledger.state_of_play import ANYBODY
from consent.ledger.verdict import verdict
from consent.web.absolute_urls import absolute_url
from platforms.fetching.ai_crawlers import Crawler, CrawlerPurpose, known_crawlers
from platforms.models import Page
from platforms.vocabulary import Access, PageKind

#: A letter in the format of Datenanfragen.de (templates/en). {…} are theirs.
OBJECTION_LETTER = """To Whom It May Concern:

I am hereby objecting to the use of personal data concerning me for the training, testing and
improvement of artificial intelligence models, according to Article 21(1) GDPR, and to the sharing
of such data with others for these purposes.

If I have given consent to such use (e.g. according to Article 6(1) or Article 9(2) GDPR), I am
hereby withdrawing said consent.

Please confirm that data concerning me will not be used for these purposes from now on. Please also
tell me which data concerning me have already been used, for which models, and whether they can be
removed (Article 15 GDPR).

My request explicitly includes [runs>the following as well as ]any other services and companies for
which you are the controller as defined by Article 4(7) GDPR[runs>: {runs_list}].

As laid down in Article 12(3) GDPR, you have to answer without undue delay and in any event within
one month of receipt of the request.

I am including the following information necessary to identify me:
{id_data}
If you do not answer my request within the stated period, I reserve the right to take legal action
against you and to lodge a complaint with the responsible supervisory authority.

Thank you in advance.

Yours sincerely,
"""
_FUNCTIONS = {
    CrawlerPurpose.TRAINING: "AI Data Scrapers",
    CrawlerPurpose.SEARCH: "AI Search Crawlers",
    CrawlerPurpose.ASSISTANT: "AI Assistants",
    CrawlerPurpose.DATA: "AI Data Providers",
}
_NOT_KNOWN = "Unclear at this time."


def write_all(folder: Path, *, crawlers_known: Collection[str] = ()) -> Mapping[str, int]:
    """Write all files into a folder; return how many records each has.

    crawlers_known: names that ai.robots.txt has already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    notes = list(deletion_notes())
    _write(folder / "justdeleteme-notes.json", notes)
    crawlers = crawler_additions(crawlers_known)
    _write(folder / "ai-robots-additions.json", crawlers)
    (folder / "objection-ai-training.txt").write_text(OBJECTION_LETTER, encoding="utf-8")
    declared = dict(terms_declarations())
    below = folder / "open-terms-archive"
    below.mkdir(exist_ok=True)
    for name, declaration in declared.items():
        _write(below / f"{name}.json", declaration)
    return {
        "justdeleteme-notes.json": len(notes),
        "ai-robots-additions.json": len(crawlers),
        "objection-ai-training.txt": 1,
        "open-terms-archive": len(declared),
    }


def deletion_notes() -> Iterator[Record]:
    """Yield a note for each service that JustDeleteMe has and that trains: answer and guide."""
    guides: dict[str, str] = {}
    for line in all_guide_lines():
        guides.setdefault(line.platform.slug, absolute_url(line.get_absolute_url()))
    facts, today = facts_of_all(), ANYBODY.on(timezone.localdate())
    for platform in listed_platforms():
        name = platform.same_as.get("justdeleteme")
        answer = verdict(facts[platform.pk], today)
        if name and answer.is_warm:
            page = guides.get(platform.slug, absolute_url(platform.get_absolute_url()))
            yield {"name": name, "notes": f"AI training: {headline(answer)}. {page}"}


def terms_declarations() -> Iterator[tuple[str, Record]]:
    """Yield services with their help and settings pages, as Open Terms Archive declares documents.

    Its closed list of types has none for such pages: the type is their kind and title, and must be
    agreed on before anything is handed in.
    """
    kinds = (PageKind.HELP, PageKind.SETTINGS)
    pages = Page.objects.living().filter(kind__in=kinds, access=Access.PUBLIC)
    pages = pages.filter(platform__listed=True).select_related("platform")
    found: dict[str, Record] = {}
    for page in pages.order_by("platform__slug", "url"):
        name = page.platform.name.replace("/", "-")
        service = found.setdefault(name, {"name": page.platform.name, "terms": {}})
        type_of_terms = f"{page.get_kind_display()}: {page.title}"
        service["terms"][type_of_terms] = _document(page)
    yield from found.items()


def _document(page: Page) -> Record:
    document: Record = {"fetch": page.url}
    if page.fetch_mode == "browser":
        document["executeClientScripts"] = True
    if page.select:
        document["select"] = page.select
    if page.remove:
        document["remove"] = page.remove
    return document


def crawler_additions(known: Collection[str] = ()) -> Record:
    """Return the crawlers that ai.robots.txt does not have yet, in the form of its robots.json."""
    names = {name.casefold() for name in known}
    return {
        each.name: _crawler(each) for each in known_crawlers() if each.name.casefold() not in names
    }


def _crawler(each: Crawler) -> Record:
    return {
        "operator": f"[{each.owner}]({each.source})",
        "respect": _NOT_KNOWN,
        "function": _FUNCTIONS[each.purpose],
        "frequency": _NOT_KNOWN,
        "description": f"Documented by its operator: {each.source}",
    }


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=4) + "\n", encoding="utf-8")
