"""The timeline as feeds: Atom (RFC 4287) and JSON Feed 1.1, in pages (RFC 5005)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consent.declarations.claims import ClaimDeclaration, RevisionDeclaration, corrected_claims
from consent.ledger.catalog_words import translated
from consent.ledger.filters import TimelineFilters, address
from consent.models import Entry
from consent.models.entries import EntryQuerySet
from consent.vocabulary import Effect, PublicationStatus
from consent.web.absolute_urls import absolute_url
from consent.web.page_language import colon
from consent.web.program_files import (
    in_asked_language,
    program_file,
    refused,
    refused_filters,
)
from platforms.characters import cleaned
from platforms.record_versions import shown_versions

ENTRIES_PER_FEED = 50
_PARAMETERS = frozenset({*TimelineFilters.base_fields, "older", "lang"})
#: Time of change of an empty feed; constant, so that the feed does not change.
_NEVER = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
#: How programs recognise what we took back, besides the words before its title.
_WITHDRAWN = "withdrawn"


def permanent_id(public_id: str) -> str:
    """Return an entry's id for feeds. It does not change, even with the site's address."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"default-on:change:{public_id}").urn


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page of a feed. query: of the view; older: the id after which the next page begins.

    language: of the addresses; "" for the one that feeds are in without asking. claims: versions of
    claims checked that correct them, where corrections alone are asked for; all on the first page.
    """

    query: str
    entries: Sequence[Entry]
    after: str = ""
    older: str = ""
    language: str = ""
    claims: Sequence[tuple[ClaimDeclaration, RevisionDeclaration]] = ()

    def address(self, name: str, *, after: str = "") -> str:
        language = f"lang={self.language}" if self.language else ""
        asked = filter(None, [self.query, f"older={after}" if after else "", language])
        return address(absolute_url(reverse(name)), "&".join(asked))

    @property
    def home(self) -> str:
        return address(absolute_url(reverse("timeline")), self.query)

    @property
    def guid(self) -> str:
        view = f"{self.query}{self.language}"
        return uuid.uuid5(uuid.NAMESPACE_URL, f"default-on:feed:timeline:{view}").urn


class _SteadyAtom(Atom1Feed):
    """An Atom feed in pages, with a constant time of change while it is empty, and clean texts."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(**cleaned(fields))

    def add_item(self, **fields: Any) -> None:  # type: ignore[override] # keywords only
        super().add_item(**cleaned(fields))

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for relation, href in self.feed["pages"].items():
            handler.addQuickElement("link", "", {"rel": relation, "href": href})

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:dcterms": "http://purl.org/dc/terms/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if first := _moment(item["first_published_at"]):
            handler.addQuickElement("dcterms:issued", first)

    def latest_post_date(self) -> dt.datetime:
        return super().latest_post_date() if self.items else _NEVER


@program_file(reads=_PARAMETERS)
@in_asked_language
def timeline_atom(request: HttpRequest) -> HttpResponse:
    """The newest entries as Atom; takes the same filters as the timeline."""
    page = _page(request)
    if isinstance(page, HttpResponse):
        return page
    pages = {"first": page.address("timeline-atom")}
    if page.older:
        pages["next"] = page.address("timeline-atom", after=page.older)
    feed = _SteadyAtom(
        title=_title(),
        link=page.home,
        description=_description(),
        language=get_language(),
        feed_url=page.address("timeline-atom", after=page.after),
        feed_guid=page.guid,
        author_name="Default On",
        pages=pages,
    )
    for entry in page.entries:
        feed.add_item(
            title=_title_of(entry),
            link=absolute_url(entry.get_absolute_url()),
            description=_text_of(entry),
            unique_id=permanent_id(entry.public_id),
            pubdate=entry.published_at,
            updateddate=_changed_at(entry),
            categories=_tags_of(entry),
            first_published_at=_first_published_at(entry),
        )
    for claim, version in page.claims:
        feed.add_item(
            title=_title_of_claim(claim),
            link=_address_of_claim(claim),
            description=translated(version.what),
            unique_id=_id_of_version(claim, version),
            pubdate=_day_of(version),
            updateddate=_day_of(version),
            first_published_at=None,
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


@program_file(reads=_PARAMETERS)
@in_asked_language
def timeline_json(request: HttpRequest) -> HttpResponse:
    """The same entries as JSON Feed 1.1 (jsonfeed.org)."""
    page = _page(request)
    if isinstance(page, HttpResponse):
        return page
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(),
        "home_page_url": page.home,
        "feed_url": page.address("timeline-json"),
        "description": _description(),
        "language": get_language(),
        "authors": [{"name": "Default On", "url": absolute_url(reverse("home"))}],
        "items": [
            *(_json_item(entry) for entry in page.entries),
            *(_json_item_of_claim(*each) for each in page.claims),
        ],
    }
    if page.older:
        feed["next_url"] = page.address("timeline-json", after=page.older)
    return JsonResponse(cleaned(feed), content_type="application/feed+json")


