"""The cards of a platform page: its uses on a day with their branches and ways out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q, prefetch_related_objects
from django.utils import timezone

from consent.audience import covers
from consent.ledger.ages import at_age_of_account
from consent.ledger.answers import Since, Stance, Verdict, WayOut
from consent.ledger.atom_answers import start_of
from consent.ledger.audiences import audiences_of, people_among
from consent.ledger.dates import announcement_of
from consent.ledger.facts import (
    branch_facts,
    control_facts,
    control_key,
    controls_reaching,
    facts_from,
    use_facts,
    use_key,
)
from consent.ledger.guide_lines import GuideLine, guide_lines
from consent.ledger.offers import Offered, Standing, offers_on
from consent.ledger.place_words import listed
from consent.ledger.platform_facts import (
    BranchFacts,
    ControlFacts,
    OfferFacts,
    PlatformFacts,
    UseFacts,
    states_begun,
)
from consent.ledger.question import Question
from consent.ledger.state_of_play import ANYBODY, RANK, Reader
from consent.ledger.verdict import (
    Elsewhere,
    answer_beside,
    by_atom_of,
    elsewhere,
    other_answers,
    verdict_at_age,
    verdict_of_use,
    way_of_branch,
    ways_of_branches,
)
from consent.ledger.verdict_words import Titles, title_language, titles_of
from consent.models import Branch, Control, Entry, Guide, State, Use
from consent.vocabulary import IN_USE, DataKind, People, Reach, StateValue
from platforms.models import Gap, Page, Platform
from platforms.places import Coverage, meet

#: Branches of a use that are all shown to readers who named no place.
_BRANCHES_SHOWN = 2
#: Ways that differ from branch to branch.
_VARIOUS = (WayOut.BY_PLACE, WayOut.BY_PLAN)
_OFF = frozenset({StateValue.NOT_USED, StateValue.NOT_OFFERED})
#: After so long without a read of its pages an answer says when it was last confirmed.
CONFIRMED_FOR = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class ControlCard:
    """A way to refuse a use, as the platform page shows it.

    offered: whether and to whom it is offered on the day; guides: its published ones, those with
    the fewest minutes first.
    """

    control: Control
    facts: ControlFacts
    offered: Offered
    guides: list[GuideLine]

    @property
    def minutes(self) -> int | None:
        return min((guide.minutes for guide in self.guides if guide.minutes), default=None)


@dataclass(frozen=True, slots=True)
class BranchCard:
    """For whom and where, and what holds there on a day.

    state: the one that holds; None before anything is known. next_state: the first that is to
    come. history: those known then, oldest first. coverage: of the reader's place. way: how
    these people refuse. begun: since when it has been on without a break; None if it is not.
    """

    branch: Branch
    facts: BranchFacts
    state: State | None
    next_state: State | None
    history: list[State]
    coverage: Coverage
    way: WayOut = WayOut.REFUSABLE
    begun: Since | None = None

    @property
    def value(self) -> StateValue:
        return StateValue(self.state.value) if self.state else StateValue.UNCLEAR

    @property
    def only_kinds(self) -> str:
        """The kinds of data that its source names, if fewer than the use has."""
        return listed([str(DataKind(kind).label) for kind in self.branch.only_kinds])


@dataclass(frozen=True, slots=True)
class UseCard:
    """A use on the platform page on a day, with its branches and ways out.

    verdict: the answer for the reader, from this use alone; None outside training, and where
    nothing is on record or nothing is offered.
    """

    use: Use
    verdict: Verdict | None
    branches: list[BranchCard]
    controls: list[ControlCard]
    pages: list[Page]
    former_slugs: Sequence[str] = ()

    has_place: bool = False
    is_asked: bool = False

    @property
    def shown_branches(self) -> list[BranchCard]:
        """The branches that the question is about; without a place at most the first of many.

        If nothing was asked, a use that is about other people than the answer shows these.
        """
        about = self.asked_branches
        if self.has_place or self.is_asked or len(about) <= _BRANCHES_SHOWN:
            return about
        return about[:1]

    @property
    def is_off(self) -> bool:
        """Whether there is nothing to refuse for any of the people whose branches are shown."""
        shown = {branch.value for branch in self.shown_branches}
        return bool(shown) and shown <= _OFF

    @property
    def open_controls(self) -> list[ControlCard]:
        """Of what is off only those that delete what was given, or that others need.

        Those for whoever asks come first.
        """
        others_refuse = not (self.has_place or self.is_asked) and any(
            branch.value not in _OFF for branch in self.folded_branches
        )
        open_ = [
            each
            for each in self.controls
            if not each.offered.is_ended
            and (
                not self.is_off
                or each.control.reach == Reach.PAST_ONLY
                or (others_refuse and each.offered.standing == Standing.LIMITED)
            )
        ]
        return sorted(open_, key=lambda each: each.offered.standing == Standing.LIMITED)

    @property
    def idle_controls(self) -> list[ControlCard]:
        """Controls without a place on the card, where links to them still lead."""
        placed = {id(each) for each in (*self.open_controls, *self.ended_controls)}
        return [each for each in self.controls if id(each) not in placed]

    @property
    def ended_controls(self) -> list[ControlCard]:
        return [each for each in self.controls if each.offered.is_ended]

    def controls_for(self, branch: BranchCard) -> list[ControlCard]:
        """Return the ways out of the people of a branch; none of what is off, or without any."""
        if branch.value in _OFF or branch.value == StateValue.NO_WAY_OUT:
            return []
        return [
            each
            for each in self.controls
            if not each.facts.offered
            or any(_may_be_for(offer, branch.facts) for offer in each.facts.offered)
        ]

    @property
    def asked_branches(self) -> list[BranchCard]:
        about = [branch for branch in self.branches if branch.coverage != Coverage.NOT]
        return about if self.has_place or self.is_asked else about or self.branches

    @property
    def folded_branches(self) -> list[BranchCard]:
        """The branches that the card shows only when it is opened."""
        shown = self.shown_branches
        return [branch for branch in self.branches if branch not in shown]

    @property
    def value(self) -> StateValue:
        """The state of most weight among the branches that are shown; unclear without any."""
        values = [branch.value for branch in self.shown_branches]
        return min(values, key=RANK.__getitem__, default=StateValue.UNCLEAR)

    @property
    def title(self) -> str:
        """What happens, does not, or is not known for all of these people."""
        return self.titles.beside({branch.value for branch in self.shown_branches})

    @property
    def titles(self) -> Titles:
        return titles_of(use_facts(self.use, ()))

    @property
    def title_language(self) -> str:
        return title_language(use_facts(self.use, ()))

    @property
    def is_on(self) -> bool:
        return self.value in IN_USE

    @property
    def cannot_refuse(self) -> bool:
        """True if there is no way out for anybody."""
        return {branch.value for branch in self.branches} == {StateValue.NO_WAY_OUT}

    @property
    def needs_answer(self) -> bool:
        """Whether the branches that are shown leave open what holds for everybody together."""
        if self.verdict is None or self.has_place or not self.folded_branches:
            return False
        return self.verdict.stance == Stance.DEPENDS or self.verdict.way in _VARIOUS

    @property
    def checked_at(self) -> dt.datetime | None:
        """When we last read one of the pages that the use rests on; None if never."""
        looked = (page.last_looked_at for page in self.pages)
        return max((moment for moment in looked if moment), default=None)


def _may_be_for(offer: OfferFacts, branch: BranchFacts) -> bool:
    """Return whether an offer is to some people of a branch. Creators have a personal account."""
    people = {*branch.people, *([People.PERSONAL] if People.CREATORS in branch.people else [])}
    return (
        (not people or not offer.people or not people.isdisjoint(offer.people))
        and (not branch.plans or not offer.plans or not {*branch.plans}.isdisjoint(offer.plans))
        and meet(branch.where, offer.where)
    )


@dataclass(frozen=True, slots=True)
class PlatformCards:
    """The answer of a platform, and its uses: those for training apart from the others.

    facts: for the age that was asked about, if one was.
    others: the answers for other kinds of people, where they are on record and different; only if
    no kind was asked for. adults: theirs, where minors ask of whom less is on record.
    elsewhere: what differs outside the place that was asked for.
    guides: all published ones, the widest first. pages: of today, with their last visit.
    """

    facts: PlatformFacts
    verdict: Verdict
    others: list[Verdict] = field(default_factory=list)
    adults: Verdict | None = None
    elsewhere: Elsewhere | None = None
    training: list[UseCard] = field(default_factory=list)
    other: list[UseCard] = field(default_factory=list)
    guides: list[GuideLine] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    @property
    def made_by(self) -> set[int | None]:
        """The keys of the entries that made the uses what they are, for the first people of each.

        Those since which a use is on, and since which its answer is what it is: a way out may
        have come later.
        """
        on = (
            next((branch for branch in card.shown_branches if branch.begun), None)
            for card in self.training
        )
        return {
            state.opened_by_id
            for branch in on
            if branch and branch.begun
            for state in branch.history
            if state == branch.state or state.starts_on == branch.begun.on
        }

    @property
    def last_read(self) -> dt.date | None:
        """When we last read one of the pages behind the answer; None if never."""
        deciding = {line.use.key for line in self.verdict.lines}
        read = [card.checked_at for card in self.training if use_key(card.use) in deciding]
        last = max((moment for moment in read if moment), default=None)
        return timezone.localdate(last) if last else None

    @property
    def stale_since(self) -> dt.date | None:
        """When the pages behind the answer were last read, if that was too long ago; else None."""
        last = self.last_read
        return None if last is None or last >= self.verdict.day - CONFIRMED_FOR else last

    @property
    def overdue(self) -> State | None:
        """The first state that was due by the day of the answer and that nobody has confirmed."""
        due = [
            branch.next_state
            for card in self.training
            for branch in card.branches
            if branch.next_state
            and branch.next_state.is_pending
            and branch.next_state.starts_on
            and branch.next_state.starts_on <= self.verdict.day
        ]
        return min(due, key=lambda state: state.starts_on or dt.date.max, default=None)


@dataclass(frozen=True, slots=True)
class PlatformRecords:
    """The published rows of a platform, whoever asks and for whatever day, and their facts.

    controls: with the uses of the platform that each refuses. guides: the widest first.
    """

    platform: Platform
    uses: Sequence[Use]
    controls: Mapping[Control, Sequence[Use]]
    guides: list[GuideLine]
    facts: PlatformFacts


def read_records(platform: Platform) -> PlatformRecords:
    uses = list(platform.uses.published().with_days_known().with_history())
    controls = _controls_of(platform, uses)
    guides = guide_lines(Guide.objects.published().filter(platform=platform))
    facts = _facts_from_rows(platform, uses, controls, _guides_by_control(guides))
    return PlatformRecords(platform, uses, controls, guides, facts)


def cards_of(
    records: PlatformRecords, day: dt.date, reader: Reader = ANYBODY, age: int | None = None
) -> PlatformCards:
    """Return what the page of a platform shows on a day for a reader. age: of a minor."""
    uses, controls = records.uses, records.controls
    facts, of_children, _others = at_age_of_account(records.facts, age, reader.place)
    kept = {branch.id for use in facts.uses for branch in use.branches}  # those for the age
    guides = _guides_by_control(records.guides)
    pages, behind = _pages_of(records.platform)
    offered = offers_on(facts, reader.on(day))
    taken = {use.slug for use in uses} | {each.slug for each in controls}
    cards = []
    for use in uses:
        former = [slug for slug in _former_slugs(use) if slug not in taken]
        taken.update(former)
        of_use = [each for each, refused in controls.items() if use in refused]
        alone = _verdict_of(facts, use, day, reader)
        ways = ways_of_branches(alone)
        cards.append(
            UseCard(
                use=use,
                verdict=alone,
                branches=[
                    _branch_card(branch, facts, use, day, reader, ways)
                    for branch in _all(use)
                    if branch.pk in kept
                ],
                has_place=bool(reader.place),
                is_asked=reader != ANYBODY,
                controls=[
                    _control_card(each, facts, offered, guides[control_key(each)])
                    for each in of_use
                ],
                pages=behind[use.pk],
                former_slugs=former,
            )
        )
    answer = verdict_at_age(facts, reader.on(day), of_children)
    of_all = verdict_at_age(facts, reader._replace(place="").on(day), of_children)
    return PlatformCards(
        facts=facts,
        verdict=answer,
        others=other_answers(facts, answer, reader.on(day)),
        adults=answer_beside(facts, answer),
        elsewhere=elsewhere(answer, of_all),
        training=[card for card in cards if card.use.is_training],
        other=[card for card in cards if not card.use.is_training],
        guides=records.guides,
        pages=pages,
    )


def _controls_of(platform: Platform, uses: Sequence[Use]) -> Mapping[Control, Sequence[Use]]:
    """Return the published controls that refuse uses of a platform, each with those of these."""
    # One row for each use that a control refuses: asking for the uses apart is one more query.
    rows = (
        controls_reaching([platform.pk]).with_details().with_days_named().annotate(of_use=F("uses"))
    )
    refused: dict[Control, set[int]] = defaultdict(set)
    for control in rows:
        refused[control].add(control.of_use)
    return {control: [use for use in uses if use.pk in keys] for control, keys in refused.items()}


def _pages_of(platform: Platform) -> tuple[list[Page], Mapping[int, list[Page]]]:
    """Return the pages of a platform today, and those that each of its uses rests on.

    Each says in has_gap whether it could not be read for some time, now or earlier.
    """
    # One row for each use that rests on a page, as above. Some are pages of other platforms.
    concerned = Q(platform=platform) | Q(uses__platform=platform)
    rows = Page.objects.filter(concerned).with_last_fetch()
    rows = rows.annotate(of_use=F("uses"), has_gap=Exists(Gap.objects.filter(page=OuterRef("pk"))))
    pages: dict[int, Page] = {}
    behind: dict[int, list[Page]] = defaultdict(list)
    for row in rows:
        page = pages.setdefault(row.pk, row)
        behind[row.of_use].append(page)
    of_platform = [page for page in pages.values() if page.platform_id == platform.pk]
    return [page for page in of_platform if not page.is_history], behind


def _control_card(
    control: Control,
    facts: PlatformFacts,
    offered: Mapping[str, Offered],
    guides: list[GuideLine],
) -> ControlCard:
    key = control_key(control)
    of_control = next(each for each in facts.controls if each.key == key)
    return ControlCard(control, of_control, offered[key], guides)


def _all(use: Use) -> list[Branch]:
    return list(use.branches.all())


def _former_slugs(use: Use) -> list[str]:
    """Slugs that the use itself had. Those of branches are anchors of their own."""
    return list(use.former_slugs)


def _facts_from_rows(
    platform: Platform,
    uses: Sequence[Use],
    controls: Mapping[Control, Sequence[Use]],
    guides: Mapping[str, list[GuideLine]],
) -> PlatformFacts:
    """Make the facts of a platform from the rows of its page, without asking for them again."""
    of_uses = [use_facts(use, map(branch_facts, _all(use))) for use in uses]
    of_controls = [
        control_facts(
            control,
            refused,
            has_guide=bool(of_control := guides[control_key(control)]),
            minutes=min((each.minutes for each in of_control if each.minutes), default=None),
        )
        for control, refused in controls.items()
    ]
    return facts_from(platform, of_uses, of_controls)


def _guides_by_control(guides: Iterable[GuideLine]) -> Mapping[str, list[GuideLine]]:
    """Return the guides of each control by its key, those with the fewest minutes first."""
    by_control: dict[str, list[GuideLine]] = defaultdict(list)
    for guide in guides:
        for act in guide.acts:
            by_control[act.key].append(guide)
    for found in by_control.values():
        found.sort(key=lambda guide: guide.minutes or 10**6)
    return by_control


def _verdict_of(facts: PlatformFacts, use: Use, day: dt.date, reader: Reader) -> Verdict | None:
    if not use.is_training:
        return None
    of_use = next(each for each in facts.uses if each.key == use_key(use))
    return verdict_of_use(facts, of_use, reader.on(day))


def _branch_card(
    branch: Branch,
    facts: PlatformFacts,
    use: Use,
    day: dt.date,
    reader: Reader,
    ways: Mapping[int | None, WayOut],
) -> BranchCard:
    of_use = next(each for each in facts.uses if each.key == use_key(use))
    of_branch = next(each for each in of_use.branches if each.id == branch.pk)
    history = _known_on(day, list(branch.states.all()))
    begun = {fact.since for fact in states_begun(of_use, of_branch, day)}
    held = [state for state in history if not state.is_pending and state.starts_on in begun]
    to_come = [
        state
        for state in history
        if state.starts_on and (state.is_pending or state.starts_on > day)
    ]
    is_on = bool(held) and held[-1].value in IN_USE
    start = start_of(Stance.YES, of_use, of_branch, day) if is_on else None
    return BranchCard(
        branch=branch,
        facts=of_branch,
        state=held[-1] if held else None,
        next_state=to_come[0] if to_come else None,
        history=history,
        coverage=_coverage(facts, of_use, of_branch, reader.on(day)),
        way=ways.get(branch.pk) or way_of_branch(facts, of_use, of_branch, day),
        begun=start,
    )


def _known_on(day: dt.date, history: list[State]) -> list[State]:
    """Leave out what lay ahead of a past day and had not been announced by then."""
    if day >= timezone.localdate():
        return history
    ahead = [each for each in history if each.starts_on and each.starts_on > day]
    prefetch_related_objects([each.opened_by for each in ahead if each.opened_by], "announcements")
    return [each for each in history if each not in ahead or _was_announced(each.opened_by, day)]


def _was_announced(entry: Entry | None, day: dt.date) -> bool:
    announced = announcement_of(entry) if entry else None
    return bool(announced and announced.announced_on and announced.announced_on <= day)


def _coverage(
    facts: PlatformFacts, use: UseFacts, branch: BranchFacts, question: Question
) -> Coverage:
    """Return the best coverage of a part of what is asked."""
    audience = audiences_of(facts).branches[use.key, use.branches.index(branch)]
    return max(
        covers(audience, atom._replace(people=people_among(facts, use.branches, atom.people)))
        for atom in by_atom_of(facts, (use,), question)
    )
