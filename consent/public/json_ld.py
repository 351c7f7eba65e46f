"""What pages hold, in the words that programs share (schema.org), as JSON-LD.

Only what the page itself says: data sets with their files, steps of guides, and who wrote a
change on what evidence. No ratings of platforms, since we give none; a platform's answer is that
of its page. Claims are rated as their pages rate them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consent.declarations.claims import ClaimDeclaration, ClaimWords, Rating
from consent.ledger.answers import Verdict
from consent.ledger.catalog_words import translated
from consent.ledger.headline_words import headline
from consent.ledger.verdict_words import sentence_words
from consent.models import Entry, Guide, GuideSurface
from consent.public.share_image.captions import ShareCard
from consent.public.share_image.share_card import HEIGHT, WIDTH
from consent.web.absolute_urls import absolute_url
from platforms.models import Platform
from platforms.record_versions import shown_versions
from platforms.vocabulary import Origin

LICENCE = "https://creativecommons.org/licenses/by/4.0/"

Node = dict[str, Any]


def timeline_dataset(months: Iterable[dt.date]) -> Node:
    """The timeline as a data set. months: those in which there are changes."""
    known = sorted(months)
    return _dataset(
        name=_("Timeline of AI-training defaults"),
        description=_("Changes of what platforms use for AI training unless people say no."),
        path=reverse("timeline"),
        files=[("application/atom+xml", reverse("timeline-atom"))],
    ) | ({"temporalCoverage": f"{known[0]:%Y-%m}/.."} if known else {})


def matrix_dataset(day: dt.date) -> Node:
    return _dataset(
        name=_("Who uses which data for AI training"),
        description=_("What each platform uses for AI training by kind of data, on one day."),
        path=reverse("matrix"),
        files=[("text/csv", reverse("matrix-csv")), ("application/json", reverse("matrix-json"))],
    ) | {"temporalCoverage": day.isoformat()}


def platform_dataset(platform: Platform, verdict: Verdict) -> Node:
    """verdict: the one that the page shows."""
    said = [sentence_words(each, verdict.operator) for each in verdict.sentences]
    return _dataset(
        name=_("%s: AI training, defaults and how to say no") % platform.name,
        description=". ".join([headline(verdict), *said, translated(platform.summary)]).strip(),
        path=platform.get_absolute_url(),
        files=[
            ("application/atom+xml", f"{reverse('timeline-atom')}?platform={platform.slug}"),
        ],
    ) | {"about": _service(platform)}


def how_to(guide: Guide, changed_at: dt.datetime) -> Node:
    """The steps of a guide, a section a surface. Reads GuideQuerySet.for_page."""
    node = _node("HowTo") | {
        "name": guide.title,
        "url": absolute_url(guide.get_absolute_url()),
        "inLanguage": settings.LANGUAGE_CODE,
        "about": _service(guide.platform),
        "publisher": _publisher(),
        "license": LICENCE,
        "step": [_section(surface) for surface in guide.surfaces.all()],
        "dateModified": changed_at.isoformat(timespec="seconds"),
    }
    if guide.minutes:
        node["totalTime"] = f"PT{guide.minutes}M"
    return node


def article(entry: Entry, card: ShareCard) -> Node:
    """What is told of one change, with the pages it rests on."""
    node = _node("Article") | {
        "headline": entry.title,
        "description": entry.summary,
        "url": absolute_url(entry.get_absolute_url()),
        "identifier": entry.public_id,
        "inLanguage": settings.LANGUAGE_CODE,
        "author": _publisher(),
        "publisher": _publisher(),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "image": {
            "@type": "ImageObject",
            "url": absolute_url(card.path),
            "width": WIDTH,
            "height": HEIGHT,
            "caption": card.alt,
        },
        "about": [_service(platform) for platform in entry.platforms.all()],
        "citation": [source.url for source in entry.sources.all()],
    }
    # What the catalog took over bears the day of its sources, which is no day of ours.
    ours = entry.origin != Origin.CATALOG
    if ours and entry.published_at:
        node["datePublished"] = entry.published_at.isoformat(timespec="seconds")
    # The same moment as in the feed and the API: a save that changes nothing is no news.
    version = shown_versions("entry", [entry.pk]).get(entry.pk)
    if version or ours:
        changed_at = version.at if version else entry.updated_at
        node["dateModified"] = changed_at.isoformat(timespec="seconds")
    return node


def claim_review(
    claim: ClaimDeclaration, told: ClaimWords, language: str, citations: Iterable[str]
) -> Node:
    """The rating of a claim, as search engines read it. Source: schema.org/ClaimReview."""
    ratings = (Rating.FALSE, Rating.NOT_SHOWN, Rating.PARTLY, Rating.TRUE)
    rating = Rating.NOT_SHOWN if claim.rating == Rating.NO_EFFECT else claim.rating
    return _node("ClaimReview") | {
        "url": absolute_url(reverse("claim", args=[claim.slug])),
        "claimReviewed": told.claim,
        "itemReviewed": {"@type": "Claim", "name": told.claim},
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": ratings.index(rating) + 1,
            "worstRating": 1,
            "bestRating": len(ratings),
            "alternateName": str(claim.rating.label),
        },
        "reviewBody": told.finding,
        "inLanguage": language,
        "author": _publisher(),
        "license": LICENCE,
        "datePublished": claim.first.on.on.isoformat(),
        "dateModified": claim.latest.on.on.isoformat(),
        "citation": list(citations),
    }


def _dataset(*, name: str, description: str, path: str, files: list[tuple[str, str]]) -> Node:
    return _node("Dataset") | {
        "name": name,
        "description": description,
        "url": absolute_url(path),
        "inLanguage": get_language(),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "creator": _publisher(),
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": content_type,
                "contentUrl": absolute_url(address),
            }
            for content_type, address in files
        ],
    }


def _section(surface: GuideSurface) -> Node:
    return {
        "@type": "HowToSection",
        "name": surface.get_surface_display(),
        "itemListElement": [
            {"@type": "HowToStep", "position": step.position, "text": step.act}
            for step in surface.steps.all()
        ],
    }


#: Where lists of others have a page for each service.
_PAGES_ELSEWHERE = {
    "wikidata": "https://www.wikidata.org/wiki/{}",
    "tosdr": "https://tosdr.org/en/service/{}",
}


def _service(platform: Platform) -> Node:
    same = platform.same_as
    node: Node = {
        "@type": "Service",
        "name": platform.name,
        "url": platform.homepage,
        "provider": {"@type": "Organization", "name": platform.operator},
    }
    pages = [page.format(same[name]) for name, page in _PAGES_ELSEWHERE.items() if name in same]
    if pages:
        node["sameAs"] = pages
    ids = [
        {"@type": "PropertyValue", "propertyID": name, "value": value}
        for name, values in sorted(same.items())
        for value in (values if isinstance(values, list) else [values])
    ]
    if ids:
        node["identifier"] = ids
    return node


def _publisher() -> Node:
    return {"@type": "Organization", "name": "Default On", "url": absolute_url(reverse("about"))}


def _node(kind: str) -> Node:
    return {"@context": "https://schema.org", "@type": kind}
