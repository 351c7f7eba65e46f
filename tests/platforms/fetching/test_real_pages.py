"""Six hundred real visits: pages are read, error pages and walls are not."""

import io
import json
import lzma
import tarfile
from collections import Counter

import pytest

from platforms.extraction import extract
from platforms.fetching.judgement import judge
from platforms.fetching.page import FetchedPage
from platforms.outcomes import Outcome
from tests.platforms.fetching.test_judgement import read_document
from tests.shared_data import shared_file
from tests.sweeps import some

pytestmark = pytest.mark.shared

#: Captures of these say so themselves, or lost the watched part in a redesign.
NOT_READ = {
    ("claude-ai-privacy-policy-legal-privacy", Outcome.SOFT_404): 2,
    ("claude-ai-acceptable-use-policy-en", Outcome.SELECTOR_MISS): 30,
}


def captures():
    """Yield (manifest row, bytes) of visits, in time order within each history; all in a drill."""
    manifest = shared_file("data/histories/manifest.jsonl")
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    histories = dict.fromkeys(row["history"] for row in rows)
    for history in {*some(histories, 4), *(history for history, _ in NOT_READ)}:
        packed = shared_file(f"data/histories/{history}.tar.xz")
        with tarfile.open(fileobj=io.BytesIO(lzma.decompress(packed.read_bytes()))) as archive:
            for row in rows:
                if row["history"] == history:
                    packed_page = archive.extractfile(row["file"])
                    assert packed_page is not None
                    yield row, packed_page.read()


def test_only_error_pages_and_lost_selectors_of_the_histories_are_not_read():
    outcomes: Counter[tuple[str, Outcome]] = Counter()
    lengths: dict[str, int] = {}
    for row, body in captures():
        page = FetchedPage(row["url"], row["url"], 200, {"content-type": "text/html"}, body)
        document = extract(body, url=row["url"], select=row["select"], remove=row["remove"])
        verdict = judge(
            page,
            document,
            expected_language="en",
            previous_length=lengths.get(row["history"]),
        )
        if verdict.outcome == Outcome.READ:
            lengths[row["history"]] = len(document.text)
        else:
            outcomes[row["history"], verdict.outcome] += 1

    assert outcomes == NOT_READ


def test_no_labelled_policy_text_is_taken_for_a_wall_or_an_error():
    outcomes: Counter[Outcome] = Counter()
    with lzma.open(shared_file("data/changes-dev.jsonl.xz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            change = json.loads(line)
            for text in (change["before"], change["after"]):
                document = read_document(text, title=change["document"])
                page = FetchedPage("https://a.example/", "https://a.example/", 200, {}, b"x")
                outcomes[judge(page, document, expected_language="en").outcome] += 1

    # One text is the site's own error page; some are in French, Swedish, Spanish; some are empty.
    assert outcomes[Outcome.SOFT_404] == 1
    assert set(outcomes) == {
        Outcome.READ,
        Outcome.SOFT_404,
        Outcome.WRONG_LANGUAGE,
        Outcome.EMPTY,
    }
    assert outcomes[Outcome.READ] > 920
