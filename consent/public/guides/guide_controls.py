"""The controls of a guide as its page shows them: what they refuse, and where they are found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language

from consent.ledger.answers import Sentence
from consent.ledger.facts import Facts, control_key
from consent.ledger.offers import Offered, offers_on
from consent.ledger.place_words import in_parentheses, people_words
from consent.ledger.platform_facts import ControlFacts, PlatformFacts, UseFacts
from consent.ledger.question import Question
from consent.ledger.state_of_play import ANYBODY, Reader
from consent.ledger.verdict import answer_of_use, ways_of_uses
from consent.ledger.verdict_words import name_of
from consent.models import Control, Guide
from consent.vocabulary import People, PublicationStatus, Reach, Refuse, StateValue, Surface
from platforms.models import Platform, PlatformQuerySet
from platforms.vocabulary import Access

_SWITCHES = frozenset({Refuse.TURN_OFF, Refuse.TURN_ON})
_APPS = frozenset({Surface.IOS, Surface.ANDROID})
_REFUSABLE = (StateValue.UNLESS_REFUSED, StateValue.ONLY_IF_AGREED)


@dataclass(frozen=True, slots=True)
class RefusedUse:
    """A use that a control refuses, in sentences, with its place on the platform's page."""

    use: UseFacts
    address: str
    operator: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class SettingLink:
    """A link that opens a setting or a form on the device in hand."""

    url: str
    is_form: bool
    needs_account: bool


@dataclass(frozen=True, slots=True)
class ControlOfGuide:
    """about: the uses that it refuses or takes data from. offered: to whom it is meant for."""

    control: Control
    about: list[RefusedUse]
    offered: Offered = field(default_factory=Offered)

    @property
    def refused(self) -> list[RefusedUse]:
        """What it refuses: what it keeps off is off already."""
        if self.takes_away:
            return self.about
        return _with_sentences(self.about, lambda said: said.value != StateValue.ONLY_IF_AGREED)

    @property
    def kept_off(self) -> list[RefusedUse]:
        """What is off until somebody agrees, and stays so."""
        if self.takes_away:
            return []
        return _with_sentences(self.about, lambda said: said.value == StateValue.ONLY_IF_AGREED)

    @property
    def takes_away(self) -> bool:
        """Whether it refuses nothing, and takes data away from what is used."""
        is_taken = self.control.refuse in {Refuse.DELETE, Refuse.LEAVE}
        return is_taken or self.control.reach == Reach.PAST_ONLY

    @property
    def links(self) -> list[SettingLink]:
        """The addresses that open it, each once. Reads its surfaces and pages."""
        urls = dict.fromkeys(each.deep_link for each in self.control.surfaces.all())
        is_form = self.control.refuse == Refuse.SUBMIT
        access = {page.url: page.access for page in self.control.pages.all()}
        # A setting is behind a login unless its page is known to be public; a form need not be.
        usual = Access.PUBLIC if is_form else Access.ACCOUNT
        return [
            SettingLink(url, is_form, access.get(url, usual) == Access.ACCOUNT)
            for url in urls
            if url
        ]

    @property
    def has_directions(self) -> bool:
        """Whether a menu path or an address to write to is known."""
        return bool(self.control.to) or any(each.path for each in self.control.surfaces.all())

    @property
    def has_english_names(self) -> bool:
        """Whether its label or path is in English on a page of another language."""
        language = get_language() or settings.LANGUAGE_CODE
        if language == settings.LANGUAGE_CODE or language in self.control.labels:
            return False
        return bool(self.control.label) or any(each.path for each in self.control.surfaces.all())

    @property
    def is_limited(self) -> bool:
        """Whether it is offered to certain people or in certain places only."""
        return bool(self.control.offers.all())


def _with_sentences(
    uses: Iterable[RefusedUse], is_shown: Callable[[Sentence], bool]
) -> list[RefusedUse]:
    kept = [replace(each, sentences=tuple(filter(is_shown, each.sentences))) for each in uses]
    return [each for each in kept if each.sentences]


def platforms_reached(guide: Guide) -> PlatformQuerySet:
    """Return the listed platforms whose uses the controls of a guide refuse."""
    reached = Q(pk=guide.platform_id) | Q(uses__controls__guides=guide)
    return Platform.objects.listed().filter(reached).distinct()


def controls_of(
    guide: Guide, facts: Facts, day: dt.date, reader: Reader = ANYBODY
) -> list[ControlOfGuide]:
    """Return the published controls of a guide. Reads GuideQuerySet.for_page.

    reader: whose uses are named, as far as the controls are for such people.
    """
    published = (
        each for each in guide.controls.all() if each.status == PublicationStatus.PUBLISHED
    )
    by_key = {control.key: control for each in facts.values() for control in each.controls}
    uses = {use.key: (each, use) for each in facts.values() for use in each.uses}
    return [
        ControlOfGuide(
            control,
            _all_refused(by_key.get(control_key(control)), uses, day, reader),
            _offered(control_key(control), facts, day),
        )
        for control in published
    ]


