"""The facts of a platform as its catalog file of format 2 states them, for tests of verdicts."""

import datetime as dt
import functools
from pathlib import Path

import yaml

from consent.ledger.answers import LEDGER_BEGAN
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
    Purpose,
    Reach,
    Refuse,
    SinceIs,
    StateValue,
    Why,
)
from platforms.places import Where

_CATALOG = Path(__file__).parents[3] / "platforms" / "catalog"
_PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}


@functools.cache
def whole_catalog() -> tuple[PlatformFacts, ...]:
    """Return the facts of all platforms. Who asks is marked `xdist_group("catalog facts")`."""
    return tuple(read(path) for path in sorted(_CATALOG.glob("[a-z]*.yaml")))


def read(path: Path) -> PlatformFacts:
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    entries = {entry["key"]: entry for entry in data.get("entries", ())}
    return PlatformFacts(
        slug=path.stem,
        name=data["name"],
        operator=data["operator"],
        behind=CompaniesBehind(
            tuple(map(_operator_before, data.get("operators_before", ()))),
            tuple(map(_owner, data.get("owners", ()))),
        ),
        uses=tuple(_use(use, entries) for use in data.get("uses", ()) if _is_published(use)),
        controls=tuple(
            _control(control, entries.values(), data.get("guides", []))
            for control in data.get("controls", ())
            if _is_published(control)
        ),
        plans=tuple(map(_plan, data.get("plans", {}).get("list", ()))),
        plans_complete=data.get("plans", {}).get("complete", False),
        parts=tuple(data.get("parts", ())),
        min_age=data.get("min_age", {}).get("age"),
    )


def _plan(plan) -> PlanFacts:
    return PlanFacts(
        name=plan["name"],
        aliases=tuple(plan.get("aliases", ())),
        includes=tuple(plan.get("includes", ())),
        people=tuple(map(People, plan.get("people", ()))),
        paid=plan.get("paid"),
        former=plan.get("former", False),
        since=day(plan.get("since")),
        since_precision=_PRECISIONS[len(str(plan.get("since", "2024-01-01")))],
        until=day(plan.get("until")),
        kind=PlanKind(plan.get("kind", "plan")),
    )


def day(text) -> dt.date | None:
    if text is None:
        return None
    year, month, on = (*map(int, str(text).removeprefix("by ").split("-")), 1, 1)[:3]
    return dt.date(year, month, on)


def _is_published(record) -> bool:
    return bool(record.get("status", "published") == "published")


def _where(record) -> Where:
    return Where(
        tuple(record.get("places", ())),
        tuple(record.get("except", ())),
        tuple(record.get("some_of", ())),
    )


def _operator_before(declared):
    return OperatorBefore(declared["name"], day(declared["until"]))


def _owner(declared):
    return OwnerFacts(declared["name"], day(declared.get("since")))


def _use(use, entries) -> UseFacts:
    about = [
        entry
        for entry in entries.values()
        if use["slug"] in entry.get("uses", ()) and _is_published(entry)
    ]
    days = [
        day(record[key])
        for entry in about
        for record in (entry, *entry.get("sources", ()))
        for key in ("effective", "decided", "announced", "date")
        if key in record
    ]
    return UseFacts(
        key=use["slug"],
        title=use["title"],
        title_if_not=use.get("title_if_not", ""),
        purpose=Purpose(use["purpose"]),
        part=use.get("part", ""),
        covers=" ".join(use.get("covers", "").split()),
        trained_by=use.get("trained_by", ""),
        data_kinds=tuple(map(DataKind, use["data_kinds"])),
        known_from=min(filter(None, days), default=None),
        short=tuple(use.get("short", {}).items()),
        branches=tuple(
            BranchFacts(
                where=_where(branch),
                people=tuple(map(People, branch.get("people", ["personal"]))),
                plans=tuple(branch.get("plans", ())),
                who=_who(branch),
                who_narrows="narrows" in _names_of(branch),
                adults=branch.get("adults", False),
                only_kinds=tuple(map(DataKind, branch.get("only_kinds", ()))),
                states=tuple(_state(state, entries) for state in branch["states"]),
            )
            for branch in use.get("branches", [use])
        ),
    )


def _names_of(branch) -> dict:
    """The group as the file writes it: its words alone name it."""
    who = branch.get("who", {})
    return {"names": who} if isinstance(who, str) else who


def _who(branch) -> str:
    return next(iter(_names_of(branch).values()), "")


def _state(state, entries) -> StateFacts:
    entry = entries.get(state.get("opened_by"), {})
    return StateFacts(
        value=StateValue(state["value"]),
        since=day(state.get("since")),
        precision=_PRECISIONS[len(str(state.get("since", "2024-01-01")))],
        since_is=SinceIs(state.get("since_is", "exact")),
        pending="due" in entry and "effective" not in entry,
        disputed=state.get("disputed", False),
        note=state.get("note", ""),
        earlier=_known(Earlier, state.get("earlier")),
        why=_known(Why, state.get("why")),
        said_by=state.get("said_by", ""),
        basis=_known(Basis, state.get("basis") or entry.get("basis")),
    )


def _known(choices, value):
    """Return a value of a closed list, whether or not it is written with its source."""
    if isinstance(value, dict):
        value = value["is"]
    return None if value is None else choices(value)


def _control(control, entries, guides) -> ControlFacts:
    about = [
        *(each for each in entries if control["slug"] in each.get("controls", ())),
        *(each for each in guides if control["slug"] in each["controls"]),
    ]
    days = [
        day(record[key])
        for each in about
        if _is_published(each)
        for record in (each, *each.get("sources", ()))
        for key in ("effective", "decided", "announced", "date")
        if key in record
    ]
    own = [
        guide for guide in guides if control["slug"] in guide["controls"] and _is_published(guide)
    ]
    return ControlFacts(
        key=control["slug"],
        label=control.get("label", ""),
        name=control.get("name", ""),
        uses=tuple(control["uses"]),
        refuse=Refuse(control["refuse"]),
        by=By(control.get("by", "person")),
        binding=control.get("binding", True),
        act_covers=ActCovers(control.get("act_covers", "everything")),
        reach=Reach(control.get("reach", "unstated")),
        to=control.get("to", ""),
        offered=tuple(
            OfferFacts(
                where=_where(offer),
                people=tuple(map(People, offer.get("people", ()))),
                plans=tuple(offer.get("plans", ())),
                since=day(offer.get("since")),
                until=day(offer.get("until")),
                who=offer.get("who", ""),
            )
            for offer in control.get("offered", ())
        ),
        has_guide=bool(own),
        minutes=min((guide["minutes"] for guide in own if guide.get("minutes")), default=None),
        only_at_times=Friction.ONLY_AT_TIMES in control.get("frictions", ()),
        known_from=min((*filter(None, days), LEDGER_BEGAN)),
    )
