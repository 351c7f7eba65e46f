"""The words of answers: headlines of at most 90 characters, and short forms of at most 45.

One table of texts. Titles and groups stay in the language of the catalog.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import chain
from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, gettext_lazy

from consent.audience import NO_PLAN
from consent.ledger.answers import (
    Axis,
    Fate,
    Part,
    Reason,
    ShortAnswer,
    Since,
    Stance,
    Verdict,
    WayOut,
    Word,
    reporter,
    strength,
)
from consent.ledger.atom_answers import word_of
from consent.ledger.catalog_words import translated
from consent.ledger.place_words import (
    SEMICOLON,
    in_parentheses,
    listed,
    people_words,
    place_words,
    places_in_sentence,
    short_place_words,
)
from consent.ledger.platform_facts import CompaniesBehind, OwnerFacts, UseFacts
from consent.vocabulary import People, Precision, SinceIs, StateValue
from consent.web.date_words import as_known, format_date
from consent.web.page_language import colon, once_per_language
from platforms.places import GROUPS, WORLD, Where, expanded, merged

#: How much of the parts of an answer a headline says, by what fits into it. _PLAIN: names, and no
#: word on whether there is a way out. _KINDS: no places. _FIRST: the same of the first part alone.
#: _LEAST: its stance. _ALIKE: the first part plainly, and what is the same in all parts;
#: _ALIKE_KINDS: without places. _CALM_NAMES: what is the same in all parts, and the name of the use
#: of which nothing is. _CALM: the former alone.
_NOTHING, _CALM, _CALM_NAMES, _LEAST, _FIRST, _BRIEF = range(6)
_KINDS, _PLAIN, _NAMES, _ALIKE_KINDS, _ALIKE = range(6, 11)
_DETAILS = (
    *(_ALIKE, _ALIKE_KINDS, _NAMES, _PLAIN, _KINDS, _BRIEF),
    *(_FIRST, _LEAST, _CALM_NAMES, _CALM),
)
_ALL_CALM = (_CALM_NAMES, _CALM)
_FIRST_ALONE = (_FIRST, _LEAST)
_BESIDE_ALIKE = (_ALIKE, _ALIKE_KINDS)
_NO_PLACES = (_ALIKE_KINDS, _KINDS, _BRIEF, _LEAST)
MOST_IN_HEADLINE = 90  # characters
MOST_IN_SHORT = 45
_MOST_PLACES = 3
#: Where European rules on data hold: places that are known together, and count as one.
_RULED_ALIKE = GROUPS["EEA"] | {"CH", "GB"}
_MOST_PLACES_LATER = 2  # chosen
_LONGEST_PLACES = 90  # characters: the EU, EEA, UK and Switzerland in German
_MOST_PLANS = 3
_MOST_USES = 2
_LONGEST_NAME = 24  # characters of an operator in a headline
_YES = {
    Word.STATED: gettext_lazy("Yes"),
    Word.SEEN: gettext_lazy("Yes, as seen by us"),
    Word.REPORTED: gettext_lazy("Yes, as reported"),
    Word.NOT_ON_RECORD: gettext_lazy("Yes, source not on record"),
}
_YES_OF_OTHERS = {
    Word.STATED: gettext_lazy("Yes, according to %(speaker)s"),
    Word.REPORTED: gettext_lazy("Yes, as reported by %(speaker)s"),
}
_AFTER_YES = {
    WayOut.REFUSABLE: gettext_lazy("%(yes)s, unless you opt out"),
    WayOut.EACH_TIME: gettext_lazy("%(yes)s, unless you opt out each time"),
    WayOut.EACH_REQUEST: gettext_lazy("%(yes)s, unless each request opts out"),
    WayOut.AT_TIMES: gettext_lazy("%(yes)s; you can opt out only at certain times"),
    WayOut.ORGANISATION: gettext_lazy("%(yes)s, unless your organisation opts out"),
    WayOut.ON_REQUEST: gettext_lazy("%(yes)s, unless %(operator)s accepts your objection"),
    WayOut.HOW_NOT_ON_RECORD: gettext_lazy("%(yes)s; you can opt out, how is not on record"),
    WayOut.NONE: gettext_lazy("%(yes)s, and there is no way out"),
    WayOut.PART: gettext_lazy("%(yes)s; you can opt out of some of it"),
    WayOut.BY_PLACE: gettext_lazy("%(yes)s; what you can refuse depends on your country"),
    WayOut.BY_PLAN: gettext_lazy("%(yes)s; what you can refuse depends on your plan"),
}
#: Of the others the short form is the brief one.
_SHORT_ENOUGH = (WayOut.REFUSABLE, WayOut.EACH_TIME, WayOut.EACH_REQUEST, WayOut.NONE, WayOut.PART)
_UNLESS_ADMIN = gettext_lazy("%(yes)s, unless an administrator opts out")
_IN_REGION = gettext_lazy("%(yes)s; what you can refuse depends on your region")
_IN_REGION_IN_BRIEF = gettext_lazy("%(yes)s; refusing differs by region")
#: Stances other than yes, depends and unknown; %(source)s says on whose word.
_OTHERS = {
    Stance.ONLY_IF_AGREED: gettext_lazy("Only if you agree%(source)s"),
    Stance.NO: gettext_lazy("No%(source)s"),
    Stance.NOT_ANY_MORE: gettext_lazy("Not any more%(source)s"),
    Stance.NOT_OFFERED: gettext_lazy("No, the feature is not offered%(source)s"),
}
_NOT_OFFERED_IN_BRIEF = gettext_lazy("Not offered%(source)s")
_BY_CONSENT = gettext_lazy("Only by consent%(source)s")
_IF_ORGANISATION_AGREES = gettext_lazy("Only if your organisation agrees%(source)s")
_IF_ADMIN_AGREES = gettext_lazy("Only if an administrator agrees%(source)s")
_IF_SOMEBODY_AGREES = gettext_lazy("Only if you or your organisation agree%(source)s")
_IF_AGREED = {
    WayOut.ORGANISATION: _IF_ORGANISATION_AGREES,
    WayOut.PART: _IF_SOMEBODY_AGREES,
}
_EARLIER = {
    Fate.NOT_KNOWN: gettext_lazy("%(answer)s; what became of earlier data is not known"),
    Fate.STAYS_IN_USE: gettext_lazy("%(answer)s; what was given before stays in use"),
}
_EARLIER_IN_BRIEF = {
    Fate.NOT_KNOWN: gettext_lazy("%(answer)s; earlier data: not known"),
    Fate.STAYS_IN_USE: gettext_lazy("%(answer)s; earlier data still used"),
}
_SOURCES = {
    Word.STATED: gettext_lazy(", according to %(speaker)s"),
    Word.SEEN: gettext_lazy(", as seen by us"),
    Word.REPORTED: gettext_lazy(", as reported"),
    Word.NOT_ON_RECORD: gettext_lazy(", source not on record"),
}
_SAID_AS_REPORTED = gettext_lazy(", according to %(speaker)s, as reported")
_REPORTED_BY = gettext_lazy(", as reported by %(speaker)s")
#: By their names in the catalog, whose abbreviations few readers know.
_AUTHORITIES = {
    "Autoridade Nacional de Proteção de Dados (ANPD)": gettext_lazy(
        "the Brazilian data protection authority"
    ),
    "Federal Data Protection and Information Commissioner (FDPIC)": gettext_lazy(
        "the Swiss data protection authority"
    ),
    "Office of the Privacy Commissioner of Canada": gettext_lazy(
        "the Canadian data protection authority"
    ),
    "Privacy Commissioner for Personal Data (PCPD)": gettext_lazy(
        "the data protection authority of Hong Kong"
    ),
}
_SAYS = gettext_lazy(", %(speaker)s says")
_REPORTS = gettext_lazy(", %(speaker)s reports")
#: Beside an answer, where pages say who says so.
_WHOSE_WORD = {
    Word.STATED: gettext_lazy("Stated by %(speaker)s"),
    Word.SEEN: gettext_lazy("Seen by us"),
    Word.REPORTED: gettext_lazy("Reported by others"),
    Word.NOT_ON_RECORD: gettext_lazy("Source not on record"),
}
_UNKNOWN = gettext_lazy("We do not know: %(reason)s")
_UNKNOWN_IN_BRIEF = gettext_lazy("Not known: %(reason)s")
_SHORT_UNKNOWN = gettext_lazy("We do not know")
_REASONS = {
    Reason.NOT_SAID: gettext_lazy("%(operator)s’s pages do not say"),
    Reason.CONTRADICTORY: gettext_lazy("the sources contradict each other"),
    Reason.PERMISSION_ONLY: gettext_lazy(
        "%(operator)s’s terms allow it; whether it happens is not said"
    ),
    Reason.REPORTS_ONLY: gettext_lazy("only others report on it"),
    Reason.PLACE_NOT_NAMED: gettext_lazy("the countries are not named"),
    Reason.NOTHING_ON_RECORD: gettext_lazy("nothing on record"),
    Reason.NOT_STATED: gettext_lazy("no source on it was read"),
}
_ONLY_ADULTS = gettext_lazy("accounts are for people of %(age)s and older")
_REASONS_IN_BRIEF = {
    Reason.NOT_SAID: gettext_lazy("%(operator)s does not say"),
    Reason.CONTRADICTORY: gettext_lazy("sources disagree"),
    Reason.PERMISSION_ONLY: gettext_lazy("the terms only allow it"),
}
_NOTHING_FOR_PLAN = gettext_lazy("nothing on record for this plan")
_NOTHING_FOR_DAY = gettext_lazy("nothing on record for that day")
_NOTHING_FOR_MINORS = gettext_lazy("nothing on record for minors")
_NOTHING_BUT_FOR_ADULTS = gettext_lazy("nothing on record for minors; for adults: %(answer)s")
_ANYWAY = gettext_lazy("%(answer)s; you can refuse anyway")
_ANYWAY_IN_BRIEF = gettext_lazy("%(answer)s; you can refuse")
_SHORT_ANYWAY = gettext_lazy("We do not know; you can refuse anyway")
_INFERRED = gettext_lazy("inferred for %(people)s")
_AFTER_YES_IN_BRIEF = {
    WayOut.REFUSABLE: gettext_lazy("%(yes)s; you can opt out"),
    WayOut.AT_TIMES: gettext_lazy("%(yes)s; opting out is open at times only"),
    WayOut.ORGANISATION: gettext_lazy("%(yes)s, unless the organisation opts out"),
    WayOut.ON_REQUEST: gettext_lazy("%(yes)s; objections are judged"),
    WayOut.HOW_NOT_ON_RECORD: gettext_lazy("%(yes)s; how to opt out is not on record"),
    WayOut.NONE: gettext_lazy("%(yes)s; no way out"),
    WayOut.PART: gettext_lazy("%(yes)s; you can opt out in part"),
    WayOut.BY_PLACE: gettext_lazy("%(yes)s; refusing differs by country"),
    WayOut.BY_PLAN: gettext_lazy("%(yes)s; refusing differs by plan"),
}
#: By the axes along which it differs.
_DEPENDS = {
    (Axis.PLACE,): gettext_lazy("Depends on your country"),
    (Axis.PLAN,): gettext_lazy("Depends on your plan"),
    (Axis.USE,): gettext_lazy("Depends on the use"),
    (Axis.PLACE, Axis.PLAN): gettext_lazy("Depends on your country and plan"),
    (Axis.PLACE, Axis.USE): gettext_lazy("Depends on your country and the use"),
    (Axis.PLAN, Axis.USE): gettext_lazy("Depends on your plan and the use"),
    (Axis.PLACE, Axis.PLAN, Axis.USE): gettext_lazy("Depends on your country, plan and the use"),
}
#: The same within one country.
_DEPENDS_IN_COUNTRY = _DEPENDS | {
    (Axis.PLACE,): gettext_lazy("Depends on your region"),
    (Axis.PLACE, Axis.PLAN): gettext_lazy("Depends on your region and plan"),
    (Axis.PLACE, Axis.USE): gettext_lazy("Depends on your region and the use"),
    (Axis.PLACE, Axis.PLAN, Axis.USE): gettext_lazy("Depends on your region, plan and the use"),
}
#: Where the reasons why nothing is known differ, the first one is that of a part only.
_REASON_IN_PART = {
    Axis.PLACE: gettext_lazy("in some places"),
    Axis.PLAN: gettext_lazy("on some plans"),
}
#: A stance in a part of an answer.
_IN_PART = {
    Stance.YES: gettext_lazy("yes"),
    Stance.DEPENDS: gettext_lazy("it depends on the use"),
    Stance.ONLY_IF_AGREED: gettext_lazy("only if you agree"),
    Stance.NO: gettext_lazy("no"),
    Stance.NOT_ANY_MORE: gettext_lazy("not any more"),
    Stance.NOT_OFFERED: gettext_lazy("not offered"),
    Stance.UNKNOWN: gettext_lazy("not known"),
}
_DEPENDS_IN_PART = gettext_lazy("it depends")
_REST_DIFFERS: dict[tuple[Axis, ...], Any] = {
    (Axis.USE,): gettext_lazy("otherwise it differs"),
    (Axis.PLACE,): gettext_lazy("the rest differs by country"),
    (Axis.PLAN,): gettext_lazy("the rest differs by plan"),
}
_USE_DIFFERS: dict[tuple[Axis, ...], Any] = {
    (Axis.PLACE,): gettext_lazy("for %(use)s it depends on the country"),
    (Axis.PLAN,): gettext_lazy("for %(use)s it depends on the plan"),
}
#: Before one part, where there is no room for the others.
_IT_DEPENDS = gettext_lazy("It depends")
_ORGANISATION_IN_PART = gettext_lazy("only if your organisation agrees")
_ADMIN_IN_PART = gettext_lazy("only if an administrator agrees")
_SOMEBODY_IN_PART = gettext_lazy("only if you or your organisation agree")
_NO_WAY_OUT_IN_PART = gettext_lazy("yes without a way out")
_SINCE = {
    SinceIs.EXACT: gettext_lazy("since %(date)s"),
    SinceIs.AT_LATEST: gettext_lazy("since %(date)s at the latest"),
    SinceIs.AT_EARLIEST: gettext_lazy("since %(date)s at the earliest"),
}
_SAID_SINCE = {
    SinceIs.EXACT: gettext_lazy("said since %(date)s"),
    SinceIs.AT_LATEST: gettext_lazy("said since %(date)s at the latest"),
    SinceIs.AT_EARLIEST: gettext_lazy("said since %(date)s at the earliest"),
}
#: By whether people can refuse. Translators: "on since May 2024, with a way out since July 2024"
_ON_AND_WAY = {
    True: gettext_lazy("on %(since)s, with a way out %(way)s"),
    False: gettext_lazy("on %(since)s, without a way out %(way)s"),
}
#: Where some of them have had it for longer.
_ON_AND_WAY_FOR_ALL = {
    True: gettext_lazy("on %(since)s, with a way out for all %(way)s"),
    False: gettext_lazy("on %(since)s, without a way out for anybody %(way)s"),
}
#: The start of the last part.
_LAST = {
    Precision.DAY: gettext_lazy("on %(day)s"),
    Precision.MONTH: gettext_lazy("in %(month)s"),
    Precision.YEAR: gettext_lazy("in %(year)s"),
}
_SINCE_WHEN: dict[tuple[Axis, ...], Any] = {
    (Axis.PLACE,): gettext_lazy("when it began differs by place"),
    (Axis.PLAN,): gettext_lazy("when it began differs by plan"),
}
_LATER: dict[tuple[Axis, ...], Any] = {
    (Axis.PLACE,): gettext_lazy("%(since)s; elsewhere later, last %(last)s"),
    (Axis.PLAN,): gettext_lazy("%(since)s; on other plans later, last %(last)s"),
}
#: Where the last start followed a break: its day would pass for the first one there.
_LATER_SOMETIME: dict[tuple[Axis, ...], Any] = {
    (Axis.PLACE,): gettext_lazy("%(since)s; elsewhere later"),
    (Axis.PLAN,): gettext_lazy("%(since)s; on other plans later"),
}
_LATER_SOMETIME_FOR_OTHERS = gettext_lazy("%(since)s; for others later")
#: The same with the places: "since 2024; elsewhere (EU and EEA) later".
_LATER_IN = gettext_lazy("%(since)s; elsewhere (%(places)s) later, last %(last)s")
_LATER_SOMETIME_IN = gettext_lazy("%(since)s; elsewhere (%(places)s) later")
_NOT_KNOWN_FOR_ALL = gettext_lazy("%(since)s; since when is not known for all")
_ON_RECORD_SINCE = gettext_lazy("on record since %(month)s; since when is not known")
_SINCE_WHEN_FOR_OTHERS = gettext_lazy("when it began is not the same for all")
_LATER_FOR_OTHERS = gettext_lazy("%(since)s; for others later, last %(last)s")

#: The stances in lists and filters.
STANCE_LABELS = {
    Stance.YES: gettext_lazy("Yes"),
    Stance.DEPENDS: gettext_lazy("It depends"),
    Stance.ONLY_IF_AGREED: gettext_lazy("Only if you agree"),
    Stance.NO: gettext_lazy("No"),
    Stance.NOT_ANY_MORE: gettext_lazy("Not any more"),
    Stance.NOT_OFFERED: gettext_lazy("Feature not offered"),
    Stance.UNKNOWN: gettext_lazy("We do not know"),
}
#: The state whose colour a stance has; what depends has one of its own, by what is in it.
_COLOURS = {
    Stance.YES: StateValue.UNLESS_REFUSED,
    Stance.ONLY_IF_AGREED: StateValue.ONLY_IF_AGREED,
    Stance.NO: StateValue.NOT_USED,
    Stance.NOT_ANY_MORE: StateValue.NOT_USED,
    Stance.NOT_OFFERED: StateValue.NOT_OFFERED,
    Stance.UNKNOWN: StateValue.UNCLEAR,
}


def colour_of(verdict: Verdict | ShortAnswer) -> str:
    """Return the name of the colours of an answer: they show whether it happens."""
    if verdict.stance == Stance.YES and verdict.way == WayOut.NONE:
        return str(StateValue.NO_WAY_OUT)
    if verdict.stance == Stance.DEPENDS:
        return str(StateValue.UNLESS_REFUSED) if verdict.is_warm else "differs"
    return str(_COLOURS[verdict.stance])


def glyph_of(verdict: Verdict | ShortAnswer) -> str:
    """Return the name of the icon of an answer: it shows whether people can refuse."""
    if verdict.stance == Stance.DEPENDS:
        return "by-use" if Axis.USE in verdict.by_axes else "differs"
    if verdict.stance == Stance.YES:
        return _GLYPHS.get(verdict.way, str(StateValue.UNLESS_REFUSED))
    return "anyway" if verdict.way == WayOut.ANYWAY else str(_COLOURS[verdict.stance])


_GLYPHS = {
    WayOut.NONE: str(StateValue.NO_WAY_OUT),
    WayOut.ON_REQUEST: "on-request",
    WayOut.HOW_NOT_ON_RECORD: "on-request",
    WayOut.PART: "differs",
    WayOut.BY_PLACE: "differs",
    WayOut.BY_PLAN: "differs",
}


def headline(verdict: Verdict) -> str:
    """The answer with what it is limited to: "Yes, unless you opt out (creators)"."""
    return _first_that_fits(_wholes(verdict))


def _first_that_fits(wholes: Iterable[str]) -> str:
    longer = []
    for whole in wholes:
        if len(whole) <= MOST_IN_HEADLINE:
            return whole
        longer.append(whole)
    # Rather longer than wider: people and plan are never left out.
    return min(longer, key=len)


def _wholes(verdict: Verdict) -> Iterator[str]:
    """Yield the answer with its limits and ever less of its parts, until one fits."""
    details_of = cache(partial(_details, verdict))
    if verdict.for_adults and verdict.stance == Stance.DEPENDS:
        yield from _of_minors_and_adults(verdict, details_of)
    if verdict.is_agreed_in_part:
        yield from _of_off_and_agreed(verdict)
        return
    limits, limits_in_brief = _limits(verdict), _limits(verdict, in_brief=True)
    for detail in _DETAILS if verdict.stance == Stance.DEPENDS else ():
        details = details_of(detail)
        if details and not _begins_with_parts(verdict, detail):
            yield in_parentheses(_dependent(verdict, details), limits)
        for said in _parts_alone(verdict, detail) if details else ():
            yield from (in_parentheses(said, each) for each in (limits, limits_in_brief))
        if details and detail in _FIRST_ALONE:
            words = _dependent(verdict, details, in_brief=True)
            yield from (in_parentheses(words, each) for each in (limits, limits_in_brief))
    for in_brief, limited in ((False, limits), (True, limits), (True, limits_in_brief)):
        yield in_parentheses(_answer(verdict, in_brief), limited)
    # The sentences below the headline name the group.
    yield in_parentheses(_answer(verdict, True), _limits(verdict, in_brief=True, names_group=False))


def _of_minors_and_adults(verdict: Verdict, details_of: Callable[[int], str]) -> Iterator[str]:
    """Yield "Minors, as reported: no for posts, otherwise not known; adults: yes"."""
    plain = replace(verdict, for_adults=None)
    people, *limits = _limits(verdict, in_brief=True)
    minors = capfirst(people) + _source_of_all(verdict)
    for detail in _DETAILS[: _DETAILS.index(_BRIEF)]:
        details = details_of(detail)
        if details and details != _details(plain, detail):
            words = gettext("%(answer)s: %(details)s") % {"answer": minors, "details": details}
            for briefer in _ever_briefer(words):
                yield in_parentheses(briefer, limits)


def _of_off_and_agreed(verdict: Verdict) -> Iterator[str]:
    """Yield "No for documents, only if you agree for diagnostic data", or without their names."""
    first, *others = verdict.by_atom.values()
    stances = dict(first.by_use)
    off = Part(stances[first.lead], WayOut.NOT_NEEDED, None, None)
    agreed = Part(verdict.stance, verdict.way, None, None)
    parts = [
        part._replace(uses=tuple(use for use in stances if stances[use] == part.stance))
        for part in (off, agreed)
    ]
    named = [_of_named_uses(part, verdict) for part in parts]
    is_complete = {*stances.values()} == {off.stance, agreed.stance}
    is_alike = all(each.by_use == first.by_use for each in others)
    wholes = [_off_and_agreed(off.stance, _stance_of_all(agreed, verdict, _NOTHING))]
    if all(named) and is_complete and is_alike:
        wholes = [capfirst(", ".join(named)), *wholes]
    source = _source_of_all(verdict)
    for whole in wholes:
        for in_brief in (False, True):
            limits = _limits(verdict, in_brief, names_group=not in_brief)
            yield in_parentheses(whole + source, limits)


def _off_and_agreed(off: Stance, agreed: str) -> str:
    # Translators: "No; in part only if you agree": the rest is used only if people agree
    said = gettext("%(answer)s; in part %(agreed)s")
    return said % {"answer": STANCE_LABELS[off], "agreed": agreed}


def _begins_with_parts(verdict: Verdict, detail: int) -> bool:
    """Whether an answer without a yes begins with what is known, which says that the rest is not.

    "No for documents, not known for suggested replies"
    """
    return detail in _ALL_CALM or (not verdict.is_warm and verdict.by_axes == (Axis.USE,))


def _parts_alone(verdict: Verdict, detail: int) -> Iterator[str]:
    """Yield what the parts are, ever briefer, without saying first that it depends.

    Only if they are all of the answer, and the first of them is known.
    """
    is_whole = detail not in _FIRST_ALONE or not verdict.is_warm
    if not is_whole or (_is_of_shared_uses(verdict, detail) and not verdict.is_warm):
        return
    told = dict.fromkeys(
        _details(
            verdict, detail, source_of_all=_source_of_all(verdict, in_brief), in_brief=in_brief
        )
        for in_brief in (False, True)
    )
    for details in told:
        if _in_part(Stance.DEPENDS) not in details:
            yield from _ever_briefer(capfirst(details))


def _dependent(verdict: Verdict, details: str, in_brief: bool = False) -> str:
    """Say by what an answer depends, and its parts. in_brief: only that it does."""
    is_told = len(_merged(verdict.parts)) > 1
    axes = _told_axes(verdict.by_axes) if is_told else verdict.by_axes
    words = str(_IT_DEPENDS) if in_brief else _depends_on(verdict, axes)
    words += _source_of_all(verdict, in_brief)
    return gettext("%(answer)s: %(details)s") % {"answer": words, "details": details}


def _depends_on(verdict: Verdict, axes: tuple[Axis, ...]) -> str:
    return str((_DEPENDS_IN_COUNTRY if _is_country(verdict.place) else _DEPENDS)[axes])


def _source_of_all(verdict: Verdict, in_brief: bool = True) -> str:
    """Say on whose word all parts rest; "" if that is the operator's, or differs."""
    if _is_own_word(verdict) or _words_differ(verdict.parts):
        return ""
    return source_words(verdict, verdict, in_brief)


