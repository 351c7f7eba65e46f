"""A platform's file with what its author may leave out, ready to be validated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from consent.declarations.evidence import OTA
from consent.declarations.schema import FORMAT, OF_ONE_BRANCH
from platforms.declarations import CatalogError, Location, Problem, YamlSource


def completed(source: YamlSource) -> YamlSource:
    """Return a platform's file with what its author may leave out, ready to be validated.

    A use that writes the keys of its only branch gets branches; a source that names a record of
    Open Terms Archive gets its url and publisher. Raises CatalogError for a file that is not of
    format 2, and for a use that writes both.
    """
    data = source.data
    if not isinstance(data, dict):
        return source
    if data.get("format") != FORMAT:
        advice = "is not of format 2; begin it with 'format: 2' (docs/catalog.md)"
        raise CatalogError([source.problem((), advice)])
    full = _with_sources_named(data)
    if not isinstance(full.get("uses"), list):
        return replace(source, data=full)
    uses = list(enumerate(full["uses"]))
    if problems := [problem for place, use in uses for problem in _problems(use, place, source)]:
        raise CatalogError(problems)
    full["uses"] = [_with_branches(use) for _, use in uses]
    left_out: dict[Location, Location] = {
        ("uses", place, "branches", 0): ("uses", place)
        for place, use in uses
        if isinstance(use, dict) and "branches" not in use
    }
    return replace(source, data=full, left_out=left_out)


def with_sources_named(source: YamlSource) -> YamlSource:
    """Return a file whose sources from Open Terms Archive have their url and publisher."""
    return replace(source, data=_with_sources_named(source.data))


def _with_sources_named(data: Any) -> Any:
    if isinstance(data, list):
        return [_with_sources_named(item) for item in data]
    if not isinstance(data, dict):
        return data
    full = {key: _with_sources_named(value) for key, value in data.items()}
    ota = full.get("ota")
    if isinstance(ota, dict):
        commit_url = f"https://github.com/{ota.get('repo')}/commit/{ota.get('commit')}"
        return {"url": commit_url, "publisher": OTA, **full}
    return full


def _problems(use: Any, place: int, source: YamlSource) -> Iterator[Problem]:
    """Yield what a use has twice, or not at all: branches, or the keys of its only branch."""
    if not isinstance(use, dict):
        return
    own = [name for name in OF_ONE_BRANCH if name in use]
    if "branches" in use and own:
        advice = f"stands beside branches; write {own[0]} in the branches"
        yield source.problem(("uses", place, own[0]), advice)
    if "branches" not in use and "states" not in use:
        yield source.problem(("uses", place), "has no states; add states, or branches with states")


def _with_branches(use: Any) -> Any:
    if not isinstance(use, dict) or "branches" in use:
        return use
    branch = {name: use[name] for name in OF_ONE_BRANCH if name in use}
    rest = {key: value for key, value in use.items() if key not in branch}
    return rest | {"branches": [branch]}
