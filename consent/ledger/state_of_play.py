"""The state of play: which settings are in which state on a day, per platform."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from consent.models import Guide, Setting, State
from consent.vocabulary import DataKind, Route, StateValue
from consent.web.parts import part
from platforms.models import Page, Platform
from platforms.vocabulary import Category

#: From most to least exposure; "unclear" is last but one.
ORDER = (
    StateValue.ON_NO_OPT_OUT,
    StateValue.ON_BY_DEFAULT,
    StateValue.OFF_BY_DEFAULT,
    StateValue.NOT_USED,
    StateValue.UNCLEAR,
    StateValue.NOT_OFFERED,
)
RANK = {value: rank for rank, value in enumerate(ORDER)}

#: The platform (its key) and the state of each setting.
Tally = Sequence[tuple[int, StateValue]]


@dataclass(frozen=True, slots=True)
class Standing:
    """A setting and its state on a day."""

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
    """A platform in a list, with the distinct states of its settings, most exposure first."""

    platform: Platform
    values: list[StateValue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CategoryGroup:
    category: Category
    lines: list[PlatformLine]


@dataclass(frozen=True, slots=True)
class SettingCard:
    """What the platform page shows of a setting on a day."""

    setting: Setting
    state: State | None
    history: list[State]
    guides: list[Guide]
    pages: list[Page]
    former_slugs: Sequence[str] = ()  # without those of another setting on the page

    @property
    def value(self) -> StateValue:
        return StateValue(self.state.value) if self.state else StateValue.UNCLEAR

    @property
    def route(self) -> Route:
        return Route(self.setting.route)

    @property
    def way_out(self) -> str:
        """Return in words how to opt out. Not needed while the data are not used."""
        if self.route != Route.NONE:
            return str(self.route.label)
        unused = (StateValue.OFF_BY_DEFAULT, StateValue.NOT_USED, StateValue.NOT_OFFERED)
        return _("no need while it is so") if self.value in unused else _("no way is offered")

    @property
    def checked_at(self) -> dt.datetime | None:
        """Return when we last visited one of the setting's pages; None if never."""
        return max(
            (page.last_looked_at for page in self.pages if page.last_looked_at), default=None
        )

    @property
    def next_state(self) -> State | None:
        """Return the announced next state."""
        if self.state is None or self.state.ends_on is None:
            return None
        later = [state for state in self.history if state.starts_on == self.state.ends_on]
        return later[0] if later else None


def states_on(day: dt.date, platforms: Iterable[Platform] | None = None) -> list[Standing]:
    """Return the settings of these platforms (or of all) with their states on a day."""
    settings = Setting.objects.with_states_on(day)
    if platforms is not None:
        settings = settings.filter(platform__in=platforms)
    return [
        Standing(setting, next(iter(getattr(setting, "states_then", ())), None))
        for setting in settings
    ]


def tally(day: dt.date) -> Tally:
    """Return the states of all settings on a day, without loading the settings."""
    return [
        (platform, StateValue(value or StateValue.UNCLEAR))
        for platform, value in Setting.objects.values_on(day)
    ]


def cards(settings: Iterable[Setting], guides: Iterable[Guide], day: dt.date) -> list[SettingCard]:
    """Return the settings of a platform, ordered by exposure, then by number of data kinds.

    settings: from Setting.objects.with_history.
    guides: of the platform, with their settings prefetched.
    """
    by_setting: dict[int, list[Guide]] = defaultdict(list)
    for guide in guides:
        for setting in guide.settings.all():
            by_setting[setting.pk].append(guide)
    settings = list(settings)
    taken = {setting.slug for setting in settings}
    result = []
    for setting in settings:
        former_slugs = [slug for slug in setting.former_slugs if slug not in taken]
        taken.update(former_slugs)
        history = sorted(setting.states.all(), key=lambda state: state.starts_on or dt.date.min)
        result.append(
            SettingCard(
                setting=setting,
                state=next((state for state in history if _in_force(state, day)), None),
                history=history,
                guides=by_setting[setting.pk],
                pages=list(setting.pages.all()),
                former_slugs=former_slugs,
            )
        )
    return sorted(
        result,
        key=lambda card: (RANK[card.value], -len(card.setting.data_kinds), card.setting.pk),
    )


def in_order_of(guides: Iterable[Guide], settings: Iterable[SettingCard]) -> list[Guide]:
    """Sort guides by the first setting they are for; others last."""
    positions: dict[int, int] = {}
    for number, card in enumerate(settings):
        for guide in card.guides:
            positions.setdefault(guide.pk, number)
    return sorted(guides, key=lambda guide: positions.get(guide.pk, len(positions)))


def settings_per_value(play: Tally) -> list[tuple[StateValue, int]]:
    """Count settings by state, most exposure first, without states that no setting has."""
    counts = Counter(value for _, value in play)
    return [(value, counts[value]) for value in ORDER if counts[value]]


def platform_lines(platforms: Iterable[Platform], play: Tally) -> list[PlatformLine]:
    values: dict[int, set[StateValue]] = defaultdict(set)
    for platform, value in play:
        values[platform].add(value)
    return [
        PlatformLine(platform, sorted(values[platform.pk], key=lambda value: RANK[value]))
        for platform in platforms
    ]


def index_by_category(platforms: Iterable[Platform], play: Tally) -> list[CategoryGroup]:
    """Group platform lines by category, in the order of the closed list."""
    grouped: dict[str, list[PlatformLine]] = defaultdict(list)
    for line in platform_lines(platforms, play):
        grouped[line.platform.category].append(line)
    return [
        CategoryGroup(category, grouped[category]) for category in Category if grouped[category]
    ]


def _in_force(state: State, day: dt.date) -> bool:
    started = state.starts_on is None or state.starts_on <= day
    return started and (state.ends_on is None or day < state.ends_on)


# Shared by many pages through the cache of parts: do not modify the results.


def standings_of_today() -> Sequence[Standing]:
    return part("standings", "", lambda: states_on(timezone.localdate()))


def tally_of_today() -> Tally:
    return part("tally", "", lambda: tally(timezone.localdate()))


def index_of_today() -> Sequence[CategoryGroup]:
    listed = Platform.objects.listed()
    return part("categories", "", lambda: index_by_category(listed, tally_of_today()))