def _ever_briefer(words: str) -> Iterator[str]:
    yield words
    for each in _of_the_rest():
        if each.usual in words:
            words = words.replace(each.usual, each.in_brief)
            yield words


class _Words(NamedTuple):
    """Words of a headline of parts, and shorter ones."""

    usual: str
    in_brief: str


@once_per_language
def _of_the_rest() -> tuple[_Words, ...]:
    unknown = {"answer": _in_part(Stance.UNKNOWN)}
    return (
        _Words(str(_REST_DIFFERS[Axis.PLACE,]), gettext("rest differs by country")),
        _Words(str(_REST_DIFFERS[Axis.PLAN,]), gettext("rest differs by plan")),
        _Words(gettext("otherwise it differs"), gettext("rest differs")),
        *(
            _Words(usual, gettext("rest not known"))
            for usual in (
                gettext("otherwise %(answer)s") % unknown,
                gettext("elsewhere %(answer)s") % unknown,
                gettext("on others %(answer)s") % unknown,
            )
        ),
        _Words(capfirst(_in_part(Stance.ONLY_IF_AGREED)), gettext("Only by consent")),
    )


@once_per_language
def _in_part(stance: Stance) -> str:
    return str(_IN_PART[stance])


def short_words(verdict: Verdict | ShortAnswer, in_brief: bool = False) -> str:
    """The answer for badges, cards and tables; with what it is limited to beside the question.

    in_brief: the stance alone, and that it is for some only.
    """
    is_open = verdict.stance in (Stance.DEPENDS, Stance.UNKNOWN)
    is_inferred = verdict.is_inferred and verdict.stance != Stance.UNKNOWN
    limits = [gettext("inferred")] if is_inferred else []
    limits += [gettext("some only")] if verdict.who and not is_open else []
    words = str(STANCE_LABELS[verdict.stance])
    if verdict.is_agreed_in_part:
        return in_parentheses(_off_and_agreed(Stance.NO, _in_part(verdict.stance)), limits[:1])
    if in_brief:
        return in_parentheses(words, limits)
    limits += [verdict.part] if verdict.part and not is_open else []
    if not is_inferred:
        in_country = _is_country(verdict.place)
        words = _short(verdict.stance, verdict.way, verdict.by_axes, in_country)
    return _limited(words, limits, verdict) if limits else words


