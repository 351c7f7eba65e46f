"""The way out as a button: what to do in a few words, the minutes, and where it leads."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy

from consent.ledger.answers import Axis, Stance, Verdict, Way, WayOut, has_yes
from consent.ledger.catalog_words import translated
from consent.ledger.guide_lines import GuideLine
from consent.ledger.offers import offer_words, offers_on
from consent.ledger.place_words import SEMICOLON
from consent.ledger.platform_facts import ControlFacts, PlatformFacts, UseFacts
from consent.ledger.question import Question
from consent.ledger.verdict import (
    answer_of_use,
    offered_controls,
    training_uses,
    ways_of_uses,
    with_ways_of_adults,
)
from consent.ledger.verdict_words import act_words, only_for_uses, reaches_lead
from consent.vocabulary import GIVING_UP, People, Reach, Refuse, StateValue, Surface
from platforms.places import Coverage

#: Buttons of one answer, if no more of its ways out are sure. Chosen.
_MOST = 2
_BY_ANSWER = {
    WayOut.NONE: gettext_lazy("What you can still do"),
    WayOut.ANYWAY: gettext_lazy("Refuse anyway"),
    WayOut.PART: gettext_lazy("Refuse what you can"),
}
_PHONES = frozenset((Surface.IOS, Surface.ANDROID))
_ON_DEVICES = _PHONES | {Surface.WEB, Surface.DESKTOP}
SWITCHES = frozenset((Refuse.TURN_OFF, Refuse.TURN_ON))
_BY_ACT = {
    Refuse.TURN_OFF: gettext_lazy("Turn it off"),
    # "Turn it on" below "Does X train AI on your data?" would be read backwards.
    Refuse.TURN_ON: gettext_lazy("Opt out"),
    Refuse.SUBMIT: gettext_lazy("Send the form"),
    Refuse.WRITE: gettext_lazy("Write to them"),
    Refuse.ASK_ADMIN: gettext_lazy("Ask your admin"),
    Refuse.SEND_PARAMETER: gettext_lazy("Opt out in each request"),
}


@dataclass(frozen=True, slots=True)
class WayButton:
    """act: what the button does. to_whom: to whom it is offered, if not to whoever asks, and where.

    is_of_another_use: it does not refuse what the answer is about.
    is_hint: it leads to what is known of a way out, and not everybody who asks can act on that.
    label: of the switch or form, between quotation marks. without_guide: the key of the control,
    where no guide explains it. what: all that is done, where the act says less.
    """

    act: str
    minutes: int | None
    address: str
    to_whom: str = ""
    is_of_another_use: bool = False
    is_hint: bool = False
    label: str = ""
    without_guide: str = ""
    what: str = ""

    @property
    def words(self) -> str:
        if self.minutes is None:
            return self.act
        return gettext("%(act)s · %(minutes)d min") % {"act": self.act, "minutes": self.minutes}


def are_for_some_places(facts: PlatformFacts, answer: Verdict) -> bool:
    """Return whether ways out are not for all who need one: others have another, or none.

    False for an answer about one place. Where nothing is on, nobody needs a way out.
    """
    answer = with_ways_of_adults(facts, answer)
    if answer.place:
        return False
    needed_in = {atom.cell for atom, each in answer.by_atom.items() if has_yes([each])}
    wheres = [
        [where for share in way.shares for where in share.wheres]
        for way in answer.ways
        if way.shares and all(share.wheres for share in way.shares)
    ]
    return Axis.PLACE in answer.ways_differ_by or any(
        not any(where.covers(cell) for where in of_way) for of_way in wheres for cell in needed_in
    )


def _minutes_of(guide: GuideLine) -> int:
    """Return the minutes of a guide, for sorting: one that does not say them comes last."""
    return guide.minutes or 10**6


#: The guide with the fewest minutes for each control: by the control's key and a plan that the
#: guide names, or "".
Guides = Mapping[tuple[str, str], GuideLine]


def best_guides(guides: Iterable[GuideLine]) -> Guides:
    found: dict[tuple[str, str], GuideLine] = {}
    for guide in sorted(guides, key=_minutes_of):
        for act in guide.acts:
            for plan in ("", *guide.plans):
                found.setdefault((act.key, plan), guide)
    return found


def guide_for(guides: Guides, control: str, plan: str = "") -> GuideLine | None:
    """Return the best guide for a control, by its key, for people on a plan."""
    return guides.get((control, plan)) or guides.get((control, ""))


def way_buttons(
    facts: PlatformFacts,
    answer: Verdict,
    guides: Guides,
    page: str | None = None,
    *,
    phone_first: bool = False,
    first_alone: bool = False,
) -> list[WayButton]:
    """Return the ways out of an answer as buttons, the best first; two where they differ.

    Each way that is sure is shown; of what is not known, those that refuse it if it happens. One
    that has another switch on phones than on the website gets a button for each of them.
    page: the address of the platform's page, for what no guide explains; "" on that page itself.
    first_alone: leave out the second of ways that differ.
    """
    if answer.stance == Stance.UNKNOWN and not (answer.ways or answer.nothing_on_record):
        ways = ways_of_uses(facts, answer.uses, answer.question)
        ways = tuple(way for way in ways if way.control.refuse not in GIVING_UP)
        answer = replace(answer, ways=ways)
    answer = with_ways_of_adults(facts, answer)
    if not answer.ways:
        return _for_what_is_there(facts, answer, guides)
    page = reverse("platform", args=[facts.slug]) if page is None else page
    offered = offers_on(facts, answer.question)
    found: list[WayButton] = []
    for way in _shown(answer, _MOST if answer.ways_differ_by and not first_alone else 1):
        if _is_for_admins(way.control, answer.people) and admin_ways(facts, answer.day):
            found.append(_ask_admin(facts))
            continue
        to_whom = _to_whom(way, answer, offer_words(offered[way.control.key]))
        by_surface = _guides_by_surface(way, facts, answer.question, guides)
        if not by_surface:
            found.append(_without_guide(way, answer, to_whom, page))
        for guide in sorted(by_surface, key=lambda each: _is_for_phones(each) != phone_first):
            on = _on_phones(guide) if phone_first else ""
            if by_surface[1:]:
                on = ", ".join(str(each.label) for each in guide.surfaces)
            what, whose = _who_acts(guide, way.control, answer)
            doubts = str(SEMICOLON).join(filter(None, (on, whose, to_whom)))
            act, label = _act_of_guide(guide, way, answer), _label(way.control)
            button = WayButton(act, guide.minutes, steps_of(guide), doubts, label=label, what=what)
            found.append(button)
    found = told_apart(list(dict.fromkeys(found)))
    found.sort(key=lambda button: button.is_hint)
    is_of_organisation = answer.people == People.ORGANISATION and not first_alone
    if answer.ways[0].control.is_by_admin and is_of_organisation:
        found.append(_ask_admin(facts))  # most people of an organisation are no admins
    return found


def further_buttons(
    facts: PlatformFacts, answer: Verdict, guides: Guides, shown: Iterable[WayButton]
) -> list[WayButton]:
    """Return ways out that are surely offered, for uses that no other one refuses, as hints.

    Each says what it is for and what is not confirmed of it. For minors also what deletes what is
    there, which parents ask. shown: the buttons beside it.
    """
    answer = with_ways_of_adults(facts, answer)
    if answer.instead_of or answer.is_not_offered:
        return []
    reached = {
        key
        for way in answer.ways
        if way.control.refuse not in GIVING_UP
        for key in way.control.uses
    }
    may_happen = [use for use in answer.uses if _may_happen(facts, use, answer)]
    left = [use for use in may_happen if use.key not in reached]
    found: list[WayButton] = []
    for way in ways_of_uses(facts, may_happen, answer.question):
        control = way.control
        refuses = {use.key for use in left} & {*way.uses}
        if not refuses or way.coverage != Coverage.SURELY or control.refuse in GIVING_UP:
            continue
        if _is_for_admins(control, answer.people):
            continue
        left = [use for use in left if use.key not in refuses]
        guide = guide_for(guides, control.key, answer.plan)
        page = f"{reverse('platform', args=[facts.slug])}#{control.key.partition('/')[2]}"
        address = steps_of(guide) if guide else page
        about = only_for_uses(way, answer)
        if any(each.address == address and about in each.to_whom for each in shown):
            continue
        act = act_words(control, people=answer.people, operator=answer.operator)
        to_whom = str(SEMICOLON).join((*_doubts_of(control, answer.people), about))
        minutes, key = (guide.minutes, "") if guide else (None, control.key)
        found.append(WayButton(act, minutes, address, to_whom, is_hint=True, without_guide=key))
    if answer.people == People.MINORS:
        known = {each.address for each in shown}
        removing = [
            each for each in _removing(facts, answer, guides) if steps_of(each) not in known
        ]
        found += [
            WayButton(translated(each.title), each.minutes, steps_of(each), is_hint=True)
            for each in removing[:1]
        ]
    return found


def _may_happen(facts: PlatformFacts, use: UseFacts, answer: Verdict) -> bool:
    """Return whether a use is on, or may be: for minors also where it is on for adults."""
    of_use = answer_of_use(facts, use, answer.question)
    if of_use.nothing_on_record:
        return of_use.for_adults in (Stance.YES, Stance.DEPENDS)
    return of_use.is_warm or of_use.stance == Stance.UNKNOWN


def _doubts_of(control: ControlFacts, people: People) -> list[str]:
    """Say what is not confirmed of a way out: that it works, and for whom."""
    if control.binding:
        return []
    doubts = [gettext("not confirmed that it works")]
    if people == People.MINORS and not any(people in each.people for each in control.offered):
        doubts.append(gettext("whether it is for people under 18 is not said"))
    return doubts


def _shown(answer: Verdict, most: int) -> list[Way]:
    """Return the first ways out, those that are sure, and the first of what people ask about."""
    first, rest = answer.ways[:most], answer.ways[most:]
    found = [*first, *(way for way in rest if way.is_sure)]
    if not any(reaches_lead(way, answer) for way in found):
        of_lead = (way.control for way in rest if reaches_lead(way, answer))
        known = [each.key for each in of_lead if each.has_guide or each.has_directions]
        found += [way for way in rest if way.control.key in known[:1]]
    return found


def _guides_by_surface(
    way: Way, facts: PlatformFacts, question: Question, guides: Guides
) -> list[GuideLine]:
    """Return the guide of a way, and those of switches that do the same on other surfaces."""
    guide = guide_for(guides, way.control.key, question.plan)
    if guide is None:
        return []
    found = [guide]
    offered = offered_controls(facts, question)
    for control in facts.controls:
        other = guide_for(guides, control.key, question.plan)
        if other is None or offered.get(control.key) != way.coverage or not _same(control, way):
            continue
        known = [each.surfaces for each in (*found, other)]
        if all(map(_ON_DEVICES.issuperset, known)) and len({*chain(*known)}) == sum(
            map(len, known)
        ):
            found.append(other)
    return found


def _same(control: ControlFacts, way: Way) -> bool:
    """Return whether a control does for the same uses what that of a way does."""
    acts = [
        (each.refuse in SWITCHES, each.by, each.binding, each.act_covers)
        for each in (control, way.control)
    ]
    return control.refuse in SWITCHES and acts[0] == acts[1] and {*way.uses} <= {*control.uses}


def _on_phones(guide: GuideLine) -> str:
    """Say whether a guide has steps for the app on phones, or for a browser alone."""
    apps = ", ".join(str(each.label) for each in guide.surfaces if each in _PHONES)
    if Surface.WEB not in guide.surfaces:
        return apps
    if not apps:
        return gettext("in the phone’s browser; steps for the app are not on record")
    return gettext("in the app (%(systems)s), or in a browser") % {"systems": apps}


def _is_for_phones(guide: GuideLine) -> bool:
    return _PHONES.issuperset(guide.surfaces)


def _without_guide(way: Way, answer: Verdict, to_whom: str, page: str) -> WayButton:
    """Return the button to a way out on the page; a hint where nobody can find it from there."""
    address = f"{page}#{way.control.key.partition('/')[2]}"
    if way.control.has_directions or way.control.refuse == Refuse.SEND_PARAMETER:
        act, label = _act(way, answer), _label(way.control)
        return WayButton(act, None, address, to_whom, label=label, without_guide=way.control.key)
    missing = gettext("where to find it is not on record")
    words = str(SEMICOLON).join(filter(None, (missing, to_whom)))
    is_giving_up = way.control.refuse in GIVING_UP
    act = _act(way, answer) if is_giving_up else gettext("What is known of the way out")
    return WayButton(act, None, address, words, is_hint=True)


def _to_whom(way: Way, answer: Verdict, offered: str) -> str:
    """Say what a way out is for, where not for what the answer is about first, and its doubts."""
    doubt = "" if way.control.binding else gettext("not confirmed that it works")
    return str(SEMICOLON).join(filter(None, (doubt, _limited_to(way, answer, offered))))


def _who_acts(guide: GuideLine, control: ControlFacts, answer: Verdict) -> tuple[str, str]:
    """Say what is done for a minor and by whom, where the guide is for others: parents."""
    if answer.people != People.MINORS or not guide.who:
        return "", ""
    whose = gettext("for: %(people)s") % {"people": translated(guide.who)}
    if control.label:
        return "", whose
    return act_words(control, people=answer.people, operator=answer.operator), whose


def _limited_to(way: Way, answer: Verdict, offered: str) -> str:
    if reaches_lead(way, answer) and not _is_for_what_is_unclear(way, answer):
        return offered
    about = only_for_uses(way, answer)
    return f"{about}, {offered}" if offered else about


def _for_what_is_there(facts: PlatformFacts, answer: Verdict, guides: Guides) -> list[WayButton]:
    """Return the shortest guide that removes what was given before, if nothing is refusable."""
    if answer.way != WayOut.NONE:
        return []
    removing = _removing(facts, answer, guides, {use.key for use in answer.uses})
    return [
        WayButton(gettext("Delete what is there"), guide.minutes, steps_of(guide))
        for guide in removing[:1]
    ]


def _removing(
    facts: PlatformFacts, answer: Verdict, guides: Guides, uses: Collection[str] = ()
) -> list[GuideLine]:
    """Return the guides that remove what was given before, the shortest first.

    uses: keys of those that the controls reach; without any, all.
    """
    offered = offered_controls(facts, answer.question)
    removing = [
        guide
        for control in facts.controls
        if control.reach == Reach.PAST_ONLY
        and (guide := guide_for(guides, control.key, answer.plan))
        and control.key in offered
        and (not uses or not {*uses}.isdisjoint(control.uses))
    ]
    return sorted(removing, key=_minutes_of)


def admin_ways(facts: PlatformFacts, day: dt.date) -> list[Way]:
    """Return the ways out of training that only an admin has, the best first."""
    ways: dict[str, Way] = {}
    for people in (People.ORGANISATION, None):
        for way in ways_of_uses(facts, training_uses(facts), Question(day, people=people)):
            if way.control.is_by_admin:
                ways.setdefault(way.control.key, way)
    return list(ways.values())


def _ask_admin(facts: PlatformFacts) -> WayButton:
    return WayButton(gettext("Ask your admin"), None, reverse("ask-admin", args=[facts.slug]))


def told_apart(buttons: Sequence[WayButton]) -> list[WayButton]:
    """Return buttons that say what they turn off where several do the same."""
    labels: dict[str, set[str]] = defaultdict(set)
    for each in buttons:
        labels[each.act].add(each.label)
    return [
        replace(each, to_whom=str(SEMICOLON).join(filter(None, (each.label, each.to_whom))))
        if len(labels[each.act]) > 1
        else each
        for each in buttons
    ]


def _label(control: ControlFacts) -> str:
    """Return the label between quotation marks; "" without one."""
    label = control.label_in(get_language()) or control.label
    return gettext("“%(label)s”") % {"label": label} if label else ""


def steps_of(guide: GuideLine) -> str:
    return guide.get_absolute_url() + ("#steps" if guide.step_counts else "")


def on_phones(buttons: Iterable[WayButton], guides: Guides) -> list[WayButton]:
    """Return buttons that lead to the steps for the app, where their guides have these."""
    apps = {
        steps_of(guide): f"{guide.get_absolute_url()}#{surface}"
        for guide in guides.values()
        for surface in [next(filter(_PHONES.__contains__, guide.surfaces), None)]
        if surface
    }
    return [replace(each, address=apps.get(each.address, each.address)) for each in buttons]


def _act_of_guide(guide: GuideLine, way: Way, answer: Verdict) -> str:
    """Name the act of a guide. Ways of giving something up differ: the guide says which it is."""
    is_giving_up = way.control.refuse in GIVING_UP
    return translated(guide.title) if is_giving_up else _act(way, answer)


def _act(way: Way, answer: Verdict) -> str:
    control = way.control
    if control.refuse in GIVING_UP:
        return gettext("How to stay away")
    ways = {part.way for part in answer.parts if part.stance == Stance.YES}
    if words := _BY_ANSWER.get(ways.pop() if len(ways) == 1 else answer.way):
        return str(words)
    if _is_for_what_is_unclear(way, answer):
        return str(_BY_ANSWER[WayOut.ANYWAY])
    if not control.binding:
        return gettext("Object")
    if control.covers_one_at_a_time and control.refuse != Refuse.SEND_PARAMETER:
        return gettext("Opt out each time")
    if way.coverage == Coverage.PERHAPS and control.refuse in SWITCHES:
        return gettext("Look for the switch")
    return str(_BY_ACT[control.refuse])


def _is_for_what_is_unclear(way: Way, answer: Verdict) -> bool:
    """Return whether a way reaches only uses that may be none, of an answer about others too."""
    values = {line.value for line in answer.lines if line.use.key in way.uses}
    return answer.stance == Stance.DEPENDS and values == {StateValue.UNCLEAR}


def _is_for_admins(control: ControlFacts, people: People) -> bool:
    return control.is_by_admin and people != People.ORGANISATION
