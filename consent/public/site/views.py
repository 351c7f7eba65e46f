"""About, methodology, health, and the small files that programs ask for."""

import datetime as dt

from django.conf import settings
from django.contrib.sitemaps import views as sitemaps
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consent.declarations.claims import corrected_claims
from consent.ledger.counts import (
    event_count,
    guide_count,
    platform_count,
    training_use_count,
    watched_page_count,
)
from consent.ledger.filters import TimelineFilters
from consent.ledger.matrix_records import MATRIX_COLUMNS
from consent.ledger.miss_rates import miss_rates
from consent.ledger.revisions import by_day, older_than_shown
from consent.models import Entry, Revision
from consent.public.json_ld import LICENCE
from consent.public.rows import rows_of
from consent.public.site.glossary import kinds, other_words, states
from consent.public.site.methodology import methodology_html, methodology_tables
from consent.public.site.privacy import processors, stored_data
from consent.public.site.sitemap import SITEMAPS
from consent.web.absolute_urls import absolute_url
from consent.web.page_cache import public_page
from consent.web.page_language import paths_of, webcal_address
from consent.web.program_files import program_file
from consent.web.spreadsheets import csv_response
from platforms.fetching.policy import has_contact
from platforms.models import Page
from platforms.release import VERSION
from platforms.watch.state import watch_state

MOST_CORRECTIONS = 100
SECURITY_TXT_LASTS = dt.timedelta(days=180)


@require_safe
@public_page()
def about(request: HttpRequest) -> HttpResponse:
    counts = {
        "platforms": platform_count(),
        "pages": watched_page_count(),
        "uses": training_use_count(timezone.localdate()),
        "entries": event_count(),
        "guides": guide_count(),
    }
    context = {
        "counts": counts,
        "pages_read": counts["pages"] - Page.objects.freshness().never_read,
        "owner": settings.SITE_OWNER,
        "owner_address": settings.SITE_OWNER_ADDRESS,
        "miss_rates": miss_rates(timezone.localdate()),
    }
    return render(request, "site/about.html", context)