def _limited(words: str, limits: list[str], verdict: Verdict | ShortAnswer) -> str:
    """Add limits to short words; if there is no room, first the way out goes, then the part."""
    bases = [words]
    if verdict.stance == Stance.YES and not verdict.is_inferred:
        in_brief = _after_yes(verdict.way, True, _is_country(verdict.place))
        bases.append(in_brief % {"yes": _YES[Word.STATED]})
    bases.append(str(STANCE_LABELS[verdict.stance]))
    if verdict.stance == Stance.ONLY_IF_AGREED:
        bases.append(gettext("Only by consent"))
    wholes = [
        in_parentheses(base, told) for told in (limits, limits[:-1] or limits) for base in bases
    ]
    return next((each for each in wholes if len(each) <= MOST_IN_SHORT), wholes[-1])


def _is_country(place: str) -> bool:
    """Whether places within this one are regions."""
    return place not in ("", WORLD, *GROUPS)


@once_per_language
def _short(stance: Stance, way: WayOut, axes: tuple[Axis, ...], in_country: bool) -> str:
    if stance == Stance.YES:
        words = _after_yes(way, way not in _SHORT_ENOUGH, in_country)
        return words % {"yes": _YES[Word.STATED]}
    if stance == Stance.DEPENDS:
        return str((_DEPENDS_IN_COUNTRY if in_country else _DEPENDS)[axes])
    if stance == Stance.UNKNOWN:
        return str(_SHORT_ANYWAY if way == WayOut.ANYWAY else _SHORT_UNKNOWN)
    agreed = _IF_AGREED.get(way) if stance == Stance.ONLY_IF_AGREED else None
    return str(agreed or _OTHERS[stance]) % {"source": ""}


