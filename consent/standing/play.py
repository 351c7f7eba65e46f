"""The state of play: which settings are in which state on a day, per platform."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from consent.models import Guide, Setting, State
from consent.vocabulary import DataKind, Route, StateValue
from platforms.models import Page, Platform
from platforms.vocabulary import Category

#: From most to least exposure; what nobody knows stands last but one.
ORDER = (
    StateValue.ON_NO_OPT_OUT,
    StateValue.ON_BY_DEFAULT,
    StateValue.OFF_BY_DEFAULT,
    StateValue.NOT_USED,
    StateValue.UNCLEAR,
    StateValue.NOT_OFFERED,
)
RANK = {value: rank for rank, value in enumerate(ORDER)}


@dataclass(frozen=True, slots=True)
class Standing:
    """A setting with the state it was in on a day."""

    setting: Setting
    state: State | None

    @property
    def value(self) -> StateValue:
        return StateValue(self.state.value) if self.state else StateValue.UNCLEAR

    @property
    def kinds(self) -> list[DataKind]:
        return [DataKind(kind) for kind in self.setting.data_kinds]


@dataclass(frozen=True, slots=True)
class PlatformLine:
    """A platform in a list: each state that its settings are in, once, most exposure first."""

    platform: Platform
    values: list[StateValue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CategoryGroup:
    category: Category
    lines: list[PlatformLine]


@dataclass(frozen=True, slots=True)
class SettingCard:
    """All that the platform page says of one setting on a day."""

    setting: Setting
    state: State | None
    history: list[State]
    guides: list[Guide]
    pages: list[Page]

    @property
    def value(self) -> StateValue:
        return StateValue(self.state.value) if self.state else StateValue.UNCLEAR

    @property
    def route(self) -> Route:
        return Route(self.setting.route)

    @property
    def checked_at(self) -> dt.datetime | None:
        """When a page that the setting rests on was last seen by us."""
        return max(
            (page.last_looked_at for page in self.pages if page.last_looked_at), default=None
        )

    @property
    def next_state(self) -> State | None:
        """The state that is announced to follow."""
        if self.state is None or self.state.ends_on is None:
            return None
        later = [state for state in self.history if state.starts_on == self.state.ends_on]
        return later[0] if later else None


def stand(day: dt.date) -> list[Standing]:
    """Return every setting of every platform with its state on a day."""
    return [
        Standing(setting, next(iter(getattr(setting, "states_then", ())), None))
        for setting in Setting.objects.with_states_on(day)
    ]


def cards(settings: Iterable[Setting], guides: Iterable[Guide], day: dt.date) -> list[SettingCard]:
    """Return the settings of a platform, most exposure first, then those of most kinds of data.

    settings: read by Setting.with_history.
    guides: of the platform, with their settings prefetched.
    """
    by_setting: dict[int, list[Guide]] = defaultdict(list)
    for guide in guides:
        for setting in guide.settings.all():
            by_setting[setting.pk].append(guide)
    found = []
    for setting in settings:
        history = sorted(setting.states.all(), key=lambda state: state.starts_on or dt.date.min)
        found.append(
            SettingCard(
                setting=setting,
                state=next((state for state in history if _in_force(state, day)), None),
                history=history,
                guides=by_setting[setting.pk],
                pages=list(setting.pages.all()),
            )
        )
    return sorted(
        found,
        key=lambda card: (RANK[card.value], -len(card.setting.data_kinds), card.setting.pk),
    )


def in_order_of(guides: Iterable[Guide], settings: Iterable[SettingCard]) -> list[Guide]:
    """Return guides in the order of the settings they are for; others last."""
    place: dict[int, int] = {}
    for number, card in enumerate(settings):
        for guide in card.guides:
            place.setdefault(guide.pk, number)
    return sorted(guides, key=lambda guide: place.get(guide.pk, len(place)))


def settings_per_value(play: Iterable[Standing]) -> list[tuple[StateValue, int]]:
    """Count settings per state, in the order of exposure; states that none is in are left out."""
    counts = Counter(standing.value for standing in play)
    return [(value, counts[value]) for value in ORDER if counts[value]]


def platform_lines(platforms: Iterable[Platform], play: Iterable[Standing]) -> list[PlatformLine]:
    values = _values_by_platform(play)
    return [PlatformLine(platform, values.get(platform.pk, [])) for platform in platforms]


def index_by_category(
    platforms: Iterable[Platform], play: Iterable[Standing]
) -> list[CategoryGroup]:
    """Group platform lines by category, in the order of the closed list."""
    grouped: dict[str, list[PlatformLine]] = defaultdict(list)
    for line in platform_lines(platforms, play):
        grouped[line.platform.category].append(line)
    return [
        CategoryGroup(category, grouped[category]) for category in Category if grouped[category]
    ]


def _values_by_platform(play: Iterable[Standing]) -> Mapping[int, list[StateValue]]:
    found: dict[int, set[StateValue]] = defaultdict(set)
    for standing in play:
        found[standing.setting.platform_id].add(standing.value)
    return {pk: sorted(values, key=lambda value: RANK[value]) for pk, values in found.items()}


def _in_force(state: State, day: dt.date) -> bool:
    started = state.starts_on is None or state.starts_on <= day
    return started and (state.ends_on is None or day < state.ends_on)
