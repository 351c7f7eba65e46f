"""Pages as of real sites: long, similar at each visit, never quite the same."""

import random


def page(edition: int, *, paragraphs: int = 200) -> bytes:
    """Return one edition of a page; editions differ in one paragraph and a per-visit token."""
    words = random.Random(7)
    texts = [
        " ".join(f"{words.choice('abcdefgh')}{words.randrange(10_000)}" for _ in range(40))
        for _ in range(paragraphs)
    ]
    texts[edition % paragraphs] = f"This is edition {edition} of our policy."
    body = "\n".join(f"<p>{text}</p>" for text in texts)
    return f"<html><!-- visit {random.Random(edition).random()} -->\n{body}</html>".encode()


def other_page(seed: int, *, size: int = 40_000) -> bytes:
    """Return a page that has nothing in common with page()."""
    return random.Random(seed).randbytes(size // 2).hex().encode()