def on_whose_word(verdict: Verdict) -> str:
    """Say who says so: "Stated by LinkedIn"; "" of what nobody says."""
    if verdict.word is None:
        return ""
    if verdict.word == Word.REPORTED:
        return _reported_by(verdict.reporter)
    return str(_WHOSE_WORD[verdict.word]) % {"speaker": verdict.said_by or _operator_then(verdict)}


def _operator_then(verdict: Verdict) -> str:
    """Return the company that said so, with the one that answers for the service since.

    A company with a long name has that of its service, which no other one follows.
    """
    then, later = (
        operator_in_brief(each, verdict.platform) for each in (verdict.stated_by, verdict.operator)
    )
    if then in (later, verdict.platform):
        return then
    # Translators: the company of a statement, and the one that followed: "xAI (later SpaceXAI)"
    return gettext("%(then)s (later %(later)s)") % {"then": then, "later": later}


def speaker_of(told: Verdict | Part, answer: Verdict) -> str | None:
    """Return who says so, or reports it; None if that is nobody in particular."""
    own = operator_in_brief(answer.stated_by, answer.platform) if told.word == Word.STATED else None
    return told.said_by or own


def whose_word_beside(verdict: Verdict) -> str:
    """Say who says so where the headline does not; "" where it does."""
    said = headline(verdict)
    told = [source_words(verdict, verdict, in_brief) for in_brief in (False, True)]
    if verdict.stance == Stance.YES:
        told = [_yes(verdict, in_brief) for in_brief in (False, True)]
        told = [words for words in told if words != str(_YES[Word.STATED])]
    return "" if any(words in said for words in told) else on_whose_word(verdict)


def _reported_by(speaker: str) -> str:
    if not speaker:
        return str(_WHOSE_WORD[Word.REPORTED])
    return gettext("Reported by %(speaker)s") % {"speaker": speaker}


def doubts(verdict: Verdict | ShortAnswer) -> list[str]:
    """Say what short words leave out: that it is not the operator who says so, or a dispute."""
    said = [_reported_by(verdict.reporter)] if verdict.word == Word.REPORTED else []
    return [*said, gettext("disputed")] if verdict.disputed else said


def doubts_in_brief(verdict: Verdict) -> list[str]:
    """The same in a word each."""
    said = [gettext("reported")] if verdict.word == Word.REPORTED else []
    return [*said, gettext("disputed")] if verdict.disputed else said


def short_words_and_doubts(verdict: Verdict | ShortAnswer) -> str:
    """The answer where nothing beside it says how far it can be trusted."""
    return " · ".join([short_words(verdict), *doubts(verdict)])


def reason_words(verdict: Verdict) -> str:
    """Say why nothing is known; "" where something is."""
    if verdict.stance != Stance.UNKNOWN:
        return ""
    operator = operator_in_brief(verdict.operator, verdict.platform)
    return _reason(verdict, in_brief=False) % {"operator": operator}


def operator_in_brief(operator: str, platform: str = "") -> str:
    """Return an operator without its legal form and what is added in parentheses or by a dash."""
    whole = operator.partition(" (")[0].partition(" - ")[0].strip()
    if whole == platform:  # "People Inc." is a name, "People" is none
        return whole
    name = _LEGAL_FORM.sub("", whole).strip(" ,")
    is_no_name = len(name) > _LONGEST_NAME or name.startswith("A ")  # "A Medium Corporation"
    return platform if platform and is_no_name else name


def operator_in_full(operator: str, owners: Sequence[OwnerFacts]) -> str:
    """Return an operator with its owners, and with what is in parentheses."""
    head, details = _owned(operator, owners)
    return in_parentheses(head, [str(SEMICOLON).join(details)] if details else [])


def operator_with_history(operator: str, behind: CompaniesBehind) -> str:
    """Return an operator with its owners, and with the companies that it followed."""
    head, details = _owned(operator, behind.owners)
    after = head
    for each in behind.before:
        name = each.name.partition(" (")[0]
        if name != after:
            said = {"date": format_date(each.until, each.precision), "name": name}
            # Translators: who ran a service before: "before August 2026 xAI"
            words = gettext("before %(date)s %(name)s") % said
            if each.by:
                # Translators: "before August 2026 xAI, by its business terms"
                by = gettext("%(before)s, by %(source)s")
                words = by % {"before": words, "source": translated(each.by)}
            details.append(words)
            if each.announced:
                date = format_date(each.announced, each.announced_precision)
                # Translators: after "before August 2026 xAI": when the new company was announced
                details.append(gettext("change announced %(date)s") % {"date": date})
        after = name
    return in_parentheses(head, [str(SEMICOLON).join(details)] if details else [])


def _owned(operator: str, owners: Sequence[OwnerFacts]) -> tuple[str, list[str]]:
    """Return a company, and who owns it and did before, beside what is in parentheses."""
    head, _opening, beside = translated(operator).partition(" (")
    told = [_since_of_owner(each) for each in owners]
    if len(told) > 1:
        # Translators: "owner: SpaceX since February 2026, before that xAI since March 2025"
        told[1:] = [gettext("before that %(companies)s") % {"companies": ", ".join(told[1:])}]
    # Translators: as in "X Corp. (owner: SpaceX since February 2026)"
    owned = [gettext("owner: %(company)s") % {"company": ", ".join(told)}] if told else []
    return head, [*owned, *([beside.removesuffix(")")] if beside else [])]


def _since_of_owner(owner: OwnerFacts) -> str:
    if owner.since is None:
        return owner.name
    date = format_date(owner.since, owner.precision)
    # Translators: "SpaceX since February 2026"
    return gettext("%(company)s since %(date)s") % {"company": owner.name, "date": date}


_LEGAL_FORM = re.compile(
    r"[ ,]+(?:Inc|Incorporated|LLC|Ltd|Limited|Corp|Corporation|GmbH|AG|SE|SA|SAS|AB|B\.V|BV|PBC"
    r"|Pty|Pte|(?:& )?Co|KG|plc|S\.A\.S|S\.A|S\.à r\.l|SARL|AS|L\.P|LP|Oy|OÜ|ApS|KK)"
    r"\b\.?(?=$|[ ,])",
    re.IGNORECASE,
)


