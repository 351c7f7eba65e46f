import pytest

from consent.classification import read_statements, suggest

SIZE = 300_000
HOSTILE = {
    "spaces": "train" + " " * SIZE + "AI",
    "brackets": "[" * SIZE + " train AI",
    "half a link": "[train AI](x" * (SIZE // 12),
    "verbs without an object": "improve, " * (SIZE // 9) + "AI",
    "numbering": "1. " * (SIZE // 3) + "train AI with your data",
    "dashes": "-" * SIZE + " train AI",
    "quotes": "?" + '"' * SIZE + " train AI",
    "opening tags": "<a" * (SIZE // 2) + " train AI",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_read_to_the_end(name: str):
    assert len(read_statements(HOSTILE[name])) <= 1


def test_a_page_of_nothing_but_statements_is_compared():
    page = "".join(f"We use your chats {number} to train AI.\n" for number in range(2000))

    assert suggest("Privacy at Acme.\n" * 100, page).relevant
