"""How long import_ota takes over a large repository, and how much memory.

    python -m benchmarks.importing [--commits N] [--documents N] [--profile] [--json]

Writes a repository of N commits (40,000 by default) in the layout of Open Terms Archive, imports
it into an empty SQLite database, and runs the import once more, when nothing is new. Texts are of
the length that policies have; what happens from one commit to the next is drawn with the shares
that were measured on public collections: 45 % say nothing new, 22 % go back to an earlier state,
the rest is new wording, 2 % of all about the training of models.
"""

import argparse
import cProfile
import io
import json
import os
import pstats
import random
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

ADDRESS = "https://github.com/Generated/versions"
MOST_MINUTES = 60.0  # for 40,000 commits: minutes, not hours
_SECTIONS = (8, 25, 60, 120)
_FIRST_DAY = 1_600_000_000  # seconds since 1970
_HOURS = 12
_TYPES = ("Privacy Policy", "Terms of Service", "Trackers Policy", "Developer Terms")
_VOCABULARY = (
    "we you your our service account information content device provide share collect keep "
    "delete request purposes partners advertising security legal settings notice choose may "
    "process improve features support terms agreement days rights access region"
)
_WORDS = _VOCABULARY.split()
_TRAINING = (
    "We may use your public posts to train our artificial intelligence models.",
    "We do not use your messages to train generative AI.",
    "You can opt out of the use of your content for model training in your settings.",
    "Your conversations are used to improve our models by default.",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """commits a second are of the first import. peak_mb: of the importing process alone."""

    commits: int
    documents: int
    repository_mb: float
    text_kb_median: float
    minutes: float
    commits_a_second: float
    again_seconds: float
    peak_mb: float
    database_mb: float
    changes: int
    relevant: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--commits", type=int, default=40_000)
    parser.add_argument("--documents", type=int, help="a hundredth of the commits by default")
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    documents = options.documents or max(1, options.commits // 100)
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), options.commits, documents, profile=options.profile)
    if options.json:
        print(json.dumps(asdict(figures), indent=2))
        return
    for name, value in asdict(figures).items():
        print(f"{name.replace('_', ' '):20} {value:>12,}")
    scaled = figures.minutes * 40_000 / figures.commits
    verdict = "within" if scaled <= MOST_MINUTES else "ABOVE"
    print(f"{scaled:.1f} minutes for 40,000 commits at this rate: {verdict} {MOST_MINUTES:.0f}")


def measure(folder: Path, commits: int, documents: int, *, profile: bool) -> Figures:
    """Write the repository, import it twice, and return what it took."""
    repository = folder / "versions.git"
    # In a process of its own, so that the memory measured is that of the import.
    with ProcessPoolExecutor(1) as child:
        sizes = child.submit(write_repository, repository, commits, documents).result()
    set_up_database(folder / "var")

    from consent.models import Change, Suggestion

    profiler = cProfile.Profile() if profile else nullcontext()
    with profiler:
        seconds = _timed_import(repository)
    again = _timed_import(repository)
    if isinstance(profiler, cProfile.Profile):
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)
    return Figures(
        commits=commits,
        documents=documents,
        repository_mb=_megabytes(repository),
        text_kb_median=round(sorted(sizes)[len(sizes) // 2] / 1000, 1),
        minutes=round(seconds / 60, 2),
        commits_a_second=round(commits / seconds, 1),
        again_seconds=round(again, 1),
        peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, 1),
        database_mb=_megabytes(folder / "var"),
        changes=Change.objects.count(),
        relevant=Suggestion.objects.filter(relevant=True).count(),
    )


def set_up_database(var: Path) -> None:
    """Start Django on an empty SQLite database of its own."""
    os.environ |= {"VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _timed_import(repository: Path) -> float:
    from django.core.management import call_command

    start = time.perf_counter()
    call_command("import_ota", str(repository), "--name", ADDRESS, stdout=io.StringIO())
    return time.perf_counter() - start


# The repository


def write_repository(folder: Path, commits: int, documents: int) -> list[int]:
    """Write a bare repository, alike in every run, and return the length of each text."""
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(folder)], check=True)
    sizes: list[int] = []
    with subprocess.Popen(
        ["git", "-C", str(folder), "fast-import", "--quiet"], stdin=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        # Blobs document by document: git keeps each as a difference to the one before.
        marks = [
            list(_write_texts(process.stdin, sizes, seed=number, count=share))
            for number, share in enumerate(_shares(commits, documents))
        ]
        _write_commits(process.stdin, marks)
    if process.returncode:
        raise RuntimeError("git fast-import failed")
    return sizes


def _shares(commits: int, documents: int) -> list[int]:
    return [commits // documents + (number < commits % documents) for number in range(documents)]


def _write_texts(out: IO[bytes], sizes: list[int], *, seed: int, count: int) -> Iterator[int]:
    """Write the states of one document; yield the mark of each."""
    for text in _states(random.Random(seed), count):
        body = text.encode()
        sizes.append(len(body))
        out.write(b"blob\nmark :%d\ndata %d\n%s\n" % (len(sizes), len(body), body))
        yield len(sizes)


def _write_commits(out: IO[bytes], marks: list[list[int]]) -> None:
    """Write the commits of all documents in turns, as an archive that goes round does."""
    at = _FIRST_DAY
    for round_number in range(max(map(len, marks))):
        at += _HOURS * 3600
        for number, own in enumerate(marks):
            if round_number >= len(own):
                continue
            service = f"Service {number // len(_TYPES):04}"
            document = _TYPES[number % len(_TYPES)]
            prefix = "Record new changes of" if round_number else "First record of"
            message = f"{prefix} {service} {document}".encode()
            who = b"Bot <bot@terms.example> %d +0000" % (at + number)
            out.write(
                b"commit refs/heads/main\nauthor %s\ncommitter %s\ndata %d\n%s\nM 100644 :%d %s\n\n"
                % (
                    who,
                    who,
                    len(message),
                    message,
                    own[round_number],
                    f"{service}/{document}.md".encode(),
                )
            )


def _states(chance: random.Random, count: int) -> Iterator[str]:
    """Yield the texts of one document from commit to commit."""
    paragraphs = [_paragraph(chance) for _ in range(chance.choice(_SECTIONS))]
    earlier = [list(paragraphs)]
    for number in range(count):
        draw = chance.random()
        if number and draw >= 0.67:
            place = chance.randrange(len(paragraphs))
            about_training = draw >= 0.98
            paragraphs[place] = chance.choice(_TRAINING) if about_training else _paragraph(chance)
            earlier.append(list(paragraphs))
        elif number and draw >= 0.45:
            paragraphs = list(chance.choice(earlier[-3:]))
        yield _text(paragraphs, token=number)


def _text(paragraphs: list[str], *, token: int) -> str:
    parts = ["# Policy", f"[Ask us](https://service.example/contact?visit={token})"]
    for number, paragraph in enumerate(paragraphs):
        if number % 4 == 0:
            parts.append(f"## {number // 4 + 1}. Section")
        parts.append(paragraph)
    return "\n\n".join(parts)


def _paragraph(chance: random.Random) -> str:
    sentences = (
        " ".join(chance.choices(_WORDS, k=chance.randint(12, 30))).capitalize()
        for _ in range(chance.randint(2, 5))
    )
    return ". ".join(sentences) + "."


def _megabytes(folder: Path) -> float:
    sizes = (path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return round(sum(sizes) / 1_000_000, 1)


if __name__ == "__main__":
    main()
