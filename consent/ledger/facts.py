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
    Value,
)
from django.db.models.functions import Cast, Coalesce, NullIf

from consent.ledger.answers import LEDGER_BEGAN
from consent.ledger.headline_words import operator_in_brief
from consent.ledger.platform_facts import (
    BranchFacts,
    CompaniesBehind,
    ControlFacts,
    OfferFacts,
    OperatorBefore,
    OwnerFacts,
    PlanFacts,
    PlatformFacts,
    StateFacts,
    UseFacts,
)
from consent.models import Branch, Control, Guide, Offer, State, Use
from consent.models.controls import ControlQuerySet
from consent.vocabulary import (
    ActCovers,
    Basis,
    By,
    DataKind,
    Earlier,
    Friction,
    People,
    PlanKind,
    Precision,
    PublicationStatus,
    Purpose,
    Reach,
    Refuse,
    SinceIs,
    StateValue,
    Why,
)
from consent.web.editions import already_kept, per_edition
from platforms.declarations import PartialDate
from platforms.models import Platform
from platforms.places import Where
from platforms.vocabulary import Category

Facts = Mapping[int, PlatformFacts]
_OF_ALL = "facts"  # as per_edition names them


def facts_of(platforms: Iterable[Platform]) -> dict[int, PlatformFacts]:
    """Return the facts of these platforms by their key. At most six queries.

    None where those of all platforms are kept already.
    """
    wanted = {platform.pk: platform for platform in platforms}
    kept: Facts = already_kept(_OF_ALL) or {}
    if wanted.keys() <= kept.keys():
        return {pk: kept[pk] for pk in wanted}
    uses = _uses_of(wanted.keys())
    controls = _controls_by_platform(wanted.values())
    return {pk: facts_from(each, uses[pk], controls[pk]) for pk, each in wanted.items()}


def facts_from(
    platform: Platform, uses: Iterable[UseFacts], controls: Iterable[ControlFacts]
) -> PlatformFacts:
    """Put the facts of a platform together.

    uses: its published ones in order of weight. controls: the published ones that reach them.
    """
    facts = PlatformFacts(
        slug=platform.slug,
        name=platform.name,
        operator=platform.operator,
        behind=companies_behind(platform),
        uses=tuple(uses),
        # A platform's own controls come first; those of another may reach its uses too.
        controls=tuple(sorted(controls, key=lambda each: not _is_of(each.key, platform.slug))),
        plans=tuple(map(_plan, platform.plans)),
        plans_complete=platform.plans_complete,
        parts=tuple(platform.parts),
        min_age=platform.min_age,
        min_age_elsewhere=tuple(
            (each["age"], tuple(each["places"])) for each in platform.min_age_elsewhere
        ),
    )
    return _same(facts)


def _behind_companies() -> Mapping[str, CompaniesBehind]:
    """Return the former companies and the owners of operators, by the short name of these."""
    return {
        operator_in_brief(each.operator, each.name): companies_behind(each)
        for each in listed_platforms()
        if each.operators_before or each.owners
    }


def companies_behind(platform: Platform) -> CompaniesBehind:
    """Return who answered for a platform before, and who owns the company that does."""
    return CompaniesBehind(
        tuple(map(_operator_before, platform.operators_before)), tuple(map(_owner, platform.owners))
    )


def _operator_before(declared: Mapping[str, str]) -> OperatorBefore:
    """Return a company from what Platform.operators_before has of it."""
    until, announced = PartialDate.parse(declared["until"]), _written(declared.get("announced"))
    return OperatorBefore(
        declared["name"],
        until.on,
        until.precision,
        declared.get("by", ""),
        announced.on if announced else None,
        announced.precision if announced else Precision.DAY,
    )


def _owner(declared: Mapping[str, str]) -> OwnerFacts:
    """Return a company from what Platform.owners has of it."""
    since = _written(declared.get("since"))
    if since is None:
        return OwnerFacts(declared["name"])
    return OwnerFacts(declared["name"], since.on, since.precision)


