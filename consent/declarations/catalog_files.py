"""Files of a folder → a catalog, with every mistake in and between the files."""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from pydantic import TypeAdapter

from consent.declarations.catalog import REFERENCES, Catalog, in_full
from consent.declarations.claims import CLAIMS, ClaimsFile
from consent.declarations.defaults import completed, with_sources_named
from consent.declarations.evidence import ReferenceDeclaration, ReferencesFile
from consent.declarations.plan_names import Plans, why_no_plan, why_not_for
from consent.declarations.provider_statements import (
    STATEMENTS,
    StatementDeclaration,
    StatementsFile,
)
from consent.declarations.schema import (
    CatalogFile,
    ControlDeclaration,
    ControlSurfaceDeclaration,
    EntryDeclaration,
    GuideDeclaration,
    StateDeclaration,
    UseDeclaration,
)
from consent.language_data import catalog_words, words_file
from consent.request_parameters import request_parameter
from consent.vocabulary import People, Refuse, Surface
from platforms.declarations import (
    CatalogError,
    Location,
    PlatformDeclaration,
    Problem,
    YamlSource,
    read_yaml,
)

_HasFormerSlugs = TypeVar(
    "_HasFormerSlugs", PlatformDeclaration, UseDeclaration, ControlDeclaration, GuideDeclaration
)
_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
_WORDS = TypeAdapter(dict[str, dict[str, str]])


def read_catalog(folder: Path) -> Catalog:
    """Return the catalog in the files of a folder. Raises CatalogError with all mistakes found."""
    paths = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not paths:
        raise CatalogError([Problem(str(folder), None, "", "has no catalog files (*.yaml)")])
    problems: list[Problem] = []
    read: dict[str, tuple[YamlSource, CatalogFile]] = {}
    references: tuple[YamlSource, ReferencesFile] | None = None
    statements: tuple[YamlSource, StatementsFile] | None = None
    claims: tuple[YamlSource, ClaimsFile] | None = None
    for path in paths:
        try:
            source = read_yaml(path.read_text(encoding="utf-8"), path.name)
            if path.stem == REFERENCES:
                references = (source, source.validated(ReferencesFile))
            elif path.stem == STATEMENTS:
                source = with_sources_named(source)
                statements = (source, source.validated(StatementsFile))
            elif path.stem == CLAIMS:
                source = with_sources_named(source)
                claims = (source, source.validated(ClaimsFile))
            else:
                source = completed(source)
                read[path.stem] = (source, source.validated(CatalogFile))
        except UnicodeDecodeError as error:
            problems.append(Problem(path.name, None, "", f"is not UTF-8 at byte {error.start}"))
        except CatalogError as error:
            problems += error.problems
    words: dict[str, dict[str, dict[str, str]]] = {}
    for language, _name in settings.LANGUAGES:
        try:
            words[language] = _WORDS.validate_python(catalog_words(folder, language))
        except ValueError as error:
            problems.append(Problem(words_file(language), None, "", str(error)))
    if problems:
        raise CatalogError(problems)
    catalog = _Assembly(read, references, statements, claims).catalog()
    by_slug = {each.slug: each for each in claims[1].claims} if claims else {}
    return replace(catalog, claims=by_slug, words=words)


def _all_in_full(names: Iterable[str], platform: str) -> tuple[str, ...]:
    return tuple(sorted(in_full(name, platform) for name in names))


