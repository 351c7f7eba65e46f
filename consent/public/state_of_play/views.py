"""Platforms and their state of play."""

import datetime as dt
from collections.abc import Iterable
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, Min, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.ledger.ages import is_too_young
from consent.ledger.answers import Verdict
from consent.ledger.cards import PlatformCards, cards_of, read_records
from consent.ledger.counts import begun_without_entry, effort_to_refuse, ways_of_telling
from consent.ledger.dates import Dated, due_date, leading_date
from consent.ledger.facts import facts_of, listed_of, listed_platforms
from consent.ledger.figures import Among, TrainingClass, figures_on
from consent.ledger.filters import without_wording
from consent.ledger.guide_lines import GuideLine, all_guide_lines
from consent.ledger.headline_words import headline
from consent.ledger.offers import Offered, Standing, offer_words
from consent.ledger.place_words import aged
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import Question, RefusedQuestionError
from consent.ledger.robots import robots_files
from consent.ledger.state_of_play import (
    CategoryGroup,
    PlatformLine,
    answers_on,
    index_by_category,
)
from consent.ledger.unread_pages import is_probably_ours, outages_of
from consent.ledger.verdict import of_other_products, verdict
from consent.ledger.way_buttons import Guides, are_for_some_places, best_guides, way_buttons
from consent.ledger.who_sets import admin_first, settings_of, with_notes
from consent.models import Entry, FormerSlug, ProviderStatement
from consent.models.provider_statements import ProviderStatementQuerySet
from consent.public.json_ld import platform_dataset
from consent.public.questions.answer_line import FirstLine
from consent.public.questions.beside_headline import (
    messages_of_minors,
    on_record_instead,
    uses_of_adults,
)
from consent.public.questions.question_refusal import (
    FOR_WHOM,
    about_today,
    question_refused,
    takes_no_plan,
)
from consent.public.questions.reader_form import ReaderForm, age_asked
from consent.public.roles.roles import roles_asking, roles_with_plans
from consent.public.rows import rows_of, split_at
from consent.public.share_image.captions import platform_card
from consent.public.state_of_play.figures import (
    change_heat,
    notice_given,
    platform_bands,
    strip_of_answer,
)
from consent.public.timeline.acts import acts_of_authorities
from consent.search.operators import operators, slug_of_name, slug_of_operator
from consent.vocabulary import People, Topic
from consent.web.page_cache import public_page
from consent.web.redirects import redirect_to_moved
from platforms.fetching.policy import has_contact
from platforms.models import Page, Platform
from platforms.outcomes import Outcome
from platforms.vocabulary import Category

#: The lists of platforms that a figure can be.
_LISTS = {each.value: each for each in (*TrainingClass, *Among)}
#: The lists that come nearest to the answers by which addresses of before chose platforms.
_FORMER_ANSWERS = {
    "yes": Among.TRAINS,
    "yes-unless-refused": Among.TRAINS,
    "yes-no-way-out": Among.NO_WAY_OUT,
    "differs": TrainingClass.IN_PART,
    "depends": TrainingClass.IN_PART,
    "not-any-more": TrainingClass.NO,
}
#: The latest changes on the page of a platform, beside those that turned its uses on; the timeline
#: has all of them.
CHANGES_SHOWN = 4


def first_read(platform: Platform) -> dt.datetime | None:
    """Return when a page of a platform was first read; None if never."""
    looked = Q(fetches__outcome__in=[outcome for outcome in Outcome if outcome.looked])
    reads: dict[str, dt.datetime | None] = platform.pages.aggregate(
        at=Min("fetches__started_at", filter=looked)
    )
    return reads["at"]


@require_safe
@public_page(reads=(*ReaderForm.PARAMS, "answer", "figure", "category"))
@takes_no_plan
def platforms(request: HttpRequest) -> HttpResponse:
    if answer := request.GET.get("answer"):
        return _by_class(request, answer)
    form = ReaderForm(request.GET)
    then, reader = form.day(), form.reader()
    today = timezone.localdate()
    asked_category = request.GET.get("category")
    if asked_category and asked_category not in Category:
        raise Http404
    category = Category(asked_category) if asked_category else None
    figures = figures_on(then or today, reader, category)
    groups = index_by_category(listed_of(category), answers_on(then or today, reader))
    asked_list = request.GET.get("figure")
    if asked_list and asked_list not in _LISTS:
        raise Http404
    chosen = _LISTS[asked_list] if asked_list else None
    if chosen:
        slugs = frozenset(figures.platforms[chosen])
        groups = [
            CategoryGroup(
                group.category, [line for line in group.lines if line.platform.slug in slugs]
            )
            for group in groups
        ]
    return render(
        request,
        "standing/platforms.html",
        {
            "section": "platforms",
            "groups": [group for group in groups if group.lines],
            "count": sum(len(group.lines) for group in groups),
            "figures": figures,
            "chosen": chosen,
            "category": category,
            "kept": _kept(request, "place", "people", "figure", "category"),
            "asof": then,
            "form": form,
            "reader": reader,
            "heat": change_heat(today),
            "notice": notice_given(),
            "told": ways_of_telling(),
            "asking": effort_to_refuse(all_guide_lines()),
        },
    )


