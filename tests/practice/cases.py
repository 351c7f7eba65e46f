"""Practice cases: changes with the record before them and what a curator would publish."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml

from consent.detection.changes import suggest
from consent.models import Change, Entry, Use
from platforms.models import Page
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_change,
    make_control,
    make_page,
    make_platform,
    make_state,
    make_use,
)

CASES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("cases.yaml").read_text("utf-8")
)
_LISTS = ("places", "except_places", "data_kinds")


def arrange(case: dict[str, Any]) -> Change:
    """Write the record of a case and its change, with the suggestion of today's classifier."""
    platform = make_platform(name="Chirp")
    with arranged():
        page = make_page(platform, **case.get("page", {}))
        for slug, record in case["uses"].items():
            _use(page, slug, record)
        change = make_change(page, case["before"], case["after"])
    suggest(change)
    return Change.objects.for_desk().get(pk=change.pk)


def _use(page: Page, slug: str, record: dict[str, Any]) -> Use:
    first, *others = ({**branch} for branch in record["branches"])
    states = [fields.pop("state") for fields in (first, *others)]
    use = make_use(page.platform, slug=slug, data_kinds=record["data_kinds"], **first)
    for fields in others:
        make_branch(use, **fields)
    for branch, value in zip(use.branches.all(), states, strict=True):
        make_state(branch, value, starts_on=dt.date(2018, 1, 1))
    use.pages.add(page)
    make_control(use, slug=f"{slug}-switch", label=record.get("label", f"Use my {slug}"))
    return use


def labelled(case: dict[str, Any], change: Change) -> dict[str, Any]:
    """Return the label of a case in the form of `published`."""
    label = case["label"]
    observed = change.observed_to.date().isoformat()
    states = {
        slug: [
            row and [row[0], observed if row[1] == "observed" else row[1], row[2]] for row in rows
        ]
        for slug, rows in label["states"].items()
    }
    dates = {name: label.get(name, "") for name in ("effective", "due", "deadline")}
    return {
        **{name: label.get(name, []) for name in _LISTS},
        **({"people": label["people"]} if "people" in label else {}),
        **({"controls": label["controls"]} if "controls" in label else {}),
        "uses": label["uses"],
        "states": states,
        **dates,
    }


def published(case: dict[str, Any], entry: Entry) -> dict[str, Any]:
    """Return of a published entry what its case has a label for."""
    opened = {
        use.slug: [_opened(entry, branch) for branch in use.branches.all()]
        for use in entry.uses.order_by("slug")
    }
    label = case["label"]
    return {
        **{name: getattr(entry, name) for name in _LISTS},
        **({"people": entry.people} if "people" in label else {}),
        **(
            {"controls": [each.slug.removesuffix("-switch") for each in entry.controls.all()]}
            if "controls" in label
            else {}
        ),
        "uses": sorted(entry.uses.values_list("slug", flat=True)),
        "states": opened,
        **{name: _day(entry, name) for name in ("effective", "due", "deadline")},
    }


def _opened(entry: Entry, branch: Any) -> list[str] | None:
    state = branch.states.filter(opened_by=entry).first()
    return state and [state.value, state.starts_on.isoformat(), state.since_is]


def _day(entry: Entry, name: str) -> str:
    day = getattr(entry, f"{name}_on")
    if day is None:
        return ""
    return str(day.isoformat())[: 7 if getattr(entry, f"{name}_precision") == "month" else 10]