def needs_check_in_app(guide: Guide, controls: Iterable[ControlOfGuide]) -> bool:
    """Return whether a check for apps is missing: what the record has is for the website first.

    Only switches can be looked at again.
    """
    surfaces = {each.surface for each in guide.surfaces.all()}
    is_of_web = Surface.WEB in surfaces or not guide.how_to_check
    are_switches = {each.control.refuse for each in controls} <= _SWITCHES
    return is_of_web and are_switches and not surfaces.isdisjoint(_APPS)


def _offered(key: str, facts: Facts, day: dt.date) -> Offered:
    """Return how a control is offered to the first kind of people that it is meant for."""
    for each in facts.values():
        for control in each.controls:
            if control.key == key:
                reached = [use for use in each.uses if use.key in control.uses]
                people = _people(control, reached[0]) if reached else None
                return offers_on(each, Question(day, people=people))[key]
    return Offered()


def _all_refused(
    control: ControlFacts | None,
    uses: Mapping[str, tuple[PlatformFacts, UseFacts]],
    day: dt.date,
    reader: Reader,
) -> list[RefusedUse]:
    """Return what a control refuses for a reader; if that is nothing, for whom it is meant."""
    if control is None:
        return []
    found = [_refused(control, *uses[key], day, reader) for key in control.uses if key in uses]
    if reader == ANYBODY:
        return found
    told = [each for each in found if {said.value for said in each.sentences} <= {*_REFUSABLE}]
    return told or _all_refused(control, uses, day, ANYBODY)


def _refused(
    control: ControlFacts, facts: PlatformFacts, use: UseFacts, day: dt.date, reader: Reader
) -> RefusedUse:
    people = reader.people if reader.people in people_of(control, use) else None
    question = Question(day, reader.place, people or _people(control, use))
    answer = answer_of_use(facts, use, question)
    refusable = tuple(said for said in answer.sentences if said.value in _REFUSABLE)
    platform, _slash, slug = use.key.partition("/")
    return RefusedUse(
        use,
        f"{reverse('platform', args=[platform])}#{slug}",
        facts.operator,
        refusable or answer.sentences,
    )


def _people(control: ControlFacts, use: UseFacts) -> People:
    """Return whom the sentences are about: people to whom the control is offered, if possible."""
    kinds = people_of(control, use)
    return next((kind for kind in People if kind in kinds), People.PERSONAL)


def people_of(control: ControlFacts, use: UseFacts) -> set[People]:
    offered = _kinds(offer.people for offer in control.offered)
    if not offered and control.is_by_admin:
        offered = {People.ORGANISATION}
    named = _kinds(branch.people for branch in use.branches)
    return (offered & named) or named


def also_for(guide: Guide, facts: Facts, day: dt.date) -> list[str]:
    """Name the people whom a guide is for as well, with what it reaches if not all of it.

    What a guide says itself of its people is about accounts of persons, or about the first kind
    that can refuse by it.
    """
    keys = {control_key(each) for each in guide.controls.all()}
    reached: dict[People, list[UseFacts]] = {}
    every: dict[str, UseFacts] = {}
    for platform in facts.values():
        for control in platform.controls:
            uses = [each for each in platform.uses if each.key in control.uses]
            for use in uses if control.key in keys else ():
                every[use.key] = use
                for people in _refusing(control, platform, use, day):
                    reached.setdefault(people, []).append(use)
    if People.PERSONAL not in reached and not _is_for_minors_alone(keys, facts):
        reached.pop(People.MINORS, None)  # that no other kind is on record does not make it theirs
    kinds = [kind for kind in People if kind in reached]
    if kinds == [People.PERSONAL]:
        return []  # accounts of persons alone need no word
    # The first kind may be what the guide says itself.
    is_named = bool(guide.who or guide.plans)
    return [_with_uses(kind, reached[kind], every) for kind in kinds[is_named:]]


def _is_for_minors_alone(keys: set[str], facts: Facts) -> bool:
    """Return whether controls are offered to minors and to nobody else."""
    offers = [
        offer
        for platform in facts.values()
        for control in platform.controls
        if control.key in keys
        for offer in control.offered
    ]
    return _kinds(offer.people for offer in offers) == {People.MINORS}


def _refusing(
    control: ControlFacts, platform: PlatformFacts, use: UseFacts, day: dt.date
) -> list[People]:
    """Return the kinds of people who are named, and who can refuse a use by a control."""
    named = {kind for branch in use.branches for kind in branch.people}
    return [
        kind
        for kind in named & people_of(control, use)
        for question in [Question(day, people=kind)]
        if any(
            said.value in _REFUSABLE for said in answer_of_use(platform, use, question).sentences
        )
        and any(way.control.key == control.key for way in ways_of_uses(platform, [use], question))
    ]


def _with_uses(people: People, uses: list[UseFacts], every: Mapping[str, UseFacts]) -> str:
    """Name people, and the uses if they are not all: "minors (Meta AI chats)"."""
    names = [name_of(use) for use in uses]
    whose = people_words([people])
    return whose if len({use.key for use in uses}) == len(every) else in_parentheses(whose, names)


def _kinds(groups: Iterable[tuple[People, ...]]) -> set[People]:
    """Return all kinds of people that are named; no kind in a group means everyone."""
    return {kind for group in groups for kind in group or People}
