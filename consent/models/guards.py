"""What of this room readers see, for the database to guard (platforms/guards.py)."""

from __future__ import annotations

from consent.models import (
    Branch,
    Change,
    Control,
    ControlSurface,
    Entry,
    Guide,
    GuideStep,
    GuideSurface,
    Offer,
    Passage,
    ProviderStatement,
    Reference,
    Source,
    State,
    Use,
)
from platforms.guards import Guard, guard

#: Written when files are loaded, when a page changes and when readers report: no words of ours.
_DECLARED = ("origin", "declared_digest")
_RESTING = ("source_changed_at", "source_change")

_ENTRY = ("consent.entry", "{row}.entry_id")
_GUIDE = ("consent.guide", "{row}.guide_id")
_USE = ("consent.use", "{row}.use_id")
_CONTROL = ("consent.control", "{row}.control_id")
_STATEMENT = ("consent.providerstatement", "{row}.statement_id")


def _is_public(table: str, number: str) -> str:
    # Both are names of ours, never input.
    return f"EXISTS (SELECT 1 FROM {table} WHERE id = {number} AND status <> 'draft')"  # noqa: S608


_OF_ENTRY = _is_public("consent_entry", "{row}.entry_id")
_OF_GUIDE = _is_public("consent_guide", "{row}.guide_id")
_OF_USE = _is_public("consent_use", "{row}.use_id")
_OF_CONTROL = _is_public("consent_control", "{row}.control_id")

_GUIDE_OF_STEP = "(SELECT guide_id FROM consent_guidesurface WHERE id = {row}.surface_id)"
_USE_OF_STATE = "(SELECT use_id FROM consent_branch WHERE id = {row}.branch_id)"
_USE_OF_SOURCE = (
    "(SELECT use_id FROM consent_branch WHERE id ="
    " (SELECT branch_id FROM consent_state WHERE id = {row}.state_id))"
)
_OF_SOURCE = (
    f"{_OF_ENTRY} OR {_OF_GUIDE} OR {_is_public('consent_use', _USE_OF_SOURCE)}"
    " OR {row}.statement_id IS NOT NULL"
)


def _of_passage(column: str) -> str:
    return f"(SELECT {column} FROM consent_source WHERE id = {{row}}.source_id)"  # noqa: S608


_USE_OF_PASSAGE = _USE_OF_SOURCE.replace("{row}.state_id", _of_passage("state_id"))


def guard_entries() -> None:
    """Guard entries, uses, controls and guides with all that belongs to them."""
    guard(*_entries(), *_evidence(), *_uses_and_controls(), *_guides())


def _entries() -> tuple[Guard, ...]:
    return (
        Guard(
            Entry,
            public="{row}.status <> 'draft'",
            owners=(("consent.entry", "{row}.id"),),
            free=(*_DECLARED, "updated_at"),
        ),
        *(
            Guard(through, public=_OF_ENTRY, owners=(_ENTRY,))
            for through in (
                Entry.platforms.through,
                Entry.uses.through,
                Entry.controls.through,
                Entry.references.through,
            )
        ),
        # The difference that a change shows is on the page of its entry.
        Guard(Change, public=_OF_ENTRY, owners=(_ENTRY,), only=("entry", "status")),
        Guard(
            ProviderStatement,
            owners=(("consent.providerstatement", "{row}.id"),),
            free=_DECLARED,
        ),
        Guard(
            ProviderStatement.platforms.through,
            owners=(("consent.providerstatement", "{row}.providerstatement_id"),),
        ),
        Guard(Reference, owners=(("consent.reference", "{row}.id"),), free=_DECLARED),
    )


def _evidence() -> tuple[Guard, ...]:
    return (
        Guard(
            Source,
            public=_OF_SOURCE,
            owners=(_ENTRY, _GUIDE, ("consent.use", _USE_OF_SOURCE), _STATEMENT),
        ),
        Guard(
            Passage,
            public=" OR ".join(
                _is_public(table, number)
                for table, number in (
                    ("consent_entry", _of_passage("entry_id")),
                    ("consent_guide", _of_passage("guide_id")),
                    ("consent_use", _USE_OF_PASSAGE),
                )
            )
            + f" OR {_of_passage('statement_id')} IS NOT NULL",
            owners=(
                ("consent.entry", _of_passage("entry_id")),
                ("consent.guide", _of_passage("guide_id")),
                ("consent.use", _USE_OF_PASSAGE),
            ),
            # The same words, read once their archive is at hand: the hash vouches for them.
            free=("words",),
        ),
    )


def _uses_and_controls() -> tuple[Guard, ...]:
    return (
        *(
            Guard(
                model,
                public="{row}.status <> 'draft'",
                owners=((label, "{row}.id"),),
                free=(*_DECLARED, *_RESTING),
            )
            for model, label in ((Use, "consent.use"), (Control, "consent.control"))
        ),
        Guard(Use.pages.through, public=_OF_USE, owners=(_USE,)),
        Guard(Branch, public=_OF_USE, owners=(_USE,)),
        Guard(
            State,
            public=_is_public("consent_use", _USE_OF_STATE),
            owners=(("consent.entry", "{row}.opened_by_id"), ("consent.use", _USE_OF_STATE)),
        ),
        *(
            Guard(model, public=_OF_CONTROL, owners=(_CONTROL,))
            for model in (
                Control.pages.through,
                Control.uses.through,
                ControlSurface,
                Offer,
            )
        ),
    )


def _guides() -> tuple[Guard, ...]:
    return (
        Guard(
            Guide,
            public="{row}.status <> 'draft'",
            owners=(("consent.guide", "{row}.id"),),
            free=(*_DECLARED, *_RESTING, "updated_at"),
        ),
        *(
            Guard(through, public=_OF_GUIDE, owners=(_GUIDE,))
            for through in (Guide.controls.through, Guide.pages.through)
        ),
        Guard(
            GuideSurface,
            public=_OF_GUIDE,
            owners=(_GUIDE,),
            free=("reported_broken_at",),
        ),
        Guard(
            GuideStep,
            public=_OF_GUIDE.replace("{row}.guide_id", _GUIDE_OF_STEP),
            owners=(("consent.guide", _GUIDE_OF_STEP),),
        ),
    )