def _plan(plan: Mapping[str, Any]) -> PlanFacts:
    """Return a plan from what Platform.plans has of it: a PlanDeclaration as plain data."""
    since, until = _written(plan.get("since")), _written(plan.get("until"))
    return PlanFacts(
        name=plan["name"],
        aliases=tuple(plan.get("aliases", ())),
        includes=tuple(plan.get("includes", ())),
        people=tuple(map(People, plan.get("people", ()))),
        paid=plan.get("paid"),
        former=plan.get("former", False),
        since=since.on if since else None,
        since_precision=since.precision if since else Precision.DAY,
        until=until.on if until else None,
        until_precision=until.precision if until else Precision.DAY,
        kind=PlanKind(plan.get("kind", PlanKind.PLAN)),
        retention=plan.get("retention"),
        retention_source=plan.get("retention_source"),
    )


def _written(date: str | None) -> PartialDate | None:
    return PartialDate.parse(date) if date else None


@lru_cache(maxsize=1024)
def _same(facts: PlatformFacts) -> PlatformFacts:
    """Return the facts of before if nothing changed.

    Then answers kept by facts (verdict_over) are found without comparing all facts again.
    """
    return facts


def facts_of_all() -> Facts:
    """Return the facts of all listed platforms. Shared: do not modify the result."""
    return per_edition(_OF_ALL, lambda: facts_of(listed_platforms()))


def listed_platforms() -> Sequence[Platform]:
    """Return the platforms that readers see, by name. Shared: do not modify the result."""
    return per_edition("listed", lambda: tuple(Platform.objects.listed()))


def listed_of(category: Category | None) -> list[Platform]:
    """Return the platforms of a kind that readers see; without a kind all of them."""
    return [each for each in listed_platforms() if category in (None, each.category)]


def listed_with(slugs: Iterable[str]) -> list[Platform]:
    """Return the platforms with these slugs that readers see, in the order of the slugs."""
    by_slug = {each.slug: each for each in listed_platforms()}
    return [by_slug[slug] for slug in dict.fromkeys(slugs) if slug in by_slug]


def use_key(use: Use) -> str:
    """Return the name of a use in facts: platform/slug."""
    return _key(use.platform.slug, use.slug)


def use_facts(use: Use, branches: Iterable[BranchFacts]) -> UseFacts:
    """Return the facts of a loaded use: of UseQuerySet.with_days_known, with its platform."""
    of_branches = tuple(branches)
    days: Any = use
    # As above: the day matters only for a state that begins on none.
    matters = any(state.since is None for each in of_branches for state in each.states)
    return _use(
        *(use_key(use), use.title, use.title_if_not, use.purpose, use.part, use.trained_by),
        use.covers,
        use.data_kinds,
        branches=of_branches,
        short=tuple(use.short.items()),
        titles=_titles(json.dumps(use.titles)),
        known_from=min(
            filter(None, (days.entered_on, days.sourced_on, days.entry_sourced_on)), default=None
        )
        if matters
        else None,
    )


def branch_facts(branch: Branch) -> BranchFacts:
    """Return the facts of a loaded branch. Reads its states with their entries."""
    return BranchFacts(
        states=tuple(map(_state_facts, branch.states.all())),
        where=branch.where,
        people=branch.kinds_of_people,
        plans=tuple(branch.plans),
        who=branch.who,
        who_narrows=branch.who_narrows,
        adults=branch.adults,
        only_kinds=tuple(map(DataKind, branch.only_kinds)),
        id=branch.pk,
    )


def _state_facts(state: State) -> StateFacts:
    entry = state.opened_by
    return _state(
        *(state.value, state.starts_on, state.starts_precision, state.since_is),
        *(state.disputed, state.note, state.earlier, state.why, state.said_by),
        *(state.basis or (entry.basis if entry else ""), state.is_pending),
        entry is not None and entry.status == PublicationStatus.PUBLISHED,
    )


def control_key(control: Control) -> str:
    """Return the name of a control in facts: platform/slug."""
    return _key(control.platform.slug, control.slug)


