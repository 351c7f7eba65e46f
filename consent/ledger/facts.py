"""Rows of the database → the plain facts that verdicts are made from (consent/ledger/verdict.py).

Only what is public enters: published uses and controls of listed platforms.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.db.models import F, Min, Prefetch, Q

from consent.ledger.platform_facts import (
    BranchFacts,
    ControlFacts,
    OfferFacts,
    PlatformFacts,
    StateFacts,
    UseFacts,
)
from consent.models import Branch, Control, Entry, Guide, Offer, Source, State, Use
from consent.models.controls import ControlQuerySet
from consent.models.uses import UseQuerySet
from consent.vocabulary import (
    By,
    ControlScope,
    DataKind,
    Precision,
    PublicationStatus,
    Purpose,
    Reach,
    Refuse,
    SinceIs,
    StateValue,
)
from consent.web.parts import shared_part
from platforms.models import Platform

Facts = Mapping[int, PlatformFacts]


def facts_of(platforms: Iterable[Platform]) -> dict[int, PlatformFacts]:
    """Return the facts of these platforms by their key. Nine queries for any number of them."""
    wanted = {platform.pk: platform for platform in platforms}
    uses = list(_with_branches(Use.objects.published().filter(platform__in=wanted)))
    known_from = days_known_from(uses, _days_of_sources(uses))
    controls = list(_with_offers(controls_reaching(wanted)))
    guides = _guides_of(controls)
    return facts_from(wanted.values(), uses, controls, guides, known_from)


def facts_from(
    platforms: Iterable[Platform],
    uses: Iterable[Use],
    controls: Iterable[Control],
    guides: Mapping[int, GuidesOfControl],
    known_from: Mapping[int, dt.date],
) -> dict[int, PlatformFacts]:
    """Put loaded rows together as the facts of their platforms, by the key of each.

    uses: published, in order of weight, with platform, branches and states. controls: published,
    with platform, offers and uses. guides, known_from: by the key of a control and of a use.
    """
    by_platform: dict[int, list[UseFacts]] = defaultdict(list)
    platform_of_use: dict[str, int] = {}
    for use in uses:
        facts = use_facts(use, known_from.get(use.pk))
        by_platform[use.platform_id].append(facts)
        platform_of_use[facts.key] = use.platform_id
    reaching: dict[int, list[ControlFacts]] = defaultdict(list)
    for control in controls:
        of_control = _control(control, guides.get(control.pk, GuidesOfControl()))
        reached = [platform_of_use[key] for key in of_control.uses if key in platform_of_use]
        for pk in dict.fromkeys(reached):
            reaching[pk].append(of_control)
    return {
        platform.pk: PlatformFacts(
            slug=platform.slug,
            name=platform.name,
            operator=platform.operator,
            uses=tuple(by_platform[platform.pk]),
            # A platform's own controls come first; those of another may reach its uses too.
            controls=tuple(
                sorted(reaching[platform.pk], key=lambda each: not _is_of(each.key, platform.slug))
            ),
        )
        for platform in platforms
    }


def facts_of_all() -> Facts:
    """Return the facts of all listed platforms. Shared by many pages: do not modify the result."""
    return shared_part("facts", "", lambda: facts_of(listed_platforms()))


def listed_platforms() -> Sequence[Platform]:
    """Return the platforms that readers see, by name. Shared: do not modify the result."""
    return shared_part("listed", "", lambda: tuple(Platform.objects.listed()))


def use_key(use: Use) -> str:
    """Return the name of a use in facts: platform/slug."""
    return f"{use.platform.slug}/{use.slug}"


def use_facts(use: Use, known_from: dt.date | None = None) -> UseFacts:
    """Return the facts of a use. Reads its platform, branches and states with their entries."""
    return UseFacts(
        key=use_key(use),
        title=use.title,
        purpose=Purpose(use.purpose),
        branches=tuple(map(_branch, use.branches.all())),
        title_if_not=use.title_if_not,
        part=use.part,
        data_kinds=tuple(map(DataKind, use.data_kinds)),
        known_from=known_from,
    )


def control_key(control: Control) -> str:
    """Return the name of a control in facts: platform/slug."""
    return f"{control.platform.slug}/{control.slug}"


def act_facts(control: Control) -> ControlFacts:
    """Return what the act of a control is worded from, without its uses, offers and guides.

    Reads its platform alone.
    """
    return ControlFacts(
        key=control_key(control),
        uses=(),
        refuse=Refuse(control.refuse),
        label=control.label,
        name=control.name,
        by=By(control.by),
        binding=control.binding,
        scope=ControlScope(control.scope),
        reach=Reach(control.reach),
        to=control.to,
    )


class GuidesOfControl(NamedTuple):
    """How many published guides a control has, and the fewest minutes of one, if known."""

    number: int = 0
    minutes: int | None = None


def _with_branches(uses: UseQuerySet) -> UseQuerySet:
    states = State.objects.select_related("opened_by").only(
        *("branch", "value", "starts_on", "starts_precision", "since_is", "disputed", "note"),
        *("opened_by__due_on", "opened_by__effective_on"),
    )
    branches = Branch.objects.prefetch_related(Prefetch("states", states))
    return uses.select_related("platform").prefetch_related(Prefetch("branches", branches))


def days_known_from(
    uses: Iterable[Use], of_sources: Iterable[tuple[int, dt.date | None]]
) -> dict[int, dt.date]:
    """Return for each use the day of its first published entry or of its first dated source.

    An undated first state answers for no earlier day: nothing was known then.
    of_sources: pairs of a use and the day of a source of one of its states.
    """
    # By platform: SQLite would look up each of many uses for each entry.
    platforms = {use.platform_id for use in uses}
    entries = Entry.objects.published().filter(uses__platform__in=platforms).order_by()
    # What is listed under a day that is due was known when it was published.
    is_due = Q(timeline_on=F("due_on"))
    known = entries.values_list("uses").annotate(
        day=Min("timeline_on", filter=~is_due), at=Min("published_at", filter=is_due)
    )
    days = [(use, day) for use, *two in known for day in (two[0], two[1] and two[1].date())]
    first: dict[int, dt.date] = {}
    for use, day in (*days, *of_sources):
        if day is not None:
            first[use] = min(day, first.get(use, day))
    return first


def _days_of_sources(uses: Iterable[Use]) -> Iterable[tuple[int, dt.date | None]]:
    sources = Source.objects.filter(state__branch__use__in=list(uses)).order_by()
    return sources.values_list("state__branch__use").annotate(day=Min("published_on"))


def _branch(branch: Branch) -> BranchFacts:
    return BranchFacts(
        states=tuple(map(_state, branch.states.all())),
        where=branch.where,
        people=branch.kinds_of_people,
        plans=tuple(branch.plans),
        who=branch.who,
        id=branch.pk,
    )


def _state(state: State) -> StateFacts:
    return StateFacts(
        value=StateValue(state.value),
        since=state.starts_on,
        precision=Precision(state.starts_precision),
        since_is=SinceIs(state.since_is),
        pending=state.is_pending,
        disputed=state.disputed,
        note=state.note,
    )


def controls_reaching(platforms: Iterable[int]) -> ControlQuerySet:
    """Return the published controls of these platforms, and those that reach their uses."""
    keys = list(platforms)
    reaching = Q(platform__in=keys) | Q(uses__platform__in=keys)
    return Control.objects.published().filter(reaching).distinct()


def _with_offers(controls: ControlQuerySet) -> ControlQuerySet:
    uses = Use.objects.published().select_related("platform")
    return controls.select_related("platform").prefetch_related("offers", Prefetch("uses", uses))


def _guides_of(controls: Iterable[Control]) -> dict[int, GuidesOfControl]:
    """Return how many published guides each control has, and the fewest minutes of one."""
    found: dict[int, GuidesOfControl] = {}
    pairs = Guide.objects.filter(
        status=PublicationStatus.PUBLISHED, controls__in=list(controls)
    ).order_by()
    for control, minutes in pairs.values_list("controls", "minutes"):
        before = found.get(control, GuidesOfControl())
        known = [each for each in (before.minutes, minutes) if each is not None]
        found[control] = GuidesOfControl(before.number + 1, min(known, default=None))
    return found


def _control(control: Control, guides: GuidesOfControl) -> ControlFacts:
    return replace(
        act_facts(control),
        uses=tuple(use_key(use) for use in control.uses.all()),
        offered=tuple(map(_offer, control.offers.all())),
        has_guide=guides.number > 0,
        minutes=guides.minutes,
    )


def _offer(offer: Offer) -> OfferFacts:
    return OfferFacts(
        where=offer.where,
        people=offer.kinds_of_people,
        plans=tuple(offer.plans),
        since=offer.starts_on,
        until=offer.ends_on,
    )


def _is_of(key: str, slug: str) -> bool:
    return key.startswith(f"{slug}/")
