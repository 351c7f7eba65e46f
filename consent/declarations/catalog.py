"""A whole catalog: all files of a folder, read and checked against each other."""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

from consent.declarations.schema import (
    CatalogFile,
    EntryDeclaration,
    GuideDeclaration,
    ReferenceDeclaration,
    ReferencesFile,
    SettingDeclaration,
)
from platforms.declarations import (
    CatalogError,
    PageDeclaration,
    PlatformDeclaration,
    Problem,
    YamlSource,
    read_yaml,
)

REFERENCES = "_references"
_NamesSettings = TypeVar("_NamesSettings", EntryDeclaration, GuideDeclaration)
_HasFormerSlugs = TypeVar(
    "_HasFormerSlugs", PlatformDeclaration, SettingDeclaration, GuideDeclaration
)
_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"


@dataclass(frozen=True, slots=True)
class Catalog:
    """The declarations of all files; settings are named platform/slug, entries list platforms."""

    platforms: Mapping[str, PlatformDeclaration] = field(default_factory=dict)
    pages: Mapping[tuple[str, str], PageDeclaration] = field(default_factory=dict)
    settings: Mapping[str, SettingDeclaration] = field(default_factory=dict)
    entries: Mapping[str, EntryDeclaration] = field(default_factory=dict)
    guides: Mapping[tuple[str, str], GuideDeclaration] = field(default_factory=dict)
    references: Mapping[str, ReferenceDeclaration] = field(default_factory=dict)

    def with_platforms_renamed(self, names: Mapping[str, str]) -> Catalog:
        """Return the same catalog with other slugs for some platforms, by their present ones."""

        def setting_name(name: str) -> str:
            platform, _, slug = name.partition("/")
            return f"{names.get(platform, platform)}/{slug}"

        settings = {
            name: setting_name(name) for name in self.settings if name.partition("/")[0] in names
        }
        renamed = self.with_settings_renamed(settings)
        return replace(
            renamed,
            platforms={
                names.get(slug, slug): declaration for slug, declaration in self.platforms.items()
            },
            pages={
                (names.get(slug, slug), url): declaration
                for (slug, url), declaration in self.pages.items()
            },
            entries={
                key: declaration.model_copy(
                    update={
                        "platforms": tuple(
                            sorted(names.get(slug, slug) for slug in declaration.platforms)
                        )
                    }
                )
                for key, declaration in renamed.entries.items()
            },
            guides={
                (names.get(platform, platform), slug): declaration
                for (platform, slug), declaration in renamed.guides.items()
            },
        )

    def with_settings_renamed(self, names: Mapping[str, str]) -> Catalog:
        """Return the same catalog with other names for some settings, by their present ones."""

        def renamed(declaration: _NamesSettings) -> _NamesSettings:
            settings = tuple(sorted(names.get(name, name) for name in declaration.settings))
            return declaration.model_copy(update={"settings": settings})

        return replace(
            self,
            settings={
                names.get(name, name): declaration.model_copy(
                    update={"slug": names.get(name, name).partition("/")[2]}
                )
                for name, declaration in self.settings.items()
            },
            entries={key: renamed(declaration) for key, declaration in self.entries.items()},
            guides={key: renamed(declaration) for key, declaration in self.guides.items()},
        )

    def with_guides_renamed(self, names: Mapping[str, str]) -> Catalog:
        """Return the same catalog with other slugs for some guides, by their present ones."""
        return replace(
            self,
            guides={
                (platform, names.get(slug, slug)): guide.model_copy(
                    update={"slug": names.get(slug, slug)}
                )
                for (platform, slug), guide in self.guides.items()
            },
        )