def control_facts(
    control: Control,
    uses: Iterable[Use],
    *,
    has_guide: bool = False,
    minutes: int | None = None,
) -> ControlFacts:
    """Return the facts of a loaded control: of ControlQuerySet.with_days_named.

    Reads its platform, offers and surfaces. uses: the published ones that it refuses, with their
    platforms.
    """
    named: Any = control
    offered = tuple(
        OfferFacts(
            where=offer.where,
            people=offer.kinds_of_people,
            plans=tuple(offer.plans),
            since=offer.starts_on,
            until=offer.ends_on,
            who=offer.who,
        )
        for offer in control.offers.all()
    )
    days = (named.entered_on, named.sourced_on, named.guide_sourced_on)
    return replace(
        act_facts(control),
        uses=tuple(map(use_key, uses)),
        offered=offered,
        has_guide=has_guide,
        has_directions=control.has_directions,
        minutes=minutes,
        known_from=_named_from(*days) if _is_undated(offered) else None,
    )


def _named_from(*days: dt.date | None) -> dt.date:
    """Return the day of the first record that names a control: at the latest our own."""
    return min((*filter(None, days), LEDGER_BEGAN))


def act_facts(control: Control) -> ControlFacts:
    """Return what the act of a control is worded from, without its uses, offers and guides.

    Reads its platform alone.
    """
    return _control(
        *(control_key(control), control.refuse, control.label, control.name, control.by),
        *(control.binding, control.act_covers, control.reach, control.to),
        frictions=control.frictions,
        labels=_words_by_language(control.labels),
    )


# Many pages need the facts of all platforms. Rows are read several times faster than models, and
# lists of codes stay texts until they are looked up: few of them are distinct.


def _text(name: str) -> Cast:
    return Cast(name, TextField())


def act_fields(path: str = "") -> tuple[str | Cast, ...]:
    """Return the fields of a control by which act_from_row words its act."""
    return (
        *(f"{path}{name}" for name in ("platform__slug", "slug", "refuse", "label", "name", "by")),
        *(f"{path}{name}" for name in ("binding", "act_covers", "reach", "to")),
        _text(f"{path}frictions"),
        _text(f"{path}labels"),
    )


def act_from_row(platform: str, slug: str, *act: Any, **more: Any) -> ControlFacts:
    """Return the facts of a control from its act_fields, and more that is known of it."""
    *fields, frictions, labels = act
    return _control(
        *(_key(platform, slug), *fields),
        frictions=_codes(frictions),
        labels=_labels(labels),
        **more,
    )


def controls_reaching(platforms: Iterable[int]) -> ControlQuerySet:
    """Return the published controls of these platforms, and those that reach their uses."""
    keys = list(platforms)
    reaching = Q(platform__in=keys) | Q(uses__platform__in=keys)
    return Control.objects.published().filter(reaching).distinct()


def _people_of(path: str) -> tuple[str | Cast, ...]:
    """Return the fields that _for_people takes, of the record that a path leads to."""
    lists = ("places", "except_places", "some_of", "people", "plans")
    return (*(_text(f"{path}{name}") for name in lists), f"{path}who")


# Whether a state is due and not seen yet, as State.is_pending: dates are slow to read.
_IS_PENDING = ExpressionWrapper(
    Q(opened_by__due_on__isnull=False, opened_by__effective_on=None),
    output_field=BooleanField(),
)
_IS_TOLD = ExpressionWrapper(
    Q(opened_by__status=PublicationStatus.PUBLISHED), output_field=BooleanField()
)
# An entry that opened a state is its source, unless the state has a word of its own.
_BASIS = Coalesce(NullIf("basis", Value("")), "opened_by__basis", Value(""))
#: What _state takes.
_STATE = (
    *("value", "starts_on", "starts_precision", "since_is", "disputed", "note"),
    *("earlier", "why", "said_by", "of_basis", "pends"),
    "is_told",
)


