"""How large the house is: lines of production code by room, and how they changed.

    python -m benchmarks.house [--against REVISION] [REVISION]

Counts config, platforms and consent: lines of code without comments, blank lines, docstrings and
migrations; templates and data files have no lines here. Without a REVISION the working tree is
counted, against the last release or else the revision of twenty commits ago, so that `make check`
shows growth when it happens. Without history it prints the numbers alone.
"""

from __future__ import annotations

import argparse
import ast
import functools
import io
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
TOPS = ("config", "platforms", "consent")
COUNTED = (*TOPS, "templates", "tests", "benchmarks")
#: Compared with if nothing was released: so many commits ago on the main line.
_BACK = 20
_NO_CODE = frozenset(
    {
        *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT),
        tokenize.ENDMARKER,
    }
)
_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
PRODUCTION = "production code"
_TOTALS = (
    *(PRODUCTION, "modules", "models", "commands", "settings", "migrations", "templates"),
    *("lines of tests", "lines of benchmarks"),
)

Files = Iterable[tuple[str, str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("revision", nargs="?", help="what to count; without one, what is here")
    parser.add_argument("--against", metavar="REVISION", help="what to compare it with")
    arguments = parser.parse_args()
    now = measure(at(arguments.revision) if arguments.revision else here())
    against = arguments.against or (None if arguments.revision else earlier())
    print(table(now, measure(at(against)) if against else None, against or ""))


def here() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file of the working tree that is counted."""
    for top in COUNTED:
        for path in sorted((HERE / top).rglob("*")):
            name = path.relative_to(HERE).as_posix()
            if path.is_file() and _is_counted(name):
                yield name, path.read_text(encoding="utf-8")


def at(revision: str) -> Iterator[tuple[str, str]]:
    """Yield the same of a revision."""
    listed = _git("ls-tree", "-r", "-z", revision, "--", *COUNTED)
    if listed is None:
        sys.exit(f"git knows no revision {revision}")
    entries = (each.partition("\t") for each in listed.split("\0"))
    files = [(about.split()[2], name) for about, _, name in entries if _is_counted(name)]
    wanted = "".join(f"{digest}\n" for digest, _ in files)
    answer = _run("cat-file", "--batch", given=wanted)
    texts = io.BytesIO(answer.stdout)
    for _, name in files:
        size = int(texts.readline().split()[2])
        yield name, texts.read(size).decode()
        texts.readline()


def _is_counted(name: str) -> bool:
    return name.endswith(".py") or name.startswith("templates/")


def earlier() -> str | None:
    """Return the last release, or an earlier revision of the main line; None if there is none."""
    for command in (
        ("describe", "--tags", "--abbrev=0"),
        ("rev-parse", "--verify", "--short", f"HEAD~{_BACK}"),
    ):
        if found := _git(*command):
            return found.strip()
    return None


def _git(*words: str) -> str | None:
    """Return what git says; None where it fails, or is absent."""
    try:
        answer = _run(*words)
    except FileNotFoundError:
        return None
    return answer.stdout.decode() if answer.returncode == 0 else None


def _run(*words: str, given: str = "") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["git", *words], cwd=HERE, input=given.encode(), capture_output=True, check=False
    )


def measure(files: Files) -> Counter[str]:
    """Return the lines of each room, named like consent/desk, and the totals."""
    counted: Counter[str] = Counter()
    for name, text in files:
        top, *inner, file = name.split("/")
        if top not in TOPS:
            counted["templates" if top == "templates" else f"lines of {top}"] += (
                1 if top == "templates" else lines_of_code(text)
            )
        elif "migrations" in inner:
            counted["migrations"] += file[:4].isdigit()
        else:
            lines = lines_of_code(text)
            counted[f"{top}/{inner[0] if inner else ''}"] += lines
            counted[PRODUCTION] += lines
            counted["modules"] += 1
            counted["commands"] += inner[-1:] == ["commands"] and file != "__init__.py"
            counted["models"] += models_in(text) if "models" in (*inner, file[:-3]) else 0
            counted["settings"] += settings_in(text) if name == "config/settings.py" else 0
    return counted


@functools.cache  # most files are the same in both revisions
def lines_of_code(text: str) -> int:
    """Count the lines with something besides comments and docstrings."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            docstring = node.body[0]
            lines.difference_update(
                range(docstring.lineno, (docstring.end_lineno or docstring.lineno) + 1)
            )
    written = text.splitlines()
    return sum(bool(written[line - 1].strip()) for line in lines)


def models_in(text: str) -> int:
    """Count the classes with fields of the database, without abstract ones."""
    return sum(
        _has_fields(node) and not _is_abstract(node)
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef)
    )


def _has_fields(node: ast.ClassDef) -> bool:
    return any(
        isinstance(each, ast.Assign)
        and isinstance(each.value, ast.Call)
        and ast.unparse(each.value.func).startswith("models.")
        and not ast.unparse(each.value.func).endswith(".from_queryset")
        for each in node.body
    )


def _is_abstract(node: ast.ClassDef) -> bool:
    return any(
        "abstract = True" in ast.unparse(each)
        for each in node.body
        if isinstance(each, ast.ClassDef)
    )


def settings_in(text: str) -> int:
    """Count the variables of the environment that are read."""
    return len(
        {
            node.args[0].value
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call)
            and ast.unparse(node.func).startswith("env.")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        }
    )


def table(now: Counter[str], before: Counter[str] | None, against: str) -> str:
    """Return the rooms and the totals in lines, with the change of each."""
    rooms = sorted({name for name in now.keys() | (before or {}).keys() if "/" in name})
    rows = []
    for name in (*rooms, "", *_TOTALS):
        change = now[name] - before[name] if before is not None else 0
        figures = f"{now[name]:>8,}{f'{change:+,}' if change else '':>8}"
        rows.append(f"{name:<26}{figures}".rstrip() if name else "")
    head = f"{'':<26}{'lines':>8}" + (f"   against {against}" if before is not None else "")
    return "\n".join([head, *rows])


if __name__ == "__main__":
    main()
