"""Whether people were asked before training was on, and how they were told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext

from consent.ledger.answers import Line, Verdict
from consent.ledger.catalog_words import translated
from consent.ledger.dates import dates_of, has_begun, leading_date
from consent.ledger.place_words import in_parentheses, listed, told_words
from consent.ledger.platform_facts import StateFacts, states_begun
from consent.ledger.reader_place import reaches
from consent.models import Entry, Guide
from consent.public.questions.answer_line import FirstLine
from consent.public.questions.asked_starts import lines_on, use_and_place
from consent.vocabulary import IN_USE, Effect, StateValue, Told
from consent.web.date_words import as_known, format_date
from consent.web.page_language import colon
from platforms.models import Platform
from platforms.vocabulary import PageKind

#: Changes with which a use begins.
STARTS = frozenset({Effect.USE_INTRODUCED, Effect.DEFAULT_ON})

#: Changes with which a use begins or reaches more.
_WIDER = STARTS | {Effect.SCOPE_WIDENED, Effect.SHARING_WIDENED}

#: By words in the names of files that an archive keeps.
_DOCUMENTS = {"Privacy": PageKind.PRIVACY_POLICY, "Terms": PageKind.TERMS}

#: Changes of which it is said first how people were told. Chosen.
_MOST_FIRST = 5

#: Announcements that can be told by their days alone. Chosen.
_SEVERAL = 3


def consent_lines(answer: Verdict) -> list[FirstLine]:
    """Say of what is on, or only if people agree, whether they were asked.

    Last of most uses and places, if that differs. What is disputed comes before what is certain,
    with the note of the record on it.
    """
    lines_of: dict[tuple[str, str], list[Line]] = {}
    for line in answer.lines:
        if words := _of_line(line, answer):
            note = line.state.note if line.state and line.state.disputed else ""
            if note and not words.endswith(colon()):
                words = f"{words} {capfirst(gettext('disputed'))}{colon()}"
            lines_of.setdefault((words, note), []).append(line)
    told = sorted(lines_of, key=lambda each: (not each[1], len(lines_of[each])))
    if len(told) < 2:
        return [FirstLine(words, rest=note) for words, note in told]
    names = [listed([use_and_place(line, answer) for line in lines_of[each]]) for each in told[:-1]]
    named = zip([*names, gettext("Otherwise")], told, strict=True)
    return [FirstLine(f"{name}{colon()} {words}", rest=note) for name, (words, note) in named]


def _of_line(line: Line, answer: Verdict) -> str:
    begun = states_begun(line.use, line.branch, answer.day)
    values = [state.value for state in begun]
    if not line.state or line.value != line.recorded:
        return ""
    is_agreed = line.value == StateValue.ONLY_IF_AGREED
    # Where nobody can refuse on record, sources that say else seldom say that people are asked.
    is_fixed = line.value == StateValue.NO_WAY_OUT
    if line.state.disputed and (line.is_on or is_agreed) and not is_fixed:
        return _of_disputed(line.state, begun)
    if is_agreed:
        day = _day_of_turn(begun)
        if day and not {*IN_USE}.isdisjoint(values):
            said = gettext("Nobody was asked at first. Consent is asked for since %(date)s.")
            return said % {"date": day}
        return gettext("Consent is asked for; without it nothing is used.")
    if not line.is_on:
        return ""
    is_shown = _was_shown_in_product(line)
    if StateValue.ONLY_IF_AGREED in values and (day := _day_of_turn(begun)):
        said = gettext("Consent was asked for before. Nobody is asked since %(date)s.")
        if is_shown:
            said = gettext(
                "Consent was asked for before. It is on since %(date)s, as shown in the product."
            )
        return said % {"date": day}
    if is_shown:
        return gettext("It was on from the start, and shown in the product.")
    return gettext("Nobody was asked; it was on from the start.")


def _of_disputed(state: StateFacts, begun: Sequence[StateFacts]) -> str:
    """Say that it is disputed today, and what was certain when it was first on."""
    end = colon() if state.note else "."
    first = next(each for each in begun if each.value != StateValue.UNCLEAR)
    is_doubted = first.disputed and first.value != StateValue.NO_WAY_OUT
    if first.value not in IN_USE or is_doubted or first.since is None:
        return gettext("Whether people are asked is disputed") + end
    began = as_known(format_date(first.since, first.precision), first.since_is)
    nobody = gettext("Nobody was asked when it began (%(date)s).") % {"date": began}
    since = gettext("Whether people have been asked since is disputed")
    return f"{nobody} {since}{end}"


def _day_of_turn(begun: Sequence[StateFacts]) -> str:
    """Return the day since when it is on, or not on, as it is now."""
    is_on = begun[-1].value in IN_USE
    alike = takewhile(lambda state: (state.value in IN_USE) == is_on, reversed(begun))
    first = [*alike][-1]
    return format_date(first.since, first.precision) if first.since else ""


def _was_shown_in_product(line: Line) -> bool:
    """Return whether a change with which the use began for these people was shown there."""
    entries = Entry.objects.published()
    opened = entries.filter(opened_states__branch=line.branch.id)
    of_use = entries.filter(uses__branches=line.branch.id, opened_states=None)
    there = [each for each in of_use if each.where == line.branch.where or each.where.is_worldwide]
    return any(
        Told.IN_PRODUCT in entry.told and not STARTS.isdisjoint(entry.effects)
        for entry in (*opened, *there)
    )


def without_note(line: FirstLine) -> FirstLine:
    if not line.rest:
        return line
    return line._replace(words=f"{line.words.removesuffix(colon())}.", rest="")


def telling_lines(answer: Verdict) -> list[FirstLine]:
    """Say of each change of what the answer rests on how people were told, the earliest first.

    What was announced or came to light is named with its day, and so is each start of which it is
    not on record how people were told.
    """
    branches = [line.branch.id for line in lines_on(answer) or answer.lines]
    of_uses = Q(uses__branches__in=branches) | Q(opened_states__branch__in=branches)
    entries = Entry.objects.published().filter(of_uses).distinct().newest_first().reverse()
    reached = [
        entry
        for entry in entries
        if reaches(entry.where, answer.place) and has_begun(entry, answer.day)
    ]
    lines = {entry: words for entry in reached if (words := _told_of(entry))}
    earliest = next(iter(lines), None)
    if earliest and Effect.CAME_TO_LIGHT in earliest.effects and not earliest.told:
        nobody = gettext("As far as is known, nobody was told before.")
        lines[earliest] = f"{nobody} {lines[earliest]}"
    told = [FirstLine(words, [entry]) for entry, words in lines.items()]
    return told or [FirstLine(gettext("How people were told is not on record."))]


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
        is_titled = " ".join(day.split()[-3:]) in translated(entry.title)  # without "le"
        if date and date.on > announced.on and not is_titled:
            both = {"date": said, "effect": day}
            return gettext("Announced %(date)s for %(effect)s.") % both
        return gettext("Announced %(date)s.") % {"date": said}
    if day and effects & STARTS:
        return f"{in_parentheses(gettext('How people were told is not on record'), [day])}."
    return ""


def best_of_telling(told: Sequence[FirstLine], *, is_brief: bool) -> list[FirstLine]:
    """Return how people were told of each start, else of any other change; and what was announced.

    That is the newest, what came before the start, in a policy say, as a switch that nobody was
    told of may be of a use that was, and what reached further. is_brief: several announcements are
    told last, by their days alone.
    """
    is_known = [line for line in told if any(map(_is_told, line.records))]
    starts = [line for line in is_known if any(map(_is_start, line.records))]
    best = starts or [*told[:1], *is_known][-1:]
    announced = [line for line in told if any(map(_is_announced, line.records))]
    before = [line for line in announced if told.index(line) < told.index(best[0])]
    widening = [line for line in announced if any(map(_is_wider, line.records))]
    main = [*announced[-1:], *best, *before[:1], *reversed(widening)]
    main = [line for at, line in enumerate(main) if line not in main[:at]][:_MOST_FIRST]
    chosen = [line for line in told if line in main]
    by_day = [line for line in chosen if line in announced and line not in best]
    if not is_brief or len(by_day) < _SEVERAL:
        return chosen
    return [*(line for line in chosen if line not in by_day), _announced_on(by_day)]


def _announced_on(lines: Iterable[FirstLine]) -> FirstLine:
    """Name changes by the document that changed, and when that was announced and took effect."""
    entries = [each for line in lines for each in line.records if isinstance(each, Entry)]
    dated = [(", ".join(filter(None, (_document(each), _days_of(each)))), each) for each in entries]
    return FirstLine(gettext("Announced") + colon(), dated=dated)


def _document(entry: Entry) -> str:
    """Return the kind of document that sources show to have changed, if it is one."""
    files = [source.archived_url.rpartition("/")[2] for source in entry.sources.all()]
    kinds = {kind for file in files for word, kind in _DOCUMENTS.items() if word in file}
    return str(kinds.pop().label) if len(kinds) == 1 else ""


def _days_of(entry: Entry) -> str:
    by_kind = {date.kind: format_date(date.on, date.precision) for date in dates_of(entry)}
    if "effective" not in by_kind:
        return by_kind["announced"]
    both = {"date": by_kind["announced"], "effect": by_kind["effective"]}
    # Translators: of a change: announced "30 August 2023, for 29 September 2023"
    return gettext("%(date)s, for %(effect)s") % both


def _is_told(record: Entry | Guide | Platform) -> bool:
    return isinstance(record, Entry) and bool(record.told)


def _is_announced(record: Entry | Guide | Platform) -> bool:
    return isinstance(record, Entry) and any(
        date.kind == "announced" and not date.reported for date in dates_of(record)
    )


def _is_start(record: Entry | Guide | Platform) -> bool:
    return isinstance(record, Entry) and not STARTS.isdisjoint(record.effects)


def _is_wider(record: Entry | Guide | Platform) -> bool:
    return isinstance(record, Entry) and not _WIDER.isdisjoint(record.effects)
