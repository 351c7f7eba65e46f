"""What refusing asks of a person: the frictions of a guide, declared and derived."""

from __future__ import annotations

from consent.models import Guide
from consent.vocabulary import By, ControlScope, Friction, PublicationStatus, Refuse


def frictions_of(guide: Guide) -> list[Friction]:
    """Return what makes refusing harder than one switch, in the order of the closed list.

    Reads the controls of the guide.
    """
    controls = [
        control for control in guide.controls.all() if control.status == PublicationStatus.PUBLISHED
    ]
    found = set(map(Friction, guide.frictions))
    if controls:
        if all(control.scope != ControlScope.EVERYTHING for control in controls):
            found.add(Friction.LIMITED_SCOPE)
        if all(control.refuse == Refuse.SUBMIT for control in controls):
            found.add(Friction.FORM_ONLY)
        if all(control.refuse == Refuse.WRITE for control in controls):
            found.add(Friction.MAIL_ONLY)
        if all(control.by == By.ADMIN for control in controls):
            found.add(Friction.ADMIN_ONLY)
    return [friction for friction in Friction if friction in found]
