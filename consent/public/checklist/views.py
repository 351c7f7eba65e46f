"""The pages to choose platforms and to show the checklist. Only the address contains it."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from consent.ledger.scope import Place, Plan, applies_in, applies_to
from consent.ledger.state_of_play import index_by_category, states_on
from consent.models import Guide
from consent.public.checklist.items import Checklist, Task, make_checklist
from consent.web.links import absolute_url
from platforms.models import Platform

MOST_PLATFORMS = 100
MOST_MARKS = 300


class CheckFor(forms.Form):
    """For whom the list is."""

    place = forms.ChoiceField(
        label=_("You live in"), required=False, choices=[("", _("anywhere")), *Place.choices]
    )
    plan = forms.ChoiceField(
        label=_("Your accounts are"), required=False, choices=[("", _("any")), *Plan.choices]
    )


@dataclass(frozen=True, slots=True)
class Item:
    """A task, and the query string after its box is ticked or cleared."""

    task: Task
    toggled: str


@require_safe
@cache_control(private=True, max_age=0)
def checklist(request: HttpRequest) -> HttpResponse:
    """Not cached, and its address is not sent to other sites: it reveals what a person uses."""
    picked = request.GET.getlist("p")[:MOST_PLATFORMS]
    done = request.GET.getlist("d")[:MOST_MARKS]
    form = CheckFor(request.GET)
    form.is_valid()
    everything = list(Platform.objects.listed())
    platforms = [platform for platform in everything if platform.slug in picked]
    context = {
        "section": "checklist",
        "form": form,
        "categories": index_by_category(everything, []),
        "picked": {platform.slug for platform in platforms},
        "platforms": platforms,
        "marks": done,
    }
    if platforms:
        place, plan = form.cleaned_data.get("place"), form.cleaned_data.get("plan")
        guides = Guide.objects.for_list().widest_first().filter(platform__in=platforms)
        found = make_checklist(
            [
                each
                for each in states_on(timezone.localdate(), platforms)
                if (not place or applies_in(each.setting.region, Place(place)))
                and (not plan or applies_to(each.setting.audience, Plan(plan)))
            ],
            guides.prefetch_related("settings"),
            done,
        )
        context |= _listed(found, request.GET) | _taken_along(request, platforms)
    response = render(request, "checklist/checklist.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _listed(found: Checklist, query: QueryDict) -> dict[str, object]:
    return {
        "found": found,
        "open": [Item(task, _with_mark(query, task)) for task in found.open],
        "done": [Item(task, _without_mark(query, task)) for task in found.done],
        "total": len(found.open) + len(found.done),
    }


def _taken_along(request: HttpRequest, platforms: list[Platform]) -> dict[str, str]:
    """The query that asks for alerts about these platforms, and the list as a mail to oneself.

    Readers' own programs send that mail: we need no address for it, and nothing to forget.
    """
    watch = urlencode([("platform", platform.slug) for platform in platforms])
    address = absolute_url(request.get_full_path())
    subject = _("My checklist on Default On")
    mail = urlencode({"subject": subject, "body": address}, quote_via=quote)
    return {"watch": watch, "mail": f"mailto:?{mail}"}


def _with_mark(query: QueryDict, task: Task) -> str:
    """The address of the list in which this is done; what was remembered of it before goes."""
    changed = query.copy()
    changed.setlist("d", [*_other_marks(query, task), task.mark])
    return changed.urlencode()


def _without_mark(query: QueryDict, task: Task) -> str:
    changed = query.copy()
    changed.setlist("d", _other_marks(query, task))
    return changed.urlencode()


def _other_marks(query: QueryDict, task: Task) -> list[str]:
    name = task.mark.split(".")[0]
    return [mark for mark in query.getlist("d") if not mark.startswith(f"{name}.")]
