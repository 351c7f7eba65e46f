"""Who in an organisation sets what happens with its data: its admins, each person, or both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from consent.ledger.answers import Stance, Verdict, Way, WayOut
from consent.ledger.catalog_words import translated
from consent.ledger.facts import control_key
from consent.ledger.guide_lines import GuideLine
from consent.ledger.headline_words import short_name, since_words
from consent.ledger.offers import offer_words, offers_on
from consent.ledger.place_words import SEMICOLON, listed
from consent.ledger.platform_facts import ControlFacts, PlatformFacts, UseFacts
from consent.ledger.question import Question
from consent.ledger.verdict import answer_of_use, training_uses, verdict, ways_of_uses
from consent.ledger.way_buttons import SWITCHES, Guides, WayButton, guide_for, steps_of
from consent.models import Control
from consent.vocabulary import GIVING_UP, People, Purpose, Refuse, StateValue
from consent.web.page_language import colon
from platforms.places import Coverage
from platforms.vocabulary import PlanKind

#: Settings that are named beside an answer. Chosen.
_MOST = 4
#: Characters of a note that is shown beside an answer: two lines on a phone.
_SHORT_NOTE = 120
_BY_DEFAULT = {
    StateValue.UNLESS_REFUSED: gettext_lazy("on by default"),
    StateValue.ONLY_IF_AGREED: gettext_lazy("off by default"),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What an organisation or its people set.

    who: "" where the act itself says it. value: the state of what it reaches, for its words.
    uses: what it reaches, if that is not all. is_for_training: of AI; else of other purposes.
    to_whom: with which plans or where alone. default: whether it is on by default, and since when.
    sets_too: the label of a switch of each account about training that it sets as well; purposes:
    then of what it is for itself.
    """

    way: Way
    who: str
    value: StateValue
    uses: Sequence[UseFacts]
    is_for_training: bool
    sets_too: str
    guide: GuideLine | None
    to_whom: str = ""
    note: str = ""
    purposes: Sequence[Purpose] = ()
    default: str = ""

    @property
    def is_by_admin(self) -> bool:
        return self.way.control.is_by_admin

    @property
    def is_off(self) -> bool:
        return self.value == StateValue.ONLY_IF_AGREED

    @property
    def is_told_with_others(self) -> bool:
        """Whether it is one of those that each account sets and that are not about training."""
        return not (self.is_by_admin or self.is_for_training)

    @property
    def anchor(self) -> str:
        """Where it stands on the page of its platform."""
        return self.way.control.key.partition("/")[2]

    @property
    def reaches(self) -> str:
        """Name what it is for; "" for all that the answer is about."""
        if self.sets_too:
            # Translators: after a switch of an administrator, in parentheses
            too = gettext("sets “%(label)s” too") % {"label": self.sets_too}
            return f"{self.serves}{SEMICOLON}{too}"
        if not self.is_for_training:
            return ""  # said of all of these together
        names = list(dict.fromkeys(map(short_name, self.uses)))
        if not all(names):
            # Translators: after a switch, in parentheses
            return gettext("only for a part of it")
        # Translators: after a switch, in parentheses: "only for: Meta AI chats"
        return gettext("only for: %(uses)s") % {"uses": listed(names)} if names else ""

    @property
    def serves(self) -> str:
        """Name what a switch is for that sets another about training too."""
        return only_for_purposes(self.purposes)

    @property
    def limits(self) -> str:
        """Say what it is for and with whom, where that is not all: "only with Business"."""
        return str(SEMICOLON).join(filter(None, (self.reaches, self.to_whom)))

    @property
    def shown_way(self) -> Way:
        """The way without "if it is offered to you", where it is said to whom it is."""
        return replace(self.way, coverage=Coverage.SURELY) if self.to_whom else self.way

    @property
    def short_note(self) -> str:
        """The note on its record, where that is brief."""
        return self.note if len(self.note) <= _SHORT_NOTE else ""


def only_for_purposes(purposes: Sequence[Purpose]) -> str:
    """Say for what a switch is that is not about training."""
    if set(purposes) == {Purpose.FEATURE}:
        # Translators: after a switch of an administrator
        return gettext("only for features that use the data")
    labels = listed([str(purpose.label) for purpose in purposes])
    return gettext("only for: %(uses)s") % {"uses": labels}


