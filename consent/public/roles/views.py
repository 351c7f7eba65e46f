"""Sheets for kinds of people, and what to ask an admin for."""

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.ledger.facts import listed_platforms
from consent.ledger.place_words import aged
from consent.ledger.reader_place import place_label
from consent.ledger.state_of_play import Reader
from consent.public.checklist.views import LONGEST_NAMES
from consent.public.guides.letter import mail_address
from consent.public.questions.question_refusal import FOR_WHOM, about_today, takes_no_plan
from consent.public.questions.reader_form import ReaderForm, age_asked
from consent.public.roles.ask_admin import asks_of
from consent.public.roles.roles import Role, roles, sheet_of
from consent.search.asked_names import AskedName, read_names, slugs_given
from consent.vocabulary import People
from consent.web.page_cache import public_page
from platforms.models import Platform


@require_safe
@public_page()
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "roles/roles.html", {"roles": roles().values()})


@require_safe
@public_page(reads=("p", "age", *FOR_WHOM, "asof"))
@about_today
@partial(takes_no_plan, takes_day=False)
def role(request: HttpRequest, slug: str) -> HttpResponse:
    found = roles().get(slug)
    if found is None:
        raise Http404
    form = ReaderForm(request.GET)
    today = timezone.localdate()
    chosen = form.reader()
    reader = chosen._replace(people=chosen.people or found.people)
    named, unknown = _services_named(request.GET.getlist("p"))
    sheet = sheet_of(found, reader.place, reader.people, today, named, age_asked(request.GET))
    slugs = [line.platform.slug for line in sheet.lines]
    return render(
        request,
        "roles/role.html",
        {
            "role": found,
            "sheet": sheet,
            "letter_mail": mail_address(sheet.letter.subject, "\n\n".join(sheet.letter.paragraphs))
            if sheet.letter
            else "",
            "roles": [each for each in roles().values() if each != found],
            "form": ReaderForm({"place": reader.place, "people": reader.people or ""}),
            "reader": reader,
            "people": _people(found, reader, sheet.age),
            "chosen": chosen,
            "place_name": place_label(reader.place) if reader.place else "",
            "today": today,
            "named": bool(request.GET.getlist("p")),
            "unknown": unknown,
            "services": sheet.chosen,
            "checklist": urlencode([("p", each) for each in slugs]),
            "watch": urlencode([("platform", each) for each in slugs]),
        },
    )


def _services_named(typed: Sequence[str]) -> tuple[list[str], list[AskedName]]:
    """Return the slugs of services by any of their names, and names that nobody knows."""
    listed = listed_platforms()
    known, strange = slugs_given(typed, listed)
    names = read_names(", ".join(strange)[:LONGEST_NAMES], listed) if strange else []
    known += [platform.slug for name in names for platform in name.platforms]
    return known, [name for name in names if not name.platforms]


def _people(role: Role, reader: Reader, age: int | None) -> str:
    """Say for whom the answers are: "minors (aged 14)"."""
    if reader.people is None:
        return ""
    called = role.called(reader.people)
    return called if reader.people != People.MINORS or age is None else aged(called, age)


@require_safe
@public_page()
def ask_admin(request: HttpRequest, slug: str) -> HttpResponse:
    """What only an admin can do, in the exact words, and a text to forward."""
    platform = Platform.objects.listed().filter(slug=slug).first()
    today = timezone.localdate()
    asks = asks_of(platform, today) if platform else []
    if not asks:
        raise Http404
    return render(
        request,
        "roles/ask_admin.html",
        {"section": "platforms", "platform": platform, "asks": asks, "today": today},
    )
