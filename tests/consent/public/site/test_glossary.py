"""Words that need an explanation lead to it."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import (
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_state,
    make_use,
)
from tests.sweeps import in_turn

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide():
    x = make_platform("x")
    use = make_use(x)
    make_state(use, opened_by=make_entry(x))
    return make_guide(x, make_control(use, reach="future-only"), slug="x-off")


@pytest.mark.parametrize(
    ("language", "address", "word"),
    in_turn(
        ["", "/de"],
        [
            ("/", "default"),
            ("/about", "training"),
            ("/platforms/x?asof=2024-06-01", "as-of"),
            ("/guides/x-off", "reach"),
        ],
    ),
)
def test_a_word_is_linked_where_it_first_appears(client, guide, language, address, word):
    page = BeautifulSoup(client.get(f"{language}{address}").text, "lxml")
    links = {link["href"] for link in page.select(f'main a[href^="{language}/glossary#"]')}
    assert f"{language}/glossary#{word}" in links
    glossary = BeautifulSoup(client.get(f"{language}/glossary").text, "lxml")
    for link in links:
        assert glossary.find(id=link.partition("#")[2]).get_text(strip=True), link
