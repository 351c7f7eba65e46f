"""Records the verification of a guide's steps on one surface, and updates the guide's banner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from consent.alerts.fan_out.announce import tell_new_steps
from consent.curation.decision_state import GuideMark
from consent.curation.decisions import AlreadyDecidedError
from consent.models import Decision, Guide, GuideStep, GuideSurface, Verification
from consent.models.public_names import chosen_name
from consent.models.revisions import WALKED
from consent.vocabulary import CheckOutcome, PublicationStatus, Ruling
from platforms.guards import public_act
from platforms.record_versions import Act
from platforms.versions import version_of
from platforms.vocabulary import PublicChangeKind

#: One step: what to do, and what should be seen then.
Step = tuple[str, str]


@transaction.atomic
def check_surface(
    surface: GuideSurface,
    outcome: CheckOutcome,
    *,
    curator: User,
    note: str = "",
    steps: Sequence[Step] | None = None,
    seen: str | None = None,
    quiet: bool = False,
) -> Verification:
    """Record the outcome of walking a guide's steps on one surface. Raises ValidationError.

    outcome: RETIRED removes the surface; a guide without surfaces is retracted.
    steps: all steps as they are in the editor. STEPS_CHANGED saves them; any other outcome is
    refused if they differ from the saved ones, because they would be lost.
    seen: `version_of` the stored steps when the curator opened them. Raises AlreadyDecidedError
    when somebody else saved since.
    quiet: nobody is mailed about new steps.
    """
    guide = Guide.objects.select_for_update().get(pk=surface.guide_id)
    if not guide.surfaces.filter(pk=surface.pk).exists():
        raise AlreadyDecidedError("Somebody else took this surface off the guide.")
    if seen is not None and seen != version_of(*stored_steps(surface)):
        raise AlreadyDecidedError("Somebody else changed these steps.")
    if steps is not None:
        _require_consistent(outcome, list(steps), steps_of(surface))
    with public_act(PublicChangeKind.VERIFICATION, by=curator, on=[guide]) as act:
        was_doubtful = guide.is_doubtful()
        checked = _record(
            guide, surface, outcome, act, curator=curator, note=note, steps=steps or ()
        )
        # Steps that are still right, and a surface that was taken off, are no news.
        is_news = outcome == CheckOutcome.STEPS_CHANGED and was_doubtful
        if is_news and not quiet and not guide.is_doubtful():
            tell_new_steps(guide)
        return checked


def _require_consistent(outcome: CheckOutcome, steps: list[Step], saved: list[Step]) -> None:
    """Raise ValidationError when the outcome contradicts the steps in the editor."""
    if outcome != CheckOutcome.STEPS_CHANGED:
        if steps != saved:
            raise ValidationError(
                "You changed the steps: save these, or put them back. Nothing was recorded."
            )
    elif steps == saved:
        raise ValidationError("These are the steps as they were: say that they are still right.")


def _record(
    guide: Guide,
    surface: GuideSurface,
    outcome: CheckOutcome,
    act: Act,
    *,
    curator: User,
    note: str,
    steps: Sequence[Step],
) -> Verification:
    if outcome == CheckOutcome.STEPS_CHANGED and not steps:
        raise ValidationError("Write down the new steps, or say that you cannot check.")
    if outcome in (CheckOutcome.CANNOT_CHECK, CheckOutcome.RETIRED) and not note.strip():
        raise ValidationError("Say why in the note.")
    if outcome == CheckOutcome.STEPS_CHANGED:
        replace_steps(surface, steps)
        if guide.status == PublicationStatus.PUBLISHED:
            # Like any change of a public record: another editor checks it where that is asked for.
            Decision.objects.create(
                guide=guide,
                ruling=Ruling.CHANGE,
                curator=curator,
                note=note,
                act=act.id,
                held={"guide_mark": mark_of(guide)},
            )
    verification = Verification.objects.create(
        guide=guide,
        surface=surface.surface,
        outcome=outcome,
        note=note,
        act=act.id,
        curator=curator,
    )
    if outcome in WALKED:
        surface.verified_on = timezone.localdate()
        surface.verified_by = initials_of(curator)
        surface.reported_broken_at = None
        surface.save(update_fields=["verified_on", "verified_by", "reported_broken_at"])
    elif outcome == CheckOutcome.RETIRED:
        _retire(guide, surface, note)
    _settle(guide)
    return verification


def replace_steps(surface: GuideSurface, steps: Sequence[Step]) -> None:
    """Write the steps of a surface, as part of a decision on its guide."""
    surface.steps.all().delete()
    GuideStep.objects.bulk_create(
        GuideStep(surface=surface, position=position, act=act, expect=expect)
        for position, (act, expect) in enumerate(steps, start=1)
    )


def mark_of(guide: Guide) -> GuideMark:
    """Return the mark of a guide whose source changed, for undoing."""
    at = guide.source_changed_at
    return {"changed_at": at.isoformat() if at else None, "change": guide.source_change_id}


def steps_of(surface: GuideSurface) -> list[Step]:
    return [(step.act, step.expect) for step in surface.steps.all()]


def stored_steps(surface: GuideSurface) -> tuple[QuerySet[Any, Any], ...]:
    """Return the saved steps and verifications of a surface, for `version_of`."""
    walked = surface.guide.verifications.filter(surface=surface.surface)
    return surface.steps.values_list("position", "act", "expect"), walked.values_list("pk")


def initials_of(curator: User) -> str:
    """Return the initials of the name that a curator chose for readers; "" if they chose none."""
    names = chosen_name(curator).split()
    return ("".join(name[0].upper() for name in names) if len(names) > 1 else "".join(names))[:20]


def _retire(guide: Guide, surface: GuideSurface, note: str) -> None:
    surface.delete()
    if not guide.surfaces.exists():
        guide.status = PublicationStatus.RETRACTED
        guide.status_reason = note[:300]
        guide.save(update_fields=["status", "status_reason", "updated_at"])


def _settle(guide: Guide) -> None:
    """Remove "page changed since we checked" once every surface was verified."""
    if guide.source_changed_at is None:
        return
    walked = set(
        guide.verifications.walked()
        .filter(checked_at__gt=guide.source_changed_at)
        .values_list("surface", flat=True)
    )
    surfaces = set(guide.surfaces.values_list("surface", flat=True))
    if not surfaces or not surfaces <= walked:
        return
    guide.source_changed_at = None
    guide.source_change = None
    guide.save(update_fields=["source_changed_at", "source_change", "updated_at"])