def read_catalog(folder: Path) -> Catalog:
    """Return the catalog in the files of a folder. Raises CatalogError with all mistakes found."""
    paths = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not paths:
        raise CatalogError([Problem(str(folder), None, "", "has no catalog files (*.yaml)")])
    problems: list[Problem] = []
    read: dict[str, tuple[YamlSource, CatalogFile]] = {}
    references: tuple[YamlSource, ReferencesFile] | None = None
    for path in paths:
        try:
            source = read_yaml(path.read_text(encoding="utf-8"), path.name)
            if path.stem == REFERENCES:
                references = (source, source.validated(ReferencesFile))
            else:
                read[path.stem] = (source, source.validated(CatalogFile))
        except UnicodeDecodeError as error:
            problems.append(Problem(path.name, None, "", f"is not UTF-8 at byte {error.start}"))
        except CatalogError as error:
            problems += error.problems
    if problems:
        raise CatalogError(problems)
    return _Assembly(read, references).catalog()


def in_full(setting: str, platform: str) -> str:
    """Return a setting's name as platform/slug."""
    return setting if "/" in setting else f"{platform}/{setting}"


def in_short(setting: str, platform: str) -> str:
    """Return a setting's name as a file of this platform writes it."""
    return setting.removeprefix(f"{platform}/")


