"""Opt-out guides."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.ledger.ages import at_age_of_account
from consent.ledger.facts import facts_of
from consent.ledger.filters import address
from consent.ledger.guide_lines import guide_lines
from consent.models import FormerSlug, Guide
from consent.public.feedback.tallies import tally
from consent.public.guides.guide_controls import (
    also_for,
    controls_of,
    needs_check_in_app,
    platforms_reached,
)
from consent.public.guides.guide_list import GuideFilters, list_guides
from consent.public.guides.letter import letter_to
from consent.public.guides.official import rests_on_official_page
from consent.public.json_ld import how_to
from consent.public.questions.question_refusal import (
    FOR_WHOM,
    about_today,
    same_for_everybody,
    takes_no_plan,
)
from consent.public.questions.reader_form import ReaderForm, age_asked
from consent.public.share_image.captions import guide_card
from consent.vocabulary import BY_ADMIN
from consent.web.fragments import varies_by_fragment, wants_fragment
from consent.web.page_cache import public_page
from consent.web.redirects import redirect_to_moved
from platforms.record_versions import shown_at


@require_safe
@public_page(reads=(*GuideFilters.params(), *FOR_WHOM, "asof"))
@about_today
@same_for_everybody
def guides(request: HttpRequest) -> HttpResponse:
    filters = GuideFilters(request.GET)
    context = {
        "section": "guides",
        "filters": filters,
        "chosen": filters.chosen().get("friction", ""),
        "query": filters.query(),
        "listed": list_guides(filters),
        "today": timezone.localdate(),
    }
    is_fragment = wants_fragment(request)
    response = render(request, f"guides/{'_filtered' if is_fragment else 'guides'}.html", context)
    if is_fragment:
        response["HX-Replace-Url"] = address(reverse("guides"), filters.query())
    varies_by_fragment(response)
    return response


@require_safe
@public_page(reads=("age", *FOR_WHOM, "asof"))
@about_today
@partial(takes_no_plan, takes_day=False)
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    guides = Guide.objects.for_page().annotate(shown_at=shown_at("guide"))
    found = guides.filter(slug=slug).first()
    if found is None:
        return redirect_to_moved(request, FormerSlug.objects.guide_once_called(slug))
    today = timezone.localdate()
    form, facts = ReaderForm(request.GET), facts_of(platforms_reached(found))
    reader = form.reader()
    age = age_asked(request.GET, reader.people)
    of_age = {pk: at_age_of_account(each, age, reader.place).facts for pk, each in facts.items()}
    controls = controls_of(found, of_age, today, reader)
    others = Guide.objects.published().filter(platform=found.platform).exclude(pk=found.pk)
    return render(
        request,
        "guides/guide.html",
        {
            "section": "guides",
            "guide": found,
            "card": guide_card(found),
            # A letter about data of one's own is none for whoever sets it for others.
            "letter": None
            if controls and all(shown.control.by in BY_ADMIN for shown in controls)
            else letter_to(found.platform, found.controls.all()),
            "structured": how_to(found, found.shown_at),
            "surfaces": found.surfaces.all(),
            "checks_in_app": needs_check_in_app(found, controls),
            "controls": controls,
            "reader": reader,
            "age": age,
            "also_for": also_for(found, facts, today),
            "has_english_names": any(shown.has_english_names for shown in controls),
            "waits": bool(controls) and not any(shown.control.binding for shown in controls),
            "today": today,
            "trust": found.trust(),
            "is_official": rests_on_official_page(found),
            "poll": tally(found, timezone.now()),
            "others": guide_lines(others),
        },
    )
