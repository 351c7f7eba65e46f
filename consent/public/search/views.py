"""The search page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.ledger.answers import Stance, Verdict, WayOut
from consent.ledger.asked_place import EUROPE
from consent.ledger.asked_slips import without_slips
from consent.ledger.counts import ways_of_telling, years_of_events
from consent.ledger.facts import (
    Facts,
    facts_of,
    facts_of_all,
    listed_of,
    listed_platforms,
    listed_with,
)
from consent.ledger.guide_lines import GuideLine, all_guide_lines
from consent.ledger.matrix import line_of_use
from consent.ledger.place_words import listed, place_words
from consent.ledger.question import Question
from consent.ledger.reader_place import place_in_sentence
from consent.ledger.state_of_play import ANYBODY, PlatformLine, Reader
from consent.ledger.verdict import verdict_about
from consent.models import Guide, ProviderStatement
from consent.public.questions.asked_acts import acts_asked
from consent.public.questions.asked_answers import answer_lines
from consent.public.questions.asked_counts import AskedCounts, asked_counts, asks_for_counts
from consent.public.questions.asked_question import AskedQuestion, read_question
from consent.public.questions.asked_readers import whose
from consent.public.questions.beside_answers import beside_answers
from consent.public.questions.declared import declared_under
from consent.public.questions.firsts import Firsts, firsts_asked
from consent.public.questions.leads import Lead, lead_of, sign_up_for
from consent.public.questions.past_days import days_asked
from consent.public.questions.question_refusal import FOR_WHOM, day_refused, takes_no_plan
from consent.public.questions.ranking import Ranking, by_answer, ranking_asked
from consent.public.roles.roles import Role, roles_asking, roles_named
from consent.public.rows import rows_of_events
from consent.public.state_of_play.compare_views import MOST_SIDE_BY_SIDE
from consent.public.state_of_play.figures import notice_given
from consent.public.timeline.acts import Acts
from consent.public.timeline.next_days import coming, deadlines_of
from consent.search.asked_names import AskedName, may_be_name
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
from consent.vocabulary import People
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

#: The parameter that asks for records with the words of a question beside no answer to it.
_WORDS = "words"

_OPENSEARCH = "application/opensearchdescription+xml; charset=utf-8"


@require_safe
@public_page(reads=("q", *FOR_WHOM, "asof", _WORDS))
@takes_no_plan
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    text, slips = without_slips(query, listed_platforms())
    today = timezone.localdate()
    found, asked = _find_asked(text)
    in_full = read_question(text)
    if address := _address_instead(request, found, in_full):
        return HttpResponseRedirect(address)
    is_led = (not found.names_platforms or bool(found.category)) and not found.unwatched
    if is_led and (lead_of(in_full, ANYBODY, today) or asks_for_counts(in_full)):
        asked = in_full  # with the place, by which no records are found here
    if asked.place == EUROPE and not found.names_platforms:
        asked = asked._replace(place="EU")  # which the page says; lists are for one place
    if found.names_platforms:
        asked.refuse_day_to_come(request)
    elif asks_for("by-admin", asked.sought):
        asked = asked._replace(people=People.ORGANISATION, is_open=False)
    form = asked.form(request)
    reader, day = form.reader(), form.day() or today
    if "asof" in request.GET and day != today and not found.platforms:
        return day_refused(request, form)
    searched = _Searched(found, asked, in_full, reader, today, is_led)
    beside = beside_answers(request, text, asked.sought, searched.named)
    has_words_only = _WORDS in request.GET
    lists = _Lists() if has_words_only else _lists(searched)
    below = _found_below(searched, lists, has_crawlers=bool(beside["crawlers"]))
    if not has_words_only:
        lists = lists._replace(counts=_counts(searched, lists, below))
    found = _without_what_is_answered(searched, lists, below)
    leads_on = any((*lists, *(beside[each] for each in _BESIDE), found.unwatched_kind))
    of_uses = (use.platform for use in found.uses)
    facts = facts_of_all() if _asks_for_all(found) else facts_of({*found.platforms, *of_uses})
    is_understood = leads_on or _is_understood(asked.sought, found)
    return render(
        request,
        "search/search.html",
        {
            **beside,
            **lists._asdict(),
            "for_words": _for_words(query) if found.count < below.count else "",
            **_beside_lists(searched, lists),
            **_of_platforms(searched, found, facts, query, day),
            **_of_records(searched, found, facts, number_of_claims=len(beside["claims"])),
            "query": query,
            "slips": slips,
            "reader": reader,
            "today": today,
            "found": found,
            "narrower": _narrower(text) if found.category or lists.counts else None,
            "none_watched": NONE_WATCHED.get(found.unwatched_kind, ""),
            "missing": found.unwatched
            or (query if may_be_name(AskedName(query), in_full.aside) else ""),
            "pages": lists.pages if is_understood else SITE_PAGES,
            "leads_on": leads_on,
            "is_understood": is_understood,
        },
    )


#: What stands beside answers and answers a question, too.
_BESIDE = ("claims", "legal", "crawlers")


class _Searched(NamedTuple):
    """A question with what was found for it, for whom, and in full: with its place and people.

    is_led: lists may answer it, as it names no service or a kind of them.
    """

    found: Findings
    asked: AskedQuestion
    in_full: AskedQuestion
    reader: Reader
    today: dt.date
    is_led: bool

    @property
    def named(self) -> Sequence[Platform]:
        return self.found.platforms if self.found.names_platforms else []


class _Lists(NamedTuple):
    """What answers a question beside the records that are found, as the template has it."""

    pages: Sequence[SitePage] = ()
    roles: Sequence[Role] = ()
    acts: Acts | None = None
    firsts: Firsts | None = None
    declared: Sequence[ProviderStatement] = ()
    lead: Lead | None = None
    ranking: Ranking | None = None
    asks_told: bool = False
    counts: AskedCounts | None = None

    @property
    def is_of_days_to_come(self) -> bool:
        return _NEXT in self.pages


def _address_instead(request: HttpRequest, found: Findings, asked: AskedQuestion) -> str:
    """Return the address of another page that a question asks for; "" for most questions."""
    if asks_for("leave-alerts", asked.sought) and not found.names_platforms:
        return reverse("manage-link")
    if asks_for("alerts", asked.sought):
        return sign_up_for(found.platforms, asked, request)
    return _about_the_site(asked, found)


def _lists(searched: _Searched) -> _Lists:
    _found, asked, in_full, reader, today, is_led = searched
    named, sought = searched.named, asked.sought
    acts = acts_asked(in_full, named)
    firsts = firsts_asked(in_full, named, reader.place, today) if named or is_led else None
    declared = declared_under(sought) if is_led and not acts else []
    lead = lead_of(asked, reader, today) if is_led else None
    ranking = ranking_asked(asked, reader, today) if is_led and lead is None else None
    if lead and lead.is_opposite and lead.category and not (lead.number or lead.beside):
        ranking, lead = by_answer(reader, today, lead.category), None
    if declared or (firsts and not named):
        lead = None
    asks_told = is_led and lead is None and _asks_how_all_were_told(in_full)
    return _Lists(
        [] if asks_told or named else _pages(in_full, today),
        roles_asking(in_full.people if in_full.at_school else None, roles_named(sought), sought),
        *(acts, firsts, declared, lead, ranking, asks_told),
    )


def _pages(asked: AskedQuestion, today: dt.date) -> list[SitePage]:
    pages, day = pages_for(asked.sought), asked.day
    return [_NEXT, *pages] if day and day.last > today and _NEXT not in pages else pages


def _found_below(searched: _Searched, lists: _Lists, *, has_crawlers: bool) -> Findings:
    """Return the records below what answers a question: those of a list that is their heading."""
    found, lead, is_open = searched.found, lists.lead, not searched.named
    if lists.declared or (lists.firsts and is_open):
        return Findings()
    if lists.ranking:
        return Findings(platforms=list(lists.ranking.platforms))
    if is_open and (has_crawlers or (lists.roles and searched.in_full.at_school)):
        found = Findings()  # of what a school does, the sheets tell more than any words
    if lead and lead.entries is not None:
        most = MOST_OF_OTHER_DAYS if lead.none else MOST_OF_LEAD
        return Findings(entries=list(lead.entries.for_rows()[:most]), years=found.years)
    if lead and lead.uses:
        return Findings(uses=list(lead.uses))
    if lead and lead.slugs is not None:
        shown = listed_with(lead.slugs or lead.unknown)
        return Findings(platforms=shown, category=lead.category)
    if lead and (lead.beside or (lead.is_opposite and not found.kinds)):
        return Findings()
    if lists.pages and found.corrected and is_open:
        return Findings()  # a question that a page answers has no slips
    return found


def _counts(searched: _Searched, lists: _Lists, found: Findings) -> AskedCounts | None:
    """Return the figures that are asked for; none where a list of platforms says who they are."""
    _found, asked, in_full, reader, today, is_led = searched
    if lists.ranking or lists.asks_told or lists.acts or not is_led:
        return None
    counts = asked_counts(asked, reader, _day_of_figures(in_full, today), today)
    is_of_kinds = counts is not None and bool(counts.kinds)
    if is_of_kinds and _who_train_on(found, facts_of_all(), reader.on(today)):
        return None
    return counts


def _without_what_is_answered(searched: _Searched, lists: _Lists, found: Findings) -> Findings:
    """Leave out records where a list or a page answers the question wholly."""
    lead, counts, pages, named = lists.lead, lists.counts, lists.pages, searched.named
    if lists.asks_told:
        return Findings()
    is_of_changes = lead and (
        (counts and lead.entries is not None)
        or read_subject(searched.asked.sought).asks_for_changes
    )
    is_all = counts or (pages and not named and _says_all(searched.in_full, pages[0]))
    if is_all and not is_of_changes:
        found = Findings(years=found.years)
    if lists.acts:
        return Findings(platforms=found.platforms if named and len(found.platforms) == 1 else [])
    if lists.is_of_days_to_come and not named and lead is None:
        return Findings(years=found.years)
    if _asks_for_all(found):
        # The list of who trains is the answer, and guides are the way out.
        return replace(found, uses=[], controls=[], entries=found.entries if found.years else [])
    return found


def _beside_lists(searched: _Searched, lists: _Lists) -> dict[str, Any]:
    """Return what templates show beside the lists that answer a question."""
    names = listed(each.name for each in searched.named)
    day, lead, counts = searched.in_full.day, lists.lead, lists.counts
    is_then_first = bool(day and day.goes_on)
    is_of_changes = lead is not None and lead.entries is not None and not lead.none
    return {
        "acts_about": names if lists.acts and not lists.acts.total else "",
        "coming": coming(day.first if day else None, day.last if day else None, searched.today)
        if lists.is_of_days_to_come
        else None,
        "is_then_first": is_then_first,
        "are_changes_folded": is_then_first and is_of_changes and counts and counts.began,
        "told": ways_of_telling() if lists.asks_told else None,
        "notice": notice_given() if lists.asks_told else None,
    }


def _for_words(query: str) -> str:
    """Return the query that searches for the words of a question, beside no answer to it."""
    return urlencode({"q": query, _WORDS: 1})


def _of_platforms(
    searched: _Searched, found: Findings, facts: Facts, query: str, day: dt.date
) -> dict[str, Any]:
    """Return what templates show of the platforms that were found, and of those that train."""
    _found, asked, _in_full, reader, today, _is_led = searched
    asks_for_all = _asks_for_all(found)
    question = reader.on(today)
    places = dict.fromkeys(asked.places) if asks_for_all and not reader.place else ()
    in_places = ((place, replace(question, place=place)) for place in places)
    lines = list(chain(*answer_lines(found.platforms, facts, reader, asked, day).values()))
    return {
        "lines": lines,
        "whose": whose(asked, reader, query, lines),
        "days": days_asked(asked, day, query, reader),
        "place_name": place_in_sentence(reader.place) if reader.place else "",
        "compared": _compared(found.platforms),
        "trainers": _who_train_on(found, facts, question) if asks_for_all else [],
        "by_place": [
            _TrainersIn(place, len(_who_train_on(found, facts, there)))
            for place, there in in_places
        ],
        "asked_of": len(listed_of(found.category)),
        "deadlines": deadlines_of(found.platforms, today)
        if searched.named and asks_for("deadline", asked.sought)
        else [],
    }


def _of_records(
    searched: _Searched, found: Findings, facts: Facts, *, number_of_claims: int
) -> dict[str, Any]:
    """Return what templates show of uses, guides and changes that were found."""
    rows, question = rows_of_events(found.entries), searched.reader.on(searched.today)
    return {
        "count": found.count - len(found.entries) + len(rows) + number_of_claims,
        "uses": [(use, line_of_use(use, facts, question)) for use in found.uses],
        "guides": _lines_of(found.guides),
        "rows": rows,
        "years": set(found.years).intersection(years_of_events()) if found.years else (),
    }


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
    otherwise = without_asking("narrows-nothing", without_asking("asked", asked.sought))
    if asks_for_counts(asked) and not asks_how_told(otherwise):
        return False  # "how many train without asking", "unless told otherwise"
    subject = read_subject(without_words_of("told", asked.rest, asked.sought))
    return not (subject.category or subject.wants_way_out)


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


def _day_of_figures(asked: AskedQuestion, today: dt.date) -> dt.date:
    """Return the day that a question names, the last of a month or year; else today.

    Years ago is this day of that year. There are no figures of days before the first that the site
    has figures of.
    """
    is_past = asked.day is not None and not asked.day.is_open and asked.day.last >= EARLIEST
    return (asked.day.ago or asked.day.last) if asked.day and is_past else today


def _asks_for_all(found: Findings) -> bool:
    """Return whether all platforms are asked about that train on a kind of data."""
    return bool(found.kinds) and not found.platforms


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
