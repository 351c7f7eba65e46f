"""What a migration made of records of format 1 by rule, until files of format 2 take it up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from consent.declarations.records import (
    stored_controls,
    stored_entries,
    stored_guides,
    stored_references,
    stored_uses,
)
from consent.models import Branch, Control, Entry, Guide, Reference, Use
from platforms.declarations import CONVERTED, is_converted, settle, stored_pages
from platforms.models import Page, Platform


def settle_conversions(*, using: str, **_: Any) -> None:
    """Receiver of post_migrate: note what records say that this migrate converted."""
    tables = set(connections[using].introspection.table_names())
    models = (Reference, Use, Control, Entry, Guide, Page)
    if using != DEFAULT_DB_ALIAS or not tables.issuperset(
        model._meta.db_table for model in (*models, Branch)
    ):
        return  # An early, partial migrate.
    if not any(model.objects.filter(declared_digest=CONVERTED).exists() for model in models):
        return
    for stored in (stored_references(), stored_uses(), stored_controls(), stored_guides()):
        settle(stored.values())
    settle(stored_pages().values())
    settle(stored_entries().values(), leave_out=("updated",))


def delete_leftovers(
    platforms: Iterable[Platform], uses: Iterable[Use], controls: Iterable[Control]
) -> None:
    """Delete what was converted by rule on these platforms and no file took up.

    uses, controls: what the files say. Where a record that was edited here names a leftover, it
    names from then on what the files made of it.
    """
    wanted = {*uses, *controls}
    for platform in platforms:
        at_hand = _AtHand(platform)
        # Controls first: which use was theirs tells what they have become.
        for control in set(at_hand.controls) - wanted:
            if is_converted(control):
                for guide in control.guides.all():
                    guide.controls.add(*at_hand.successors_of_control(control, wanted))
                control.delete()
        for use in set(at_hand.uses) - wanted:
            if is_converted(use):
                now_uses, now_controls = at_hand.successors_of_use(use)
                for entry in use.entries.all():
                    entry.uses.add(*now_uses)
                    entry.controls.add(*now_controls)
                for control in use.controls.all():
                    control.uses.add(*now_uses)
                use.delete()


class _AtHand:
    """The uses and controls of a platform after a load, leftovers among them."""

    def __init__(self, platform: Platform) -> None:
        self.uses = list(platform.uses.prefetch_related("branches"))
        self.controls = list(platform.controls.prefetch_related("uses"))

    def successors_of_use(self, leftover: Use) -> tuple[list[Use], list[Control]]:
        """Return what the files keep under the slug of a leftover."""
        slug = leftover.slug
        uses = [
            use
            for use in self.uses
            if slug in use.former_slugs
            or any(slug in branch.former_slugs for branch in use.branches.all())
        ]
        return uses, [control for control in self.controls if slug in control.former_slugs]

    def successors_of_control(self, leftover: Control, wanted: Iterable[object]) -> list[Control]:
        """Return the controls with its label, or else those of the use that it refused."""
        known = [control for control in self.controls if control in wanted]
        alike = [
            control
            for control in known
            if leftover.label in (control.label, *control.former_labels)
        ]
        if alike:
            return alike
        refused = set(leftover.uses.all())
        for use in list(refused):
            refused.update(self.successors_of_use(use)[0])
        return [control for control in known if refused & set(control.uses.all())]
