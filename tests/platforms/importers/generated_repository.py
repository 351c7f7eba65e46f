"""A repository in the layout of Open Terms Archive, alike in every run.

What happens from one commit to the next is drawn with the shares that were measured on public
collections: 45 % say nothing new, 22 % go back to an earlier state, the rest is new wording, 2 %
of all about the training of models.
"""

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

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