class _Assembly:
    """Builds a catalog from files and collects the problems between them."""

    def __init__(
        self,
        files: Mapping[str, tuple[YamlSource, CatalogFile]],
        references: tuple[YamlSource, ReferencesFile] | None,
    ) -> None:
        self.files = files
        self.problems: list[Problem] = []
        self.references: dict[str, ReferenceDeclaration] = {}
        if references is not None:
            for place, reference in enumerate(references[1].references):
                if reference.slug in self.references:
                    self._note(references[0], ("references", place, "slug"), _twice(reference.slug))
                self.references[reference.slug] = reference
        self.settings = {
            f"{slug}/{setting.slug}": _in_order(setting)
            for slug, (_, file) in files.items()
            for setting in file.settings
        }
        self.entries: dict[str, EntryDeclaration] = {}
        self.guides: dict[tuple[str, str], GuideDeclaration] = {}
        self.guide_slugs = {guide.slug for _, file in files.values() for guide in file.guides}
        self.former_platforms: set[str] = set()
        self.former_guides: set[str] = set()

    def catalog(self) -> Catalog:
        for slug, (source, file) in self.files.items():
            self._check_names(slug, source, file)
        for slug, (source, file) in self.files.items():
            self._add_entries(slug, source, file)
            self._add_guides(slug, source, file)
        for slug, (source, file) in self.files.items():
            self._check_settings(slug, source, file)
        if self.problems:
            raise CatalogError(self.problems)
        return Catalog(
            platforms={
                slug: _with_former_sorted(file.platform()) for slug, (_, file) in self.files.items()
            },
            pages={
                (slug, page.url): page
                for slug, (_, file) in self.files.items()
                for page in file.pages
            },
            settings=self.settings,
            entries=self.entries,
            guides=self.guides,
            references=self.references,
        )

    def _note(self, source: YamlSource, location: tuple[str | int, ...], message: str) -> None:
        self.problems.append(source.problem(location, message))

    def _check_names(self, slug: str, source: YamlSource, file: CatalogFile) -> None:
        if not re.fullmatch(_SLUG, slug) or len(slug) > 60:
            self._note(source, (), "the file's name must be a slug such as meta-ai.yaml")
        for part, names in (
            ("pages", [page.url for page in file.pages]),
            ("settings", [setting.slug for setting in file.settings]),
        ):
            for place, name in enumerate(names):
                if name in names[:place]:
                    self._note(source, (part, place), _twice(name))
        self._check_former(source, (), file.former_slugs, self.files, self.former_platforms)
        slugs, taken = {setting.slug for setting in file.settings}, set[str]()
        for place, setting in enumerate(file.settings):
            self._check_former(source, ("settings", place), setting.former_slugs, slugs, taken)

    def _check_settings(self, slug: str, source: YamlSource, file: CatalogFile) -> None:
        pages = {page.url for page in file.pages}
        for place, setting in enumerate(file.settings):
            here = ("settings", place)
            self._check_known(source, (*here, "pages"), setting.pages, pages, "page of this file")
            for message, location in _state_problems(setting):
                self._note(source, (*here, "states", *location), message)
            for at, state in enumerate(setting.states):
                for role in ("opened_by", "closed_by"):
                    key = getattr(state, role)
                    if key is None:
                        continue
                    there = (*here, "states", at, role)
                    self._check_known(source, there, [key], self.entries, "entry key", listed=False)
                    entry = self.entries.get(key)
                    name = f"{slug}/{setting.slug}"
                    if entry is not None and name not in entry.settings:
                        self._note(
                            source,
                            there,
                            f"entry {key} does not name {name} in its settings; add it",
                        )

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
            settings = tuple(sorted(in_full(name, slug) for name in entry.settings))
            self._check_known(source, (*here, "settings"), settings, self.settings, "setting")
            self._check_known(
                source, (*here, "references"), entry.references, self.references, "reference"
            )
            if entry.key in self.entries:
                self._note(source, (*here, "key"), _twice(entry.key))
                continue
            self.entries[entry.key] = entry.model_copy(
                update={
                    "platforms": tuple(platforms),
                    "settings": settings,
                    "references": tuple(sorted(entry.references)),
                }
            )

    def _add_guides(self, slug: str, source: YamlSource, file: CatalogFile) -> None:
        pages = {page.url for page in file.pages}
        taken = {guide_slug for _, guide_slug in self.guides}
        for place, guide in enumerate(file.guides):
            here = ("guides", place)
            settings = tuple(sorted(in_full(name, slug) for name in guide.settings))
            self._check_known(source, (*here, "settings"), settings, self.settings, "setting")
            self._check_known(source, (*here, "pages"), guide.pages, pages, "page of this file")
            surfaces = [surface.surface for surface in guide.surfaces]
            for at, surface in enumerate(surfaces):
                if surface in surfaces[:at]:
                    self._note(source, (*here, "surfaces", at, "surface"), _twice(surface.value))
            if guide.slug in taken:
                self._note(source, (*here, "slug"), _twice(guide.slug))
            taken.add(guide.slug)
            self._check_former(
                source, here, guide.former_slugs, self.guide_slugs, self.former_guides
            )
            self.guides[slug, guide.slug] = _with_former_sorted(guide).model_copy(
                update={"settings": settings, "pages": tuple(sorted(guide.pages))}
            )

    def _check_former(
        self,
        source: YamlSource,
        location: tuple[str | int, ...],
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
        location: tuple[str | int, ...],
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


def _in_order(setting: SettingDeclaration) -> SettingDeclaration:
    """Return a setting without what follows from the order of its states anyway."""
    states = []
    for state, following in zip_longest(setting.states, setting.states[1:]):
        if following is not None and state.until in (None, following.since):
            redundant = state.closed_by == following.opened_by
            closed_by = None if redundant else state.closed_by
            state = state.model_copy(update={"until": None, "closed_by": closed_by})
        states.append(state)
    return _with_former_sorted(setting).model_copy(
        update={"states": tuple(states), "pages": tuple(sorted(setting.pages))}
    )


def _with_former_sorted(declaration: _HasFormerSlugs) -> _HasFormerSlugs:
    return declaration.model_copy(update={"former_slugs": tuple(sorted(declaration.former_slugs))})


def _twice(name: str) -> str:
    return f"{name!r} is there twice; names must differ"


def _state_problems(setting: SettingDeclaration) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Yield what is wrong with the order of a setting's states, and where."""
    if not setting.states:
        yield "has no state; add one, with value unclear if nothing is known", ()
    for place, state in enumerate(setting.states):
        before = setting.states[place - 1] if place else None
        if state.since is None and before is not None:
            yield "needs since: only the first state may begin at an unknown time", (place,)
        elif before is not None and state.since is not None:
            earliest = before.since.on if before.since else None
            if earliest is not None and state.since.on <= earliest:
                yield (
                    f"begins {state.since}, not after the state before it; sort or merge",
                    (
                        place,
                        "since",
                    ),
                )
            if before.until is not None and state.since.on < before.until.on:
                yield (
                    f"begins {state.since}, before {before.until} when the last one ends",
                    (
                        place,
                        "since",
                    ),
                )
        if state.until is not None and state.since is not None and state.until.on <= state.since.on:
            yield f"ends {state.until}, not after it begins", (place, "until")
