"""The tasks of a checklist for the chosen platforms, the most useful first."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from consent.ledger.state_of_play import RANK, Standing
from consent.models import Guide
from consent.vocabulary import IN_USE, Route, StateValue
from platforms.models import Platform


class Status(TextChoices):
    TO_DO = "to-do", _("To do")
    REOPENED = "reopened", _("Changed since you did it")
    DONE = "done", _("Done")
    NOTHING = "nothing", _("Nothing you can do")


@dataclass(frozen=True, slots=True)
class Task:
    """One task: the settings it changes, and the guide for it, if there is one."""

    standings: list[Standing]
    guide: Guide | None
    status: Status

    @property
    def platform(self) -> Platform:
        return self.standings[0].setting.platform

    @property
    def title(self) -> str:
        return self.guide.title if self.guide else self.standings[0].setting.label

    @property
    def value(self) -> StateValue:
        return self.standings[0].value

    @property
    def mark(self) -> str:
        """Return the mark of a done task for the address. It changes with the setting."""
        return f"{_name(self.standings)}.{_revision(self.standings)}"


@dataclass(frozen=True, slots=True)
class Checklist:
    """Tasks by status, each list with the most exposed and shortest first."""

    open: list[Task]
    done: list[Task]
    nothing: list[Task]
    #: Settings in which the data is not used as they stand.
    at_rest: list[Standing]

    @property
    def minutes(self) -> int:
        """Return the minutes for the open tasks, as far as guides state them."""
        return sum(task.guide.minutes or 0 for task in self.open if task.guide)


def make_checklist(
    standings: Iterable[Standing], guides: Iterable[Guide], done: Collection[str]
) -> Checklist:
    """Turn settings into tasks.

    guides: published, the widest first, with their settings prefetched.
    done: marks (Task.mark) of what was done before.
    """
    standings = list(standings)
    tasks = sorted(
        (_task(group, guide, done) for group, guide in _acts(standings, guides)), key=_urgency
    )
    return Checklist(
        open=[task for task in tasks if task.status in (Status.TO_DO, Status.REOPENED)],
        done=[task for task in tasks if task.status == Status.DONE],
        nothing=[task for task in tasks if task.status == Status.NOTHING],
        at_rest=[each for each in standings if each.value not in IN_USE],
    )


def _acts(
    standings: list[Standing], guides: Iterable[Guide]
) -> list[tuple[list[Standing], Guide | None]]:
    """Put settings in use together that one guide settles at once."""
    guide_of: dict[int, Guide] = {}
    for guide in guides:
        for setting in guide.settings.all():
            guide_of.setdefault(setting.pk, guide)
    together: dict[Guide, list[Standing]] = defaultdict(list)
    alone: list[list[Standing]] = []
    for standing in standings:
        if standing.value not in IN_USE:
            continue
        if settling := guide_of.get(standing.setting.pk):
            together[settling].append(standing)
        else:
            alone.append([standing])
    return [
        *((_most_exposed_first(group), guide) for guide, group in together.items()),
        *((group, None) for group in alone),
    ]


def _task(group: list[Standing], guide: Guide | None, done: Collection[str]) -> Task:
    helpless = guide is None and all(each.setting.route == Route.NONE for each in group)
    task = Task(group, guide, Status.NOTHING if helpless else Status.TO_DO)
    if helpless:
        return task
    if task.mark in done:
        return Task(group, guide, Status.DONE)
    if any(mark.startswith(f"{_name(group)}.") for mark in done):
        return Task(group, guide, Status.REOPENED)
    return task


def _most_exposed_first(group: list[Standing]) -> list[Standing]:
    return sorted(group, key=lambda each: (RANK[each.value], each.setting.pk))


def _urgency(task: Task) -> tuple[bool, int, float, str]:
    minutes = task.guide.minutes if task.guide else None
    unknown = float("inf")
    return (
        task.status != Status.REOPENED,
        RANK[task.value],
        unknown if minutes is None else minutes,
        task.title,
    )


def _name(group: list[Standing]) -> str:
    """Return a short stable name that does not depend on labels."""
    keys = sorted(f"{each.setting.platform.slug}/{each.setting.slug}" for each in group)
    return _digest("\n".join(keys))


def _revision(group: list[Standing]) -> str:
    """Changes whenever a reader would have to look again: another label, place, way or state."""
    facts = sorted(
        "\n".join(
            (
                each.setting.label,
                each.setting.path,
                each.setting.route,
                each.value,
                str(each.state.starts_on if each.state else None),
            )
        )
        for each in group
    )
    return _digest("\n\n".join(facts))


def _digest(text: str) -> str:
    return hashlib.blake2s(text.encode(), digest_size=4).hexdigest()
