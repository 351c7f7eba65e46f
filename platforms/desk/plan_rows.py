"""The form field for the closed list of a platform's plans: one row for each."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from pydantic import ValidationError as NotDeclared

from platforms.declarations import PlanDeclaration, PlansDeclaration
from platforms.desk.fields import RowsField
from platforms.vocabulary import People, PlanKind

_YES, _NO = "yes", "no"
#: Between the names in one box; names of plans contain commas.
_BETWEEN = ";"
_TOGETHER = (
    *((kind,) for kind in (People.PERSONAL, People.ORGANISATION, People.CREATORS, People.MINORS)),
    (People.PERSONAL, People.ORGANISATION),
    (People.PERSONAL, People.MINORS),
)
_ORDER = (
    *("name", "aliases", "includes", "people", "paid", "former", "since", "until", "kind"),
    *("retention", "retention_source"),
)


class _PeopleSelect(forms.Select):
    """Kinds of people that plans are for. Others that a stored plan has are added."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        known = {" ".join(kinds): kinds for kinds in _TOGETHER}
        stored = {text: tuple(map(People, text.split())) for text in value if text}
        self.choices = [
            ("", "For: not known"),
            *(
                (text, " and ".join(str(kind.label) for kind in kinds))
                for text, kinds in (known | stored).items()
            ),
        ]
        return super().optgroups(name, value, attrs)


class _PlanInputs(forms.MultiWidget):
    template_name = "admin/desk/plan.html"

    def __init__(self) -> None:
        def words(label: str, size: int) -> dict[str, Any]:
            return {"aria-label": label, "placeholder": label, "size": size}

        def chosen(label: str, *choices: tuple[str, Any]) -> forms.Select:
            return forms.Select(attrs={"aria-label": label}, choices=choices)

        paid = chosen("Paid", ("", "Paid: not known"), (_YES, "Paid"), (_NO, "Free"))
        former = chosen("Former", ("", "Sold"), (_YES, "No longer sold"))
        super().__init__(
            {
                "": forms.TextInput(words("Name of the plan", 20)),
                "aliases": forms.TextInput(words("Other names, between ;", 20)),
                "includes": forms.TextInput(words("Plans it stands for, between ;", 24)),
                "people": _PeopleSelect(attrs={"aria-label": "For whom"}),
                "paid": paid,
                "former": former,
                "since": forms.TextInput(words("Since (2024-07)", 14)),
                "until": forms.TextInput(words("First day without it", 16)),
                "kind": chosen("Kind", *PlanKind.choices),
                "retention": forms.TextInput(words("How long data is kept", 30)),
                "retention_source": forms.TextInput(words("The page that says so", 24)),
            }
        )

    def decompress(self, value: Any) -> list[str]:
        return [""] * len(_ORDER)


class _PlanField(forms.Field):
    """One plan, with what PlanDeclaration says of it."""

    def __init__(self) -> None:
        super().__init__(widget=_PlanInputs())

    def clean(self, value: Any) -> PlanDeclaration:
        typed = dict(
            zip(_ORDER, (" ".join(str(part or "").split()) for part in value), strict=True)
        )
        data: dict[str, Any] = {name: text for name, text in typed.items() if text}
        for name in ("aliases", "includes"):
            if name in data:
                data[name] = [part.strip() for part in typed[name].split(_BETWEEN) if part.strip()]
        if "people" in data:
            data["people"] = typed["people"].split()
        for name in ("paid", "former"):
            if name in data:
                data[name] = typed[name] == _YES
        try:
            return PlanDeclaration.model_validate_json(json.dumps(data))
        except NotDeclared as invalid:
            raise ValidationError(_messages(invalid)) from None


class PlansField(RowsField):
    """The plans of a platform, as Platform.plans keeps them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(_PlanField(), **options)

    def prepare_value(self, value: Any) -> Any:
        return [_as_row(item) if isinstance(item, dict) else item for item in value or []]

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        plans = super().to_python(value)
        written = [plan.as_data() for plan in plans]
        if written:
            try:
                PlansDeclaration.model_validate_json(json.dumps({"list": written}))
            except NotDeclared as invalid:
                raise ValidationError(_messages(invalid)) from None
        return written


def _as_row(plan: dict[str, Any]) -> list[str]:
    between = f"{_BETWEEN} "
    return [
        plan["name"],
        between.join(plan.get("aliases", ())),
        between.join(plan.get("includes", ())),
        " ".join(plan.get("people", ())),
        {True: _YES, False: _NO}.get(plan.get("paid"), ""),  # type: ignore[arg-type]  # None: not known
        _YES if plan.get("former") else "",
        plan.get("since", ""),
        plan.get("until", ""),
        plan.get("kind", PlanKind.PLAN.value),
        plan.get("retention", ""),
        plan.get("retention_source", ""),
    ]


def _messages(invalid: NotDeclared) -> list[str]:
    return [
        f"{_place(error['loc'])}{error['msg'].removeprefix('Value error, ')}."
        for error in invalid.errors()
    ]


def _place(location: tuple[int | str, ...]) -> str:
    words = [str(part) for part in location if isinstance(part, str) and part in _ORDER]
    return f"{words[-1]}: " if words else ""
