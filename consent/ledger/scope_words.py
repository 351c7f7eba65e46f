"""The words of answers: headlines of at most 90 characters, and short forms of at most 45.

One table of texts. Titles and groups stay in the language of the catalog.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext, gettext_lazy

from consent.audience import NO_PLAN
from consent.ledger.answers import (
    Axis,
    Part,
    Reason,
    ShortAnswer,
    Since,
    Stance,
    Verdict,
    WayOut,
    Word,
    strength,
)
from consent.ledger.place_words import people_words, place_words, places_in_sentence
from consent.ledger.platform_facts import UseFacts
from consent.vocabulary import People, SinceIs, StateValue
from consent.web.date_words import format_date
from consent.web.page_language import once_per_language
from platforms.places import GROUPS, WORLD, Where

#: How much of the parts of an answer a headline says, by what fits into it.
_NOTHING, _BRIEF, _KINDS, _NAMES = range(4)
MOST_IN_HEADLINE = 90  # characters
#: Where the words for the people and the plan need more.
MOST_WITH_AUDIENCE = 130
MOST_IN_SHORT = 45
_MOST_PLACES = 3
_MOST_PLANS = 3
_MOST_USES = 2
_LONGEST_NAME = 24  # characters of an operator in a headline

_YES = {
    Word.STATED: gettext_lazy("Yes"),
    Word.SEEN: gettext_lazy("Yes, as seen by us"),
    Word.REPORTED: gettext_lazy("Yes, as reported"),
    Word.NOT_ON_RECORD: gettext_lazy("Yes, source not on record"),
}
_YES_OF_OTHERS = gettext_lazy("Yes, according to %(speaker)s")
_AFTER_YES = {
    WayOut.REFUSABLE: gettext_lazy("%(yes)s, unless you opt out"),
    WayOut.EACH_TIME: gettext_lazy("%(yes)s, unless you opt out each time"),
    WayOut.AT_TIMES: gettext_lazy("%(yes)s; you can opt out only at certain times"),
    WayOut.ORGANISATION: gettext_lazy("%(yes)s, unless your organisation opts out"),
    WayOut.ON_REQUEST: gettext_lazy("%(yes)s, unless %(operator)s accepts your objection"),
    WayOut.HOW_NOT_ON_RECORD: gettext_lazy("%(yes)s; you can opt out, how is not on record"),
    WayOut.NONE: gettext_lazy("%(yes)s, and there is no way out"),
    WayOut.PART: gettext_lazy("%(yes)s; you can opt out of some of it"),
    WayOut.BY_PLACE: gettext_lazy("%(yes)s; what you can refuse depends on your country"),
    WayOut.BY_PLAN: gettext_lazy("%(yes)s; what you can refuse depends on your plan"),
}
_SHORT_YES = {
    WayOut.REFUSABLE: gettext_lazy("Yes, unless you opt out"),
    WayOut.EACH_TIME: gettext_lazy("Yes, unless you opt out each time"),
    WayOut.AT_TIMES: gettext_lazy("Yes; opting out is open at times only"),
    WayOut.ORGANISATION: gettext_lazy("Yes, unless the organisation opts out"),
    WayOut.ON_REQUEST: gettext_lazy("Yes; objections are judged one by one"),
    WayOut.HOW_NOT_ON_RECORD: gettext_lazy("Yes; how to opt out is not on record"),
    WayOut.NONE: gettext_lazy("Yes, and there is no way out"),
    WayOut.PART: gettext_lazy("Yes; you can opt out of some of it"),
    WayOut.BY_PLACE: gettext_lazy("Yes; refusing depends on your country"),
    WayOut.BY_PLAN: gettext_lazy("Yes; refusing depends on your plan"),
}
_IN_REGION = gettext_lazy("%(yes)s; what you can refuse depends on your region")
_SHORT_IN_REGION = gettext_lazy("Yes; refusing depends on your region")
#: Stances other than yes and depends; those with %(source)s say on whose word.
_OTHERS = {
    Stance.ONLY_IF_AGREED: gettext_lazy("Only if you agree%(source)s"),
    Stance.NO: gettext_lazy("No%(source)s"),
    Stance.NOT_ANY_MORE: gettext_lazy("Not any more%(source)s; what was given before stays in use"),
    Stance.NOT_OFFERED: gettext_lazy("Not offered%(source)s"),
}
_IF_ORGANISATION_AGREES = gettext_lazy("Only if your organisation agrees%(source)s")
_IF_SOMEBODY_AGREES = gettext_lazy("Only if you or your organisation agree%(source)s")
_IF_AGREED = {
    WayOut.ORGANISATION: _IF_ORGANISATION_AGREES,
    WayOut.PART: _IF_SOMEBODY_AGREES,
}
_EARLIER_UNKNOWN = gettext_lazy("No%(source)s; what became of earlier data is not known")
_SOURCES = {
    Word.STATED: gettext_lazy(", according to %(speaker)s"),
    Word.SEEN: gettext_lazy(", as seen by us"),
    Word.REPORTED: gettext_lazy(", as reported"),
    Word.NOT_ON_RECORD: gettext_lazy(", source not on record"),
}
#: Beside an answer, where pages say who says so.
_WHOSE_WORD = {
    Word.STATED: gettext_lazy("Stated by %(speaker)s"),
    Word.SEEN: gettext_lazy("Seen by us"),
    Word.REPORTED: gettext_lazy("Reported by others"),
    Word.NOT_ON_RECORD: gettext_lazy("Source not on record"),
}
_SHORT = {
    Stance.NO: gettext_lazy("No"),
    Stance.NOT_ANY_MORE: gettext_lazy("Not any more"),
    Stance.NOT_OFFERED: gettext_lazy("Not offered"),
    Stance.UNKNOWN: gettext_lazy("We do not know"),
}
_UNKNOWN = {
    Reason.NOT_SAID: gettext_lazy("We do not know: %(operator)s’s pages do not say"),
    Reason.CONTRADICTORY: gettext_lazy("We do not know: the sources contradict each other"),
    Reason.PERMISSION_ONLY: gettext_lazy(
        "We do not know: %(operator)s’s terms allow it; whether it happens is not said"
    ),
    Reason.REPORTS_ONLY: gettext_lazy("We do not know: only others report on it"),
    Reason.PLACE_NOT_NAMED: gettext_lazy("We do not know: the countries are not named"),
    Reason.NOTHING_ON_RECORD: gettext_lazy("We do not know: nothing on record"),
    Reason.NO_MINORS: gettext_lazy("We do not know: accounts are for people of %(age)s and older"),
    Reason.NOT_STATED: gettext_lazy("We do not know: the record gives no reason"),
}
_NOTHING_FOR_PLAN = gettext_lazy("We do not know: nothing on record for this plan")
_NOTHING_FOR_MINORS = gettext_lazy("We do not know: nothing on record for minors")
_NOTHING_BUT_FOR_ADULTS = gettext_lazy(
    "We do not know: nothing on record for minors; for adults: %(answer)s"
)
_PERMISSION_IN_BRIEF = gettext_lazy("We do not know: the terms only allow it")
_ANYWAY = gettext_lazy("%(answer)s; you can refuse anyway")
_SHORT_ANYWAY = gettext_lazy("We do not know; you can refuse anyway")
_INFERRED = gettext_lazy("%(people)s: nothing else on record")
_ON_REQUEST_IN_BRIEF = gettext_lazy("%(yes)s; objections are judged")
_SHORT_INFERRED = gettext_lazy("%(answer)s (inferred)")
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
_ORGANISATION_IN_PART = gettext_lazy("only if your organisation agrees")
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
_SINCE_WHEN: dict[tuple[Axis, ...], Any] = {
    (Axis.PLACE,): gettext_lazy("since when differs by place"),
    (Axis.PLAN,): gettext_lazy("since when differs by plan"),
}
_LATER: dict[tuple[Axis, ...], Any] = {
    (Axis.PLACE,): gettext_lazy("%(since)s; elsewhere later, last on %(date)s"),
    (Axis.PLAN,): gettext_lazy("%(since)s; on other plans later, last on %(date)s"),
}
_SINCE_WHEN_FOR_OTHERS = gettext_lazy("since when is not the same for all")
_LATER_FOR_OTHERS = gettext_lazy("%(since)s; for others later, last on %(date)s")

#: The stances in lists and filters.
STANCE_LABELS = {
    Stance.YES: gettext_lazy("Yes"),
    Stance.DEPENDS: gettext_lazy("It depends"),
    Stance.ONLY_IF_AGREED: gettext_lazy("Only if you agree"),
    Stance.NO: gettext_lazy("No"),
    Stance.NOT_ANY_MORE: gettext_lazy("Not any more"),
    Stance.NOT_OFFERED: gettext_lazy("Not offered"),
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
        return "differs"
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
    limits = _limits(verdict)
    for detail in (_NAMES, _KINDS, _BRIEF, _NOTHING):
        answer = _answer(verdict, detail)
        whole = _with_limits(answer, limits)
        if len(answer) <= MOST_IN_HEADLINE and len(whole) <= MOST_WITH_AUDIENCE:
            return whole
    # Rather longer than wider: people, plan and group are never left out.
    return _with_limits(answer, limits if verdict.who else limits[:1])


def short_words(verdict: Verdict | ShortAnswer) -> str:
    """The answer for badges, cards and tables."""
    if verdict.is_inferred and verdict.stance != Stance.UNKNOWN:
        return str(_SHORT_INFERRED) % {"answer": STANCE_LABELS[verdict.stance]}
    return _short(verdict.stance, verdict.way, verdict.by_axes, _is_country(verdict.place))


def _is_country(place: str) -> bool:
    """Whether places within this one are regions."""
    return place not in ("", WORLD, *GROUPS)


@once_per_language
def _short(stance: Stance, way: WayOut, axes: tuple[Axis, ...], in_country: bool) -> str:
    if stance == Stance.YES:
        in_region = in_country and way == WayOut.BY_PLACE
        return str(_SHORT_IN_REGION if in_region else _SHORT_YES[way])
    if stance == Stance.DEPENDS:
        return str((_DEPENDS_IN_COUNTRY if in_country else _DEPENDS)[axes])
    if stance == Stance.ONLY_IF_AGREED:
        return str(_IF_AGREED.get(way, _OTHERS[stance])) % {"source": ""}
    if way == WayOut.ANYWAY:
        return str(_SHORT_ANYWAY)
    return str(_SHORT[stance])


def speaker(verdict: Verdict) -> str:
    """Return who says so: the operator in brief, if it is nobody else."""
    return verdict.said_by or operator_in_brief(verdict.operator, verdict.platform)


def on_whose_word(verdict: Verdict) -> str:
    """Say who says so: "Stated by LinkedIn"; "" of what nobody says."""
    if verdict.word is None:
        return ""
    return str(_WHOSE_WORD[verdict.word]) % {"speaker": speaker(verdict)}


def operator_in_brief(operator: str, platform: str = "") -> str:
    """Return an operator without its legal form and what is added in parentheses."""
    name = operator.partition(" (")[0].strip()
    name = _LEGAL_FORM.sub("", name).strip(" ,")
    return platform if platform and len(name) > _LONGEST_NAME else name


_LEGAL_FORM = re.compile(
    r"[ ,]+(?:Inc|Incorporated|LLC|Ltd|Limited|Corp|Corporation|GmbH|AG|SE|SA|SAS|AB|B\.V|BV|PBC"
    r"|Pty|Pte|Co|plc|S\.A|L\.P|LP|Oy|ApS|KK)\b\.?(?=$|[ ,])",
    re.IGNORECASE,
)


def _answer(verdict: Verdict, detail: int) -> str:
    said = {"operator": operator_in_brief(verdict.operator, verdict.platform)}
    if verdict.stance == Stance.YES:
        after = _AFTER_YES[verdict.way]
        if verdict.way == WayOut.ON_REQUEST and detail == _NOTHING:
            after = _ON_REQUEST_IN_BRIEF
        if verdict.way == WayOut.BY_PLACE and _is_country(verdict.place):
            after = _IN_REGION
        return str(after) % (said | {"yes": _yes(verdict)})
    source = _source(verdict, verdict)
    if verdict.stance == Stance.DEPENDS:
        details = _details(verdict, detail) if detail else ""
        axes = _told_axes(verdict.by_axes) if details else verdict.by_axes
        words = str((_DEPENDS_IN_COUNTRY if _is_country(verdict.place) else _DEPENDS)[axes])
        if not (details and _words_differ(verdict.parts)) and not _is_own_word(verdict):
            words += source
        if not details and verdict.is_warm:
            details = gettext("yes in part")
        said = {"answer": words, "details": details}
        return gettext("%(answer)s: %(details)s") % said if details else words
    if verdict.stance == Stance.UNKNOWN:
        in_brief = detail == _NOTHING and verdict.reason == Reason.PERMISSION_ONLY
        words = str(_PERMISSION_IN_BRIEF) if in_brief else _unknown(verdict)
        words %= said | {"age": verdict.min_age}
        return str(_ANYWAY) % {"answer": words} if verdict.way == WayOut.ANYWAY else words
    if verdict.stance == Stance.ONLY_IF_AGREED and verdict.way in _IF_AGREED:
        return str(_IF_AGREED[verdict.way]) % {"source": source}
    if verdict.stance == Stance.NO and verdict.earlier_unknown and detail != _NOTHING:
        return str(_EARLIER_UNKNOWN) % {"source": source}
    return str(_OTHERS[verdict.stance]) % {"source": source}


def _yes(verdict: Verdict) -> str:
    if verdict.said_by and verdict.word == Word.STATED:
        return str(_YES_OF_OTHERS) % {"speaker": verdict.said_by}
    return str(_YES[verdict.word or Word.NOT_ON_RECORD])


def _source(told: Verdict | Part, verdict: Verdict) -> str:
    by = told.said_by or operator_in_brief(verdict.operator, verdict.platform)
    return str(_SOURCES[told.word or Word.NOT_ON_RECORD]) % {"speaker": by}


def _is_own_word(told: Verdict | Part) -> bool:
    return told.word in (None, Word.STATED) and not told.said_by


def _words_differ(parts: Iterable[Part]) -> bool:
    return len({(part.word, part.said_by) for part in parts if part.word}) > 1


def _unknown(verdict: Verdict) -> str:
    reason = verdict.reason or Reason.NOT_STATED
    if reason == Reason.NOTHING_ON_RECORD and verdict.for_adults:
        adults = _IN_PART | {Stance.DEPENDS: _DEPENDS_IN_PART}
        return str(_NOTHING_BUT_FOR_ADULTS) % {"answer": adults[verdict.for_adults]}
    if reason == Reason.NOTHING_ON_RECORD and verdict.plan:
        return str(_NOTHING_FOR_PLAN)
    if reason == Reason.NOTHING_ON_RECORD and verdict.people == People.MINORS:
        return str(_NOTHING_FOR_MINORS)
    return str(_UNKNOWN[reason])


def _details(verdict: Verdict, detail: int) -> str:
    """Name the parts of an answer that depends on one thing: "yes on Free, no on Pro"."""
    parts, axes = _merged(verdict.parts), _told_axes(verdict.by_axes)
    if len(parts) != 2 or len(axes) != 1:
        return ""
    (axis,) = axes
    if axis == Axis.USE:
        said = _of_uses(parts, verdict.uses, detail)
    elif axis == Axis.PLACE:
        said = [_of_place(part, parts, detail, verdict.place) for part in parts]
    else:
        said = _of_plans(parts, detail)
    if not all(said) or len(set(said)) < len(said):
        return ""
    if not _words_differ(parts):
        return ", ".join(said)
    # A weak word of one part is not that of the other.
    sources = ["" if _is_own_word(part) else _source(part, verdict) for part in parts]
    return "; ".join(map(str.__add__, said, sources))


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
                plans=before.plans + part.plans,
                uses=before.uses + part.uses,
            )
        )
    return list(found.values())


def _stance_in_part(part: Part) -> str:
    if part.stance == Stance.YES and part.way == WayOut.NONE:
        return str(_NO_WAY_OUT_IN_PART)
    if part.stance == Stance.ONLY_IF_AGREED and part.way in _IF_AGREED:
        by_organisation = part.way == WayOut.ORGANISATION
        return str(_ORGANISATION_IN_PART if by_organisation else _SOMEBODY_IN_PART)
    return str(_IN_PART[part.stance])


def _of_uses(parts: Sequence[Part], uses: Sequence[UseFacts], detail: int) -> list[str]:
    """Name the uses of both parts; those of the second may be all others."""
    by_key = {use.key: use for use in uses}
    said = []
    for number, part in enumerate(parts):
        names = [short_name(by_key[key]) for key in part.uses]
        is_yes = part.stance == Stance.YES and detail == _BRIEF
        words = {"answer": str(_IN_PART[part.stance]) if is_yes else _stance_in_part(part)}
        if number and len(names) > 1 and detail != _NAMES:
            # Translators: follows "yes for public repositories"
            said.append(gettext("%(answer)s for other uses") % words)
        elif all(names) and len(names) <= _MOST_USES:
            # Translators: "yes for Meta AI chats"
            said.append(gettext("%(answer)s for %(use)s") % {**words, "use": _listed(names)})
        else:
            said.append("")
    return said


def short_name(use: UseFacts) -> str:
    """A phrase for a use in the language of the page; the part of the product, if it has none."""
    by_language = dict(use.short)
    language = (get_language() or "en").partition("-")[0]
    return by_language.get(language) or by_language.get("en") or use.part


def _of_place(part: Part, parts: Sequence[Part], detail: int, place: str) -> str:
    answer = _stance_in_part(part)
    if part is max(parts, key=_breadth):
        if place in ("", WORLD):
            return gettext("elsewhere %(answer)s") % {"answer": answer}
        whole = _listed(places_in_sentence(Where((place,))))
        # Translators: "in the rest of the US no"
        return gettext("in the rest of %(place)s %(answer)s") % {"place": whole, "answer": answer}
    where = Where(tuple(code for each in part.wheres for code in each.places))
    has_exceptions = any(each.except_places or each.some_of for each in part.wheres)
    if detail != _NAMES or has_exceptions or len(places_in_sentence(where)) > _MOST_PLACES:
        if _is_country(place):
            return gettext("in some regions %(answer)s") % {"answer": answer}
        return gettext("in some countries %(answer)s") % {"answer": answer}
    # Other languages inflect a name after "in": there it stands alone, "EU nur mit Zustimmung".
    is_english = (get_language() or "en").startswith("en")
    names = _listed(places_in_sentence(where)) if is_english else place_words(where)
    return gettext("in %(places)s %(answer)s") % {"places": names, "answer": answer}


def _breadth(part: Part) -> tuple[bool, bool, int]:
    """Return how much of the world a part has: the widest is what remains of it."""
    has_rest = any(not where.places for where in part.wheres)
    has_exceptions = any(where.except_places for where in part.wheres)
    return has_rest, has_exceptions, sum(len(where.places) for where in part.wheres)


def _of_plans(parts: Sequence[Part], detail: int) -> list[str]:
    """Name both parts: the first one without a short list of plans as all but those of the other.

    No plan is named where neither list is short, or where there is no room.
    """
    first, second = parts
    answer, other_answer = {"answer": _stance_in_part(first)}, {"answer": _stance_in_part(second)}
    if detail == _NAMES and _has_short_list(first):
        return [_of_plan(first), _of_plan(second)]
    if detail == _NAMES and _has_short_list(second):
        plans = {"plans": _listed(second.plans)}
        return [
            # Translators: "yes on all but Enterprise", and then "there no"
            gettext("%(answer)s on all but %(plans)s") % (answer | plans),
            gettext("there %(answer)s") % other_answer,
        ]
    # Translators: "on some plans yes", and then "on others no"
    return [
        gettext("on some plans %(answer)s") % answer,
        gettext("on others %(answer)s") % other_answer,
    ]


def _has_short_list(part: Part) -> bool:
    return NO_PLAN not in part.plans and len(part.plans) <= _MOST_PLANS


def _of_plan(part: Part) -> str:
    said = {"answer": _stance_in_part(part), "plans": _listed(part.plans)}
    if not _has_short_list(part):
        return gettext("%(answer)s on other plans") % said
    if part.stance == Stance.DEPENDS:
        return gettext("on %(plans)s %(answer)s") % said
    # Translators: "yes on Free"
    return gettext("%(answer)s on %(plans)s") % said


def _limits(verdict: Verdict) -> list[str]:
    """Return what an answer is limited to: people and plan, a group, a part of the product."""
    limits = []
    if verdict.people != People.PERSONAL or verdict.plan:
        people = people_words([verdict.people], [verdict.plan] if verdict.plan else [])
        if verdict.inferred_from and verdict.reason != Reason.NO_MINORS:
            people = str(_INFERRED) % {"people": people}
        if verdict.plan or not (verdict.people == People.MINORS and verdict.nothing_on_record):
            limits.append(people)
    if verdict.stance == Stance.UNKNOWN:
        limits += [str(_REASON_IN_PART[axis]) for axis in verdict.reason_axes]
    if verdict.who:
        limits.append(people_words((), (), verdict.who))
    if verdict.part:
        limits.append(verdict.part)
    # A "yes" has its dispute beside the date since when.
    if verdict.stance in (Stance.NO, Stance.ONLY_IF_AGREED) and _is_disputed(verdict):
        limits.append(gettext("disputed"))
    return limits


def _is_disputed(verdict: Verdict) -> bool:
    """Whether sources disagree about all that the answer rests on."""
    return bool(verdict.sentences) and all(
        sentence.disputed and not sentence.disputed_in for sentence in verdict.sentences
    )


@once_per_language
def since_words(since: Since) -> str:
    """Since when the answer is so: "since 16 July 2024; elsewhere later, last on 20 March 2025"."""
    if since.on is None:
        differs = _SINCE_WHEN.get(since.apart, _SINCE_WHEN_FOR_OTHERS)
        words = str(differs) if since.last else gettext("start not known")
    else:
        words = _start(since)
        if since.last is not None and since.last.on is not None:
            date = format_date(since.last.on, since.last.precision)
            later = _LATER.get(since.apart, _LATER_FOR_OTHERS)
            words = str(later) % {"since": words, "date": date}
            if since.last.since_is == SinceIs.AT_LATEST:
                words = gettext("%(since)s at the latest") % {"since": words}
    if since.disputed or (since.last and since.last.disputed):
        return gettext("%(since)s, disputed") % {"since": words}
    return words


def _start(since: Since) -> str:
    assert since.on is not None
    table = _SAID_SINCE if since.said else _SINCE
    return str(table[since.since_is]) % {"date": format_date(since.on, since.precision)}


def _with_limits(words: str, limits: Sequence[str]) -> str:
    separator = "; " if any("," in each for each in limits) else ", "
    return f"{words} ({separator.join(limits)})" if limits else words


def _listed(names: Iterable[str]) -> str:
    return str(get_text_list(list(names), gettext("and")))
