"""What an answer begins with if a question is about a kind of data, the start, or the telling."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import reduce
from itertools import dropwhile, groupby, takewhile
from operator import or_
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from consent.ledger.answers import Line, Reason, Since, Stance, Verdict
from consent.ledger.atom_answers import start_of
from consent.ledger.catalog_words import translated
from consent.ledger.dates import dates_of, leading_date
from consent.ledger.headline_words import (
    headline,
    on_whose_word,
    operator_in_full,
    short_words,
    since_told,
    since_words,
)
from consent.ledger.place_words import SEMICOLON, in_parentheses, listed, place_words, told_words
from consent.ledger.platform_facts import PlatformFacts, StateFacts, UseFacts, states_begun
from consent.ledger.question import Question
from consent.ledger.reader_place import reaches
from consent.ledger.verdict import training_uses, verdict_over, ways_of_uses
from consent.ledger.verdict_words import (
    all_notes_then,
    kind_labels,
    left_out,
    name_of,
    notes_then,
    trainers_of,
)
from consent.models import Control, Entry, Guide, Passage, Source, State
from consent.public.questions.asked_consent import STARTS, whether_asked
from consent.public.questions.asked_uses import about_kind
from consent.search.asked_purposes import asked_purposes
from consent.search.pages import Asked, asks_for, asks_how_told
from consent.search.questions import read_subject
from consent.search.texts import saying
from consent.vocabulary import (
    IN_USE,
    DataKind,
    Effect,
    PassageSide,
    People,
    Purpose,
    Reach,
    Refuse,
    StateValue,
    Topic,
    Why,
)
from consent.web.date_words import format_date
from consent.web.page_language import colon
from platforms.models import Page, Platform
from platforms.vocabulary import Category, PageKind, PlanKind

_NOT_SO = gettext_lazy("not so from %(date)s")
_INTERRUPTED = {
    StateValue.UNCLEAR: gettext_lazy("not known from %(date)s"),
    StateValue.ONLY_IF_AGREED: gettext_lazy("only if people agree from %(date)s"),
}
#: Of an unclear state that is over.
_TERMS_ALLOWED = gettext_lazy("the terms allowed it from %(date)s")
_STANCES_WITH_START = (Stance.NO, Stance.NOT_ANY_MORE, Stance.ONLY_IF_AGREED, Stance.NOT_OFFERED)
#: Uses, places or changes that are named one by one. Chosen.
_MOST = 4
#: The same with announcements, of which a service may have many. Chosen.
_MOST_TOLD = 6
#: Starts that are said one by one before other things that are asked. Chosen.
_FEW = 2

#: Kinds of data that a label names. Chosen.
_MOST_KINDS = 3

#: In titles of changes, which are in English.
PAYS = re.compile(r"\b(?:pays?|fund|compensat\w+|royalt\w+)\b", re.IGNORECASE)

#: In summaries of them, which are in English too.
_PRICE = re.compile(r"\bdollars a year\b|\bthe price\b", re.IGNORECASE)

#: Of data that was given before, in titles and summaries of changes, which are in English.
_OF_EARLIER_DATA = re.compile(
    r"\b(?:retroactiv\w*|unlearn\w*|back to the beginning"
    r"|(?:past|earlier|older?|existing|previous|deleted (?:\w+ ){0,3}?)"
    r" ?(?:posts|content|data|chats|photos|files|answers))\b",
    re.IGNORECASE,
)
_OF_DELETING = re.compile(r"\b(?:delet|eras)\w+", re.IGNORECASE)


#: What is asked about what becomes of data, as pages.Asked has it.
ASIDES: tuple[Asked, ...] = ("kept", "given", "deleted")


class FirstLine(NamedTuple):
    """rest: what a file says. source: the page that it is from. use: whose answer it is.

    records: what it links.
    """

    words: str
    records: Sequence[Entry | Guide] = ()
    rest: str = ""
    source: str = ""
    use: UseFacts | None = None


class AskedPart(NamedTuple):
    """One of the things that a question asks: since when, who, what is deleted.

    lines: all that is said of it. main: those that answer it best. is_aside: it is not about
    training, and follows the answer about that where both are asked.
    """

    lines: Sequence[FirstLine]
    main: Sequence[FirstLine]
    is_since: bool = False
    is_told: bool = False
    is_aside: bool = False

    @property
    def further(self) -> list[FirstLine]:
        return [line for line in self.lines if line not in self.main]


def asked_parts(
    platform: Platform,
    facts: PlatformFacts,
    answer: Verdict,
    sought: Sequence[str],
    own: frozenset[str],
    others: Collection[str],
    own_plans: Iterable[tuple[str, Verdict]] = (),
) -> list[AskedPart]:
    """Return what words ask: who, since when, how people were told, what is deleted, from what age.

    own: words of the platform's names. others: names of further platforms that are asked about.
    own_plans: the answers on the plans of those who ask, if they have some, whose start is told.
    """
    who = _who_trains(facts, answer) if asks_for("who", sought) else []
    is_past = answer.day < timezone.localdate()
    since = []
    # "Today and in July 2024, since when" asks for the history up to today.
    if asks_for("since", sought) and not (is_past and asks_for("now", sought)):
        since = [
            line._replace(words=f"{plan}{colon()} {line.words}")
            for plan, each in own_plans
            for line in _since(each)
        ] or _since(answer)
    told = _told(answer) if asks_how_told(sought) else []
    consented = _whether_asked(answer) if asks_for("asked", sought) else []
    ended = _ended(_on(answer), answer) if consented and not since else []
    disputed = _disputed(_on(answer), answer) if since else []
    found = []
    if since:
        found.append(AskedPart([*since, *disputed], _best_of_since(since, answer), is_since=True))
    if told:
        main = [*map(_without_note, consented), *_best_of_told(told), *ended]
        found.append(AskedPart([*consented, *ended, *told], main, is_told=True))
    if is_past:  # the other things are on record as they are today
        worded = _changes_behind(answer, facts) if asks_for("contract", sought) else []
        return [*found, *(AskedPart(each, each) for each in (who, worded) if each)]
    asks_to_delete, asks_how_long = asks_for("deleted", sought), asks_for("kept", sought)
    kept = _kept(facts, answer) if asks_how_long else []
    given = _given(facts, answer) if asks_for("given", sought) else []
    paid = _paid(facts) if asks_for("paid", sought) else []
    is_of_sharing = Purpose.SHARING_FOR_TRAINING in asked_purposes(sought)
    passed_on = _passed_on(facts, answer) if is_of_sharing else []
    deleted = []
    if asks_to_delete or kept or given:
        parts = [part for word in sought for part in word.split("-")]
        deleted = _deleted(facts, [word for word in parts if word in own], others)
    if asks_to_delete and not (deleted or kept or given):
        deleted = (
            _changes_of_keeping(facts, answer)
            or _saying(_OF_DELETING, facts)
            or [FirstLine(gettext("Whether it can be deleted is not on record."))]
        )
    contract = _contract(facts, answer) if asks_for("contract", sought) else []
    age = _age(platform) if asks_for("age", sought) else []
    return [
        *found,
        *(
            AskedPart(each, each if each is who else each[:1], is_aside=is_aside)
            for is_aside, asides in (
                (False, (passed_on, age, who, paid, contract)),
                (True, (kept, given, deleted)),
            )
            for each in asides
            if each
        ),
    ]


def _without_note(line: FirstLine) -> FirstLine:
    if not line.rest:
        return line
    return line._replace(words=f"{line.words.removesuffix(colon())}.", rest="")


def _whether_asked(answer: Verdict) -> list[FirstLine]:
    """Say whether people were asked: last of most uses and places, if that differs.

    What is disputed, with its note, comes before what is certain.
    """
    told = sorted(whether_asked(answer).items(), key=lambda each: (not each[0][1], len(each[1])))
    if len(told) < 2:
        return [FirstLine(words, rest=note) for (words, note), _lines in told]
    names = [listed([_of(line, answer) for line in lines]) for _words, lines in told[:-1]]
    named = zip([*names, gettext("Otherwise")], told, strict=True)
    return [
        FirstLine(f"{name}{colon()} {words}", rest=note) for name, ((words, note), _lines) in named
    ]


def _best_of_since(since: Sequence[FirstLine], answer: Verdict) -> Sequence[FirstLine]:
    """Return the start of each place or use, if they differ and are few; else what comes first."""
    of_each = since[1:] if _on(answer) else []
    return of_each if 0 < len(of_each) <= _FEW else since[:1]


def _best_of_told(told: Sequence[FirstLine]) -> list[FirstLine]:
    """Return how people were told of a start, else of any other change, after what announced it.

    What was announced before, in a policy say, belongs to it: a switch that nobody was told of may
    be of a use that was.
    """
    is_known = sorted(
        (line for line in told if any(map(_is_told, line.records))),
        key=lambda line: any(map(_is_start, line.records)),
    )
    best = [*told[:1], *is_known][-1]
    before = told[: told.index(best)]
    announced = [line for line in before if any(map(_is_announced, line.records))]
    return [*announced[:1], best]


def _is_told(record: Entry | Guide) -> bool:
    return isinstance(record, Entry) and bool(record.told)


def _is_announced(record: Entry | Guide) -> bool:
    return isinstance(record, Entry) and any(
        date.kind == "announced" and not date.reported for date in dates_of(record)
    )


def _is_start(record: Entry | Guide) -> bool:
    return isinstance(record, Entry) and not STARTS.isdisjoint(record.effects)


def _who_trains(facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    """Name who trains, where that is on, and who runs the platform."""
    runs = gettext("Who runs %(platform)s") % {"platform": facts.name}
    before = facts.operators_before if answer.operator == facts.operator else ()
    operator = operator_in_full(answer.operator, before)
    told = [trainers_of(answer), f"{runs}{colon()} {operator}" if operator else ""]
    nobody = gettext("Who is behind it is not on record.")
    return [FirstLine(words) for words in (*filter(None, told),) or (nobody,)]


def reported(answer: Verdict) -> list[FirstLine]:
    """Say what others report, with its page, where nothing else is on record."""
    if answer.reason != Reason.REPORTS_ONLY:
        return []
    lines: list[FirstLine] = []
    for line in answer.lines[:_MOST]:
        if any(line.state and told.rest == line.state.note for told in lines):
            continue  # the same of another place
        if line.state and line.state.why == Why.REPORTS_ONLY and line.state.note:
            of_state = Source.objects.filter(state__branch=line.branch.id)
            source = of_state.filter(state__starts_on=line.state.since).first()
            label = gettext("What others report")
            address = source.url if source else ""
            lines.append(FirstLine(f"{label}{colon()}", rest=line.state.note, source=address))
    return lines


def of_private_accounts(answer: Verdict, category: str) -> list[FirstLine]:
    """Say whether a use leaves out what private accounts post, which headlines do not say."""
    uses = [use for use, words in left_out(answer) if "accounts" in words]
    if uses:
        label = gettext("Data")
        return [FirstLine(f"{label}{colon()}", rest=use.covers) for use in uses]
    if category != Category.SOCIAL or answer.stance not in (Stance.YES, Stance.DEPENDS):
        return []
    return [FirstLine(gettext("Whether private accounts are left out is not on record."))]


def messages_of_minors(
    platform: Platform, facts: PlatformFacts, answer: Verdict
) -> list[FirstLine]:
    """Say what holds for private messages, which minors write most, if that is another answer."""
    if answer.people != People.MINORS or platform.category != Category.SOCIAL:
        return []
    if not is_told_apart(facts, DataKind.PRIVATE_MESSAGES, answer):
        return []
    told = of_kind(facts, DataKind.PRIVATE_MESSAGES, answer)
    return [] if told.records else [told]


def kinds_asked(
    facts: PlatformFacts, answer: Verdict, sought: Sequence[str], own: frozenset[str]
) -> list[DataKind]:
    """Return the kinds of data that plain words name. own: words of the platform's names."""
    if not any(DataKind.PRIVATE_MESSAGES in use.data_kinds for use in facts.uses):
        own |= {"texts"}  # which are translated there, and no messages
    kinds = read_subject([word for word in sought if word not in own]).kinds
    if DataKind.CHATS not in kinds:
        return list(kinds)
    # "Chats" may also be those with people.
    with_ai = about_kind(facts, answer, DataKind.CHATS)
    with_people = about_kind(facts, answer, DataKind.PRIVATE_MESSAGES)
    is_of_people = with_people is not None and not with_people.nothing_on_record
    if with_ai is None:
        is_of_people |= bool(_entries_about(facts, DataKind.PRIVATE_MESSAGES))
    if with_people or is_of_people or _products_of(facts, DataKind.CHATS):
        kinds = tuple(dict.fromkeys((*kinds, DataKind.PRIVATE_MESSAGES)))
    if is_of_people and (with_ai is None or with_ai.nothing_on_record):
        return [kind for kind in kinds if kind != DataKind.CHATS]
    return list(kinds)