def settings_of(
    facts: PlatformFacts, answer: Verdict, guides: Guides = MappingProxyType({})
) -> list[Setting]:
    """Return what can be set about an answer for an organisation, by its admins first.

    Where admins set nothing about training: also what they set about features with the same data.
    What is not about training comes last, and what is off after what is on.
    """
    if answer.people != People.ORGANISATION or answer.nothing_on_record:
        return []
    ways = ways_of_uses(facts, answer.uses or training_uses(facts), answer.question)
    if not any(way.control.is_by_admin for way in ways):
        others = [use for use in facts.uses if not use.is_training]
        of_others = ways_of_uses(facts, others, answer.question)
        admins = [way for way in of_others if way.control.is_by_admin]
        ways = (*ways, *([way for way in admins if _sets_too(way, ways)] or admins))
    ways = tuple(
        way
        for way in ways
        if (way.control.is_by_admin or way.control.refuse not in GIVING_UP)
        and _is_known_for_work(way.control, answer)
        and (answer.plan or not is_of_api_alone(facts, way.control))
    )
    chosen = sorted(ways, key=lambda way: not way.control.is_by_admin)[:_MOST]
    told = {
        each.control.key: each
        for way in chosen
        for each in (way, *_decided_by_each(way, facts, answer))
    }
    settings = [
        _setting(facts, way, answer, guide_for(guides, key, answer.plan), chosen)
        for key, way in told.items()
    ]
    settings.sort(key=lambda each: (not each.is_for_training, each.is_off))
    # Of several that reach the same uses, the first says whether these are on.
    first = {frozenset(each.way.uses): each for each in reversed(settings)}
    return [
        each if first[frozenset(each.way.uses)] is each else replace(each, default="")
        for each in settings
    ]


def _decided_by_each(preset: Way, facts: PlatformFacts, answer: Verdict) -> list[Way]:
    """Return the switches of each account for what an admin sets the default of."""
    if not preset.control.is_preset:
        return []
    uses = [use for use in facts.uses if use.key in preset.uses]
    ways = ways_of_uses(facts, uses, answer.question)
    return [way for way in ways if not way.control.is_by_admin]


def _is_known_for_work(control: ControlFacts, answer: Verdict) -> bool:
    """Return whether a switch is known to be on accounts of organisations.

    That of persons may not be there where a use is on record for organisations apart, or for
    persons alone.
    """
    lines = [line for atom in answer.by_atom.values() for line in atom.lines]
    peoples = [line.branch.people for line in lines if line.use.key in control.uses]
    apart = all(people == (answer.people,) for people in peoples)
    return control.is_by_admin or (bool(peoples) and (bool(control.offered) or not apart))


def is_of_api_alone(facts: PlatformFacts, control: ControlFacts) -> bool:
    """Return whether a control is offered with APIs only, which are none of the usual accounts."""
    apis = {plan.name for plan in facts.plans if plan.kind == PlanKind.API}
    plans = [{*offer.plans} for offer in control.offered]
    is_api_itself = all(plan.kind == PlanKind.API for plan in facts.plans)
    return bool(plans) and not is_api_itself and all(each and each <= apis for each in plans)


def _sets_too(way: Way, ways: Iterable[Way]) -> list[ControlFacts]:
    """Return the switches of accounts that reach a use which an admin's control reaches too."""
    return [
        each.control
        for each in ways
        if not each.control.is_by_admin and not {*way.control.uses}.isdisjoint(each.control.uses)
    ]


def _setting(
    facts: PlatformFacts,
    way: Way,
    answer: Verdict,
    guide: GuideLine | None,
    others: Iterable[Way],
) -> Setting:
    uses = [use for use in facts.uses if use.key in way.uses]
    stances = {answer_of_use(facts, use, answer.question).stance for use in uses}
    is_off = stances == {Stance.ONLY_IF_AGREED}
    of_training = any(use.is_training for use in uses)
    same = _sets_too(way, others) if way.control.is_by_admin and not of_training else []
    return Setting(
        way,
        _who(way, guide),
        StateValue.ONLY_IF_AGREED if is_off else StateValue.UNLESS_REFUSED,
        [] if {use.key for use in answer.uses} <= {*way.uses} else uses,
        of_training or bool(same),
        same[0].label if same else "",
        guide,
        offer_words(offers_on(facts, answer.question)[way.control.key]),
        purposes=tuple(dict.fromkeys(Purpose(use.purpose) for use in uses)) if same else (),
        default=_default_of(facts, uses, answer.question) if way.control.refuse in SWITCHES else "",
    )


