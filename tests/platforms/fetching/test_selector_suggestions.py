"""Suggested selectors for curators who add a page."""

import pytest

from platforms.fetching.selector_suggestions import suggest_selectors

TEXT = "<h1>Your data</h1>" + "<p>We train our models on what you post unless you object.</p>" * 9
NAV = "<nav><ul><li><a href=/>Home</a></li></ul></nav>"


def selectors(markup):
    suggestions = suggest_selectors(markup.encode(), url="https://a.example/")
    return [suggestion.selector for suggestion in suggestions]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"{NAV}<main>{TEXT}</main>", ["main"]),
        (f"{NAV}<div role=main>{TEXT}</div>", ["[role=main]"]),
        (f"{NAV}<main>{NAV}<article>{TEXT}</article></main>", ["main", "article"]),
        (f"{NAV}<div id=policy-text>{TEXT}</div>", ["#policy-text"]),
        (f'{NAV}<div class="css-1x2y3z prose">{TEXT}</div>', ["div.prose"]),
        (f'{NAV}<div id="root-93a1"><div class="x9f">{TEXT}</div></div>', []),
        (f"<article>{TEXT}</article><article>{TEXT}</article>", []),
        ("<script>start()</script>", []),
        ("", []),
    ],
)
def test_the_element_with_the_text_and_a_lasting_name_is_suggested(markup, expected):
    assert selectors(markup) == expected


def test_each_suggestion_has_the_length_of_its_text():
    (suggestion,) = suggest_selectors(
        f"{NAV}<main>{TEXT}</main>".encode(), url="https://a.example/"
    )

    assert suggestion.characters > 400
    assert suggestion.share == pytest.approx(1.0, abs=0.05)


def test_a_very_deeply_nested_page_is_searched_up_to_a_limit():
    deep = "<div class=wrapper>" * 100_000 + TEXT

    assert selectors(deep) == []
