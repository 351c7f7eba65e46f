"""What refusing asks of a person: the frictions of a guide, declared and derived."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from consent.ledger.platform_facts import ControlFacts
from consent.vocabulary import BY_ADMIN, ActCovers, Friction, Refuse


def frictions_of(declared: Iterable[str], acts: Collection[ControlFacts]) -> list[Friction]:
    """Return what makes refusing harder than one switch, in the order of the closed list.

    declared: the frictions that the file of a guide names. acts: the published controls of it.
    """
    found = set(map(Friction, declared))
    if acts:
        if all(act.act_covers != ActCovers.EVERYTHING for act in acts):
            found.add(Friction.LIMITED_SCOPE)
        if all(act.needs_payment for act in acts):
            found.add(Friction.NEEDS_PAYMENT)
        if all(act.only_at_times for act in acts):
            found.add(Friction.ONLY_AT_TIMES)
        if all(act.refuse == Refuse.SUBMIT for act in acts):
            found.add(Friction.FORM_ONLY)
        if all(act.refuse == Refuse.WRITE for act in acts):
            found.add(Friction.MAIL_ONLY)
        if all(act.by in BY_ADMIN for act in acts):
            found.add(Friction.ADMIN_ONLY)
    return [friction for friction in Friction if friction in found]
