"""Marks of what was done, as the address remembers them: the use, and the act as it was.

A mark is `name.revision`, two digests. Addresses of the release before uses and controls name
settings, alone or together as one guide settled them; slugs that uses, branches and controls had
lead from these to uses.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
from math import prod

from consent.ledger.platform_facts import ControlFacts, PlatformFacts
from consent.models import Branch, Control
from consent.public.checklist.directions import Directions
from consent.vocabulary import FORMER_STATE_VALUES, By, Refuse, Route, StateValue

#: Settings that one guide settled together. Chosen: the most in the catalog was 5.
_MOST_TOGETHER = 8
#: Combinations of facts that are tried to prove that nothing changed.
_MOST_TRIED = 5000
_FORMER_VALUE = {new: old for old, new in FORMER_STATE_VALUES.items()}
_ROUTES = {
    Refuse.SUBMIT: Route.FORM,
    Refuse.WRITE: Route.EMAIL,
    Refuse.ASK_ADMIN: Route.ADMIN_CONSOLE,
    Refuse.DELETE: Route.ACCOUNT_DELETION,
}


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
    """The marks of an address, and what they say of uses, which go by their keys.

    _names: former ones. _unchanged: uses of which a mark of before proves that nothing changed.
    """

    given: list[str]
    _names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _unchanged: set[str] = field(default_factory=set)

    def revisions(self, use: str) -> set[str]:
        """Return the revisions with which a use was marked, however it was called then."""
        names = self._names_of(use)
        marks = (mark.partition(".") for mark in self.given)
        return {revision for name, _dot, revision in marks if name in names}

    def unchanged(self, use: str) -> bool:
        """Return whether a mark of the release before proves that nothing changed."""
        return use in self._unchanged

    def without(self, uses: Iterable[str]) -> list[str]:
        """Return the marks of other uses; one of several uses stays for the others."""
        cleared = set(uses)
        names = {name for use in cleared for name in self._names_of(use)}
        for use in self._names.keys() - cleared:
            names -= self._names[use]
        return [mark for mark in self.given if mark.partition(".")[0] not in names]

    def _names_of(self, use: str) -> set[str]:
        return {digest(use), *self._names.get(use, ())}

    def read_former(
        self, picked: Iterable[PlatformFacts], directions: Mapping[str, Directions]
    ) -> None:
        """Find the uses of marks under former names. Two queries if there are any marks."""
        if not self.given:
            return
        by_name: dict[str, list[str]] = defaultdict(list)
        for mark in self.given:
            name, _dot, revision = mark.partition(".")
            by_name[name].append(revision)
        picked = list(picked)
        slugs = _former_slugs([facts.slug for facts in picked])
        for facts in picked:
            old = _OldPlatform(facts, slugs.get(facts.slug, {}), directions)
            for group in old.groups():
                name = digest("\n".join(sorted(f"{facts.slug}/{slug}" for slug in group)))
                if revisions := by_name.get(name):
                    uses = {use for slug in group for use in old.led_to[slug].uses}
                    for use in uses:
                        self._names[use].add(name)
                    if not old.revisions_of(group).isdisjoint(revisions):
                        self._unchanged |= uses


@dataclass(slots=True)
class _LedTo:
    """What a setting became, by keys: uses, or a control with the uses that it refuses."""

    uses: set[str] = field(default_factory=set)
    controls: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _OldPlatform:
    """What the settings of a platform were, as far as its uses and controls still show it."""

    facts: PlatformFacts
    led_to: Mapping[str, _LedTo]
    directions: Mapping[str, Directions]

    def groups(self) -> Iterator[tuple[str, ...]]:
        """Return the groups of settings that can have been a task: one, or some of a guide."""
        found: set[tuple[str, ...]] = {(slug,) for slug in self.led_to}
        for slugs in self._slugs_by_guide().values():
            together = sorted(slugs)[:_MOST_TOGETHER]
            for size in range(2, len(together) + 1):
                found.update(combinations(together, size))
        yield from found

    def revisions_of(self, group: tuple[str, ...]) -> set[str]:
        """Return the revisions that a mark of the group has if nothing was recorded otherwise."""
        choices = [self._facts_of(slug) for slug in group]
        if prod(map(len, choices)) > _MOST_TRIED:
            return set()
        return {digest("\n\n".join(sorted(choice))) for choice in product(*choices)}

    def _slugs_by_guide(self) -> Mapping[str, set[str]]:
        by_guide: dict[str, set[str]] = defaultdict(set)
        for control in self.facts.controls:
            for guide in self._directions(control).guides:
                by_guide[guide.slug].update(
                    slug
                    for slug, became in self.led_to.items()
                    if control.key in became.controls
                    or (not became.controls and not became.uses.isdisjoint(control.uses))
                )
        return by_guide

    def _facts_of(self, slug: str) -> set[str]:
        """Return what a revision can have covered: label, path, route, state and its start."""
        uses = self.led_to[slug].uses
        states = {
            f"{_FORMER_VALUE.get(state.value, state.value)}\n{state.since}"
            for use in self.facts.uses
            if use.key in uses
            for branch in use.branches
            for state in branch.states
        }
        ways = {
            f"{control.words}\n{path}\n{_route(control)}"
            for control in self.facts.controls
            if not uses.isdisjoint(control.uses)
            for path in (*self._directions(control).paths, "")
        }
        return {f"{way}\n{state}" for way, state in product(ways, states)}

    def _directions(self, control: ControlFacts) -> Directions:
        return self.directions.get(control.key, Directions())


def _route(control: ControlFacts) -> Route:
    if control.by == By.ADMIN:
        return Route.ADMIN_CONSOLE
    return _ROUTES.get(control.refuse, Route.SWITCH)


def _former_slugs(platforms: list[str]) -> Mapping[str, Mapping[str, _LedTo]]:
    """Return, by platform, what each slug leads to that a use, a branch or a control has or had."""
    found: dict[str, dict[str, _LedTo]] = defaultdict(lambda: defaultdict(_LedTo))
    branches = Branch.objects.filter(use__platform__slug__in=platforms)
    for platform, slug, of_use, of_branch in branches.values_list(
        "use__platform__slug", "use__slug", "use__former_slugs", "former_slugs"
    ):
        for former in (slug, *of_use, *of_branch):
            found[platform][former].uses.add(f"{platform}/{slug}")
    controls = Control.objects.filter(platform__slug__in=platforms)
    for platform, slug, former_slugs, of, use in controls.values_list(
        "platform__slug", "slug", "former_slugs", "uses__platform__slug", "uses__slug"
    ):
        for former in (slug, *former_slugs):
            found[platform][former].uses.add(f"{of}/{use}")
            found[platform][former].controls.add(f"{platform}/{slug}")
    return found
