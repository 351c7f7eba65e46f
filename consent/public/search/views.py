"""The search page."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.ledger.answers import Stance, Verdict, WayOut
from consent.ledger.asked_place import EUROPE, PARTS_OF_EUROPE
from consent.ledger.asked_slips import without_slips
from consent.ledger.counts import ways_of_telling, years_of_events
from consent.ledger.facts import Facts, facts_of, facts_of_all, listed_of, listed_platforms, use_key
from consent.ledger.figures import TrainingClass
from consent.ledger.guide_lines import GuideLine, all_guide_lines
from consent.ledger.matrix import UseLine
from consent.ledger.place_words import listed, place_words
from consent.ledger.question import Question
from consent.ledger.reader_place import codes_of, place_in_sentence
from consent.ledger.state_of_play import ANYBODY, PlatformLine
from consent.ledger.verdict import verdict_about
from consent.models import Guide, Reference, Use
from consent.public.questions.asked_answers import (
    answer_lines,
    days_asked,
    whose,
)
from consent.public.questions.asked_counts import asked_counts, asks_for_counts
from consent.public.questions.asked_question import AskedQuestion, read_question
from consent.public.questions.beside_answers import beside_answers
from consent.public.questions.declared import declared_under
from consent.public.questions.firsts import firsts_asked
from consent.public.questions.leads import lead_of, sign_up_for, span_asked
from consent.public.questions.question_refusal import FOR_WHOM, day_refused, takes_no_plan
from consent.public.questions.ranking import by_answer, ranking_asked
from consent.public.roles.roles import roles_named
from consent.public.rows import rows_of_events
from consent.public.state_of_play.compare_views import MOST_SIDE_BY_SIDE
from consent.public.state_of_play.figures import notice_given
from consent.public.timeline.acts import Acts, InsteadOfTheirs, acts_of_authorities
from consent.public.timeline.next_days import Coming, coming, deadlines_of
from consent.search.asked_authorities import asks_for_acts, authorities_named
from consent.search.asked_names import AskedName, may_be_name
from consent.search.operators import operators
from consent.search.pages import (
    SITE_PAGES,
    SitePage,
    about_the_site,
    asks_for,
    asks_how_told,
    pages_for,
    without_asking,
    without_words_of,
)
from consent.search.plain_words import words
from consent.search.questions import NONE_WATCHED, read_subject
from consent.search.results import Findings, find
from consent.vocabulary import People, ReferenceKind
from consent.web.page_cache import public_page
from platforms.days import EARLIEST
from platforms.models import Platform
from platforms.places import Where
from platforms.vocabulary import Category

LONGEST_QUERY = 300
#: More words than these are a question. Chosen.
MOST_WORDS_OF_A_NAME = 4

#: The latest changes that are shown where none is of the days that are named. Chosen.
MOST_OF_OTHER_DAYS = 5
#: The latest changes that are shown of those that a question leads to. Chosen: whoever asks wants
#: them all, and no year had more that turned training on.
MOST_OF_LEAD = 40

_OPENSEARCH = "application/opensearchdescription+xml; charset=utf-8"


@require_safe
@public_page(reads=("q", *FOR_WHOM, "asof"))
@takes_no_plan
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    text, slips = without_slips(query, listed_platforms())
    found, asked = _find_asked(text)
    in_full = read_question(text)
    if asks_for("leave-alerts", asked.sought) and not found.names_platforms:
        return HttpResponseRedirect(reverse("manage-link"))
    if asks_for("alerts", asked.sought):
        return HttpResponseRedirect(sign_up_for(found.platforms, in_full, request))
    today = timezone.localdate()
    names_platforms = found.names_platforms
    if about := _about_the_site(in_full, found):
        return HttpResponseRedirect(about)
    is_led = (not names_platforms or bool(found.category)) and not found.unwatched
    if is_led and (lead_of(in_full, ANYBODY, today) or asks_for_counts(in_full)):
        asked = in_full  # with the place, by which no records are found here
    if asked.place == EUROPE and not names_platforms:
        asked = asked._replace(place="EU")  # which the page says; lists are for one place
    if names_platforms:
        asked.refuse_day_to_come(request)
    elif asks_for("by-admin", asked.sought):
        asked = asked._replace(people=People.ORGANISATION, is_open=False)
    form = asked.form(request)
    reader, day = form.reader(), form.day() or timezone.localdate()
    if "asof" in request.GET and day != timezone.localdate() and not found.platforms:
        return day_refused(request, form)
    pages = [] if names_platforms else pages_for(asked.sought)
    day_named = in_full.day
    if day_named and day_named.last > today and not names_platforms and _NEXT not in pages:
        pages = [_NEXT, *pages]
    found_roles = roles_named(asked.sought, in_full.people if in_full.at_school else None)
    named = found.platforms if names_platforms else []
    beside = beside_answers(request, text, asked.sought, named)
    claims, crawlers = beside["claims"], beside["crawlers"]
    acts = _acts(in_full, named)
    firsts = firsts_asked(in_full, named, reader.place, today) if named or is_led else None
    declared = declared_under(asked.sought) if is_led and not acts else []
    lead = lead_of(asked, reader, today) if is_led else None
    ranking = ranking_asked(asked, reader, today) if is_led and lead is None else None
    if lead and lead.is_opposite and lead.category and not (lead.number or lead.beside):
        ranking, lead = by_answer(reader, today, lead.category), None
    if ranking:
        found = Findings(platforms=list(ranking.platforms))
    elif crawlers and not names_platforms:
        found = Findings()
    elif found_roles and in_full.at_school and not names_platforms:
        found = Findings()  # of what a school does, the sheets tell more than any words
    if declared or (firsts and not names_platforms):
        lead, found = None, Findings()
    elif lead and lead.entries is not None:
        most = MOST_OF_OTHER_DAYS if lead.none else MOST_OF_LEAD
        latest = list(lead.entries.for_rows()[:most])
        found = Findings(entries=latest, years=found.years)
    elif lead and lead.uses:
        found = Findings(uses=list(lead.uses))
    elif lead and lead.slugs is not None:
        shown = _of_slugs(lead.slugs or lead.unknown)
        found = Findings(platforms=shown, category=lead.category)
    elif lead and (lead.beside or (lead.is_opposite and not found.kinds)):
        found = Findings()
    if pages and found.corrected and not names_platforms:
        found = Findings()  # a question that a page answers has no slips
    asks_told = is_led and lead is None and _asks_how_all_were_told(in_full)
    counts = asked_counts(asked, reader, _day_of_figures(in_full, today), today) if is_led else None
    of_kinds = counts.kinds if counts else ()
    if ranking or (of_kinds and _who_train_on(found, facts_of_all(), reader.on(today))):
        counts = None  # who trains on that kind of data is listed
    is_counted = counts is not None and (
        not counts.not_counted or counts.chosen == TrainingClass.IN_PART
    )
    is_of_changes = lead is not None and (
        (counts is not None and lead.entries is not None)
        or read_subject(asked.sought).asks_for_changes
    )
    if asks_told:
        counts, pages, found = None, [], Findings()
    is_all = is_counted or (pages and not names_platforms and _says_all(in_full, pages[0]))
    if is_all and not is_of_changes:
        found = Findings(years=found.years)
    if acts:
        only = found.platforms if names_platforms and len(found.platforms) == 1 else []
        found = replace(Findings(), platforms=only)
    asks_for_all = bool(found.kinds) and not found.platforms
    if asks_for_all:  # the list of who trains is the answer, and guides are the way out
        kept = found.entries if found.years else []
        found = replace(found, uses=[], controls=[], entries=kept)
    is_listed = bool(lead or counts or firsts or declared or asks_told)
    is_listed = is_listed or bool(beside["legal"] or ranking or crawlers)
    leads_on = bool(pages or found_roles or claims or acts or is_listed or found.unwatched_kind)
    is_understood = leads_on or _is_understood(asked.sought, found)
    rows = rows_of_events(found.entries)
    facts = (
        facts_of_all()
        if asks_for_all
        else facts_of({*found.platforms, *(use.platform for use in found.uses)})
    )
    question = reader.on(today)
    trainers = _who_train_on(found, facts, question) if asks_for_all else []
    by_place = [
        _TrainersIn(place, len(_who_train_on(found, facts, replace(question, place=place))))
        for place in (dict.fromkeys(asked.places) if asks_for_all and not reader.place else ())
    ]
    lines = list(chain(*answer_lines(found.platforms, facts, reader, asked, day).values()))
    return render(
        request,
        "search/search.html",
        {
            **beside,
            "query": query,
            "found": found,
            "none_watched": NONE_WATCHED.get(found.unwatched_kind, ""),
            "narrower": _narrower(text) if found.category or counts else None,
            "count": found.count - len(found.entries) + len(rows) + len(claims),
            "roles": found_roles,
            "deadlines": deadlines_of(found.platforms, today)
            if names_platforms and asks_for("deadline", asked.sought)
            else [],
            "acts": acts,
            "coming": _coming(in_full, today)
            if any(page.view == "next" for page in pages)
            else None,
            "asks_until_when": asks_for("deadline", asked.sought),
            "lead": lead,
            "acts_about": listed(each.name for each in named) if acts and not acts.total else "",
            "ranking": ranking,
            "firsts": firsts,
            "declared": declared,
            "told": ways_of_telling() if asks_told else None,
            "notice": notice_given() if asks_told else None,
            "today": today,
            "counts": counts,
            "missing": found.unwatched
            or (query if may_be_name(AskedName(query), in_full.aside) else ""),
            "pages": pages if is_understood else SITE_PAGES,
            "leads_on": leads_on,
            "is_understood": is_understood,
            "reader": reader,
            "place_name": place_in_sentence(reader.place) if reader.place else "",
            "days": days_asked(asked, day, query, reader),
            "whose": whose(asked, reader, query, lines),
            "lines": lines,
            "trainers": trainers,
            "by_place": by_place,
            "asked_of": len(listed_of(found.category)),
            "uses": _use_lines(found.uses, facts, question),
            "slips": slips,
            "compared": _compared(found.platforms),
            "guides": _lines_of(found.guides),
            "rows": rows,
            "years": set(found.years).intersection(years_of_events()) if found.years else (),
        },
    )


def _about_the_site(asked: AskedQuestion, found: Findings) -> str:
    """Return the address that answers a question about this site; "" for any other question.

    A mistake may be on the page of a service that is named.
    """
    page = about_the_site(asked.sought)
    if page is None:
        return ""
    if page.view != "report":
        is_whole = not found.names_platforms and _says_all(asked, page)
        return page.address + _PARTS.get(page.view, "") if is_whole else ""
    named = found.platforms[:1] if found.names_platforms else []
    about = [("about", each.get_absolute_url()) for each in named]
    return f"{page.address}?{urlencode(about)}" if about else page.address


#: Where on a page it is answered who runs the site.
_PARTS = {"about": "#contact"}
_NEXT = next(page for page in SITE_PAGES if page.view == "next")
#: Pages that a question can be about wholly, of which no further record tells.
_ANSWERING = frozenset({"numbers", "next", "about", "methodology"})


def _says_all(asked: AskedQuestion, page: SitePage) -> bool:
    """Return whether a page answers a question: it has no other words than those for the page."""
    if page.view not in _ANSWERING:
        return False
    plain = asked.day.rest if asked.day else asked.sought
    plain = without_asking(page.view, [each for each in plain if each in asked.rest])
    if page.view == "numbers":
        plain = without_asking("all-data", plain)
    subject = read_subject(plain)
    return not (subject.other or subject.kinds or subject.category)


def _asks_how_all_were_told(asked: AskedQuestion) -> bool:
    """Return whether a question is about how people are told, by anybody and of anything."""
    if not asks_how_told(asked.sought) or asked.day:
        return False
    if asks_for_counts(asked) and not asks_how_told(without_asking("asked", asked.sought)):
        return False  # "how many train without asking"
    subject = read_subject(without_words_of("told", asked.rest, asked.sought))
    return not (subject.category or subject.wants_way_out)


def _coming(asked: AskedQuestion, today: dt.date) -> Coming:
    day = asked.day
    return coming(day.first if day else None, day.last if day else None, today)


class _Narrower(NamedTuple):
    """What a question asks about, as typed, that is only a part of a category."""

    typed: str
    category: Category


def _narrower(text: str) -> _Narrower | None:
    subject = read_subject(words(text))
    if not (subject.narrower and subject.category):
        return None
    typed = text.split()
    spans = (
        " ".join(typed[at : at + length])
        for length in range(1, subject.narrower.count(" ") + 2)
        for at in range(len(typed))
    )
    found = next((span for span in spans if words(span) == subject.narrower.split()), "")
    return _Narrower(found.strip(",;:.!?") or subject.narrower, subject.category)


def _of_slugs(slugs: Collection[str]) -> list[Platform]:
    """Return the listed platforms with these slugs, in the order of the slugs."""
    listed = {each.slug: each for each in listed_platforms()}
    return [listed[slug] for slug in slugs if slug in listed]


def _day_of_figures(asked: AskedQuestion, today: dt.date) -> dt.date:
    """Return the day that a question names, the last of a month or year; else today.

    Years ago is this day of that year. There are no figures of days before the first that the site
    has figures of.
    """
    is_past = asked.day is not None and not asked.day.is_open and asked.day.last >= EARLIEST
    return (asked.day.ago or asked.day.last) if asked.day and is_past else today


def _acts(asked: AskedQuestion, platforms: Sequence[Platform]) -> Acts | None:
    """Return what authorities did about platforms, or about any, where words ask for that.

    Of the authority, in the places and on the days that are named, if anything is on record there;
    else it is said that nothing is, and so it is of a platform or an authority that is named. Who
    only complains is no authority: the acts about a platform are those of anybody.
    """
    if not asks_for_acts(asked.sought):
        return None
    is_one = not asked.places and codes_of(asked.place) == (asked.place,)
    place = {"place": asked.place} if is_one else {}
    within = PARTS_OF_EUROPE if asked.place == EUROPE else list(dict.fromkeys(asked.places))
    named = Reference.objects.filter(slug__in=authorities_named(asked.sought))
    complainants = [who for who in named if platforms and who.kind == ReferenceKind.ORGANISATION]
    filing = {who.slug for who in complainants}
    by = {who.slug for who in named} - filing
    narrowed = {**place, **span_asked(asked)}
    find = partial(acts_of_authorities, decided_first=asks_for("punished", asked.sought))
    acts = find(platforms, narrowed, within, by=by, in_each=bool(asked.places))
    if not acts.total and (narrowed or within):
        wider = find(platforms, by=by)
        acts = wider._replace(is_wider=bool(wider.total))
    if platforms and not acts.total and (others := _of_their_companies(platforms)):
        of_others = find(others, by=by)
        instead_of = [each for each in platforms if not _is_ai_of_company(each, asked.rest)]
        acts = of_others._replace(instead_of=instead_of) if of_others.total else acts
    if (by or filing) and not acts.total:
        acts = _instead_of_theirs(acts, find, platforms, by or filing)
    elif filing:
        acts = acts._replace(complainants=complainants)
    if asks_for("fined", asked.sought):
        subject = read_subject(asked.sought)
        by_matter = subject.is_about_training and not subject.names_law
        acts = acts._replace(fines_first=True, fines_by_matter=by_matter)
    return acts if acts.total or platforms or by else None


def _is_ai_of_company(platform: Platform, asked: Sequence[str]) -> bool:
    """Return whether a name and training may mean all AI of a company: "Meta AI training"."""
    name = words(platform.name)
    beside = [word for word in asked if word not in name]
    is_so_called = name == [*words(platform.operator)[:1], "ai"]
    return is_so_called and read_subject(beside).is_about_training


def _instead_of_theirs(
    none: Acts, find: Callable[..., Acts], platforms: Sequence[Platform], by: Collection[str]
) -> Acts:
    """Return what authorities did about others, or what others did about the same platforms."""
    if platforms and (theirs := find([], by=by)).total:
        return theirs._replace(instead_of_theirs=InsteadOfTheirs.ABOUT_OTHERS)
    if platforms and (by_others := find(platforms)).total:
        return by_others._replace(by=none.by, instead_of_theirs=InsteadOfTheirs.BY_OTHERS)
    return none._replace(instead_of_theirs=InsteadOfTheirs.NOTHING)


def _of_their_companies(platforms: Sequence[Platform]) -> list[Platform]:
    """Return the other platforms of the companies that run these."""
    companies = operators(listed_platforms()).values()
    theirs = [each.platforms for each in companies if not set(platforms).isdisjoint(each.platforms)]
    return [each for each in dict.fromkeys(chain(*theirs)) if each not in platforms]


def _is_understood(sought: Sequence[str], found: Findings) -> bool:
    """Return whether a question was read as one; a few words are none, if they say something."""
    return bool(
        (len(sought) <= MOST_WORDS_OF_A_NAME and not read_subject(sought).says_nothing)
        or found.names_platforms
        or found.unwatched
        or found.kinds
        or found.category
        or found.guides_first
        or found.years
    )


def _find_asked(query: str) -> tuple[Findings, AskedQuestion]:
    """Find what is asked, and for whom: "linkedin uk", "in Germany", "my child".

    Records may be about a place or about children, so these words count too, unless they lead to
    nothing.
    """
    listed = listed_platforms()
    asked = read_question(query)
    found = find(query, listed)
    if asked.rest == asked.sought or (found.names_platforms and not asked.place):
        return found, asked
    without = find(" ".join(asked.rest), listed, whole=query)
    if found.names_platforms:  # unless the place alone is in the name of a company
        return (found if without.names_platforms else without), asked
    if without.kinds or without.guides_first or not found.count:
        return without, asked
    return found, asked._replace(place="", people=None, is_open=False)


@require_safe
@public_page()
def opensearch(request: HttpRequest) -> HttpResponse:
    """Let browsers offer this search. Source: OpenSearch 1.1, draft 6."""
    return render(request, "search/opensearch.xml", content_type=_OPENSEARCH)


class _TrainersIn(NamedTuple):
    """How many train on a kind of data in a place, as the list of the same question there."""

    place: str
    number: int

    @property
    def name(self) -> str:
        return place_words(Where((self.place,)))


def _who_train_on(found: Findings, facts: Facts, question: Question) -> list[PlatformLine]:
    """Return platforms that train on the kind of data, of the category if one is asked about.

    First those without a way out, then others, then those that do in part.
    """
    if not found.kinds:
        return []
    kind, lines = found.kinds[0], []
    for platform in listed_of(found.category):
        of_platform = facts[platform.pk]
        uses = tuple(use for use in of_platform.uses if use.is_training and kind in use.data_kinds)
        if uses and (answer := verdict_about(of_platform, uses, kind, question)).is_warm:
            lines.append(PlatformLine(platform, answer))
    return sorted(lines, key=lambda line: _rank(line.verdict))


def _rank(answer: Verdict) -> int:
    if answer.stance != Stance.YES:
        return 2
    return 0 if answer.way == WayOut.NONE else 1


def _lines_of(guides: Sequence[Guide]) -> list[GuideLine]:
    """Return the lines of guides in their order."""
    lines = {line.pk: line for line in all_guide_lines()} if guides else {}
    return [lines[guide.pk] for guide in guides if guide.pk in lines]


def _compared(platforms: Sequence[Platform]) -> str:
    """Return the page that shows these platforms side by side; "" if they are too many."""
    if not 0 < len(platforms) <= MOST_SIDE_BY_SIDE:
        return ""
    return f"{reverse('compare')}?{urlencode([('p', each.slug) for each in platforms])}"


def _use_lines(uses: Sequence[Use], facts: Facts, question: Question) -> list[tuple[Use, UseLine]]:
    """Return uses with what holds today, so that no title claims what is not so."""
    lines = []
    for use in uses:
        of_platform = facts[use.platform_id]
        found = next(each for each in of_platform.uses if each.key == use_key(use))
        lines.append((use, UseLine(found, of_platform, question)))
    return lines