def _answer(verdict: Verdict, in_brief: bool) -> str:
    """Say the answer without its parts."""
    said = {"operator": operator_in_brief(verdict.operator, verdict.platform)}
    if verdict.stance == Stance.YES:
        is_shorter = in_brief and not _is_long(verdict.said_by)  # without that name there is room
        after = _after_yes(verdict.way, is_shorter, _is_country(verdict.place))
        if verdict.way == WayOut.ORGANISATION and verdict.people != People.ORGANISATION:
            after = str(_UNLESS_ADMIN)
        return after % (said | {"yes": _yes(verdict, in_brief)})
    source = source_words(verdict, verdict, in_brief)
    if verdict.stance == Stance.DEPENDS:
        words = _depends_on(verdict, verdict.by_axes)
        if not _is_own_word(verdict):
            words += source
        if not verdict.is_warm:
            return words
        said = {"answer": words, "details": gettext("yes in part")}
        return gettext("%(answer)s: %(details)s") % said
    if verdict.stance == Stance.UNKNOWN:
        reason = _reason(verdict, in_brief) % said
        words = str(_UNKNOWN_IN_BRIEF if in_brief else _UNKNOWN) % {"reason": reason}
        anyway = str(_ANYWAY_IN_BRIEF if in_brief else _ANYWAY) % {"answer": words}
        return anyway if verdict.way == WayOut.ANYWAY else words
    if verdict.is_for_adults_only:
        details = _ONLY_ADULTS % {"age": verdict.min_age}
        return gettext("%(answer)s: %(details)s") % {
            "answer": gettext("Not offered"),
            "details": details,
        }
    template = _OTHERS[verdict.stance]
    if verdict.stance == Stance.ONLY_IF_AGREED:
        template = _IF_AGREED.get(verdict.way, _BY_CONSENT if in_brief else template)
        if verdict.way == WayOut.ORGANISATION and verdict.people != People.ORGANISATION:
            template = _IF_ADMIN_AGREES
    if verdict.is_not_offered and in_brief:
        template = _NOT_OFFERED_IN_BRIEF
    answer = str(template) % {"source": source}
    fate = (_EARLIER_IN_BRIEF if in_brief else _EARLIER).get(verdict.earlier)
    return str(fate) % {"answer": answer} if fate else answer


def _after_yes(way: WayOut, in_brief: bool, in_country: bool) -> str:
    if way == WayOut.BY_PLACE and in_country:
        return str(_IN_REGION_IN_BRIEF if in_brief else _IN_REGION)
    return str((in_brief and _AFTER_YES_IN_BRIEF.get(way)) or _AFTER_YES[way])


def _yes(verdict: Verdict, in_brief: bool) -> str:
    is_named = verdict.reporter if verdict.word == Word.REPORTED else verdict.said_by
    if is_named and verdict.word in _YES_OF_OTHERS and not (in_brief and _is_long(is_named)):
        return str(_YES_OF_OTHERS[verdict.word]) % {"speaker": _in_brief(verdict.said_by)}
    return str(_YES[verdict.word or Word.NOT_ON_RECORD])


def source_words(told: Verdict | Part, verdict: Verdict, in_brief: bool = False) -> str:
    by = _in_brief(told.said_by) or operator_in_brief(verdict.stated_by, verdict.platform)
    is_left_out = in_brief and _is_long(told.said_by)
    if told.said_by and told.word == Word.REPORTED and not is_left_out:
        if reporter(told.word, told.said_by, verdict.platform, verdict.operator):
            return str(_REPORTS if in_brief else _REPORTED_BY) % {"speaker": by}
        return str(_SOURCES[told.word] if in_brief else _SAID_AS_REPORTED) % {"speaker": by}
    if told.word == Word.STATED and in_brief:
        return str(_SAYS) % {"speaker": by}
    return str(_SOURCES[told.word or Word.NOT_ON_RECORD]) % {"speaker": by}


def _is_long(speaker: str) -> bool:
    return len(_in_brief(speaker)) > _LONGEST_NAME


def _in_brief(speaker: str) -> str:
    """Return a long name by the short one that it has in parentheses; an authority in words."""
    if speaker in _AUTHORITIES:
        return str(_AUTHORITIES[speaker])
    name, _, short = speaker.partition(" (")
    return short.rstrip(")") if short and len(name) > _LONGEST_NAME else name


def _is_own_word(told: Verdict | Part) -> bool:
    return told.word in (None, Word.STATED) and not told.said_by


def _words_differ(parts: Iterable[Part]) -> bool:
    return len({(part.word, part.said_by) for part in parts if part.word}) > 1


def _reason(verdict: Verdict, in_brief: bool) -> str:
    reason = verdict.reason or Reason.NOT_STATED
    if reason == Reason.NOTHING_ON_RECORD:
        if verdict.for_adults:
            adults = _IN_PART | {Stance.DEPENDS: _DEPENDS_IN_PART}
            return str(_NOTHING_BUT_FOR_ADULTS) % {"answer": adults[verdict.for_adults]}
        if verdict.lines:
            return str(_NOTHING_FOR_DAY)
        if verdict.plan:
            return str(_NOTHING_FOR_PLAN)
        if verdict.people == People.MINORS:
            return str(_NOTHING_FOR_MINORS)
    return str((in_brief and _REASONS_IN_BRIEF.get(reason)) or _REASONS[reason])


def _details(
    verdict: Verdict, detail: int, *, source_of_all: str = "", in_brief: bool = False
) -> str:
    """Name the parts of an answer that depends on one thing: "yes on Free, no on Pro".

    source_of_all: on whose word they are, where nothing before them says it. in_brief: say in brief
    on whose word each is.
    """
    axes = _told_axes(verdict.by_axes)
    if detail in (*_BESIDE_ALIKE, *_ALL_CALM):
        alike = _of_uses_alike(verdict)
        if not alike or verdict.is_warm == (detail in _ALL_CALM):
            return ""
        if detail in _ALL_CALM:
            rest = str(_REST_DIFFERS.get(axes, gettext_lazy("the rest differs")))
            if detail == _CALM_NAMES:
                rest = _rest_by_name(verdict, axes)
            return rest and f"{alike}{SEMICOLON}{rest}{source_of_all}"
        if len(verdict.by_axes) == 1:
            return ""
    parts = _merged(verdict.parts)
    if _is_of_shared_uses(verdict, detail):
        return _of_shared_uses(parts[0], verdict) + source_of_all
    if len(parts) == 1 or len(axes) > 1 or detail in (*_FIRST_ALONE, *_BESIDE_ALIKE):
        first = _of_first_part(verdict, detail) if detail != _BRIEF else ""
        return first and first + source_of_all
    (axis,) = axes
    if axis == Axis.USE:
        said = _of_uses(parts, verdict, detail)
    elif axis == Axis.PLACE:
        said = _of_places(parts, verdict, detail)
    else:
        said = _of_plans(parts, verdict, detail)
    if not said or not all(said) or len(set(said)) < len(said):
        return ""
    says_little = detail == _BRIEF or not verdict.is_warm
    if says_little and any(_in_part(Stance.DEPENDS) in words for words in said):
        return ""
    sources = [_source_of_part(part, verdict, detail, in_brief) for part in parts]
    if len(parts) > len(said):  # what more than one part has in common says no word of its own
        sources[1:] = [""]
    are_lists = any(sources) or any(", " in words for words in said)
    if source_of_all:  # which what is not known has not
        last = max(number for number, part in enumerate(parts[: len(said)]) if part.word)
        sources[last] += source_of_all
        are_lists |= last + 1 < len(said)
    return (str(SEMICOLON) if are_lists else ", ").join(map(str.__add__, said, sources))


def _source_of_part(part: Part, verdict: Verdict, detail: int, in_brief: bool = False) -> str:
    """Say on whose word a part rests, if it is not that of all, and whether it is disputed."""
    is_common = _is_own_word(part) or not _words_differ(verdict.parts)
    source = "" if is_common else source_words(part, verdict, in_brief)
    is_disputed = part.disputed or _is_yes_disputed(part, verdict)
    is_apart = is_disputed and part.stance != Stance.UNKNOWN and not verdict.disputed
    if is_apart and detail != _BRIEF:
        return gettext("%(words)s, disputed") % {"words": source}
    return source


