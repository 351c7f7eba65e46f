"""What the pictures show, asked of the database and handed to consent/public/pictures as plain
data."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.conf import settings
from django.db.models import OuterRef
from django.utils.html import format_html

from consent.ledger.cards import BranchCard, PlatformCards, UseCard
from consent.ledger.counts import event_heat, events, notice_counts
from consent.ledger.facts import facts_of_all, use_facts, use_key
from consent.ledger.figures import course_until, figures_by_month
from consent.ledger.place_words import is_in_page_language, people_words, place_words
from consent.ledger.platform_facts import PlatformFacts, StateFacts
from consent.ledger.state_of_play import ANYBODY
from consent.ledger.turns import turned_on_pks
from consent.ledger.verdict import since_when
from consent.ledger.verdict_words import chip_words, title_language, titles_of
from consent.models import Branch, Entry, State, Use
from consent.public.pictures.bands import Chart, Spell, Track, band_chart, blind_spells, mini_bands
from consent.public.pictures.heat import HeatMap, Watched, heat_map, quarters_until
from consent.public.pictures.notice import NoticeChart, Told, notice_chart
from consent.public.pictures.steps import MONTHS_SHOWN, StepChart, step_chart
from consent.public.pictures.wall import Course, Wall, wall
from consent.vocabulary import (
    IN_USE,
    TRAINING_PURPOSES,
    DataKind,
    PublicationStatus,
    SinceIs,
    StateValue,
)
from platforms.models import Gap, Platform

MINI_BANDS = 12
HEAT_LANES = 10
NOTICE_ROWS = 10
_LANES_IN_STRIP = 3


def platform_bands(cards: Sequence[UseCard], platform: Platform, day: dt.date) -> Chart | None:
    """The history of a platform's uses up to a day.

    It is broken where none of their pages could be read.
    """
    gaps = _gaps_behind(cards, platform)
    operator = platform.operator
    tracks = [
        _track(card, branch, gaps, operator, day) for card in cards for branch in card.branches
    ]
    return band_chart(tracks, day)


def strip_of_answer(cards: PlatformCards, platform: Platform) -> Chart | None:
    """The history of the use that leads the answer, of the people whom the answer is about.

    It ends on the day of the answer.
    """
    day = cards.verdict.day
    lead = cards.verdict.lead
    leading = [card for card in cards.training if lead and use_key(card.use) == lead.key]
    if not leading:
        return None
    branches = leading[0].asked_branches[:_LANES_IN_STRIP]
    gaps = _gaps_behind(leading, platform)
    tracks = [_track(leading[0], branch, gaps, platform.operator, day) for branch in branches]
    if len({each.place for each in tracks}) < len(tracks):  # only the people tell them apart
        tracks = [
            replace(each, place=format_html("{}, {}", each.people, each.place)) for each in tracks
        ]
    return band_chart(tracks, day)


def _gaps_behind(
    cards: Sequence[UseCard], platform: Platform
) -> dict[int, list[tuple[dt.date, dt.date | None]]]:
    has_gaps = any(page.has_gap for card in cards for page in card.pages)  # type: ignore[attr-defined]  # annotated
    return _gaps_by_page(platform) if has_gaps else {}


def _gaps_by_page(platform: Platform) -> dict[int, list[tuple[dt.date, dt.date | None]]]:
    gaps: dict[int, list[tuple[dt.date, dt.date | None]]] = defaultdict(list)
    for gap in Gap.objects.filter(page__platform=platform):
        ended_on = gap.ended_at.date() if gap.ended_at else None
        gaps[gap.page_id].append((gap.began_at.date(), ended_on))
    return gaps


def _track(
    card: UseCard,
    branch: BranchCard,
    gaps: dict[int, list[tuple[dt.date, dt.date | None]]],
    operator: str,
    day: dt.date,
) -> Track:
    # How people could refuse in another state than the present one was not recorded.
    people = branch.branch.people
    words = {branch.value: chip_words(branch.value, branch.way, operator, people)}
    spells = [replace(each, words=words.get(each.value, "")) for each in _spells(branch.history)]
    numbers = [state.pk for state in branch.history]
    now = spells[numbers.index(branch.state.pk)] if branch.state else None
    return Track(
        name=card.titles.title,
        kinds=[DataKind(kind) for kind in branch.branch.only_kinds or card.use.data_kinds],
        people=_people(branch.branch),
        place=place_words(branch.branch.where),
        spells=spells,
        now=now,
        gaps=[
            (start, end if end and end <= day else None)
            for start, end in blind_spells([gaps.get(page.pk, []) for page in card.pages])
            if start <= day
        ],
        language=card.title_language,
        begun=branch.begun,
    )


@dataclass(frozen=True, slots=True)
class MiniBand:
    """A platform in the small multiples: the state that turned training on last, and its lane."""

    state: State
    chart: Chart

    @property
    def use(self) -> Use:
        return self.state.branch.use

    @property
    def platform(self) -> Platform:
        return self.use.platform

    @property
    def is_of_some(self) -> bool:
        """Whether it is so on some plans or in some places only, or for an exact group."""
        branch = self.state.branch
        return bool(branch.plans or branch.who) or not branch.where.is_worldwide

    @property
    def since_then(self) -> StateValue | None:
        """What it is today, if that is something else."""
        today = StateValue(self.state.value_today)  # type: ignore[attr-defined] # annotated
        return today if today != self.state.value else None


def lately_turned_on(today: dt.date) -> list[MiniBand]:
    """The platforms where training was turned on last, the latest first, with that use."""
    latest = latest_turned_on(today)
    history: dict[int, list[State]] = defaultdict(list)
    branches = [state.branch_id for state in latest]
    for state in State.objects.filter(branch__in=branches).select_related("opened_by"):
        history[state.branch_id].append(state)
    return [
        MiniBand(state, mini_bands([_mini_track(state.branch, history[state.branch_id])], today))
        for state in latest
    ]


def latest_turned_on(today: dt.date) -> list[State]:
    """The states by which entries turned training on last, one for each platform.

    Where it is still on; value_today may be another one.
    """
    later = State.objects.filter(branch=OuterRef("branch"), starts_on__lte=today)
    begun = later.exclude(opened_by__due_on__isnull=False, opened_by__effective_on=None)
    turned_on = (
        State.objects.annotate(value_today=begun.order_by("-starts_on").values("value")[:1])
        .filter(
            value_today__in=IN_USE,
            opened_by__in=turned_on_pks(),
            value__in=IN_USE,
            starts_on__lte=today,
            branch__use__purpose__in=TRAINING_PURPOSES,
            branch__use__platform__listed=True,
            branch__use__in=Use.objects.published().order_by().values("pk"),
        )
        .select_related("branch__use__platform")
        .order_by("-starts_on", "branch__use__position", "branch__position", "pk")
    )
    latest: dict[int, State] = {}
    for state in turned_on.iterator(chunk_size=4 * MINI_BANDS):
        latest.setdefault(state.branch.use.platform_id, state)
        if len(latest) == MINI_BANDS:
            break
    return list(latest.values())


def _mini_track(branch: Branch, history: Sequence[State]) -> Track:
    where = place_words(branch.where)
    use = use_facts(branch.use, ())
    return Track(
        *(titles_of(use).title, (), _people(branch), where, _spells(history)),
        language=title_language(use),
    )


def _people(branch: Branch) -> str:
    """Name the people of a branch, marked as English if it is in the words of a catalog file."""
    words = people_words(branch.people, branch.plans, branch.who)
    if is_in_page_language(branch.who):
        return words
    return format_html('<span lang="{}">{}</span>', settings.LANGUAGE_CODE, words)


def wall_on(day: dt.date) -> Wall | None:
    """All listed platforms by month up to a day. Those with the longest histories are named."""
    return _wall_of(tuple(facts_of_all().values()), day)


@lru_cache(maxsize=8)  # for as long as the facts stay the same; chosen: today and a few other days
def _wall_of(platforms: tuple[PlatformFacts, ...], day: dt.date) -> Wall | None:
    return wall(
        (
            Course(
                facts.slug,
                facts.name,
                len(states_of(facts)),
                course_until(facts, day),
                since_when(facts, ANYBODY.on(day)),
            )
            for facts in platforms
        ),
        day,
    )


def states_of(facts: PlatformFacts) -> list[StateFacts]:
    return [each for use in facts.uses for branch in use.branches for each in branch.states]


def class_steps(today: dt.date) -> StepChart | None:
    """Which share of the platforms that something was on record of was in each class."""
    return step_chart(figures_by_month(today, MONTHS_SHOWN))


def change_heat(today: dt.date) -> HeatMap:
    """The platforms with most changes in the latest quarters, and which way these went."""
    quarters = quarters_until(today)
    heat = event_heat(quarters[0], today, platforms=HEAT_LANES)
    return heat_map(
        [Watched(each.pk, each.name, each.slug, each.get_absolute_url()) for each in heat.busiest],
        heat.per_quarter,
        heat.per_direction,
        quarters,
    )


def notice_given() -> NoticeChart | None:
    """How many days before they began the latest changes were announced."""
    counts = notice_counts()
    if not counts:
        return None
    latest = events().with_notice().order_by("-effective_on", "key")[:NOTICE_ROWS]
    return notice_chart([_told(entry) for entry in latest], counts)


def _told(entry: Entry) -> Told:
    assert entry.effective_on  # what with_notice promises
    return Told(entry.title, entry.get_absolute_url(), entry.told_on, entry.effective_on)


def _spells(history: Sequence[State]) -> list[Spell]:
    """Return the states of a branch as spells; each lasts until the next begins.

    One that is due and was not seen yet ends none: the state before it goes on beside it.
    """
    spells = []
    for number, state in enumerate(history):
        following = next((each for each in history[number + 1 :] if not each.is_pending), None)
        entry = state.opened_by
        public = entry is not None and entry.status == PublicationStatus.PUBLISHED
        spells.append(
            Spell(
                value=state.value_word,
                starts_on=state.starts_on,
                ends_on=following.starts_on if following else None,
                starts_precision=state.starts_precision,
                ends_precision=following.starts_precision if following else state.starts_precision,
                ends_is=following.since_is if following else SinceIs.EXACT,
                title=entry.title if entry and public else "",
                url=entry.get_absolute_url() if entry and public else "",
                pending=state.is_pending,
                since_is=state.since_is,
            )
        )
    return spells