def is_told_apart(facts: PlatformFacts, kind: DataKind, answer: Verdict) -> bool:
    """Return whether a kind of data needs an answer of its own beside that about all."""
    of_kind = about_kind(facts, answer, kind)
    products = _products_of(facts, DataKind.CHATS)
    # What people write to an assistant are messages to them.
    if kind == DataKind.PRIVATE_MESSAGES and of_kind is None and not products:
        chats = about_kind(facts, answer, DataKind.CHATS)
        if chats and headline(chats) == headline(answer):
            return False
    if of_kind is None:
        return any(use.data_kinds for use in training_uses(facts))
    is_of_product = kind == DataKind.CHATS and bool(products)
    return is_of_product or headline(of_kind) != headline(answer)


def of_kind(facts: PlatformFacts, kind: DataKind, answer: Verdict) -> FirstLine:
    """Say what is on record of a kind of data; if only changes are about it, link them."""
    label = capfirst(label_of(facts, kind))
    if about := about_kind(facts, answer, kind):
        return FirstLine(f"{label}{colon()} {headline(about)}")
    if entries := _entries_about(facts, kind):
        # Translators: "Private messages: no answer on record; changes about it:", then links
        told = gettext("no answer on record; changes about it")
        return FirstLine(f"{label}{colon()} {told}{colon()}", entries)
    nothing = gettext("nothing on record")
    return FirstLine(f"{label}{colon()} {nothing}")