@require_safe
@public_page()
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored about people, for how long, and what they can do about it."""
    context = {
        "owner": settings.SITE_OWNER,
        "owner_address": settings.SITE_OWNER_ADDRESS,
        "imprint": settings.SITE_IMPRINT,
        "controller": settings.DATA_CONTROLLER,
        "data_contact": settings.DATA_CONTACT,
        "stored": stored_data(),
        "processors": processors(),
        "says_none": bool(settings.DATA_PROCESSORS),
        "authority": settings.SUPERVISORY_AUTHORITY,
    }
    return render(request, "site/privacy.html", context)


@require_safe
@public_page()
def glossary(request: HttpRequest) -> HttpResponse:
    context = {"states": states(), "kinds": kinds(), "words": other_words()}
    return render(request, "site/glossary.html", context)


@require_safe
@public_page()
def methodology(request: HttpRequest) -> HttpResponse:
    return render(request, "site/methodology.html", {"text": methodology_html()})


@program_file()
def methodology_csv(request: HttpRequest, number: int) -> HttpResponse:
    """The table of this number on the methodology page, counted from 1."""
    tables = methodology_tables()
    if not 1 <= number <= len(tables):
        raise Http404
    columns, *rows = tables[number - 1]
    records = (dict(zip(columns, row, strict=True)) for row in rows)
    return csv_response(f"methodology-{number}", columns, records)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """For whoever watches the site: 503 if the database fails or work stands still."""
    try:
        state = watch_state(timezone.now())
    except (DatabaseError, InterfaceError):
        return _database_fails()
    return _health(
        {
            "status": "late" if state.late else "ok",
            "version": VERSION,
            "database": "ok",
            "watch": state.watch,
            "late": list(state.late),
            "late_since": state.late,
            "heartbeats": state.heartbeats,
            "last_visit_at": state.pages.visited_at,
            "last_read_at": state.pages.looked_at,
            "pages_watched": state.pages.watched,
            "pages_unreadable": state.pages.failing,
            "pages_never_read": state.pages.never_read,
            "pages_due": state.due,
            "seconds_behind": int(state.behind.total_seconds()),
            "disk_free_percent": state.disk_free,
        }
    )


@require_safe
@never_cache
def healthz_web(request: HttpRequest) -> JsonResponse:
    """For supervisors and load balancers: whether this web server can serve pages.

    A worker that is late is no reason to restart a web server or to take it out.
    """
    try:
        Page.objects.exists()
    except (DatabaseError, InterfaceError):
        return _database_fails()
    return _health({"status": "ok", "database": "ok"})


def _database_fails() -> JsonResponse:
    return _health({"status": "failing", "database": "failing"})


def _health(figures: dict[str, object]) -> JsonResponse:
    response = JsonResponse(figures, status=200 if figures["status"] == "ok" else 503)
    # Django would log an error each time that somebody asks.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        *(f"Disallow: {path}?" for name in ("checklist", "search") for path in paths_of(name)),
        *(f"Disallow: {path}" for path in paths_of("report")),
        "Allow: /",
        # Our words are CC BY 4.0, so they may be used for this too (AIPREF, contentsignals.org).
        "Content-Usage: train-ai=y",
        "Content-Signal: search=yes, ai-input=yes, ai-train=yes",
        "",
        f"License: {absolute_url(reverse('rsl-licence'))}",
        f"Sitemap: {absolute_url(reverse('sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@program_file()
def llms_txt(request: HttpRequest) -> HttpResponse:
    """Where programs that read for people find the data (llmstxt.org)."""
    links = (
        ("API", "api", "how to ask, in JSON"),
        ("OpenAPI", "api-openapi", "every address and field"),
        ("MCP", "assistants", "the same for assistants"),
        ("Data", "data", "all of it as files, CC BY 4.0"),
        ("Providers", "providers", "which AI providers train on what programs send"),
        ("Methodology", "methodology", "how the answers come about"),
    )
    lines = [
        "# Default On",
        "",
        "> Who trains AI on people's data, since when, and how to refuse; with sources.",
        "",
        "## Data",
        "",
        *(f"- [{label}]({absolute_url(reverse(name))}): {words}" for label, name, words in links),
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@program_file()
def tdm_reservation(request: HttpRequest) -> HttpResponse:
    """No right to text and data mining is reserved (www.w3.org/community/tdmrep)."""
    return JsonResponse([{"location": "/", "tdm-reservation": 0}], safe=False)


@program_file()
def rsl_licence(request: HttpRequest) -> HttpResponse:
    """The licence of our words in RSL 1.0 (rslstandard.org)."""
    licence = (
        '<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
        '<permits type="usage">all</permits><payment type="attribution">'
        f"<standard>{LICENCE}</standard></payment></license></content></rsl>\n"
    )
    return HttpResponse(licence, content_type="application/rsl+xml")


@require_safe
@public_page()
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of all sitemaps."""
    response = sitemaps.index(request, SITEMAPS, sitemap_url_name="sitemap-section")
    context = response.context_data or {}
    for part in context["sitemaps"]:
        # Django writes the host of this request; the page is cached for requests to every host.
        part.location = absolute_url(f"/{part.location.split('/', 3)[3]}")
    return response.render()


@require_safe
@public_page(reads=["p"])
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """The sitemap of one kind of page. p: which part of it."""
    return sitemaps.sitemap(
        request, SITEMAPS, section=section, template_name="site/sitemap.xml"
    ).render()


@require_safe
@public_page()
def corrections(request: HttpRequest) -> HttpResponse:
    """Our errors: corrections, revised entries and claims, retractions."""
    (corrected,) = rows_of(Entry.objects.corrections().pks()[:MOST_CORRECTIONS])
    revised = Revision.objects.for_readers().of_what_stands()
    revised = revised[:MOST_CORRECTIONS]
    before = older_than_shown(revised)
    since_shown = [each for each in revised if each.pk not in before]
    in_files = [each for each in revised if each.pk in before]
    return render(
        request,
        "site/corrections.html",
        {
            "rows": corrected,
            "revisions": bool(revised),
            "days": by_day(since_shown),
            "claims": corrected_claims(settings.CATALOG_DIR)[:MOST_CORRECTIONS],
            "days_of_files": by_day(in_files),
            "retracted": Entry.objects.retracted()[:MOST_CORRECTIONS],
        },
    )


@require_safe
@public_page()
def feeds(request: HttpRequest) -> HttpResponse:
    """Links for feed readers, spreadsheets and programs."""
    context = {
        "filters": TimelineFilters(QueryDict()),
        "columns": MATRIX_COLUMNS,
        "timeline_address": reverse("timeline"),
        "matrix_address": reverse("matrix"),
        "webcal": webcal_address(),
    }
    return render(request, "site/feeds.html", context)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Source: RFC 9116."""
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + SECURITY_TXT_LASTS
    contact = (
        f"mailto:{settings.CONTACT_EMAIL}" if has_contact() else absolute_url(reverse("report"))
    )
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {absolute_url(reverse('security-txt'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