def _by_class(request: HttpRequest, answer: str) -> HttpResponse:
    """Lead from an address with an answer to the list that comes nearest."""
    query = request.GET.copy()
    del query["answer"]
    query["figure"] = _FORMER_ANSWERS.get(answer, answer)
    return redirect(f"{request.path}?{query.urlencode()}", permanent=True)


@require_safe
@public_page(reads=(*FOR_WHOM, "asof"))
@about_today
@partial(takes_no_plan, takes_day=False)
def operator(request: HttpRequest, slug: str) -> HttpResponse:
    """All platforms of one company with their answers."""
    company = operators(listed_platforms(), at_least=1).get(slug)
    if company is None:
        if called := slug_of_name(slug, listed_platforms()):
            return redirect("operator", called, permanent=True)
        raise Http404
    form = ReaderForm(request.GET)
    question = form.reader().on(timezone.localdate())
    facts = facts_of(company.platforms)
    lines = [_line_of_product(each, facts[each.pk], question) for each in company.platforms]
    slugs = [each.slug for each in company.platforms]
    return render(
        request,
        "standing/operator.html",
        {
            "section": "platforms",
            "company": company,
            "lines": lines,
            "form": form,
            "reader": form.reader(),
            "checklist": urlencode([("p", each) for each in slugs]),
            "watch": urlencode([("platform", each) for each in slugs]),
            "acts": acts_of_authorities(company.platforms),
        },
    )


def _line_of_product(platform: Platform, facts: PlatformFacts, question: Question) -> PlatformLine:
    answer = verdict(facts, question)
    return PlatformLine(platform, answer, of_other_products(facts, answer, question))


@require_safe
@public_page(reads=(*ReaderForm.PARAMS, "age"))
def platform(request: HttpRequest, slug: str) -> HttpResponse:
    statements = ProviderStatement.objects.filter(platforms=OuterRef("pk"))
    listed = Platform.objects.listed().annotate(has_statements=Exists(statements))
    found = listed.filter(slug=slug).first()
    if found is None:
        return redirect_to_moved(request, FormerSlug.objects.platform_once_called(slug))
    records = read_records(found)
    form = ReaderForm(request.GET, records.facts)
    try:
        then, reader = form.day(), form.reader()
    except RefusedQuestionError as error:
        return question_refused(request, form, error)
    today = timezone.localdate()
    age = age_asked(request.GET, reader.people)
    if age is not None and is_too_young(records.facts, age, reader.place):
        age = None  # the page says from which age accounts are
    cards = cards_of(records, then or today, reader, age)
    facts = cards.facts
    changes = _changes_shown(records.facts, cards, then, today)
    guides, other_guides = _by_purpose(cards)
    return render(
        request,
        "standing/platform.html",
        {
            **changes,
            "section": "platforms",
            "platform": found,
            "operator_slug": slug_of_operator(found),
            "card": None if then else platform_card(found, cards.verdict),
            "structured": platform_dataset(found, cards.verdict),
            "cards": cards,
            "verdict": cards.verdict,
            **_ways_shown(cards, {} if then else best_guides(records.guides), is_today=not then),
            "strip": strip_of_answer(cards, found),
            "answer_words": headline(cards.verdict),
            "roles": roles_asking(reader.people),
            "plan_roles": roles_with_plans(reader.people),
            "instead": _beside(facts, cards.verdict, age),
            "also": messages_of_minors(found, facts, cards.verdict),
            "statements": _statements(found, then) if found.has_statements else (),
            "chart": platform_bands(cards.training, found, then or today),
            "guides": guides,
            "other_guides": other_guides,
            "read_since": None if changes["past"] else first_read(found),
            **_pages_watched(cards.pages),
            "asof": then,
            "form": form,
            "reader": reader,
            "age": age,
            "aged": aged(str(People.MINORS.label), age) if age is not None else "",
            "today": today,
        },
    )


def _ways_shown(cards: PlatformCards, guides: Guides, *, is_today: bool) -> dict[str, Any]:
    """Return the ways out that the template shows, of today alone, as their steps are."""
    facts, answer = cards.facts, cards.verdict
    settings = with_notes(settings_of(facts, answer, guides)) if is_today else []
    buttons = way_buttons(facts, answer, guides, "") if is_today else []
    return {
        "buttons": admin_first(buttons, settings),
        "settings": settings,
        # A way out that is for some people says so within its button.
        "differs_by_place": are_for_some_places(facts, answer),
    }


def _pages_watched(pages: list[Page]) -> dict[str, Any]:
    """Return what the template shows of the pages of a platform and of our visits."""
    outages = outages_of(pages)
    for page in pages:
        page.is_probably_ours = is_probably_ours(page, outages)  # type: ignore[attr-defined]
    return {
        "pages": pages,
        "robots": robots_files(pages),
        "tried_pages": any(page.last_visited_at for page in pages),
        "outages": outages,
        "visits_pages": has_contact(),
    }