def _of_first_part(verdict: Verdict, detail: int) -> str:
    """Name the first part with a yes, or else the first, by places and plans: "otherwise no"."""
    first = next((part for part in verdict.parts if _has_a_yes(part)), verdict.parts[0])
    if detail in _BESIDE_ALIKE and not _has_a_yes(first):
        return ""  # a calm part alone would pass for the answer
    others = [part for part in verdict.parts if not _is_alike(part, first)]
    first = _with_all_places(first, verdict)
    answer = _stance_in_part(first, verdict, detail)
    is_calm_mixture = first.stance == Stance.DEPENDS and not _has_a_yes(first)
    if first.uses:
        answer = _of_named_uses(first, verdict, detail)
    elif is_calm_mixture:
        answer = _of_first_uses(first, verdict, detail)
    if answer in ("", _in_part(Stance.DEPENDS)):
        return ""
    is_everywhere = _is_yes_of_all(first, others)
    if is_everywhere and detail in _FIRST_ALONE:
        return ""  # what differs has to be said
    is_named = is_everywhere or (_is_without_plan(first) and first.groups)  # a group says more
    if first.plans and not is_named and not (detail == _LEAST and first.by_use):
        answer = _on_plans(answer, first, verdict, detail)
    if first.wheres and not is_everywhere:
        answer = _in_places(answer, first.wheres, verdict, detail)
    source = _source_of_part(first, verdict, detail)
    separator = str(SEMICOLON) if source or "," in answer else ", "
    if detail in _FIRST_ALONE and _has_a_yes(first):
        return answer + source
    stances = {part.stance for part in (others if first.stance != Stance.DEPENDS else (first,))}
    if is_calm_mixture:
        told = min((stance for _use, stance in first.by_use), key=list(Stance).index, default=None)
        stances = {part.stance for part in others} | {each for _use, each in first.by_use} - {told}
        if stances != {Stance.UNKNOWN}:
            return ""  # "otherwise it differs" would hide a doubt
    rest = gettext("otherwise it differs")
    if len(stances) == 1 and Stance.DEPENDS not in stances:
        rest = gettext("otherwise %(answer)s") % {"answer": _stance_in_part(others[0], verdict)}
    elif detail in _BESIDE_ALIKE and len({Stance.DEPENDS, *(part.stance for part in others)}) == 2:
        return ""  # "otherwise no" says more
    elif detail in _BESIDE_ALIKE:
        return f"{answer}{source}{SEMICOLON}{_of_uses_alike(verdict)}"
    return f"{answer}{source}{separator}{rest}"


def _is_yes_of_all(part: Part, others: Sequence[Part]) -> bool:
    """Return whether the uses that are on in a part are on in all others too."""
    on = {each for each in part.by_use if each[1] == Stance.YES}
    return bool(on and others) and all(on.issubset(other.by_use) for other in others)


def _is_yes_disputed(part: Part, verdict: Verdict) -> bool:
    """Return whether sources disagree about all uses that are on in a part that depends on them."""
    is_by_use = part.stance == Stance.DEPENDS
    atoms = [each for each in verdict.by_atom.values() if is_by_use and each.by_use == part.by_use]
    states = [line.state for each in atoms for line in each.lines if line.is_on]
    return bool(states) and all(state is not None and state.disputed for state in states)


def _rest_by_name(verdict: Verdict, axes: tuple[Axis, ...]) -> str:
    """Name the only use whose stance differs between parts: "for calls it depends on the plan"."""
    alike = {use for use, _stance in _alike_in_all(verdict)}
    names = [short_name(use) for use in verdict.uses if use.key not in alike]
    if axes not in _USE_DIFFERS or len(names) != 1 or not names[0]:
        return ""
    return str(_USE_DIFFERS[axes]) % {"use": names[0]}


def _alike_in_all(verdict: Verdict) -> set[tuple[str, Stance]]:
    """Return the uses that have one stance in all parts, with it."""
    return set.intersection(*(set(each.by_use) for each in verdict.by_atom.values()))


def _of_uses_alike(verdict: Verdict) -> str:
    """Name the uses that have one stance in all parts, and no yes: "no for personal messages"."""
    alike = _alike_in_all(verdict)
    (stance, *_) = sorted({stance for _use, stance in alike}, key=list(Stance).index) or (None,)
    if stance in (None, Stance.YES, Stance.UNKNOWN):
        return ""
    uses = tuple(use for use, of_use in alike if of_use == stance)
    lines = [line for each in verdict.by_atom.values() for line in each.lines]
    word, said_by = word_of(line for line in lines if line.use.key in uses)
    part = Part(stance, WayOut.NOT_NEEDED, None, word, said_by, uses=uses)
    source = "" if word == Word.STATED else _source_of_part(part, verdict, _ALIKE)
    named = _of_named_uses(part, verdict)
    return named and named + source


def _has_a_yes(part: Part) -> bool:
    return Stance.YES in (part.stance, *dict(part.by_use).values())


def _on_plans(answer: str, part: Part, verdict: Verdict, detail: int) -> str:
    """Name the plans of a part, or those that it lacks, where there is room for either."""
    plans = dict.fromkeys(atom.plan for atom in verdict.by_atom)
    lacking = part._replace(plans=tuple(plan for plan in plans if plan not in part.plans))
    if detail in (_FIRST, _KINDS, _PLAIN, _NAMES, *_BESIDE_ALIKE):
        if _has_short_list(part):
            return _of_plan(part, {"answer": answer})
        if _has_short_list(lacking) and detail != _KINDS:
            return _on_all_but(answer, lacking.plans, verdict)
    if _is_without_plan(part):
        # Translators: "yes outside the plans on record": for people who have none of these
        return gettext("%(answer)s outside the plans on record") % {"answer": answer}
    # Translators: "yes on some plans", after the places
    return gettext("%(answer)s on some plans") % {"answer": answer}


def _told_axes(axes: tuple[Axis, ...]) -> tuple[Axis, ...]:
    """Return the axes that parts are named by; one of them may say "it depends on the use"."""
    return tuple(axis for axis in axes if axis != Axis.USE) or axes


def _merged(parts: Iterable[Part]) -> list[Part]:
    """Join the parts of one stance; a yes without a way out is said only where all have none."""
    found: dict[Stance, Part] = {}
    for part in parts:
        before = found.get(part.stance)
        weaker = max(before or part, part, key=lambda each: strength((each.word, each.said_by)))
        found[part.stance] = (
            part
            if before is None
            else before._replace(
                way=before.way if before.way == part.way else WayOut.PART,
                word=weaker.word,
                said_by=weaker.said_by,
                wheres=before.wheres + part.wheres,
                plans=tuple(dict.fromkeys(before.plans + part.plans)),
                uses=before.uses + part.uses,
                by_use=_shared(before.by_use, part.by_use),
                disputed=before.disputed and part.disputed,
                groups=tuple(dict.fromkeys(before.groups + part.groups)),
            )
        )
    return list(found.values())


def _shared(
    first: tuple[tuple[str, Stance], ...], second: tuple[tuple[str, Stance], ...]
) -> tuple[tuple[str, Stance], ...]:
    """Return which uses have one stance in two parts; none if a yes would be left out."""
    shared = tuple(each for each in first if each in second)
    apart = {*first, *second}.difference(shared)
    return () if any(stance == Stance.YES for _use, stance in apart) else shared


def _stance_in_part(part: Part, verdict: Verdict, detail: int = _NOTHING) -> str:
    """Say a stance with the group that it is limited to, or else that it is limited to some."""
    words = _stance_of_all(part, verdict, detail)
    if not part.groups or verdict.who or part.stance == Stance.DEPENDS:
        return words
    if len(part.groups) == 1 and detail == _NAMES:
        group = people_words((), (), *part.groups)
        return gettext("%(answer)s for %(use)s") % {"answer": words, "use": group}
    # Translators: "in the US no for some"
    return gettext("%(answer)s for some") % {"answer": words}


def _stance_of_all(part: Part, verdict: Verdict, detail: int) -> str:
    """Say a stance; of what depends on the use, a yes, if there is room for the uses."""
    is_open = part.stance == Stance.DEPENDS and detail not in (_NOTHING, _BRIEF)
    if is_open and _has_a_yes(part) and (named := _of_first_uses(part, verdict, detail)):
        return named
    is_plain = detail in (*_FIRST_ALONE, _BRIEF, _PLAIN, *_BESIDE_ALIKE)
    is_plain |= detail == _KINDS and bool(part.wheres)
    if part.stance == Stance.YES and part.way == WayOut.NONE and not is_plain:
        return str(_NO_WAY_OUT_IN_PART)
    if part.stance == Stance.ONLY_IF_AGREED and part.way in _IF_AGREED:
        if part.way == WayOut.ORGANISATION and verdict.people != People.ORGANISATION:
            return str(_ADMIN_IN_PART)
        by_organisation = part.way == WayOut.ORGANISATION
        return str(_ORGANISATION_IN_PART if by_organisation else _SOMEBODY_IN_PART)
    return _in_part(part.stance)


def _of_first_uses(part: Part, verdict: Verdict, detail: int) -> str:
    """Say the first stance in a part that depends on the use, with its uses."""
    told = dict(part.by_use)
    first = next((stance for stance in Stance if stance in told.values()), part.stance)
    uses = tuple(key for key, stance in told.items() if stance == first)
    return _of_named_uses(part._replace(stance=first, uses=uses), verdict, detail)


def _of_uses(parts: Sequence[Part], verdict: Verdict, detail: int) -> list[str]:
    """Name the uses of the first part, and those of a second; these may be all others."""
    if detail == _PLAIN:
        return []
    first, second, *more = parts
    said = [_of_named_uses(first, verdict, detail)]
    if more:
        return [*said, gettext("otherwise it differs")]
    if detail != _NAMES:
        # Translators: follows "yes for public repositories"
        of_second = gettext("otherwise %(answer)s") % {"answer": _stance_in_part(second, verdict)}
    else:
        of_second = _of_named_uses(second, verdict)
    return [*said, of_second and _with_adults(of_second, second, verdict, detail)]


