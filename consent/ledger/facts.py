"""Rows of the database → the plain facts that verdicts are made from (consent/ledger/verdict.py).

Only what is public enters: published uses and controls of listed platforms.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
)
from django.db.models.functions import Cast

from consent.ledger.platform_facts import (
    BranchFacts,
    ControlFacts,
    OfferFacts,
    PlatformFacts,
    StateFacts,
    UseFacts,
)
from consent.models import Branch, Control, Guide, Offer, State, Use
from consent.models.controls import ControlQuerySet
from consent.vocabulary import (
    By,
    ControlScope,
    DataKind,
    People,
    Precision,
    PublicationStatus,
    Purpose,
    Reach,
    Refuse,
    SinceIs,
    StateValue,
)
from consent.web.parts import shared_part, shared_parts
from platforms.models import Platform
from platforms.places import Where

Facts = Mapping[int, PlatformFacts]


def facts_of(platforms: Iterable[Platform]) -> dict[int, PlatformFacts]:
    """Return the facts of these platforms by their key. At most four queries.

    While a page is drawn, those of each platform are shared with other pages.
    """
    wanted = {platform.pk: platform for platform in platforms}

    def make(missing: list[int]) -> dict[int, PlatformFacts]:
        found = [wanted[pk] for pk in missing]
        return facts_from(found, _uses_of(missing), _controls_reaching(missing))

    return shared_parts("facts", wanted, make)


def facts_from(
    platforms: Iterable[Platform],
    uses: Iterable[tuple[int, UseFacts]],
    controls: Iterable[ControlFacts],
) -> dict[int, PlatformFacts]:
    """Put the facts of platforms together, by the key of each.

    uses: published ones with the key of their platform, in order of weight. controls: published.
    """
    by_platform: dict[int, list[UseFacts]] = defaultdict(list)
    platform_of_use: dict[str, int] = {}
    for pk, use in uses:
        by_platform[pk].append(use)
        platform_of_use[use.key] = pk
    reaching: dict[int, list[ControlFacts]] = defaultdict(list)
    for control in controls:
        reached = [platform_of_use[key] for key in control.uses if key in platform_of_use]
        for pk in dict.fromkeys(reached):
            reaching[pk].append(control)
    return {
        platform.pk: _same(
            PlatformFacts(
                slug=platform.slug,
                name=platform.name,
                operator=platform.operator,
                uses=tuple(by_platform[platform.pk]),
                # A platform's own controls come first; those of another may reach its uses too.
                controls=tuple(
                    sorted(
                        reaching[platform.pk], key=lambda each: not _is_of(each.key, platform.slug)
                    )
                ),
            )
        )
        for platform in platforms
    }


@lru_cache(maxsize=1024)
def _same(facts: PlatformFacts) -> PlatformFacts:
    """Return the facts of before if nothing changed.

    Then answers kept by facts (verdict_over) are found without comparing all facts again.
    """
    return facts


def facts_of_all() -> Facts:
    """Return the facts of all listed platforms."""
    return facts_of(listed_platforms())


def listed_platforms() -> Sequence[Platform]:
    """Return the platforms that readers see, by name. Shared: do not modify the result."""
    return shared_part("listed", "", lambda: tuple(Platform.objects.listed()))


def use_key(use: Use) -> str:
    """Return the name of a use in facts: platform/slug."""
    return _key(use.platform.slug, use.slug)


def use_facts(use: Use, branches: Iterable[BranchFacts]) -> UseFacts:
    """Return the facts of a loaded use: of UseQuerySet.with_days_known, with its platform."""
    return _use(use, use_key(use), branches)


def branch_facts(branch: Branch) -> BranchFacts:
    """Return the facts of a loaded branch. Reads its states with their entries."""
    return BranchFacts(
        states=tuple(map(_state_facts, branch.states.all())),
        where=branch.where,
        people=branch.kinds_of_people,
        plans=tuple(branch.plans),
        who=branch.who,
        id=branch.pk,
    )


def _state_facts(state: State) -> StateFacts:
    return _state(
        *(state.value, state.starts_on, state.starts_precision, state.since_is),
        *(state.disputed, state.note, state.is_pending),
    )


def control_key(control: Control) -> str:
    """Return the name of a control in facts: platform/slug."""
    return _key(control.platform.slug, control.slug)


def control_facts(
    control: Control, *, has_guide: bool = False, minutes: int | None = None
) -> ControlFacts:
    """Return the facts of a loaded control. Reads its platform, uses and offers."""
    return replace(
        act_facts(control),
        uses=tuple(map(use_key, control.uses.all())),
        offered=tuple(
            OfferFacts(
                where=offer.where,
                people=offer.kinds_of_people,
                plans=tuple(offer.plans),
                since=offer.starts_on,
                until=offer.ends_on,
            )
            for offer in control.offers.all()
        ),
        has_guide=has_guide,
        minutes=minutes,
    )


def act_facts(control: Control) -> ControlFacts:
    """Return what the act of a control is worded from, without its uses, offers and guides.

    Reads its platform alone.
    """
    return _control(
        *(control_key(control), control.refuse, control.label, control.name, control.by),
        *(control.binding, control.scope, control.reach, control.to, control.labels),
    )


def controls_reaching(platforms: Iterable[int]) -> ControlQuerySet:
    """Return the published controls of these platforms, and those that reach their uses."""
    keys = list(platforms)
    reaching = Q(platform__in=keys) | Q(uses__platform__in=keys)
    return Control.objects.published().filter(reaching).distinct()


# Many pages need the facts of all platforms. Rows are read several times faster than models, and
# lists of codes stay texts until they are looked up: few of them are distinct.


def _text(name: str) -> Cast:
    return Cast(name, TextField())


_FOR_PEOPLE: tuple[str | Cast, ...] = (
    *map(_text, ("places", "except_places", "some_of", "people", "plans")),
    "who",
)


# Whether a state is due and not seen yet, as State.is_pending: dates are slow to read.
_IS_PENDING = ExpressionWrapper(
    Q(states__opened_by__due_on__isnull=False, states__opened_by__effective_on=None),
    output_field=BooleanField(),
)


def _uses_of(platforms: Collection[int]) -> Iterator[tuple[int, UseFacts]]:
    rows = list(
        Use.objects.published()
        .filter(platform__in=platforms)
        .with_days_known()
        .values_list(
            *("pk", "platform_id", "platform__slug", "slug", "title", "title_if_not", "purpose"),
            *("part", "data_kinds", "entered_on", "sourced_on"),
            named=True,
        )
    )
    branches = _branches_of(platforms)
    for row in rows:
        key = _key(row.platform__slug, row.slug)
        yield row.platform_id, _use(row, key, branches[row.pk])


def _branches_of(platforms: Collection[int]) -> Mapping[int, list[BranchFacts]]:
    """Return the branches of each published use of these platforms, in order."""
    rows = (
        Branch.objects.filter(use__platform__in=platforms, use__status=PublicationStatus.PUBLISHED)
        .order_by()  # sorting thousands of rows takes as long as reading them
        .annotate(is_pending=_IS_PENDING)
        .values_list(
            *("use_id", "position", "pk", *_FOR_PEOPLE, "states__value", "states__starts_on"),
            *("states__starts_precision", "states__since_is", "states__disputed", "states__note"),
            "is_pending",
        )
    )
    states: dict[int, list[StateFacts]] = {}
    branches = []
    for row in rows:
        pk = row[2]
        if pk not in states:
            states[pk] = []
            branches.append(row[:9])
        if row[9] is not None:  # a branch may have no state
            states[pk].append(_state(*row[9:]))
    found: dict[int, list[BranchFacts]] = defaultdict(list)
    for use, _position, pk, *for_people in sorted(branches, key=itemgetter(0, 1, 2)):
        of_branch = sorted(states[pk], key=lambda state: state.since or dt.date.min)
        where, people, plans, who = _for_people(*for_people)
        found[use].append(BranchFacts(tuple(of_branch), where, people, plans, who, pk))
    return found


def _controls_reaching(platforms: Collection[int]) -> Iterator[ControlFacts]:
    """Return the published controls that reach uses of these platforms, in order."""
    # A query instead of keys: for many keys SQLite would look up each use of each control.
    keys = controls_reaching(platforms).order_by().values("pk")
    guides = Guide.objects.published().filter(controls=OuterRef("pk")).order_by()
    least = guides.values("controls").annotate(least=Min("minutes")).values("least")
    rows = (
        Control.objects.filter(pk__in=keys)
        .annotate(
            has_guide=Exists(guides),
            minutes=Subquery(least),
            has_offer=Exists(Offer.objects.filter(control=OuterRef("pk"))),
        )
        .order_by(
            *("platform", "position", "slug", "pk"),
            *("uses__platform", "uses__position", "uses__slug"),
        )
        .values_list(
            *("pk", "has_guide", "minutes", "has_offer"),
            *("uses__platform__slug", "uses__slug", "uses__status"),
            *("platform__slug", "slug", "refuse", "label", "name", "by", "binding", "scope"),
            *("reach", "to", "labels"),
        )
    )
    offers = _offers_of(keys) if any(row[3] for row in rows) else {}
    for pk, joined in groupby(rows, key=itemgetter(0)):
        of_control = list(joined)
        _pk, has_guide, minutes, _has_offer, _of, _use, _status, platform, slug, *act = of_control[
            0
        ]
        yield _control(
            _key(platform, slug),
            *act,
            uses=tuple(
                _key(row[4], row[5]) for row in of_control if row[6] == PublicationStatus.PUBLISHED
            ),
            offered=tuple(offers.get(pk, ())),
            has_guide=has_guide,
            minutes=minutes,
        )


def _offers_of(controls: QuerySet[Control, Any]) -> Mapping[int, list[OfferFacts]]:
    found: dict[int, list[OfferFacts]] = defaultdict(list)
    rows = Offer.objects.filter(control__in=controls).order_by("position")
    for control, since, until, *for_people in rows.values_list(
        "control_id", "starts_on", "ends_on", *_FOR_PEOPLE
    ):
        where, people, plans, _who = _for_people(*for_people)
        found[control].append(OfferFacts(where, people, plans, since, until))
    return found


@lru_cache(maxsize=4096)
def _for_people(
    places: str, except_places: str, some_of: str, people: str, plans: str, who: str
) -> tuple[Where, tuple[People, ...], tuple[str, ...], str]:
    """Return the places, kinds of people, plans and exact group of a row. Lists are JSON."""
    where = Where(*(tuple(json.loads(codes)) for codes in (places, except_places, some_of)))
    return where, tuple(map(People, json.loads(people))), tuple(json.loads(plans)), who


@lru_cache(maxsize=32_768)
def _state(
    value: str,
    since: dt.date | None,
    precision: str,
    since_is: str,
    disputed: bool,
    note: str,
    pending: bool,
) -> StateFacts:
    return StateFacts(
        value=StateValue(value),
        since=since,
        precision=Precision(precision),
        since_is=SinceIs(since_is),
        pending=pending,
        disputed=disputed,
        note=note,
    )


# What follows takes a model or a row with the same names.


def _use(row: Any, key: str, branches: Iterable[BranchFacts]) -> UseFacts:
    return UseFacts(
        key=key,
        title=row.title,
        purpose=Purpose(row.purpose),
        branches=tuple(branches),
        title_if_not=row.title_if_not,
        part=row.part,
        data_kinds=tuple(map(DataKind, row.data_kinds)),
        known_from=min(filter(None, (row.entered_on, row.sourced_on)), default=None),
    )


def _control(
    key: str,
    refuse: str,
    label: str,
    name: str,
    by: str,
    binding: bool,
    scope: str,
    reach: str,
    to: str,
    labels: Mapping[str, Mapping[str, str]],
    **more: Any,
) -> ControlFacts:
    return ControlFacts(
        key=key,
        refuse=Refuse(refuse),
        label=label,
        name=name,
        by=By(by),
        binding=binding,
        scope=ControlScope(scope),
        reach=Reach(reach),
        to=to,
        labels=tuple((language, each["label"]) for language, each in labels.items()),
        **({"uses": ()} | more),
    )


def _key(platform: str, slug: str) -> str:
    return f"{platform}/{slug}"


def _is_of(key: str, slug: str) -> bool:
    return key.startswith(f"{slug}/")