def _uses_of(platforms: Collection[int]) -> Mapping[int, list[UseFacts]]:
    """Return the published uses of each of these platforms, in order."""
    states = _states_of(platforms)
    rows = list(
        Use.objects.published()
        .filter(platform__in=platforms)
        .order_by("platform", "position", "slug", "pk", "branches__position", "branches__pk")
        .values_list(
            *("pk", "platform_id", "platform__slug", "slug", "title", "title_if_not", "purpose"),
            *("part", "trained_by", "covers", _text("data_kinds"), _text("short"), _text("titles")),
            *("branches__who_narrows", "branches__adults", _text("branches__only_kinds")),
            *("branches__pk", *_people_of("branches__")),
        )
    )
    # From when a use is known matters only for a state that begins on no day.
    days = _days_known(
        {row[0] for row in rows if any(each.since is None for each in states.get(row[16], ()))}
    )
    found: dict[int, list[UseFacts]] = defaultdict(list)
    for pk, joined in groupby(rows, key=itemgetter(0)):
        of_use = list(joined)
        _pk, platform, platform_slug, slug, *words, data_kinds, short, titles = of_use[0][:13]
        branches = tuple(
            # A use may have no branch.
            _branch(states.get(row[16], ()), *row[13:])
            for row in of_use
            if row[16] is not None
        )
        use = _use(
            *(_key(platform_slug, slug), *words, _codes(data_kinds)),
            branches=branches,
            short=_phrases(short),
            titles=_titles(titles),
            known_from=days.get(pk),
        )
        found[platform].append(use)
    return found


def _branch(
    states: Iterable[StateFacts],
    who_narrows: bool,
    adults: bool,
    only_kinds: str,
    pk: int,
    *for_people: str,
) -> BranchFacts:
    kinds = tuple(map(DataKind, _codes(only_kinds)))
    return BranchFacts(tuple(states), *_for_people(*for_people), who_narrows, adults, kinds, pk)


def _states_of(platforms: Collection[int]) -> Mapping[int, list[StateFacts]]:
    """Return the states of each branch of published uses of these platforms, oldest first."""
    rows = (
        State.objects.filter(
            branch__use__platform__in=platforms, branch__use__status=PublicationStatus.PUBLISHED
        )
        .order_by()  # sorting thousands of rows takes as long as reading them
        .annotate(pends=_IS_PENDING, of_basis=_BASIS, is_told=_IS_TOLD)
    )
    found: dict[int, list[StateFacts]] = defaultdict(list)
    for branch, *state in rows.values_list("branch_id", *_STATE):
        found[branch].append(_state(*state))
    for states in found.values():
        states.sort(key=lambda state: state.since or dt.date.min)
    return found


def _days_known(uses: Collection[int]) -> Mapping[int, dt.date]:
    """Return from which day uses are known; not all are. One query, or none."""
    if not uses:
        return {}
    rows = Use.objects.filter(pk__in=uses).order_by().with_days_known()
    known = rows.values_list(*("pk", "entered_on", "sourced_on", "entry_sourced_on"))
    return {use: min(filter(None, days)) for use, *days in known if any(days)}


def _controls_by_platform(platforms: Collection[Platform]) -> Mapping[int, list[ControlFacts]]:
    """Return the published controls that reach uses of each of these platforms, in order."""
    by_slug: dict[str, list[ControlFacts]] = defaultdict(list)
    for control in _controls_reaching([platform.pk for platform in platforms]):
        for slug in dict.fromkeys(key.partition("/")[0] for key in control.uses):
            by_slug[slug].append(control)
    return {platform.pk: by_slug[platform.slug] for platform in platforms}


def _controls_reaching(platforms: Collection[int]) -> Iterator[ControlFacts]:
    """Return the published controls that reach uses of these platforms, in order."""
    # A query instead of keys: for many keys SQLite would look up each use of each control.
    keys = controls_reaching(platforms).order_by().values("pk")
    guides = Guide.objects.published().filter(controls=OuterRef("pk")).order_by()
    least = guides.values("controls").annotate(least=Min("minutes")).values("least")
    rows = (
        Control.objects.filter(pk__in=keys)
        .with_directions()
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
            *("pk", "has_guide", "minutes", "has_offer", "directed"),
            *("uses__platform__slug", "uses__slug", "uses__status"),
            *act_fields(),
        )
    )
    offers = _offers_of(keys) if any(row[3] for row in rows) else {}
    named = _days_named([pk for pk, offered in offers.items() if _is_undated(offered)])
    for pk, joined in groupby(rows, key=itemgetter(0)):
        of_control = list(joined)
        _pk, has_guide, minutes, _has_offer, directed, _of, _use, _status, *act = of_control[0]
        yield act_from_row(
            *act,
            uses=tuple(
                _key(row[5], row[6]) for row in of_control if row[7] == PublicationStatus.PUBLISHED
            ),
            offered=tuple(offers.get(pk, ())),
            has_guide=has_guide,
            has_directions=directed,
            minutes=minutes,
            known_from=named.get(pk),
        )