def _is_of_shared_uses(verdict: Verdict, detail: int) -> bool:
    if detail != _NAMES:
        return False
    parts = _merged(verdict.parts)
    return len(parts) == 1 and bool(_of_shared_uses(parts[0], verdict))


def _of_shared_uses(part: Part, verdict: Verdict) -> str:
    """Name the uses that have one stance in all parts, where each part depends on the use."""
    first = _of_first_uses(part, verdict, _NAMES)
    if not first:
        return ""
    shared = dict(part.by_use)
    told = next(stance for stance in Stance if stance in shared.values())
    others = {
        stance for each in verdict.parts for use, stance in each.by_use if shared.get(use) != told
    }
    if len(others) != 1:
        return f"{first}, " + gettext("otherwise it differs")
    answer = _stance_in_part(part._replace(stance=others.pop()), verdict)
    return f"{first}, " + gettext("otherwise %(answer)s") % {"answer": answer}


def _of_named_uses(part: Part, verdict: Verdict, detail: int = _NOTHING) -> str:
    """Say a stance with its uses: "yes for Meta AI chats"; "" if they are too many to name."""
    names = [short_name(use) for use in verdict.uses if use.key in part.uses]
    if not all(names) or not 0 < len(names) <= _MOST_USES:
        return ""
    if part.stance == Stance.ONLY_IF_AGREED:
        part = part._replace(way=_who_agrees(part.uses, verdict))
    words = {"answer": _stance_of_all(part, verdict, detail), "use": listed(names)}
    said = gettext("%(answer)s for %(use)s") % words
    if not part.groups or verdict.who:
        return said
    is_named = len(part.groups) == 1 and detail not in (_NOTHING, _LEAST)
    group = people_words((), (), *part.groups) if is_named else gettext("some only")
    return in_parentheses(said, [group])


def _who_agrees(uses: Collection[str], verdict: Verdict) -> WayOut:
    """Return whether people agree to these uses themselves, or their organisation, or some each."""
    ways = {
        said.way
        for said in verdict.sentences
        if said.use.key in uses and said.value == StateValue.ONLY_IF_AGREED
    }
    return ways.pop() if len(ways) == 1 else WayOut.PART


def _with_adults(words: str, part: Part, verdict: Verdict, detail: int) -> str:
    """Add what holds for adults, of uses that say nothing of minors."""
    unrecorded = {key for each in verdict.by_atom.values() for key in each.unrecorded}
    if verdict.for_adults is None or not unrecorded.issuperset(part.uses) or detail == _BRIEF:
        return words
    adults = (_IN_PART | {Stance.DEPENDS: _DEPENDS_IN_PART})[verdict.for_adults]
    return gettext("%(answer)s; adults: %(adults)s") % {"answer": words, "adults": adults}


def short_name(use: UseFacts) -> str:
    """A phrase for a use in the language of the page; the part of the product, if it has none."""
    by_language = dict(use.short)
    language = (get_language() or "en").partition("-")[0]
    return by_language.get(language) or by_language.get("en") or use.part


def _of_places(parts: Sequence[Part], verdict: Verdict, detail: int) -> list[str]:
    """Name the places of two parts; of more, those of the first one."""
    if len(parts) == 2:
        is_named = detail not in _NO_PLACES and _few_names(min(parts, key=_breadth).wheres)
        if not is_named and verdict.place in ("", WORLD) and _breadth(parts[0])[0]:
            first, second = (_stance_in_part(part, verdict, detail) for part in parts)
            # Translators: follows "yes"
            return [first, gettext("in some countries %(answer)s") % {"answer": second}]
        return [_of_place(part, parts, verdict, detail) for part in parts]
    first = _of_place(parts[0], parts, verdict, detail)
    if parts[0] is not max(parts, key=_breadth):
        return [first, gettext("otherwise it differs")]
    if _is_country(verdict.place):
        return [first, gettext("in some regions it differs")]
    return [first, gettext("in some countries it differs")]


def _of_place(part: Part, parts: Sequence[Part], verdict: Verdict, detail: int) -> str:
    answer, place = _stance_in_part(part, verdict, detail), verdict.place
    if part is max(parts, key=_breadth):
        if place in ("", WORLD):
            return gettext("elsewhere %(answer)s") % {"answer": answer}
        whole = listed(places_in_sentence(Where((place,))))
        # Translators: "in the rest of the US no"
        return gettext("in the rest of %(place)s %(answer)s") % {"place": whole, "answer": answer}
    return _in_places(answer, part.wheres, verdict, detail)


def _in_places(answer: str, wheres: Sequence[Where], verdict: Verdict, detail: int) -> str:
    """Say an answer with its places; these are named if they are few."""
    names = _few_names(wheres)
    if detail in _NO_PLACES and len(names) > 1:  # one is as short as "some countries"
        names = []
    is_rest = not wheres[0].places
    if not names:
        if _is_country(verdict.place):
            return gettext("in some regions %(answer)s") % {"answer": answer}
        if is_rest:
            # Translators: "yes for Meta AI chats except in some countries"
            return gettext("%(answer)s except in some countries") % {"answer": answer}
        return gettext("in some countries %(answer)s") % {"answer": answer}
    # Other languages inflect a name after "in": there it stands alone, "EU nur mit Zustimmung".
    is_english = (get_language() or "en").startswith("en")
    where = _joined(wheres)
    if not is_english:
        label = place_words if detail in (_NAMES, _ALIKE) else short_place_words
        names = [label(Where(where.places or where.except_places))]
    said = {"places": listed(names), "answer": answer}
    if is_rest:
        # Translators: "yes on Free outside the EU"
        return gettext("%(answer)s outside %(places)s") % said
    return gettext("in %(places)s %(answer)s") % said


def _few_names(wheres: Sequence[Where]) -> list[str]:
    """Return the names of places, or of those left out of the world; none if they are many."""
    where = _joined(wheres)
    if where.some_of or (where.places and where.except_places):
        return []
    codes = where.places or where.except_places
    names = places_in_sentence(Where(codes))
    is_whole, beside = expanded(codes) >= _RULED_ALIKE, expanded(codes) - _RULED_ALIKE
    return names if (1 + len(beside) if is_whole else len(names)) <= _MOST_PLACES else []


def _joined(wheres: Sequence[Where]) -> Where:
    return Where(
        _in_order(code for where in wheres for code in where.places),
        _in_order(code for where in wheres for code in where.except_places),
        tuple(code for where in wheres for code in where.some_of),
    )


def _in_order(codes: Iterable[str]) -> tuple[str, ...]:
    """Put Switzerland after the UK, and both before others, as they are usually named."""
    order = ("GB", "CH")
    return tuple(sorted(codes, key=lambda code: order.index(code) if code in order else len(order)))


def _breadth(part: Part) -> tuple[bool, bool, int]:
    """Return how much of the world a part has: the widest is what remains of it."""
    has_rest = any(not where.places for where in part.wheres)
    has_exceptions = any(where.except_places for where in part.wheres)
    return has_rest, has_exceptions, sum(len(where.places) for where in part.wheres)


# Plans of others are not meant: a headline says for whom "all" is, before or after it.
# Translators: "yes on all personal plans but Student", and then "there no"
_ON_ALL_BUT_PERSONAL = gettext_lazy("%(answer)s on all personal plans but %(plans)s")
_ON_ALL_BUT = gettext_lazy("%(answer)s on all but %(plans)s")


def _of_plans(parts: Sequence[Part], verdict: Verdict, detail: int) -> list[str]:
    """Name two parts: the first one without a short list of plans as all but those of the other.

    Of more parts the first is named. No plan is named where neither list is short, or where
    there is no room.
    """
    first, second, *more = parts
    answer = {"answer": _stance_in_part(first, verdict, detail)}
    other_answer = {"answer": _stance_in_part(second, verdict, detail)}
    names_plans = detail in (_PLAIN, _NAMES)
    if names_plans and _has_short_list(first):
        of_others = gettext("otherwise it differs") if more else _of_plan(second, other_answer)
        return [_of_plan(first, answer), of_others]
    if detail == _KINDS and _has_short_list(first) and not more:
        return [_of_plan(first, answer), gettext("otherwise %(answer)s") % other_answer]
    if more:
        if _is_without_plan(first):
            return [answer["answer"], str(_REST_DIFFERS[Axis.PLAN,])]
        return [
            gettext("on some plans %(answer)s") % answer,
            gettext("on others it differs"),
        ]
    if names_plans and _has_short_list(second):
        return [
            _on_all_but(answer["answer"], second.plans, verdict),
            gettext("there %(answer)s") % other_answer,
        ]
    if _is_without_plan(first):
        return [answer["answer"], gettext("on some plans %(answer)s") % other_answer]
    if _is_without_plan(second):
        return [
            gettext("on some plans %(answer)s") % answer,
            gettext("otherwise %(answer)s") % other_answer,
        ]
    # Translators: "on some plans yes", and then "on others no"
    return [
        gettext("on some plans %(answer)s") % answer,
        gettext("on others %(answer)s") % other_answer,
    ]


