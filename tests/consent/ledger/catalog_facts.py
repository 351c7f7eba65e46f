"""The facts of a platform as its catalog file of format 2 states them, for tests of verdicts."""

import datetime as dt
from pathlib import Path

import yaml

from consent.ledger.platform_facts import (
    BranchFacts,
    ControlFacts,
    OfferFacts,
    PlatformFacts,
    StateFacts,
    UseFacts,
)
from consent.vocabulary import (
    ActCovers,
    By,
    DataKind,
    People,
    Precision,
    Purpose,
    Reach,
    Refuse,
    SinceIs,
    StateValue,
)
from platforms.places import Where

_PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}


def read(path: Path) -> PlatformFacts:
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    entries = {entry["key"]: entry for entry in data.get("entries", ())}
    return PlatformFacts(
        slug=path.stem,
        name=data["name"],
        operator=data["operator"],
        uses=tuple(_use(use, entries) for use in data.get("uses", ()) if _is_published(use)),
        controls=tuple(
            _control(control, data.get("guides", []))
            for control in data.get("controls", ())
            if _is_published(control)
        ),
    )


def day(text) -> dt.date | None:
    if text is None:
        return None
    year, month, on = (*map(int, str(text).split("-")), 1, 1)[:3]
    return dt.date(year, month, on)


def _is_published(record) -> bool:
    return bool(record.get("status", "published") == "published")


def _where(record) -> Where:
    return Where(
        tuple(record.get("places", ())),
        tuple(record.get("except", ())),
        tuple(record.get("some_of", ())),
    )


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
        data_kinds=tuple(map(DataKind, use["data_kinds"])),
        known_from=min(filter(None, days), default=None),
        branches=tuple(
            BranchFacts(
                where=_where(branch),
                people=tuple(map(People, branch.get("people", ["personal"]))),
                plans=tuple(branch.get("plans", ())),
                who=branch.get("who", ""),
                states=tuple(_state(state, entries) for state in branch["states"]),
            )
            for branch in use.get("branches", [use])
        ),
    )


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
    )


def _control(control, guides) -> ControlFacts:
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
            )
            for offer in control.get("offered", ())
        ),
        has_guide=bool(own),
        minutes=min((guide["minutes"] for guide in own if guide.get("minutes")), default=None),
    )