def nothing_alone(facts: PlatformFacts, kind: DataKind) -> FirstLine:
    """Say that a kind of data is on record only as a part of others."""
    label = capfirst(label_of(facts, kind))
    return FirstLine(gettext("%(kind)s, taken alone: nothing on record.") % {"kind": label})


def of_data_on_record(answer: Verdict) -> str:
    """Name the data that an answer is about beside a kind that is not on record."""
    kinds = list(dict.fromkeys(kind for use in answer.uses for kind in use.data_kinds))
    if len(kinds) > _MOST_KINDS:
        return gettext("other data")
    return listed(kind_labels(answer.uses, kinds))


def label_of(facts: PlatformFacts, kind: DataKind) -> str:
    products = _products_of(facts, kind) if kind == DataKind.CHATS else []
    if not products:
        return str(kind.label)
    return gettext("chats with %(products)s") % {"products": listed(products)}


def _products_of(facts: PlatformFacts, kind: DataKind) -> list[str]:
    """Return the parts of a platform that alone have a kind of data, as an AI has chats."""
    parts = [use.part for use in training_uses(facts) if kind in use.data_kinds]
    return list(dict.fromkeys(parts)) if all(parts) else []


def _entries_about(facts: PlatformFacts, kind: DataKind) -> list[Entry]:
    """Return the latest entries about a kind of data, as one of X is listed under Grok too."""
    about = Entry.objects.published().filter(platforms__slug=facts.slug)
    return list(about.listing("data_kinds", kind.value).newest_first()[:2])


