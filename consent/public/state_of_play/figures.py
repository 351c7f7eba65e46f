"""What the pictures show, asked of the database and handed to consent/public/pictures as plain
data."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from consent.ledger.filters import without_wording
from consent.ledger.state_of_play import SettingCard
from consent.models import Entry, Setting, State
from consent.public.pictures.bands import Chart, Spell, Track, band_chart, blind_spells, mini_bands
from consent.public.pictures.heat import HeatMap, Watched, heat_map, quarters_until
from consent.public.pictures.notice import NoticeChart, Told, notice_chart
from consent.public.pictures.steps import StepChart, step_chart
from consent.vocabulary import DataKind, PublicationStatus, StateValue
from platforms.models import Gap, Platform

MINI_BANDS = 12
HEAT_LANES = 10
NOTICE_ROWS = 10


def platform_bands(
    cards: Sequence[SettingCard], platform: Platform, today: dt.date
) -> Chart | None:
    """The history of a platform's settings, broken where none of their pages could be read."""
    gaps: dict[int, list[tuple[dt.date, dt.date | None]]] = defaultdict(list)
    for gap in Gap.objects.filter(page__platform=platform):
        ended_on = gap.ended_at.date() if gap.ended_at else None
        gaps[gap.page_id].append((gap.began_at.date(), ended_on))
    return band_chart([_track(card, gaps) for card in cards], today)


def _track(card: SettingCard, gaps: dict[int, list[tuple[dt.date, dt.date | None]]]) -> Track:
    spells = {state.pk: _spell(state) for state in card.history}
    return Track(
        name=card.setting.label,
        kinds=[DataKind(kind) for kind in card.setting.data_kinds],
        audience=card.setting.audience,
        region=card.setting.region,
        spells=list(spells.values()),
        now=spells[card.state.pk] if card.state else None,
        gaps=blind_spells([gaps.get(page.pk, []) for page in card.pages]),
    )


@dataclass(frozen=True, slots=True)
class MiniBand:
    """A platform in the small multiples: the setting it turned on last, and its lane."""

    platform: Platform
    state: State
    chart: Chart


def lately_turned_on(today: dt.date) -> list[MiniBand]:
    """The platforms where something was turned on last, the latest first, with that setting."""
    latest = list(State.objects.turned_on_lately(today, MINI_BANDS))
    history: dict[int, list[Spell]] = defaultdict(list)
    for state in State.objects.of_settings(state.setting for state in latest):
        history[state.setting_id].append(_spell(state))
    return [
        MiniBand(
            platform=state.setting.platform,
            state=state,
            chart=mini_bands([_mini_track(state.setting, history[state.setting_id])], today),
        )
        for state in latest
    ]


def _mini_track(setting: Setting, spells: Sequence[Spell]) -> Track:
    return Track(setting.label, (), setting.audience, setting.region, spells)


def state_steps(totals: Sequence[tuple[StateValue, int]], today: dt.date) -> StepChart | None:
    """How many settings were in each state, month by month."""
    return step_chart(State.objects.flow_by_month(today), totals, today)


def change_heat(today: dt.date) -> HeatMap:
    """The platforms with most changes in the latest quarters, and which way these went."""
    quarters = quarters_until(today)
    entries = without_wording(Entry.objects.published().between(quarters[0], today))
    busiest = entries.busiest_platforms(HEAT_LANES)
    return heat_map(
        [Watched(each.pk, each.name, each.slug, each.get_absolute_url()) for each in busiest],
        entries.per_quarter_of(busiest),
        entries.per_direction(),
        quarters,
    )


def notice_given() -> NoticeChart | None:
    """How many days before they began the latest changes were announced."""
    entries = Entry.objects.published()
    latest = entries.with_notice().order_by("-effective_on", "key")[:NOTICE_ROWS]
    return notice_chart([_told(entry) for entry in latest], entries.spread_of_notice())


def _told(entry: Entry) -> Told:
    assert entry.announced_on  # what with_notice promises
    assert entry.effective_on
    return Told(entry.title, entry.get_absolute_url(), entry.announced_on, entry.effective_on)


def _spell(state: State) -> Spell:
    entry = state.opened_by
    public = entry is not None and entry.status == PublicationStatus.PUBLISHED
    return Spell(
        value=StateValue(state.value),
        starts_on=state.starts_on,
        ends_on=state.ends_on,
        starts_precision=state.starts_precision,
        ends_precision=state.ends_precision,
        title=entry.title if entry and public else "",
        url=entry.get_absolute_url() if entry and public else "",
    )
