"""What becomes of what people give: how long it is kept, who gets it, how it is deleted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from consent.ledger.answers import Verdict, Way
from consent.ledger.catalog_words import translated
from consent.ledger.headline_words import operator_in_brief
from consent.ledger.place_words import in_parentheses, listed
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import Question
from consent.ledger.reader_place import reaches
from consent.ledger.verdict import training_uses, verdict_over, ways_of_uses
from consent.ledger.way_buttons import WayButton
from consent.models import Control, Entry, Guide
from consent.models.entries import EntryQuerySet
from consent.public.questions.answer_line import MOST_NAMED, FirstLine, linked
from consent.public.questions.platform_question import PlatformQuestion
from consent.search.plain_words import has_phrase, words
from consent.search.texts import saying
from consent.vocabulary import Effect, Reach, Refuse, Topic
from consent.web.page_language import colon
from platforms.models import Platform
from platforms.vocabulary import PlanKind

#: Of data that was given before, in the English of changes and guides.
_OF_EARLIER_DATA = re.compile(
    r"\b(?:retroactiv\w*|unlearn\w*|back to the beginning"
    r"|(?:past|earlier|older?|existing|previous|deleted (?:\w+ ){0,3}?)"
    r" ?(?:posts|content|data|chats|photos|files|answers))\b",
    re.IGNORECASE,
)

#: Of what training has used, in the English of guides.
_OF_TRAINED = re.compile(r"\balready (?:been )?(?:used|trained)\b", re.IGNORECASE)

_OF_DELETING = re.compile(r"\b(?:delet|eras)\w+", re.IGNORECASE)

#: Chosen.
_MOST_SELLERS = 8


def kept_lines(facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    """Say how long what is given is kept: by the plan, and what changed about it."""
    label = gettext("How long it is kept")
    plans = [plan for plan in facts.plans if plan.retention and answer.plan in ("", plan.name)]
    of_plans = [
        FirstLine(
            f"{in_parentheses(label, [plan.name])}{colon()}",
            rest=plan.retention or "",
            source=plan.retention_source or "",
        )
        for plan in plans[:MOST_NAMED]
    ]
    if answer.plan and of_plans:
        return of_plans
    changes = _changes_of_keeping(facts, answer)
    is_of_apis = all(plan.kind == PlanKind.API for plan in plans)
    if of_plans and not changes and is_of_apis and len(plans) < len(facts.plans):
        changes = [FirstLine(gettext("How long it is kept elsewhere is not on record."))]
    return [*changes, *of_plans] or [FirstLine(gettext("How long it is kept is not on record."))]


def given_lines(
    facts: PlatformFacts, answer: Verdict, linked_already: Collection[str]
) -> list[FirstLine]:
    """Say which data the ways out of today reach: what was given before, or what comes.

    linked_already: the addresses of guides that buttons lead to.
    """
    question = Question(timezone.localdate(), answer.place, answer.people, answer.plan)
    uses = answer.uses or training_uses(facts)
    every = ways_of_uses(facts, uses, question)
    ways = verdict_over(facts, uses, question).ways or every
    reached = [*dict.fromkeys(way.control.reach for way in ways)]
    named = [str(reach.label) for reach in reached if reach != Reach.UNSTATED]
    if reached == [Reach.FUTURE_ONLY]:
        from_now = gettext("Refusing holds from now on; what was used before is not taken back.")
        further = [way for way in every if way not in ways]
        guides = [
            each for each in _guides(further) if each.get_absolute_url() not in linked_already
        ]
        others = linked(gettext("Other ways to keep data out"), guides[:MOST_NAMED])
        return [FirstLine(from_now), *_of_guides(ways), *others]
    if not named:
        nothing = gettext("What becomes of what was given before is not on record.")
        return _changes_saying(_OF_EARLIER_DATA, facts) or [FirstLine(nothing)]
    label = gettext("What the way out reaches")
    return [FirstLine(f"{label}{colon()} {listed(named)}"), *_of_guides(ways)]


def _guides(ways: Iterable[Way]) -> list[Guide]:
    of_ways = Q(pk__in=())
    for way in ways:
        platform, _, control = way.control.key.partition("/")
        of_ways |= Q(controls__platform__slug=platform, controls__slug=control)
    return list(Guide.objects.published().filter(of_ways).distinct())


def _of_guides(ways: Iterable[Way]) -> list[FirstLine]:
    """Say what guides to these ways say of data given before, each thing once; link each guide."""
    lines: dict[str, FirstLine] = {}
    for guide in _guides(ways):
        said = filter(_OF_EARLIER_DATA.search, guide.caveats)
        new = [caveat for caveat in said if caveat not in lines]
        lines |= {caveat: FirstLine("", rest=caveat) for caveat in new[:-1]}
        lines |= {caveat: FirstLine("", [guide], rest=caveat) for caveat in new[-1:]}
    return list(lines.values())


def passed_on_lines(facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    """Link the latest changes by which what is given went to others; none without any."""
    label = gettext("Changes by which more went to others")
    return _changes(label, Effect.SHARING_WIDENED, facts, answer)


def passed_on_to(buyers: Iterable[Platform]) -> EntryQuerySet:
    """Return the latest changes of other companies that shared more and name one of these.

    Titles name the company, or its product.
    """
    named, own = Q(pk__in=()), Q(pk__in=())
    for buyer in buyers:
        for name in {operator_in_brief(buyer.operator, buyer.name), buyer.name} - {""}:
            named |= Q(title__icontains=name)
        own |= Q(platforms__operator=buyer.operator)
    entries = Entry.objects.published().listing("effects", Effect.SHARING_WIDENED.value)
    about_training = entries.exclude(topic=Topic.OTHER)
    shared = about_training.filter(named).exclude(own).newest_first()
    return shared.prefetch_related("platforms")[:_MOST_SELLERS]


def deleted_lines(
    facts: PlatformFacts, names: Sequence[str], others: Collection[str]
) -> list[FirstLine]:
    """Say what can be deleted, or closed with the account, and what becomes of it.

    names: of the platform, as typed. Guides that bear one are linked too: Grok has chats on X.
    Those of the others are not. What guides say of training that has been goes with it.
    """
    own = Control.objects.published().filter(platform__slug=facts.slug)
    leaving = own.filter(refuse=Refuse.LEAVE, name__icontains="delete")
    deleting = own.filter(refuse=Refuse.DELETE) or leaving
    deletion = gettext("Deleting")
    label = f"{deletion}{colon()}"
    lines, linked = [], list[Guide]()
    for control in deleting[:MOST_NAMED]:
        guides = list(control.guides.published())
        words = label if guides else f"{label} {translated(control.words)}."
        lines.append(FirstLine(words, guides, rest=control.note))
        linked += guides
    titled = Guide.objects.none()
    if names:
        titled = saying(Guide.objects.published(), [*names, "delete"], in_title=True)
    titled = titled.exclude(platform__name__in=others)
    for guide in titled[:MOST_NAMED]:
        if guide not in linked:
            notes = guide.controls.published().filter(refuse=Refuse.DELETE)
            rest = notes.values_list("note", flat=True).first() or ""
            lines.append(FirstLine(label, [guide], rest=rest))
            linked.append(guide)
    said = [caveat for guide in linked for caveat in guide.caveats]
    trained = dict.fromkeys(filter(_OF_TRAINED.search, said))
    return [*lines, *(FirstLine(label, rest=caveat) for caveat in trained)]


def deletion_otherwise(facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    """Say what changes say of deleting, where nothing that people can delete is on record."""
    nothing = gettext("Whether it can be deleted is not on record.")
    changes = _changes_of_keeping(facts, answer) or _changes_saying(_OF_DELETING, facts)
    return changes or [FirstLine(nothing)]


def _changes_of_keeping(facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    """Link the latest changes of how long what is given is kept; none without any."""
    label, changed = gettext("How long it is kept"), gettext("what changed about it")
    return _changes(f"{label}{colon()} {changed}", Effect.RETENTION_CHANGED, facts, answer)


def _changes(label: str, effect: Effect, facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    about = Entry.objects.published().filter(platforms__slug=facts.slug)
    changes = about.exclude(topic=Topic.OTHER).listing("effects", effect.value).newest_first()
    reached = [
        entry
        for entry in changes
        if reaches(entry.where, answer.place)
        and not (answer.plan and entry.plans and answer.plan not in entry.plans)
    ]
    return linked(label, reached[:MOST_NAMED])


def _changes_saying(pattern: re.Pattern[str], facts: PlatformFacts) -> list[FirstLine]:
    """Link the latest changes that say something of data given before; none without any."""
    about = Entry.objects.published().filter(platforms__slug=facts.slug).newest_first()
    entries = [each for each in about if pattern.search(f"{each.title} {each.summary}")]
    return linked(gettext("On record about what was given before"), entries[:MOST_NAMED])


def forms_beside(asked: PlatformQuestion, buttons: Iterable[WayButton]) -> list[FirstLine]:
    """Say what guides to the forms of an answer say of another service that is asked about."""
    company = {*words(asked.facts.operator)}  # which a form for one service may name
    names = [" ".join(words(name)) for name in asked.others if company.isdisjoint(words(name))]
    pages = {each.address.partition("#")[0] for each in buttons} if names else ()
    forms = {
        guide.pk
        for guide in asked.guides.values()
        if guide.get_absolute_url() in pages
        and all(act.refuse == Refuse.SUBMIT for act in guide.acts)
    }
    guides = Guide.objects.filter(pk__in=forms) if forms else ()
    own = [" ".join(words(asked.facts.name))]
    said = [
        each
        for guide in guides
        for each in guide.caveats
        if has_phrase(words(each), names) and not has_phrase(words(each), own)
    ]
    return [FirstLine("", rest=each) for each in said]