def _since(answer: Verdict) -> list[FirstLine]:
    """Say the day with what kind of day it is, and on whose word; if it differs, of each use.

    Of what was interrupted or has ended, the first start and what followed. Of what never began as
    far as is known, the answer with its day, and what was on record before.
    """
    lines = _on(answer) or list(answer.lines)
    if not _on(answer):
        return [*_without_start(answer), *_ended(lines, answer)]
    broken = {line.key: words for line in lines if (words := _interrupted(line, answer.day))}
    if len(lines) == 1 and broken:
        return [FirstLine(words) for words in broken.values()]
    if answer.since is not None:
        named = [line for line in lines if line.key in broken or answer.since.last]
    else:
        named = lines if broken else _on(answer)
    dated = []
    is_one_use = len({line.use.key for line in lines}) == 1 and not answer.place
    for line in named[:_MOST]:
        start = start_of(Stance.YES, line.use, line.branch, answer.day) if line.is_on else None
        if words := broken.get(line.key) or (since_words(start) if start else ""):
            where = capfirst(place_words(line.branch.where)) if is_one_use else ""
            dated.append(FirstLine(f"{where or _of(line, answer)}{colon()} {words}"))
    whole = []
    if answer.since is not None:
        # What the lines below say of each start is not said before them.
        since = replace(answer.since, last=None) if dated else answer.since
        told = since_told(replace(answer, since=since))
        whole = [FirstLine(capfirst(" · ".join(filter(None, (told, on_whose_word(answer))))))]
    return [*whole, *dated] or [FirstLine(gettext("Since when is not on record."))]


