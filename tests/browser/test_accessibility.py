"""What is checked once only is found wherever it is: colours of one look, rules of one width."""

import pytest

from tests.browser.accessibility import broken_in_each_view
from tests.sweeps import some

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><title>Rows</title>
<style>
  body {{ background: #fff; color: #222 }}
  @media (prefers-color-scheme: dark) {{ body {{ background: #111; color: #eee }} }}
  button, .links a {{ display: inline-block; height: 30px; width: 60px }}
  {style}
</style>
<main><h1>Rows</h1>
  <ul><li class="row"><span>One</span><li class="row"><span>Two</span></ul>
  <details><summary>More</summary><p class="last"><span>Three words more</span></p></details>
  <button>Go</button> <button class="nameless"></button>
  <p class="links"><a href="/a">A</a><a href="/b">B</a></p>
</main>"""
HIDE_NAMELESS = ".nameless { display: none }"


@pytest.fixture(scope="module")
def broken(browser):
    """Return the names of broken rules by width, on a page with this style."""
    with browser.new_context() as context:
        page = context.new_page()

        def check(style):
            page.set_content(PAGE.format(style=style))
            found = broken_in_each_view(page)
            return {width: [name for name, _ in rules] for width, rules in found.items()}

        yield check


@pytest.mark.parametrize(
    ("style", "expected"),
    some(
        [
            ("", {}),
            (
                ".row:last-child { color: #999; background: #888 }",
                {360: ["color-contrast"], 1280: ["color-contrast"]},
            ),
            (".row:last-child { background: #555 }", {1280: ["color-contrast"]}),
            (".last { color: #333 }", {360: ["color-contrast"]}),
            (".last { opacity: .1 }", {360: ["color-contrast"], 1280: ["color-contrast"]}),
            (
                "@media (min-width: 800px) { .row:last-child span { color: #ddd } }",
                {1280: ["color-contrast"]},
            ),
        ],
        3,
    ),
)
def test_a_colour_that_one_row_alone_has_is_checked_in_each_scheme(broken, style, expected):
    assert broken(HIDE_NAMELESS + style) == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    some(
        [
            ("@media (max-width: 800px) { .nameless { display: none } }", {1280: ["button-name"]}),
            ("@media (min-width: 800px) { .nameless { display: none } }", {360: ["button-name"]}),
            ("", {360: ["button-name"]}),  # the same elements: not checked twice
            (
                HIDE_NAMELESS
                + "@media (min-width: 800px) { .links a { height: 9px; width: 9px } }",
                {1280: ["target-size"]},
            ),
        ],
        2,
    ),
)
def test_what_one_width_alone_shows_or_lays_out_is_checked_there(broken, style, expected):
    assert broken(style) == expected
