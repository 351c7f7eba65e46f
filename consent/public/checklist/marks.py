"""Marks of what was done, as the address remembers them: the use, and the act as it was.

A mark is `name.revision`, two digests.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from consent.ledger.platform_facts import ControlFacts
from consent.models import Use
from consent.vocabulary import StateValue


def revision_of(control: ControlFacts, paths: Iterable[str], values: Collection[StateValue]) -> str:
    """Return the revision of a use in these states that is refused by a control.

    It changes whenever a reader would have to look again: another label, act, path or state.
    """
    facts = (control.words, control.refuse, control.to, *sorted(paths), *sorted(values))
    return digest("\n".join(facts))


def digest(text: str) -> str:
    return hashlib.blake2s(text.encode(), digest_size=4).hexdigest()


@dataclass(slots=True)
class Marks:
    """The marks of an address, and what they say of uses, which go by their keys."""

    given: list[str]
    _former_names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def read_former_names(self, platforms: Iterable[str]) -> None:
        """Find the former names of the uses of platforms. One query if there are any marks."""
        if not self.given:
            return
        renamed = Use.objects.filter(platform__slug__in=platforms).exclude(former_slugs=[])
        for platform, slug, former_slugs in renamed.values_list(
            "platform__slug", "slug", "former_slugs"
        ):
            names = {digest(f"{platform}/{former}") for former in former_slugs}
            self._former_names[f"{platform}/{slug}"] = names

    def revisions(self, use: str) -> set[str]:
        """Return the revisions with which a use was marked, however it was called then."""
        names = self._names_of(use)
        marks = (mark.partition(".") for mark in self.given)
        return {revision for name, _dot, revision in marks if name in names}

    def without(self, uses: Iterable[str]) -> list[str]:
        """Return the marks of other uses."""
        names = {name for use in uses for name in self._names_of(use)}
        return [mark for mark in self.given if mark.partition(".")[0] not in names]

    def _names_of(self, use: str) -> set[str]:
        return {digest(use), *self._former_names.get(use, ())}
