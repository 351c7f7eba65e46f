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
from platforms.declarations import CONVERTED, settle, stored_pages
from platforms.models import Page


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


def replace_leftovers(
    uses: Iterable[Use], controls: Iterable[Control], kept: Kept
) -> list[Use | Control]:
    """Delete what was converted by rule and no file took up; return what has to stay.

    A use stays while nothing has its slug, so that its address leads somewhere: the file that takes
    it over may be waiting for somebody to decide about an edit. Its controls stay with it.
    """
    staying: list[Use | Control] = [use for use in uses if not kept.heirs(use)]
    # Controls first: which use was theirs tells what they have become.
    for control in controls:
        if staying and control.uses.filter(pk__in=[use.pk for use in staying]).exists():
            staying.append(control)
        else:
            _replace_control(control, kept)
    for use in uses:
        if use not in staying:
            _replace_use(use, kept)
    return staying


def _replace_control(leftover: Control, kept: Kept) -> None:
    controls = kept.instead_of_control(leftover)
    for guide in leftover.guides.all():
        guide.controls.add(*controls)
    leftover.delete()


def _replace_use(leftover: Use, kept: Kept) -> None:
    # Only what was edited here still names it: everything else was written anew.
    heirs = kept.heirs(leftover)
    uses = [heir for heir in heirs if isinstance(heir, Use)]
    for entry in leftover.entries.all():
        entry.uses.add(*uses)
        entry.controls.add(*(heir for heir in heirs if isinstance(heir, Control)))
    for control in leftover.controls.all():
        control.uses.add(*uses)
    leftover.delete()


class Kept:
    """The uses and controls that files say, by what they were before."""

    def __init__(self, uses: Iterable[Use], controls: Iterable[Control]) -> None:
        self.uses = list(uses)
        self.controls = list(controls)
        # Read anew: what the rows hold in memory is from before the load.
        self._slugs = {use.pk: set(use.former_slugs) for use in self.uses}
        branches = Branch.objects.filter(use__in=self.uses)
        for use_pk, slugs in branches.values_list("use", "former_slugs"):
            self._slugs[use_pk].update(slugs)

    def heirs(self, leftover: Use) -> list[Use | Control]:
        """Return what has the slug of a leftover now, or has it among its former ones."""
        return [
            *(
                use
                for use in self.uses
                if use.platform_id == leftover.platform_id and leftover.slug in self._slugs[use.pk]
            ),
            *(
                control
                for control in self.controls
                if control.platform_id == leftover.platform_id and control.has_been(leftover.slug)
            ),
        ]

    def instead_of_control(self, leftover: Control) -> list[Control]:
        """Return the controls with the label of a leftover, or else those of what it refused."""
        here = [one for one in self.controls if one.platform_id == leftover.platform_id]
        alike = [one for one in here if leftover.label in (one.label, *one.former_labels)]
        if alike:
            return alike
        refused = {use.pk for use in leftover.uses.all()}
        for use in leftover.uses.all():
            refused.update(one.pk for one in self.heirs(use) if isinstance(one, Use))
        reaching = Control.objects.filter(uses__in=refused)
        return [control for control in here if control in reaching]
