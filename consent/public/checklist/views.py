"""The pages to choose platforms and to show the checklist. Only the address contains it."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from consent.ledger.facts import facts_of
from consent.ledger.scope import FORMER_PLANS, PlaceField
from consent.ledger.state_of_play import Reader
from consent.public.checklist.directions import directions_of
from consent.public.checklist.items import Checklist, Section, Task, make_checklist
from consent.public.checklist.marks import Marks
from consent.vocabulary import People
from consent.web.links import absolute_url
from platforms.models import Platform
from platforms.vocabulary import Category

MOST_PLATFORMS = 100
MOST_MARKS = 300


class CheckFor(forms.Form):
    """For whom the list is: people with personal accounts, if nobody says otherwise."""

    place = PlaceField()
    people = forms.ChoiceField(label=_("Your accounts are"), choices=People.choices)

    def __init__(self, query: QueryDict) -> None:
        given = query.copy()
        # Addresses of older releases chose between personal accounts and organisations by "plan".
        people = query.get("people") or FORMER_PLANS.get(query.get("plan", ""), "")
        given["people"] = people if people in People.values else People.PERSONAL.value
        super().__init__(given)

    def reader(self) -> Reader:
        """Return whom the list is for. What is not valid is left out."""
        self.is_valid()
        return Reader(
            place=self.cleaned_data.get("place", ""), people=People(self.cleaned_data["people"])
        )


@dataclass(frozen=True, slots=True)
class Item:
    """A task, and the query string after its box is ticked or cleared."""

    task: Task
    toggled: str


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section of the list with the links that tick its tasks."""

    section: Section
    open: list[Item]
    done: list[Item]


@require_safe
@cache_control(private=True, max_age=0)
def checklist(request: HttpRequest) -> HttpResponse:
    """Not cached, and its address is not sent to other sites: it reveals what a person uses."""
    picked = request.GET.getlist("p")[:MOST_PLATFORMS]
    marks = Marks(request.GET.getlist("d")[:MOST_MARKS])
    form = CheckFor(request.GET)
    reader = form.reader()
    everything = list(Platform.objects.listed())
    platforms = [platform for platform in everything if platform.slug in picked]
    context = {
        "section": "checklist",
        "form": form,
        "reader": reader,
        "categories": _by_category(everything),
        "picked": {platform.slug for platform in platforms},
        "platforms": platforms,
        "marks": marks.given,
        "today": timezone.localdate(),
    }
    if platforms:
        context |= _listed(_checklist(platforms, reader, marks), request.GET, marks)
        context |= _taken_along(request, platforms)
    response = render(request, "checklist/checklist.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _by_category(platforms: list[Platform]) -> list[tuple[Category, list[Platform]]]:
    groups = [(each, [one for one in platforms if one.category == each]) for each in Category]
    return [(category, group) for category, group in groups if group]


def _checklist(platforms: list[Platform], reader: Reader, marks: Marks) -> Checklist:
    facts = facts_of(platforms)
    reaching = [control.key for each in facts.values() for control in each.controls]
    directions = directions_of(platforms, reaching)
    marks.read_former(facts.values(), directions)
    return make_checklist(
        [(platform, facts[platform.pk]) for platform in platforms],
        reader,
        timezone.localdate(),
        directions=directions,
        marks=marks,
    )


def _listed(found: Checklist, query: QueryDict, marks: Marks) -> dict[str, object]:
    return {
        "training": _shown(found.training, query, marks),
        "other": _shown(found.other, query, marks),
        "silent": found.silent,
        "organisations": _with(query, people=People.ORGANISATION.value),
    }


def _shown(section: Section, query: QueryDict, marks: Marks) -> ShownSection:
    return ShownSection(
        section,
        open=[Item(task, _toggled(query, marks, task, add=task.marks)) for task in section.open],
        done=[Item(task, _toggled(query, marks, task)) for task in section.done],
    )


def _taken_along(request: HttpRequest, platforms: list[Platform]) -> dict[str, str]:
    """The query that asks for alerts about these platforms, and the list as a mail to oneself.

    Readers' own programs send that mail: we need no address for it, and nothing to forget.
    """
    watch = urlencode([("platform", platform.slug) for platform in platforms])
    address = absolute_url(request.get_full_path())
    subject = _("My checklist on Default On")
    mail = urlencode({"subject": subject, "body": address}, quote_via=quote)
    return {"watch": watch, "mail": f"mailto:?{mail}"}


def _toggled(query: QueryDict, marks: Marks, task: Task, add: Iterable[str] = ()) -> str:
    """The address of the list after a tick; what was remembered of the task before goes."""
    changed = query.copy()
    changed.setlist("d", [*marks.without(line.key for line in task.lines), *add])
    return changed.urlencode()


def _with(query: QueryDict, **fields: str) -> str:
    changed = query.copy()
    for name, value in fields.items():
        changed[name] = value
    return changed.urlencode()