def _page(request: HttpRequest) -> FeedPage | HttpResponse:
    """Return the page of a feed, or why there is none."""
    asked = request.GET.copy()
    asked.pop("lang", None)
    filters = TimelineFilters(asked)
    if refusal := refused_filters(request, filters):
        return refusal
    older = request.GET.get("older", "")
    entries = _shown(filters).latest_published_first()
    if older:
        last = Entry.objects.on_record().filter(public_id=older).first()
        if last is None:
            return refused(request, f"older: there is no entry “{older}”.")
        before = Q(published_at__lt=last.published_at)
        entries = entries.filter(before | Q(published_at=last.published_at, key__gt=last.key))
    found = list(entries[: ENTRIES_PER_FEED + 1])
    shown = found[:ENTRIES_PER_FEED]
    more = len(found) > len(shown)
    versions = shown_versions("entry", [entry.pk for entry in shown])
    for entry in shown:
        entry.version = versions.get(entry.pk)
    language = get_language() or ""
    return FeedPage(
        filters.query(),
        shown,
        older,
        shown[-1].public_id if more else "",
        language if language != settings.LANGUAGE_CODE else "",
        corrected_claims(settings.CATALOG_DIR) if _asks_for_corrections(filters, older) else (),
    )


def _asks_for_corrections(filters: TimelineFilters, older: str) -> bool:
    return not older and filters.query() == urlencode({"kind": Effect.CORRECTION.value})


def _shown(filters: TimelineFilters) -> EntryQuerySet:
    """Return what a feed shows: the view, and what was taken back from it, which is marked.

    Programs keep what a feed once showed; they have to learn that it does not hold any more.
    """
    return filters.shown_of(Entry.objects.on_record())


def _json_item(entry: Entry) -> dict[str, Any]:
    return {
        "id": permanent_id(entry.public_id),
        "url": absolute_url(entry.get_absolute_url()),
        "title": _title_of(entry),
        "content_text": _text_of(entry),
        "date_published": _moment(entry.published_at),
        "date_modified": _moment(_changed_at(entry)),
        "tags": _tags_of(entry),
        "language": get_language() if _is_translated(entry) else settings.LANGUAGE_CODE,
        "_default_on": {
            "about": absolute_url(reverse("feeds")),
            "id": entry.public_id,
            "status": entry.status,
            "first_published_at": _moment(_first_published_at(entry)),
            "platforms": [platform.slug for platform in entry.platforms.all()],
            "effects": entry.effects,
            "direction": entry.direction,
        },
    }


def _json_item_of_claim(claim: ClaimDeclaration, version: RevisionDeclaration) -> dict[str, Any]:
    return {
        "id": _id_of_version(claim, version),
        "url": _address_of_claim(claim),
        "title": _title_of_claim(claim),
        "content_text": translated(version.what),
        "date_published": _moment(_day_of(version)),
        "date_modified": _moment(_day_of(version)),
        "language": get_language(),
    }


def _title_of_claim(claim: ClaimDeclaration) -> str:
    told, _language = claim.told_in(get_language() or "")
    kind = _("Claims checked")
    return f"{kind}{colon()} {told.claim}"


def _address_of_claim(claim: ClaimDeclaration) -> str:
    return absolute_url(f"{reverse('claim', args=[claim.slug])}#versions")


def _id_of_version(claim: ClaimDeclaration, version: RevisionDeclaration) -> str:
    number = claim.revisions.index(version) + 1
    return uuid.uuid5(uuid.NAMESPACE_URL, f"default-on:claim:{claim.slug}:{number}").urn


def _day_of(version: RevisionDeclaration) -> dt.datetime:
    return dt.datetime.combine(version.on.on, dt.time(), dt.UTC)


def _title() -> str:
    return _("Default On: who trains AI on what, by default")


def _description() -> str:
    return _("Changes of default settings for AI training.")


def _title_of(entry: Entry) -> str:
    title = translated(entry.title)
    return _("Withdrawn: %s") % title if _is_retracted(entry) else title


def _text_of(entry: Entry) -> str:
    if _is_retracted(entry):
        return entry.status_reason
    result = _("Result: %s") % translated(entry.result) if entry.result else ""
    return f"{translated(entry.summary)} {result}".rstrip()


def _is_translated(entry: Entry) -> bool:
    """Whether its text is in the language of the feed; titles are translated more often."""
    return not _is_retracted(entry) and translated(entry.summary) != entry.summary


def _tags_of(entry: Entry) -> list[str]:
    tags = [*(platform.name for platform in entry.platforms.all()), *entry.effect_labels]
    return [_WITHDRAWN, *tags] if _is_retracted(entry) else tags


def _is_retracted(entry: Entry) -> bool:
    return entry.status == PublicationStatus.RETRACTED


def _changed_at(entry: Entry) -> dt.datetime:
    """Return when the public record last changed; a save that changes nothing is no news."""
    return entry.version.at if entry.version else entry.updated_at


def _first_published_at(entry: Entry) -> dt.datetime | None:
    return entry.version.first_at if entry.version else None


def _moment(at: dt.datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