def _is_undated(offered: Iterable[OfferFacts]) -> bool:
    return any(offer.since is None for offer in offered)


def _days_named(controls: Collection[int]) -> Mapping[int, dt.date]:
    """Return the day of the first record that names each of these controls. One query, or none."""
    if not controls:
        return {}
    rows: Iterable[Any] = Control.objects.filter(pk__in=controls).order_by().with_days_named()
    return {
        control.pk: _named_from(control.entered_on, control.sourced_on, control.guide_sourced_on)
        for control in rows
    }


def _offers_of(controls: QuerySet[Control, Any]) -> Mapping[int, list[OfferFacts]]:
    found: dict[int, list[OfferFacts]] = defaultdict(list)
    rows = Offer.objects.filter(control__in=controls).order_by("position")
    for control, since, until, *for_people in rows.values_list(
        "control_id", "starts_on", "ends_on", *_people_of("")
    ):
        where, people, plans, who = _for_people(*for_people)
        found[control].append(OfferFacts(where, people, plans, since, until, who))
    return found


@lru_cache(maxsize=4096)
def _codes(codes: str) -> tuple[str, ...]:
    return tuple(json.loads(codes))


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
    earlier: str,
    why: str,
    said_by: str,
    basis: str,
    pending: bool,
    has_entry: bool | None,
) -> StateFacts:
    return StateFacts(
        value=StateValue(value),
        since=since,
        precision=Precision(precision),
        since_is=SinceIs(since_is),
        pending=pending,
        disputed=disputed,
        note=note,
        earlier=Earlier(earlier) if earlier else None,
        why=Why(why) if why else None,
        said_by=said_by,
        basis=Basis(basis) if basis else None,
        has_entry=bool(has_entry),
    )


def _use(
    key: str,
    title: str,
    title_if_not: str,
    purpose: str,
    part: str,
    trained_by: str,
    covers: str,
    data_kinds: Iterable[str],
    *,
    branches: Iterable[BranchFacts],
    short: tuple[tuple[str, str], ...] = (),
    titles: tuple[tuple[str, str, str], ...] = (),
    known_from: dt.date | None = None,
) -> UseFacts:
    return UseFacts(
        key=key,
        title=title,
        purpose=Purpose(purpose),
        branches=tuple(branches),
        title_if_not=title_if_not,
        part=part,
        trained_by=trained_by,
        behind_trainer=_behind_companies().get(operator_in_brief(trained_by))
        if trained_by
        else None,
        covers=covers,
        data_kinds=tuple(map(DataKind, data_kinds)),
        known_from=known_from,
        short=short,
        titles=titles,
    )


def _control(
    key: str,
    refuse: str,
    label: str,
    name: str,
    by: str,
    binding: bool,
    act_covers: str,
    reach: str,
    to: str,
    *,
    frictions: Iterable[str],
    **more: Any,
) -> ControlFacts:
    return ControlFacts(
        key=key,
        refuse=Refuse(refuse),
        label=label,
        name=name,
        by=By(by),
        binding=binding,
        act_covers=ActCovers(act_covers),
        reach=Reach(reach),
        to=to,
        only_at_times=Friction.ONLY_AT_TIMES in frictions,
        needs_payment=Friction.NEEDS_PAYMENT in frictions,
        **({"uses": ()} | more),
    )


@lru_cache(maxsize=4096)
def _labels(labels: str) -> tuple[tuple[str, str], ...]:
    return _words_by_language(json.loads(labels))


@lru_cache(maxsize=1024)
def _phrases(short: str) -> tuple[tuple[str, str], ...]:
    return tuple(json.loads(short).items())


@lru_cache(maxsize=1024)
def _titles(titles: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (language, each["title"], each["title_if_not"])
        for language, each in json.loads(titles).items()
    )


def _words_by_language(labels: Mapping[str, Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((language, each["label"]) for language, each in labels.items())


def _key(platform: str, slug: str) -> str:
    return f"{platform}/{slug}"


def _is_of(key: str, slug: str) -> bool:
    return key.startswith(f"{slug}/")
