"""What an answer is based on: changes, pages and the words of terms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from consent.ledger.answers import Verdict
from consent.ledger.platform_facts import PlatformFacts
from consent.models import Entry, Passage, Source, State
from consent.public.questions.answer_line import MOST_NAMED, FirstLine, linked
from consent.vocabulary import PassageSide
from consent.web.page_language import colon
from platforms.models import Page
from platforms.vocabulary import PageKind


def evidence_of(answer: Verdict) -> list[FirstLine]:
    """Link the changes that an answer rests on, or else the pages that its states name."""
    states = states_of(answer)
    label, nothing = gettext("Evidence"), gettext("nothing on record")
    if entries := changes_opening(states):
        return linked(label, entries)
    sources = Source.objects.filter(state__in=states)[:MOST_NAMED]
    pages = {source.url: source.title or source.publisher for source in sources}
    lines = [FirstLine("", rest=title, source=address) for address, title in pages.items()]
    return _headed(label, lines) or [FirstLine(f"{label}{colon()} {nothing}")]


def contract_lines(facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    """Link the terms that are watched, and quote what the answer rests on, if words are kept."""
    terms = Page.objects.living().filter(platform__slug=facts.slug, kind=PageKind.TERMS)
    lines = [FirstLine("", rest=page.title, source=page.url) for page in terms[:MOST_NAMED]]
    states = states_of(answer)
    of_answer = Q(source__state__in=states) | Q(source__entry__opened_states__in=states)
    kept = Passage.objects.filter(of_answer, side=PassageSide.AFTER).exclude(words="")
    quotes = [
        FirstLine(gettext("“%(label)s”") % {"label": passage.words}, source=passage.source.url)
        for passage in kept.select_related("source").distinct()[:1]
    ]
    nothing = FirstLine(gettext("The words of the contract are not on record."))
    return [*_headed(gettext("Terms and agreements on record"), lines), *quotes] or [nothing]


def _headed(label: str, lines: Sequence[FirstLine]) -> list[FirstLine]:
    """Put a label before the first line."""
    return [lines[0]._replace(words=f"{label}{colon()}"), *lines[1:]] if lines else []


def changes_opening(states: QuerySet[State]) -> list[Entry]:
    opened = Entry.objects.published().filter(opened_states__in=states).distinct()
    return list(opened.newest_first()[:MOST_NAMED])


def states_of(answer: Verdict) -> QuerySet[State]:
    """Return the states that an answer rests on."""
    held = [(line.branch.id, line.state.since) for line in answer.lines if line.state]
    return State.objects.filter(
        reduce(or_, (Q(branch=branch, starts_on=since) for branch, since in held), Q(pk__in=()))
    )