def _changes_shown(
    facts: PlatformFacts, cards: PlatformCards, then: dt.date | None, today: dt.date
) -> dict[str, Any]:
    """Return what the template shows of the changes of a platform, up to a past day.

    The changes that made its answers are among them, however old.
    """
    day = then or today
    published = without_wording(Entry.objects.for_timeline().of_platform(facts.slug))
    if then:  # what had happened by then, or had been announced
        published = published.filter(Q(timeline_on__lte=then) | Q(announced_on__lte=then))
    # One query for both lists: a platform has some twenty entries at most.
    of_platform = list(published.for_rows())
    other = [entry for entry in of_platform if entry.topic == Topic.OTHER]
    read = [entry for entry in of_platform if entry.topic != Topic.OTHER]
    made_by = cards.made_by
    shown = [
        entry.pk
        for number, entry in enumerate(read)
        if number < CHANGES_SHOWN or entry.pk in made_by
    ]
    (rows,) = rows_of(shown, name_platforms=False, loaded=read)
    upcoming, past = split_at(day, rows)
    changes = _changes(read[: CHANGES_SHOWN + 1], day)
    # What was due and is not confirmed has not happened as far as we know.
    last_change = next((each for each in changes if each.date.kind != "due"), None)
    return {
        "last_change": last_change,
        "later_starts": begun_without_entry(facts, last_change.date.on, day) if last_change else (),
        "unconfirmed": next((each for each in changes if each.due), None),
        "other_changes": _changes(other[:CHANGES_SHOWN], day),
        "more_other": len(other) > CHANGES_SHOWN,
        "upcoming": upcoming,
        "past": past,
        "more_past": len(read) > len(shown),
    }


def _beside(facts: PlatformFacts, answer: Verdict, age: int | None) -> list[FirstLine]:
    """Name uses with another answer, which is no training or not offered at an age."""
    of_age = uses_of_adults(facts, answer, age) if age is not None else []
    return [*on_record_instead(facts, answer), *of_age]


def _statements(platform: Platform, then: dt.date | None) -> ProviderStatementQuerySet:
    """Return what the provider declares; for a past day what it had declared by then."""
    statements = ProviderStatement.objects.for_page(platform)
    return statements.filter(dated_on__lte=then) if then else statements


class _DatedChange(NamedTuple):
    """A change with the date under which it is listed, and the day for which it is announced."""

    entry: Entry
    date: Dated
    due: Dated | None


def _changes(entries: Iterable[Entry], day: dt.date) -> list[_DatedChange]:
    """Return what had happened by a day or was due by it, with dates."""
    dates = ((entry, leading_date(entry), due_date(entry)) for entry in entries)
    return [
        _DatedChange(entry, date, due)
        for entry, date, due in dates
        if date and date.on <= day and not (due and due.on > day)
    ]


class _GuideForReader(NamedTuple):
    """A guide with whom its controls are offered to, in words; "" for whoever asks."""

    line: GuideLine
    to_whom: str


def _by_purpose(cards: PlatformCards) -> tuple[list[_GuideForReader], list[_GuideForReader]]:
    """Return the guides of a platform that refuse training, and the others.

    Those come first whose controls are offered to the reader, and that are for the plan; for an
    organisation those of its administrator, then those of the ways out of the answer. Without
    guides of the first kind, all are in the first list.
    """
    is_organisation = cards.verdict.people == People.ORGANISATION
    training = {each.facts.key for card in cards.training for each in card.controls}
    every = (each for card in (*cards.training, *cards.other) for each in card.controls)
    offered = {each.facts.key: each.offered for each in every}
    ways = {way.control.key: number for number, way in enumerate(cards.verdict.ways)}
    plan = cards.verdict.plan
    refusing: list[tuple[tuple[int, ...], _GuideForReader]] = []
    others: list[tuple[tuple[int, ...], _GuideForReader]] = []
    for guide in cards.guides:
        keys = [act.key for act in guide.acts]
        is_own = is_organisation and any(act.is_by_admin for act in guide.acts)
        against_training = [key for key in keys if key in training]
        standings = [offered[key] for key in against_training or keys if key in offered]
        best = min(standings, key=_nearness, default=Offered())
        way = min((ways[key] for key in keys if key in ways), default=len(ways))
        is_of_others = bool(plan and guide.plans and plan not in guide.plans)
        order = (_nearness(best), is_of_others, not is_own, way)
        found = refusing if is_own or against_training else others
        found.append((order, _GuideForReader(guide, offer_words(best))))
    lists = [
        [each for _order, each in sorted(found, key=itemgetter(0))] for found in (refusing, others)
    ]
    return (lists[0], lists[1]) if refusing else (lists[1], [])


def _nearness(offered: Offered) -> int:
    """Sort key of how a control is offered: to the reader, to others or some, or not now."""
    order = (Standing.OFFERED, Standing.LIMITED, Standing.NOT_KNOWN, Standing.TO_COME)
    return order.index(offered.standing) if offered.standing in order else len(order)


def _kept(request: HttpRequest, *names: str) -> list[tuple[str, str]]:
    """What a form on a page keeps of the page's address."""
    return [(name, request.GET[name]) for name in names if request.GET.get(name)]