def _without_start(answer: Verdict) -> list[FirstLine]:
    """Say that training is not on, since when that is so, and what was on record before."""
    nothing = FirstLine(gettext("No start of training is on record."))
    if answer.stance not in _STANCES_WITH_START:
        return [nothing]
    told = short_words(answer)
    if answer.since:
        since = since_words(answer.since)
        if answer.stance in (Stance.NO, Stance.NOT_ANY_MORE) and not answer.since.said:
            # Translators: after "No": "No; not since 11 August 2023"
            since = gettext("not %(since)s") % {"since": since}
        told = f"{told}{SEMICOLON}{since}"
    whole = FirstLine(" · ".join(filter(None, (told, on_whose_word(answer)))))
    before = {words: line for line in answer.lines if (words := _before(line, answer.day))}
    label = gettext("Before")
    names = len(before) > 1
    lines = [
        FirstLine(
            f"{in_parentheses(label, [_of(line, answer)] if names else [])}{colon()} {words}."
        )
        for words, line in before.items()
    ]
    if lines:
        return [whole, *lines[:_MOST]]
    if any(_interrupted(line, answer.day) for line in answer.lines):
        return [whole]
    return [whole, nothing]


def _ended(lines: Sequence[Line], answer: Verdict) -> list[FirstLine]:
    """Say of each use that was on when it began, and what followed."""
    told = ((line, _interrupted(line, answer.day)) for line in lines)
    return [
        FirstLine(f"{_of(line, answer)}{colon()} {words}" if len(lines) > 1 else words)
        for line, words in told
        if words
    ][:_MOST]


def _before(line: Line, day: dt.date) -> str:
    """Say what was on record of a use that was never on before what holds; "" if nothing was."""
    begun = states_begun(line.use, line.branch, day)
    if any(state.value in IN_USE for state in begun):
        return ""
    earlier = takewhile(lambda state: state.value != begun[-1].value, begun)
    return str(SEMICOLON).join(held_words(state) for state in earlier if state.since)


def held_words(state: StateFacts) -> str:
    """Say what a state that is not on made of the one before: "not so from 1 May 2024"."""
    words = _INTERRUPTED.get(state.value, _NOT_SO)
    if state.why == Why.PERMISSION_ONLY:
        words = _TERMS_ALLOWED
    return str(words) % {"date": format_date(state.since, state.precision)}


def _disputed(lines: Sequence[Line], answer: Verdict) -> list[FirstLine]:
    """Say what sources disagree about at the start of each use, in the words of the record."""
    found = {}
    for line in lines:
        begun = states_begun(line.use, line.branch, answer.day)
        notes = [each.note for each in begun if each.disputed and each.value in IN_USE]
        found.update({note: line for note in notes[:1] if note and note not in found})
    label = capfirst(gettext("disputed"))
    return [
        FirstLine(f"{label} · {_of(line, answer)}{colon()}", rest=note)
        for note, line in list(found.items())[:_MOST]
    ]


def doubts_of(answer: Verdict) -> list[FirstLine]:
    """Say what sources disagree about in each state that an answer rests on, if the record does.

    Of states for some places only where one is asked about: elsewhere it is another's doubt.
    """
    label = capfirst(gettext("disputed"))
    found: dict[str, FirstLine] = {}
    for line in _on(answer):
        is_meant = answer.place or line.branch.where.is_worldwide
        if is_meant and line.state and line.state.disputed and line.state.note:
            note = line.state.note
            found.setdefault(note, FirstLine(f"{label}{colon()}", rest=note))
    return list(found.values())[:_MOST]