def _on_all_but(answer: str, plans: Iterable[str], verdict: Verdict) -> str:
    template = _ON_ALL_BUT_PERSONAL if verdict.people == People.PERSONAL else _ON_ALL_BUT
    return str(template) % {"answer": answer, "plans": listed(plans)}


def _is_without_plan(part: Part) -> bool:
    """Return whether a part is that of people who have none of the plans on record alone."""
    return part.plans == (NO_PLAN,)


def _has_short_list(part: Part) -> bool:
    return NO_PLAN not in part.plans and len(part.plans) <= _MOST_PLANS


def _of_plan(part: Part, answer: dict[str, str]) -> str:
    said = answer | {"plans": listed(part.plans)}
    if not _has_short_list(part):
        return gettext("otherwise %(answer)s") % said
    if part.stance in (Stance.DEPENDS, Stance.ONLY_IF_AGREED):  # nobody agrees "on Pro"
        return gettext("on %(plans)s %(answer)s") % said
    # Translators: "yes on Free"
    return gettext("%(answer)s on %(plans)s") % said


def _limits(verdict: Verdict, in_brief: bool = False, names_group: bool = True) -> list[str]:
    """Return what an answer is limited to: people and plan, a group, a part of the product."""
    limits = []
    audience = _audience(verdict, in_brief)
    group = people_words((), (), verdict.who) if verdict.who else ""
    if audience and not group.startswith(audience):
        limits.append(audience)
    if verdict.stance == Stance.UNKNOWN:
        limits += [str(_REASON_IN_PART[axis]) for axis in verdict.reason_axes]
    if group:
        # Translators: follows a plan, in parentheses: for some of its customers only
        limits.append(group if names_group else gettext("some only"))
    if verdict.part not in ("", verdict.plan):
        limits.append(verdict.part)
    if verdict.disputed:
        limits.append(gettext("disputed"))
    return limits


def _audience(verdict: Verdict, in_brief: bool) -> str:
    """Name people and plan where the rest of the headline does not: a plan may be of one kind."""
    is_named = verdict.people == People.MINORS and (
        verdict.nothing_on_record or verdict.is_for_adults_only
    )
    if verdict.plan and (verdict.plan_names_people or is_named):
        return verdict.plan
    if is_named or not (verdict.plan or verdict.people != People.PERSONAL):
        return ""
    people = people_words([verdict.people], [verdict.plan] if verdict.plan else [])
    if in_brief and verdict.plan:
        is_personal = verdict.people == People.PERSONAL
        people = gettext("personal") if is_personal else str(verdict.people.label)
        people = f"{people}, {verdict.plan}"
    return str(_INFERRED) % {"people": people} if verdict.inferred_from else people


def since_told(verdict: Verdict) -> str:
    """Say since when an answer is so, with the part that began then if it differs; "" if never."""
    since = start_told(verdict)
    told = [whose_since(verdict), since_words(since) if since else ""]
    return f"{colon()} ".join(filter(None, told)) if since else ""


def start_told(verdict: Verdict) -> Since | None:
    """Return the start of an answer, beside whose_since: within a part nothing is elsewhere."""
    if verdict.since and whose_since(verdict):
        return replace(verdict.since, apart=())
    return verdict.since


def whose_since(verdict: Verdict) -> str:
    """Name the part of an answer that differs whose start it has: its uses, places and plans.

    "" if all have it, or if it is what the others are exceptions to.
    """
    if verdict.is_agreed_in_part and verdict.lead and short_name(verdict.lead):
        return capfirst(short_name(verdict.lead))
    if verdict.stance != Stance.DEPENDS:
        return ""
    part = verdict.parts[0]
    uses = [short_name(use) for use in verdict.uses if use.key in part.uses]
    where = _joined(_with_all_places(part, verdict).wheres)
    places = "" if where.is_worldwide else place_words(where)
    if len(places) > _LONGEST_PLACES:
        places = place_words(Where(some_of=(WORLD,)))
    what = (listed(uses) if all(uses) else "") or _plans_told(part, verdict)
    return capfirst(in_parentheses(what, [places] if places else []) if what else places)


def _is_alike(part: Part, other: Part) -> bool:
    """Return whether parts differ by their places and ways out alone."""
    alike = ("stance", "since", "plans", "by_use")
    return all(getattr(part, each) == getattr(other, each) for each in alike)


def _with_all_places(part: Part, verdict: Verdict) -> Part:
    """Return a part with the places of all that differ from it by their ways out alone."""
    wheres = (each.wheres for each in verdict.parts if _is_alike(each, part))
    return part._replace(wheres=merged(chain(*wheres)))


def _plans_told(part: Part, verdict: Verdict) -> str:
    """Name the plans of a part, or those that it lacks."""
    if not part.plans or _has_short_list(part):
        return listed(part.plans)
    plans = dict.fromkeys(atom.plan for atom in verdict.by_atom)
    lacking = part._replace(plans=tuple(plan for plan in plans if plan not in part.plans))
    if _has_short_list(lacking):
        # Translators: before "since 2024": "all but Enterprise"
        return gettext("all but %(plans)s") % {"plans": listed(lacking.plans)}
    return "" if _is_without_plan(part) else gettext("certain plans")


@once_per_language
def since_words(since: Since) -> str:
    """Since when the answer is so: "since 16 July 2024; elsewhere later, last on 20 March 2025"."""
    is_disputed_before = bool(since.disputed and since.way and since.way.disputed_before)
    is_last_disputed = since.last is not None and since.last.disputed
    is_disputed_in_part = is_disputed_before and is_last_disputed
    if since.on is None:
        differs = _SINCE_WHEN.get(since.apart, _SINCE_WHEN_FOR_OTHERS)
        words = str(differs) if since.last else gettext("start not known")
    else:
        words = _start(replace(since, disputed=False) if is_disputed_in_part else since)
        if since.last is not None and since.last.on is not None:
            words = _with_last(words, since, since.last)
    if is_disputed_in_part:
        words = gettext("%(since)s; disputed in part") % {"since": words}
    elif (since.disputed and not is_disputed_before) or is_last_disputed:
        words = gettext("%(since)s, disputed") % {"since": words}
    if since.others_earlier:
        earlier = {"since": words, "first": _start(replace(since.others_earlier, way=None))}
        return gettext("%(since)s; for other uses earlier, %(first)s") % earlier
    return words


def _with_last(start: str, since: Since, last: Since) -> str:
    if last.is_of_our_reading:
        return str(_NOT_KNOWN_FOR_ALL) % {"since": start}
    said = {"since": start, "last": _last(last), "places": places_later(since)}
    if said["places"]:
        return str(_LATER_SOMETIME_IN if last.again else _LATER_IN) % said
    if last.again:
        return str(_LATER_SOMETIME.get(since.apart, _LATER_SOMETIME_FOR_OTHERS)) % said
    return str(_LATER.get(since.apart, _LATER_FOR_OTHERS)) % said


def places_later(since: Since) -> str:
    """Name the places where it began later, if these are few; "" otherwise."""
    names = [code for where in since.later_in for code in where.places]
    is_of_names_alone = since.later_in == (Where(tuple(names)),)
    is_few = is_of_names_alone and len(names) <= _MOST_PLACES_LATER
    return place_words(since.later_in[0]) if is_few else ""


def _start(since: Since) -> str:
    assert since.on is not None
    if since.is_of_our_reading:
        return str(_ON_RECORD_SINCE) % {"month": format_date(since.on, since.precision)}
    table = _SAID_SINCE if since.said else _SINCE
    words = str(table[since.since_is]) % {"date": format_date(since.on, since.precision)}
    if since.of_all_uses and since.last is None:
        return gettext("%(since)s, for all uses together") % {"since": words}
    if since.others_later and since.last is None:
        if since.others_later.is_of_our_reading:
            return gettext("%(since)s; for other uses later") % {"since": words}
        later = {"since": words, "last": _last(since.others_later)}
        return gettext("%(since)s; for other uses later, last %(last)s") % later
    if since.way is None:
        return words
    ways = _ON_AND_WAY_FOR_ALL if since.way.others else _ON_AND_WAY
    words = str(ways[since.way.can_refuse]) % {"since": words, "way": _start(since.way.since)}
    if since.disputed and since.way.disputed_before:
        return gettext("%(since)s; the time before is disputed") % {"since": words}
    return words


def _last(since: Since) -> str:
    assert since.on is not None
    precision = Precision(since.precision)
    when = str(_LAST[precision]) % {precision.value: format_date(since.on, precision)}
    return as_known(when, since.since_is)
