"""What of this room readers see, for the database to guard (platforms/guards.py)."""

from __future__ import annotations

from consent.models import (
    Change,
    Entry,
    Guide,
    GuideStep,
    GuideSurface,
    Reference,
    Setting,
    Source,
    State,
)
from platforms.guards import Guard, guard

#: Written when files are loaded, when a page changes and when readers report: no words of ours.
_DECLARED = ("origin", "declared_digest")
_RESTING = ("source_changed_at", "source_change")

_OF_ENTRY = "EXISTS (SELECT 1 FROM consent_entry WHERE id = {row}.entry_id AND status <> 'draft')"
_OF_GUIDE = "EXISTS (SELECT 1 FROM consent_guide WHERE id = {row}.guide_id AND status <> 'draft')"
_GUIDE_OF_STEP = "(SELECT guide_id FROM consent_guidesurface WHERE id = {row}.surface_id)"
_ENTRY = ("consent.entry", "{row}.entry_id")
_GUIDE = ("consent.guide", "{row}.guide_id")
_SETTING = ("consent.setting", "{row}.setting_id")


def guard_entries() -> None:
    """Guard entries, settings and guides with all that belongs to them."""
    guard(
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
                Entry.settings.through,
                Entry.references.through,
            )
        ),
        Guard(Source, public=f"{_OF_ENTRY} OR {_OF_GUIDE}", owners=(_ENTRY, _GUIDE)),
        # The difference that a change shows is on the page of its entry.
        Guard(Change, public=_OF_ENTRY, owners=(_ENTRY,), only=("entry", "status")),
        Guard(Reference, owners=(("consent.reference", "{row}.id"),), free=_DECLARED),
        Guard(
            Setting,
            owners=(("consent.setting", "{row}.id"),),
            free=(*_DECLARED, *_RESTING),
        ),
        Guard(Setting.pages.through, owners=(_SETTING,)),
        Guard(
            State,
            owners=(
                ("consent.entry", "{row}.opened_by_id"),
                ("consent.entry", "{row}.closed_by_id"),
                _SETTING,
            ),
        ),
        Guard(
            Guide,
            public="{row}.status <> 'draft'",
            owners=(("consent.guide", "{row}.id"),),
            free=(*_DECLARED, *_RESTING, "updated_at"),
        ),
        *(
            Guard(through, public=_OF_GUIDE, owners=(_GUIDE,))
            for through in (Guide.settings.through, Guide.pages.through)
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
