"""The pages to choose platforms and to show the checklist. Only the address contains it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from consent.ledger.ages import at_age_of_account
from consent.ledger.facts import facts_of
from consent.ledger.place_words import aged
from consent.ledger.reader_place import PlaceField, place_label
from consent.ledger.state_of_play import Reader
from consent.public.checklist.as_text import as_text, mailto
from consent.public.checklist.directions import directions_of
from consent.public.checklist.items import Checklist, Section, Task, make_checklist
from consent.public.checklist.marks import Marks
from consent.public.questions.asked_question import read_question
from consent.public.questions.asked_readers import people_in_full
from consent.public.questions.question_refusal import about_today, takes_no_plan
from consent.public.questions.reader_form import age_asked
from consent.public.timeline.next_days import Deadlines, deadlines_of
from consent.search.asked_names import AskedName, read_names, slugs_given
from consent.vocabulary import People
from consent.web.absolute_urls import absolute_url
from platforms.models import Platform
from platforms.vocabulary import Category

MOST_PLATFORMS = 100
MOST_MARKS = 300
#: Characters of the field for names.
LONGEST_NAMES = 500


class CheckFor(forms.Form):
    """For whom the list is: people with personal accounts, if nobody says otherwise."""

    names = forms.CharField(
        label=_("What do you use?"),
        required=False,
        max_length=LONGEST_NAMES,
        help_text=_("Type names with commas between them, such as: WhatsApp, ChatGPT, LinkedIn"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    place = PlaceField()
    people = forms.ChoiceField(label=_("Your accounts are"), choices=People.choices)

    def __init__(self, query: QueryDict) -> None:
        given = query.copy()
        given["names"] = ""  # those that are known are ticked
        people = query.get("people")
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
@about_today
@partial(takes_no_plan, takes_day=False)
def checklist(request: HttpRequest) -> HttpResponse:
    """Not cached, and its address is not sent to other sites: it reveals what a person uses."""
    everything = list(Platform.objects.listed())
    ticked, strange = slugs_given(request.GET.getlist("p"), everything)
    given = [*request.GET.getlist("names")[-1:], *strange]
    typed = ", ".join(given)[:LONGEST_NAMES]
    asked = read_question(typed)
    names = read_names(typed, everything, asked.aside)
    picked = [*ticked, *(each.slug for name in names for each in name.platforms)]
    picked = list(dict.fromkeys(picked))[:MOST_PLATFORMS]
    unknown = [name for name in names if not name.platforms]
    if given and len(unknown) < max(1, len(names)):
        place = request.GET.get("place") or asked.one_place
        return _kept_private(HttpResponseRedirect(_with_ticks(request, picked, unknown, place)))
    marks = Marks(request.GET.getlist("d")[:MOST_MARKS])
    form = CheckFor(request.GET)
    reader = form.reader()
    age = age_asked(request.GET, reader.people)
    platforms = [platform for platform in everything if platform.slug in picked]
    context = {
        "section": "checklist",
        "form": form,
        "reader": reader,
        "age": age,
        "categories": _by_category(everything),
        "picked": {platform.slug for platform in platforms},
        "platforms": platforms,
        "unknown": unknown,
        "marks": marks.given,
        "today": timezone.localdate(),
    }
    if platforms:
        where = CheckFor(request.GET)
        where.auto_id = "where_%s"  # the picker below has the same fields
        context |= {"where": where, "deadlines": _deadlines(platforms)}
        made_for = people_in_full(reader.people or People.PERSONAL)
        context["made_for"] = made_for if age is None else aged(made_for, age)
        context["place_name"] = place_label(reader.place) if reader.place else ""
        found = _checklist(platforms, reader, age, marks)
        people = reader.people or People.PERSONAL
        address = absolute_url(f"{request.path}?{_with(request.GET, view=None)}")
        if request.GET.get("view") == "text":
            return _kept_private(_plain(as_text(found, people, address)))
        context |= _listed(found, request.GET, marks)
        context["watch"] = urlencode([("platform", platform.slug) for platform in platforms])
        context["mail"] = mailto(found, people, address)
        context["text"] = _with(request.GET, view="text")
    return _kept_private(render(request, "checklist/checklist.html", context))


def _deadlines(platforms: list[Platform]) -> list[Deadlines]:
    """Return until when can be said no, of the platforms of which that is on record."""
    found = deadlines_of(platforms, timezone.localdate(), len(platforms))
    return [each for each in found if each.until or each.at_times]


def _kept_private(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _with_ticks(
    request: HttpRequest, picked: list[str], unknown: Sequence[AskedName], place: str
) -> str:
    """Return the address of the list in which the names that were typed are ticked.

    Those that mean no platform stay in it, to be named above the list of the others. place: the one
    that was chosen or typed; "" for anywhere.
    """
    query = request.GET.copy()
    query.pop("names", None)
    if unknown:
        query["names"] = ", ".join(name.typed for name in unknown)
    query.setlist("p", picked)
    if place:
        query["place"] = place
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _by_category(platforms: list[Platform]) -> list[tuple[Category, list[Platform]]]:
    groups = [(each, [one for one in platforms if one.category == each]) for each in Category]
    return [(category, group) for category, group in groups if group]


def _checklist(
    platforms: list[Platform], reader: Reader, age: int | None, marks: Marks
) -> Checklist:
    """Return the list for a reader. age: of a minor."""
    facts = {
        pk: at_age_of_account(each, age, reader.place).facts
        for pk, each in facts_of(platforms).items()
    }
    reaching = [control.key for each in facts.values() for control in each.controls]
    directions = directions_of(platforms, reaching)
    marks.read_former_names(each.slug for each in platforms)
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
        "doubts": found.doubts,
        "besides": found.besides,
        "long_caveats": found.long_caveats,
    }


def _shown(section: Section, query: QueryDict, marks: Marks) -> ShownSection:
    return ShownSection(
        section,
        open=[Item(task, _toggled(query, marks, task, add=task.marks)) for task in section.open],
        done=[Item(task, _toggled(query, marks, task)) for task in section.done],
    )


def _toggled(query: QueryDict, marks: Marks, task: Task, add: Iterable[str] = ()) -> str:
    """The address of the list after a tick; what was remembered of the task before goes."""
    changed = query.copy()
    changed.setlist("d", [*marks.without(line.key for line in task.lines), *add])
    return changed.urlencode()


def _with(query: QueryDict, **fields: str | None) -> str:
    """Return a query string with some values replaced; None removes a parameter."""
    changed = query.copy()
    for name, value in fields.items():
        changed.setlist(name, [value] if value else [])
    return changed.urlencode()