def _interrupted(line: Line, day: dt.date) -> str:
    """Say when it was first on, when no more, and when again; "" if nothing followed."""
    begun = states_begun(line.use, line.branch, day)
    from_first = dropwhile(lambda state: state.value not in IN_USE, begun)
    # A way out that was added or taken away is no interruption.
    by_kind = groupby(from_first, lambda state: "" if state.value in IN_USE else state.value)
    turns = [next(states) for _kind, states in by_kind]
    if len(turns) < 2:
        return ""
    first, *later = turns
    start = since_words(Since())
    if first.since:
        start = gettext("first on record %(date)s") % {
            "date": format_date(first.since, first.precision)
        }
    return str(SEMICOLON).join([capfirst(start), *map(_followed_by, later)])


def _followed_by(state: StateFacts) -> str:
    assert state.since  # only a first state has no day
    if state.value in IN_USE:
        since = since_words(
            Since(state.since, state.precision, state.since_is, disputed=state.disputed)
        )
        return gettext("again %(since)s") % {"since": since}
    words = _INTERRUPTED.get(state.value, _NOT_SO)
    return str(words) % {"date": format_date(state.since, state.precision)}


def _on(answer: Verdict) -> list[Line]:
    return [line for line in answer.lines if line.is_on]


def _of(line: Line, answer: Verdict) -> str:
    """Name a use, and its places if these are not those of the question."""
    name = name_of(line.use)
    return capfirst(
        name if answer.place else in_parentheses(name, [place_words(line.branch.where)])
    )


def _told(answer: Verdict) -> list[FirstLine]:
    """Say of each change of what the answer rests on how people were told, the earliest first.

    What was announced or came to light is named with its day, and so is each start of which it is
    not on record how people were told.
    """
    is_today = answer.day == timezone.localdate()
    branches = [line.branch.id for line in _on(answer) or answer.lines]
    of_uses = Q(uses__branches__in=branches) | Q(opened_states__branch__in=branches)
    entries = Entry.objects.published().filter(of_uses).distinct().newest_first().reverse()
    reached = [
        entry
        for entry in entries
        if reaches(entry.where, answer.place)
        and (is_today or any(date.on <= answer.day for date in dates_of(entry)))
    ]
    lines = {entry: words for entry in reached if (words := _told_of(entry))}
    earliest = next(iter(lines), None)
    if earliest and Effect.CAME_TO_LIGHT in earliest.effects and not earliest.told:
        nobody = gettext("As far as is known, nobody was told before.")
        lines[earliest] = f"{nobody} {lines[earliest]}"
    is_known = [entry for entry in lines if entry.told]
    others = [entry for entry in lines if entry not in is_known]
    shown = {*is_known[-_MOST:], *others[: _MOST_TOLD - len(is_known[-_MOST:])]}
    told = [FirstLine(words, [entry]) for entry, words in lines.items() if entry in shown]
    return told or [FirstLine(gettext("How people were told is not on record."))]


