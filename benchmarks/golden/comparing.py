"""Compares two folders of golden files."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

#: Statements and modules of acts: printed side by side, and no difference.
COSTS = "costs.json"
_LINES = 12  # of the differences of a file
_LONGEST = 200  # characters of a line


def compare(old: Path, new: Path, *, ignore: frozenset[str]) -> int:
    """Print which files differ, and how; return 1 if any do. ignore: JSON keys to leave out."""
    names = {
        path.relative_to(folder)
        for folder in (old, new)
        for path in folder.rglob("*")
        if path.is_file() and path.name != COSTS
    }
    differing = 0
    for name in sorted(names):
        before, after = _lines(old / name, ignore), _lines(new / name, ignore)
        if before == after:
            continue
        differing += 1
        print(f"{name}: {_how(before, after)}")
        if before is not None and after is not None:
            changed = list(difflib.unified_diff(before, after, lineterm="", n=0))[2:]
            for line in changed[:_LINES]:
                print(f"    {line[:_LONGEST]}")
            if len(changed) > _LINES:
                print(f"    … {len(changed) - _LINES} lines more")
    print(f"{differing} of {len(names)} files differ")
    for folder in (old, new):
        print(f"{folder}: {costs_of(folder / COSTS)}")
    return 1 if differing else 0


def costs_of(path: Path) -> str:
    """Return what the measured acts took, in a line."""
    if not path.exists():
        return "no costs"
    costs = json.loads(path.read_text(encoding="utf-8"))
    return "; ".join(
        f"{act}: {cost['statements']} statements, {cost['inside']} of them in a transaction, "
        f"{len(cost['modules'])} modules"
        for act, cost in costs.items()
    )


def _how(before: list[str] | None, after: list[str] | None) -> str:
    if before is None:
        return "new"
    return "gone" if after is None else "differs"


def _lines(path: Path, ignore: frozenset[str]) -> list[str] | None:
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8")
    if ignore and path.suffix in (".json", ".jsonl"):
        values = [text] if path.suffix == ".json" else text.splitlines()
        text = "\n".join(
            json.dumps(_without(json.loads(each), ignore), indent=1, ensure_ascii=False)
            for each in values
        )
    return text.splitlines()


def _without(value: Any, keys: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(each, keys) for name, each in value.items() if name not in keys}
    return [_without(each, keys) for each in value] if isinstance(value, list) else value