class _Assembly:
    """Builds a catalog from files and collects the problems between them."""

    def __init__(
        self,
        files: Mapping[str, tuple[YamlSource, CatalogFile]],
        references: tuple[YamlSource, ReferencesFile] | None,
        statements: tuple[YamlSource, StatementsFile] | None,
        claims: tuple[YamlSource, ClaimsFile] | None = None,
    ) -> None:
        self.files = files
        self.claims = claims
        self.problems: list[Problem] = []
        self.former_platforms: set[str] = set()
        self.references: dict[str, ReferenceDeclaration] = {}
        if references is not None:
            self._add_references(*references)
        self.statements: dict[str, StatementDeclaration] = {}
        if statements is not None:
            self._add_statements(*statements)
        self.uses = {
            f"{slug}/{use.slug}": _in_order(use)
            for slug, (_, file) in files.items()
            for use in file.uses
        }
        self.controls = {
            f"{slug}/{control.slug}": _in_order(control).model_copy(
                update={"uses": _all_in_full(control.uses, slug)}
            )
            for slug, (_, file) in files.items()
            for control in file.controls
        }
        self.plans: dict[str, Plans] = {
            slug: {plan.name: plan for plan in file.plans.of} if file.plans else {}
            for slug, (_, file) in files.items()
        }
        self.entries: dict[str, EntryDeclaration] = {}
        self.guides: dict[tuple[str, str], GuideDeclaration] = {}
        self.guide_slugs = {guide.slug for _, file in files.values() for guide in file.guides}
        self.former_guides: set[str] = set()

    def catalog(self) -> Catalog:
        for slug, (source, file) in self.files.items():
            self._check_names(slug, source, file)
        for slug, (source, file) in self.files.items():
            self._add_entries(slug, source, file)
            self._add_guides(slug, source, file)
        for slug, (source, file) in self.files.items():
            self._check_uses(slug, source, file)
            self._check_controls(slug, source, file)
            self._check_links(source, file)
        if self.claims is not None:
            self._check_claims(*self.claims)
        if self.problems:
            raise CatalogError(self.problems)
        return Catalog(
            platforms={slug: _in_order(file.platform()) for slug, (_, file) in self.files.items()},
            pages={
                (slug, page.url): page
                for slug, (_, file) in self.files.items()
                for page in file.pages
            },
            uses=self.uses,
            controls=self.controls,
            entries=self.entries,
            guides=self.guides,
            references=self.references,
            statements=self.statements,
        )

    def _note(self, source: YamlSource, location: Location, message: str) -> None:
        self.problems.append(source.problem(location, message))

    def _add_references(self, source: YamlSource, file: ReferencesFile) -> None:
        for place, reference in enumerate(file.references):
            if reference.slug in self.references:
                self._note(source, ("references", place, "slug"), _twice(reference.slug))
            self.references[reference.slug] = reference

    def _add_statements(self, source: YamlSource, file: StatementsFile) -> None:
        for place, statement in enumerate(file.statements):
            here = ("statements", place)
            if statement.key in self.statements:
                self._note(source, (*here, "key"), _twice(statement.key))
            known = (*here, "platforms")
            self._check_known(source, known, statement.platforms, self.files, "platform")
            self.statements[statement.key] = statement.model_copy(
                update={"platforms": tuple(sorted(statement.platforms))}
            )

    def _check_claims(self, source: YamlSource, file: ClaimsFile) -> None:
        """Claims stay in their file; what they rest on must be in the others."""
        slugs: list[str] = []
        for place, claim in enumerate(file.claims):
            here = ("claims", place)
            if claim.slug in slugs:
                self._note(source, (*here, "slug"), _twice(claim.slug))
            slugs.append(claim.slug)
            self._check_known(source, (*here, "platforms"), claim.platforms, self.files, "platform")
            self._check_known(source, (*here, "uses"), claim.uses, self.uses, "use")
            self._check_known(source, (*here, "entries"), claim.entries, self.entries, "entry")

    def _check_names(self, slug: str, source: YamlSource, file: CatalogFile) -> None:
        if not re.fullmatch(_SLUG, slug) or len(slug) > 60:
            self._note(source, (), "the file's name must be a slug such as meta-ai.yaml")
        urls = [page.url for page in file.pages]
        for place, url in enumerate(urls):
            if url in urls[:place]:
                self._note(source, ("pages", place), _twice(url))
        self._check_former(source, (), file.former_slugs, self.files, self.former_platforms)
        self._check_record_slugs(source, file)

    def _check_record_slugs(self, source: YamlSource, file: CatalogFile) -> None:
        """Uses and controls of a platform share one space of slugs, former ones included."""
        present, former = set[str](), set[str]()
        records: list[tuple[str, int, UseDeclaration | ControlDeclaration]] = [
            *(("uses", place, use) for place, use in enumerate(file.uses)),
            *(("controls", place, control) for place, control in enumerate(file.controls)),
        ]
        for part, place, record in records:
            if record.slug in present:
                self._note(source, (part, place, "slug"), _twice(record.slug))
            present.add(record.slug)
        for part, place, record in records:
            self._check_former(source, (part, place), record.former_slugs, present, former)
            if isinstance(record, UseDeclaration):
                for at, branch in enumerate(record.branches):
                    here = (part, place, "branches", at)
                    self._check_former(source, here, branch.former_slugs, present, former)

    def _check_uses(self, slug: str, source: YamlSource, file: CatalogFile) -> None:
        pages = {page.url for page in file.pages}
        for place, use in enumerate(file.uses):
            here = ("uses", place)
            self._check_known(source, (*here, "pages"), use.pages, pages, "page of this file")
            if use.part:
                part = (*here, "part")
                known = file.parts
                self._check_known(
                    source, part, [use.part], known, "part of this file", listed=False
                )
            for at, branch in enumerate(use.branches):
                branch_at = (*here, "branches", at)
                self._check_plans(source, branch_at, branch.plans, self.plans[slug], branch.people)
                states = (*branch_at, "states")
                for message, location in _state_problems(branch.states):
                    self._note(source, (*states, *location), message)
                for number, state in enumerate(branch.states):
                    there = (*states, number, "opened_by")
                    self._check_entry_names(
                        source, there, state.opened_by, "uses", f"{slug}/{use.slug}"
                    )

    def _check_controls(self, slug: str, source: YamlSource, file: CatalogFile) -> None:
        pages = {page.url for page in file.pages}
        for place, control in enumerate(file.controls):
            here = ("controls", place)
            uses = [in_full(name, slug) for name in control.uses]
            self._check_known(source, (*here, "uses"), uses, self.uses, "use")
            self._check_known(source, (*here, "pages"), control.pages, pages, "page of this file")
            self._check_surfaces(source, here, [surface.surface for surface in control.surfaces])
            if control.refuse == Refuse.SEND_PARAMETER:
                self._check_parameters(source, here, control.surfaces)
            for at, offer in enumerate(control.offered):
                there = (*here, "offered", at)
                self._check_plans(source, there, offer.plans, self.plans[slug], offer.people)
                for role, key in (("opened_by", offer.opened_by), ("closed_by", offer.closed_by)):
                    self._check_entry_names(source, (*there, role), key, "", "")
                if offer.since and offer.until and offer.until.on <= offer.since.on:
                    self._note(
                        source, (*there, "until"), f"ends {offer.until}, not after it begins"
                    )

    def _check_plans(
        self,
        source: YamlSource,
        here: Location,
        names: Sequence[str],
        plans: Plans,
        people: Iterable[People],
    ) -> None:
        for place, name in enumerate(names):
            problem = why_no_plan(name, plans) or why_not_for(name, people, plans)
            if problem:
                self._note(source, (*here, "plans", place), problem)

    def _check_entry_names(
        self,
        source: YamlSource,
        location: Location,
        key: str | None,
        part: str,
        name: str,
    ) -> None:
        """Note an unknown entry, and one that does not name a record in one of its lists."""
        if key is None:
            return
        self._check_known(source, location, [key], self.entries, "entry key", listed=False)
        entry = self.entries.get(key)
        if entry is not None and part and name not in getattr(entry, part):
            self._note(source, location, f"entry {key} does not name {name} in its {part}; add it")

    def _check_links(self, source: YamlSource, file: CatalogFile) -> None:
        for place, entry in enumerate(file.entries):
            follows, outcome = ("entries", place, "follows"), ("entries", place, "outcome")
            for location, key in ((follows, entry.follows), (outcome, entry.outcome)):
                self._check_entry_names(source, location, key, "", "")
            if entry.outcome is not None and entry.announced is None:
                self._note(source, outcome, "only an announcement has an outcome")
            if entry.key in self._followed_by(entry.key):
                self._note(
                    source,
                    follows,
                    f"{entry.key} follows itself, through others or not; take one link out",
                )

    def _followed_by(self, key: str) -> list[str]:
        """Return the keys that an entry follows, directly and through others; each once."""
        followed: list[str] = []
        while (entry := self.entries.get(key)) and entry.follows and entry.follows not in followed:
            key = entry.follows
            followed.append(key)
        return followed

    def _check_parameters(
        self, source: YamlSource, here: Location, surfaces: Sequence[ControlSurfaceDeclaration]
    ) -> None:
        for at, surface in enumerate(surfaces):
            if surface.surface == Surface.API and not request_parameter(surface.path):
                message = "write query, header or body with name=value, or host: “query: store=0”"
                self._note(source, (*here, "surfaces", at, "path"), message)

    def _check_surfaces(
        self, source: YamlSource, here: Location, surfaces: Sequence[Surface]
    ) -> None:
        for at, surface in enumerate(surfaces):
            if surface in surfaces[:at]:
                self._note(source, (*here, "surfaces", at, "surface"), _twice(surface.value))
        if Surface.ANY in surfaces and len(surfaces) > 1:
            self._note(source, (*here, "surfaces"), "any stands alone, without other surfaces")

    def _add_entries(self, slug: str, source: YamlSource, file: CatalogFile) -> None:
        for place, entry in enumerate(file.entries):
            here = ("entries", place)
            platforms = entry.platforms or (slug,)
            self._check_known(source, (*here, "platforms"), platforms, self.files, "platform")
            if list(platforms) != sorted(set(platforms)):
                self._note(source, (*here, "platforms"), "sort the platforms, each once")
            elif platforms[0] != slug:
                self._note(
                    source,
                    (*here, "platforms"),
                    f"belongs in {platforms[0]}.yaml, the first of them",
                )
            plans = {k: plan for each in platforms for k, plan in self.plans.get(each, {}).items()}
            self._check_plans(source, here, entry.plans, plans, entry.people)
            uses, controls = _all_in_full(entry.uses, slug), _all_in_full(entry.controls, slug)
            self._check_known(source, (*here, "uses"), uses, self.uses, "use")
            self._check_known(source, (*here, "controls"), controls, self.controls, "control")
            self._check_known(
                source, (*here, "references"), entry.references, self.references, "reference"
            )
            if entry.key in self.entries:
                self._note(source, (*here, "key"), _twice(entry.key))
                continue
            self.entries[entry.key] = entry.model_copy(
                update={
                    "platforms": tuple(platforms),
                    "uses": uses,
                    "controls": controls,
                    "references": tuple(sorted(entry.references)),
                }
            )

    def _add_guides(self, slug: str, source: YamlSource, file: CatalogFile) -> None:
        pages = {page.url for page in file.pages}
        taken = {guide_slug for _, guide_slug in self.guides}
        for place, guide in enumerate(file.guides):
            here = ("guides", place)
            controls = _all_in_full(guide.controls, slug)
            of_this_platform = [name for name in self.controls if name.startswith(f"{slug}/")]
            self._check_known(
                source, (*here, "controls"), controls, of_this_platform, "control of this platform"
            )
            self._check_known(source, (*here, "pages"), guide.pages, pages, "page of this file")
            self._check_plans(source, here, guide.plans, self.plans[slug], ())
            self._check_surfaces(source, here, [surface.surface for surface in guide.surfaces])
            if guide.slug in taken:
                self._note(source, (*here, "slug"), _twice(guide.slug))
            taken.add(guide.slug)
            self._check_former(
                source, here, guide.former_slugs, self.guide_slugs, self.former_guides
            )
            self.guides[slug, guide.slug] = _in_order(guide).model_copy(
                update={"controls": controls}
            )

    def _check_former(
        self,
        source: YamlSource,
        location: Location,
        former: Iterable[str],
        present: Container[str],
        taken: set[str],
    ) -> None:
        """Note former slugs that another record has now (present) or also claims (taken)."""
        for place, slug in enumerate(former):
            there = (*location, "former_slugs", place)
            if slug in present:
                self._note(source, there, f"{slug!r} is in use; take it out, or rename its owner")
            elif slug in taken:
                self._note(source, there, _twice(slug))
            taken.add(slug)

    def _check_known(
        self,
        source: YamlSource,
        location: Location,
        names: Iterable[str],
        known: Iterable[str],
        what: str,
        *,
        listed: bool = True,
    ) -> None:
        for place, name in enumerate(names):
            if name in set(known):
                continue
            close = difflib.get_close_matches(name, list(known), n=1)
            hint = f"did you mean {close[0]!r}?" if close else "add it or take the name out"
            if what == "platform" and name in self.former_platforms:
                hint = "it was renamed; write its present one"
            there = (*location, place) if listed else location
            self._note(source, there, f"no {what} {name!r}; {hint}")


def _in_order(declaration: _HasFormerSlugs) -> _HasFormerSlugs:
    """Return a declaration with its former slugs and pages sorted: their order says nothing."""
    lists = [name for name in ("former_slugs", "pages") if name in type(declaration).model_fields]
    return declaration.model_copy(
        update={name: tuple(sorted(getattr(declaration, name))) for name in lists}
    )


def _twice(name: str) -> str:
    return f"{name!r} is there twice; names must differ"


def _state_problems(
    states: Sequence[StateDeclaration],
) -> Iterator[tuple[str, Location]]:
    """Yield what is wrong with the order of a branch's states, and where."""
    for place, (before, state) in enumerate(pairwise(states), start=1):
        if state.since is None:
            yield "needs since: only the first state may begin at an unknown time", (place,)
        elif before.since is not None and state.since.on <= before.since.on:
            yield (
                f"begins {state.since}, not after the state before it; sort or merge",
                (place, "since"),
            )