def _kept(facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    """Say how long what is given is kept: by the plan, and what changed about it."""
    label = gettext("How long it is kept")
    plans = [plan for plan in facts.plans if plan.retention and answer.plan in ("", plan.name)]
    of_plans = [
        FirstLine(
            f"{in_parentheses(label, [plan.name])}{colon()}",
            rest=plan.retention or "",
            source=plan.retention_source or "",
        )
        for plan in plans[:_MOST]
    ]
    if answer.plan and of_plans:
        return of_plans
    changes = _changes_of_keeping(facts, answer)
    if of_plans and not changes and all(plan.kind == PlanKind.API for plan in plans):
        changes = [FirstLine(gettext("How long it is kept elsewhere is not on record."))]
    return [*changes, *of_plans] or [FirstLine(gettext("How long it is kept is not on record."))]


def _passed_on(facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    """Link the latest changes by which what is given went to others; none without any."""
    label = gettext("Changes by which more went to others")
    return _changes(label, Effect.SHARING_WIDENED, facts, answer)


def _changes_of_keeping(facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    """Link the latest changes of how long what is given is kept; none without any."""
    label, changed = gettext("How long it is kept"), gettext("what changed about it")
    return _changes(f"{label}{colon()} {changed}", Effect.RETENTION_CHANGED, facts, answer)


def _changes(label: str, effect: Effect, facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    about = Entry.objects.published().filter(platforms__slug=facts.slug)
    changes = about.exclude(topic=Topic.OTHER).listing("effects", effect.value).newest_first()
    reached = [entry for entry in changes if reaches(entry.where, answer.place)][:_MOST]
    return [FirstLine(f"{label}{colon()}", reached)] if reached else []


def _given(facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    """Say which data the ways out of today reach: what was given before, or what comes."""
    question = Question(timezone.localdate(), answer.place, answer.people, answer.plan)
    uses = answer.uses or training_uses(facts)
    ways = verdict_over(facts, uses, question).ways or ways_of_uses(facts, uses, question)
    reached = dict.fromkeys(way.control.reach for way in ways)
    named = [str(reach.label) for reach in reached if reach != Reach.UNSTATED]
    if not named:
        nothing = gettext("What becomes of what was given before is not on record.")
        return _saying(_OF_EARLIER_DATA, facts) or [FirstLine(nothing)]
    label = gettext("What the way out reaches")
    return [FirstLine(f"{label}{colon()} {listed(named)}")]


def _saying(pattern: re.Pattern[str], facts: PlatformFacts) -> list[FirstLine]:
    """Link the latest changes that say something of data given before; none without any."""
    about = Entry.objects.published().filter(platforms__slug=facts.slug).newest_first()
    entries = [each for each in about if pattern.search(f"{each.title} {each.summary}")][:_MOST]
    label = gettext("On record about what was given before")
    return [FirstLine(f"{label}{colon()}", entries)] if entries else []


def _contract(facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    """Link the terms that are watched, and quote what the answer rests on, if words are kept."""
    label = gettext("Terms and agreements on record")
    terms = Page.objects.living().filter(platform__slug=facts.slug, kind=PageKind.TERMS)
    lines = [FirstLine("", rest=page.title, source=page.url) for page in terms[:_MOST]]
    states = _states_of(answer)
    of_answer = Q(source__state__in=states) | Q(source__entry__opened_states__in=states)
    kept = Passage.objects.filter(of_answer, side=PassageSide.AFTER).exclude(words="")
    quotes = [
        FirstLine(gettext("“%(label)s”") % {"label": passage.words}, source=passage.source.url)
        for passage in kept.select_related("source").distinct()[:1]
    ]
    if not (lines or quotes):
        return [FirstLine(gettext("The words of the contract are not on record."))]
    first = [lines[0]._replace(words=f"{label}{colon()}")] if lines else []
    return [*first, *lines[1:], *quotes]


def _changes_behind(answer: Verdict, facts: PlatformFacts) -> list[FirstLine]:
    """Link the changes that an answer of a past day rests on, each with its note and its source.

    Notes hold the words of terms of which only the place in a text is kept. Those of states follow
    where they are too long to be beside the answer, of all uses: the terms are asked about.
    """
    lines = []
    for entry in _opening(_states_of(answer)):
        source = entry.sources.exclude(url="").first()
        address = source.url if source else ""
        lines.append(FirstLine("", [entry], rest=entry.note, source=address))
    beside = notes_then(answer)
    of_all = verdict_over(facts, training_uses(facts), answer.question)
    further = [each for each in all_notes_then(of_all) if each not in beside][:_MOST]
    return lines + [
        FirstLine(f"{capfirst(about)}{colon()}" if about else "", rest=note)
        for about, note in further
    ]


def _opening(states: QuerySet[State]) -> list[Entry]:
    opened = Entry.objects.published().filter(opened_states__in=states).distinct()
    return list(opened.newest_first()[:_MOST])


def evidence_of(answer: Verdict) -> list[FirstLine]:
    """Link the changes that an answer rests on, or else the pages that its states name."""
    states = _states_of(answer)
    entries = _opening(states)
    evidence, nothing = gettext("Evidence"), gettext("nothing on record")
    label = f"{evidence}{colon()}"
    if entries:
        return [FirstLine(label, entries)]
    sources = Source.objects.filter(state__in=states)[:_MOST]
    if not sources:
        return [FirstLine(f"{label} {nothing}")]
    pages = {source.url: source.title or source.publisher for source in sources}
    lines = [FirstLine("", rest=title, source=address) for address, title in pages.items()]
    return [lines[0]._replace(words=label), *lines[1:]]


def _states_of(answer: Verdict) -> QuerySet[State]:
    """Return the states that an answer rests on."""
    held = [(line.branch.id, line.state.since) for line in answer.lines if line.state]
    return State.objects.filter(
        reduce(or_, (Q(branch=branch, starts_on=since) for branch, since in held), Q(pk__in=()))
    )


def _age(platform: Platform) -> list[FirstLine]:
    """Say from which age accounts are open, with its page."""
    if platform.min_age is None:
        return [FirstLine(gettext("From which age accounts are open is not on record."))]
    open_to = gettext("Accounts are for people of %(age)s and older.") % {"age": platform.min_age}
    return [FirstLine(open_to, source=platform.min_age_source)]


def _paid(facts: PlatformFacts) -> list[FirstLine]:
    """Link the changes that say that people are paid for what trains AI; or say that none is."""
    about = Entry.objects.published().filter(platforms__slug=facts.slug).newest_first()
    entries = [entry for entry in about if PAYS.search(entry.title)][:_MOST]
    priced = [entry for entry in about if _PRICE.search(entry.summary)][:_MOST]
    label, nothing = gettext("Pay for training"), gettext("nothing on record")
    if not (entries or priced):
        return [FirstLine(f"{label}{colon()} {nothing}")]
    prices = [FirstLine(f"{label}{colon()}", [each], rest=each.summary) for each in priced]
    return [*prices, *([FirstLine(f"{label}{colon()}", entries)] if entries else [])]


def _deleted(
    facts: PlatformFacts, names: Sequence[str], others: Collection[str]
) -> list[FirstLine]:
    """Say what can be deleted, or closed with the account, and what becomes of it.

    names: of the platform, as typed. Guides that bear one are linked too: Grok has chats on X.
    Those of the others are not.
    """
    own = Control.objects.published().filter(platform__slug=facts.slug)
    leaving = own.filter(refuse=Refuse.LEAVE, name__icontains="delete")
    deleting = own.filter(refuse=Refuse.DELETE) or leaving
    deletion = gettext("Deleting")
    label = f"{deletion}{colon()}"
    lines, linked = [], []
    for control in deleting[:_MOST]:
        guides = list(control.guides.published())
        words = label if guides else f"{label} {translated(control.words)}."
        lines.append(FirstLine(words, guides, rest=control.note))
        linked += guides
    titled = Guide.objects.none()
    if names:
        titled = saying(Guide.objects.published(), [*names, "delete"], in_title=True)
    titled = titled.exclude(platform__name__in=others)
    if further := [guide for guide in titled[:_MOST] if guide not in linked]:
        lines.append(FirstLine(label, further))
    return lines


def _told_of(entry: Entry) -> str:
    """Say how people were told of a change, or when it was announced; "" if it tells neither."""
    date = leading_date(entry)
    day = format_date(date.on, date.precision) if date else ""
    if entry.told:
        return f"{in_parentheses(told_words(entry.told), [day] if day else [])}."
    effects = set(entry.effects)
    announced = next((each for each in dates_of(entry) if each.kind == "announced"), None)
    if announced and not entry.is_act:
        said = format_date(announced.on, announced.precision)
        if Effect.CAME_TO_LIGHT in effects:
            return gettext("Came to light %(date)s.") % {"date": said}
        if announced.reported:
            return gettext("Reported %(date)s.") % {"date": said}
        if date and date.on > announced.on:
            both = {"date": said, "effect": day}
            return gettext("Announced %(date)s for %(effect)s.") % both
        return gettext("Announced %(date)s.") % {"date": said}
    if day and effects & STARTS:
        return f"{in_parentheses(gettext('How people were told is not on record'), [day])}."
    return ""