def _default_of(facts: PlatformFacts, uses: Sequence[UseFacts], question: Question) -> str:
    """Say whether what a switch reaches is on by default, and since when, if that is alike.

    A part of a product is named: a switch may be older than what it reaches.
    """
    answers = [answer_of_use(facts, use, question) for use in uses]
    values = {line.recorded for answer in answers for line in answer.lines}
    words = _BY_DEFAULT.get(values.pop()) if len(values) == 1 else None
    if words is None or any(answer.disputed for answer in answers):
        return ""
    parts, starts = {use.part for use in uses}, {answer.since for answer in answers}
    start = starts.pop() if len(starts) == 1 else None
    is_dated = start is not None and start.on and not (start.said or start.last or start.way)
    since = since_words(start) if start and is_dated else ""
    if words == _BY_DEFAULT[StateValue.ONLY_IF_AGREED] and not since:
        return ""  # its words say that it is off
    told, part = f"{words} {since}".strip(), parts.pop() if len(parts) == 1 else ""
    return f"{part}{colon()} {told}" if part else told


def _who(way: Way, guide: GuideLine | None) -> str:
    """Return who does it: an admin, as a guide for this act alone names them, or each account."""
    if way.control.refuse in (Refuse.ASK_ADMIN, Refuse.SEND_PARAMETER):
        return ""
    if not way.control.is_by_admin:
        return gettext("Each account by itself")
    if guide and guide.who and len(guide.acts) == 1:
        return capfirst(translated(guide.who))
    return gettext("Administrators")


def is_refused_by_admin(facts: PlatformFacts, question: Question) -> bool:
    """Return whether an organisation's data train unless its administrator refuses."""
    answer = verdict(facts, question)
    return (
        answer.is_warm
        and answer.way != WayOut.NONE
        and any(
            each.is_by_admin and each.is_for_training and not each.sets_too
            for each in settings_of(facts, answer)
        )
    )


def decides_itself(facts: PlatformFacts, answer: Verdict) -> bool:
    """Return whether an organisation has to agree, and no switch for that is on record."""
    ways = ways_of_uses(facts, answer.uses, answer.question)
    return (
        answer.people == People.ORGANISATION
        and answer.stance == Stance.ONLY_IF_AGREED
        and answer.way == WayOut.ORGANISATION
        and not any(
            _is_known_for_work(way.control, answer)
            for way in ways
            if way.control.refuse not in GIVING_UP
        )
    )


def admin_first(buttons: list[WayButton], settings: Sequence[Setting]) -> list[WayButton]:
    """Return buttons with that to an admin's guide before others, unless one leads to one already.

    What admins set about other uses of the data is no way out, and gets none: it is a setting among
    the others. Giving up the product comes last, by the name of its guide.
    """
    by_admin = [each for each in settings if each.is_by_admin and each.guide]
    addresses = {steps_of(each.guide) for each in by_admin if each.guide}
    buttons = [each for each in buttons if not (each.is_hint and each.address in addresses)]
    leading = [each for each in by_admin if each.is_for_training]
    if not leading or any(button.address in addresses for button in buttons):
        return buttons
    first, guide = leading[0], leading[0].guide
    assert guide  # those without one are left out above
    if first.way.control.refuse in GIVING_UP:
        return [*buttons, WayButton(translated(guide.title), guide.minutes, steps_of(guide))]
    about = first.limits
    if first.sets_too:
        about = str(SEMICOLON).join(filter(None, (first.serves, first.to_whom)))
    button = WayButton(gettext("For administrators"), guide.minutes, steps_of(guide), about)
    return [button, *buttons]


def with_notes(settings: Sequence[Setting]) -> list[Setting]:
    """Return settings with the notes on their controls. One query, or none."""
    keys = {each.way.control.key for each in settings}
    slugs = {key.partition("/")[2] for key in keys}
    rows = Control.objects.published().filter(slug__in=slugs).select_related("platform")
    notes = {control_key(row): row.note for row in rows} if keys else {}
    return [replace(each, note=notes.get(each.way.control.key, "")) for each in settings]
