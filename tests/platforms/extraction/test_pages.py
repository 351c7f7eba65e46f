"""Whole pages and their expected texts. To reproduce a bug, add a page to `pages/`."""

import re
from pathlib import Path

import pytest

from platforms.extraction import extract

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
DECLARED = re.compile(rb"<!-- (select|remove): (.+?) -->")


def read_page(page: Path):
    body = page.read_bytes()
    declared = [(name, selector.decode()) for name, selector in DECLARED.findall(body)]
    return extract(
        body,
        url="https://example.org/help/page",
        select=[selector for name, selector in declared if name == b"select"],
        remove=[selector for name, selector in declared if name == b"remove"],
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_has_the_text_stored_beside_it(page):
    assert read_page(page).text + "\n" == page.with_suffix(".md").read_text(encoding="utf-8")


def test_every_page_has_a_text_beside_it():
    assert PAGES
    texts = {text.stem for text in (Path(__file__).parent / "pages").glob("*.md")}
    assert texts == {page.stem for page in PAGES}
