"""What selectors and ranges choose; those without a match are reported."""

import pytest
from bs4 import BeautifulSoup

from platforms.extraction import extract

PAGE = b"""<html lang="en"><body><header><a href="/legal">Legal</a></header>
<section id="s"><h1>Policy</h1><p class="a b">One</p><p data-framer-name="Post">Two</p></section>
<div class="Footer--x1"><a href="/legal">Again</a><p>Three</p><ul><li>i</li><li>ii</li></ul></div>
<img src="/icon.svg" alt="drawn"><p id="end-of-content">Four</p><p>Five</p></body></html>"""


def read(select=(), remove=(), page=PAGE):
    return extract(page, url="https://example.org/policy", select=select, remove=remove)


def words(select=(), remove=(), page=PAGE):
    return read(select, remove, page).text.split()


@pytest.mark.parametrize(
    "selector",
    [
        "body > header + section",
        "[data-framer-name=Post]",
        '[href="/legal"]:first-child',
        "li:first-child",
        "li:nth-child(2)",
        "li:last-of-type",
        "p:not(.a)",
        "h1 ~ p",
        "section:has(h1)",
        ".Footer--x1 > p, #s > p",
        "[class*=footer i]",
        "[class^=Foo] a",
        ":is(header, ul)",
        "p.a.b",
        "html[lang|=en] h1",
    ],
)
def test_selectors_choose_what_another_engine_chooses(selector):
    soup = BeautifulSoup(PAGE, "lxml")
    expected = " ".join(node.get_text(" ") for node in soup.select(selector)).split()
    assert expected
    assert [word for word in words([selector]) if word not in ("-", "#")] == expected


def test_matches_are_read_in_the_order_of_the_selectors():
    assert words(["#end-of-content", "h1", ".a"]) == ["Four", "#", "Policy", "One"]


def test_one_selector_may_come_without_a_list():
    assert words("h1") == ["#", "Policy"]


def test_removed_elements_are_left_out_even_if_selected():
    assert words(["#s"], ["h1", "[data-framer-name=Post]"]) == ["One"]
    assert words(["li"], ["ul"]) == []


def test_removed_elements_may_be_nested():
    assert words(["body"], ["section", "section p", "p", "ul", "li", "a"]) == []


@pytest.mark.parametrize(
    ("selected_range", "expected"),
    [
        ({"startAfter": "h1", "endBefore": ".Footer--x1"}, ["One", "Two"]),
        ({"startBefore": "h1", "endBefore": ".Footer--x1"}, ["#", "Policy", "One", "Two"]),
        ({"startAfter": ".Footer--x1", "endAfter": "#end-of-content"}, ["Four"]),
        (
            {"startBefore": ".a", "endAfter": "ul"},
            ["One", "Two", "Again", "Three", "-", "i", "-", "ii"],
        ),
        ({"startBefore": "#s", "endAfter": ".a"}, ["#", "Policy", "One"]),
        ({"startAfter": "li", "endBefore": "#end-of-content"}, ["ii"]),
        ({"startBefore": "h1", "endAfter": "h1"}, ["#", "Policy"]),
        ({"startBefore": "h1", "endAfter": "#s"}, ["#", "Policy", "One", "Two"]),
    ],
)
def test_ranges_contain_the_nodes_between_start_and_end(selected_range, expected):
    assert words([selected_range]) == expected
    assert words(selected_range) == expected


def test_ranges_work_beside_selectors_and_can_be_removed():
    assert words(["#end-of-content", {"startBefore": "h1", "endAfter": "h1"}]) == [
        "Four",
        "#",
        "Policy",
    ]
    assert words(["#s"], [{"startAfter": "h1", "endBefore": ".Footer--x1"}]) == ["#", "Policy"]


@pytest.mark.parametrize(
    "selector",
    [
        "#nowhere",
        "p:contains('x')",
        "[",
        "",
        {"startAfter": "#nowhere", "endAfter": "ul"},
        {"startAfter": "ul", "endBefore": "h1"},
        {"startAfter": "h1"},
    ],
)
def test_a_selector_without_a_match_is_reported(selector):
    document = read(["h1", selector])
    assert document.text == "# Policy"
    assert len(document.missed_selectors) == 1
    if isinstance(selector, str):
        assert document.missed_selectors == (selector,)


def test_missed_ranges_are_reported_as_text():
    document = read({"startAfter": "#nowhere", "endAfter": "ul"})
    assert document.missed_selectors == ("startAfter: #nowhere, endAfter: ul",)


def test_nested_matches_of_one_selector_are_read_once():
    assert words(["ul", "li"]) == ["-", "i", "-", "ii", "i", "ii"]


@pytest.mark.parametrize("selector", ["main, [role=main]", "main, p", "div, main", "[role], p"])
def test_what_several_selectors_of_a_list_match_is_read_once(selector):
    page = b"<div><main role=main><p>One</p><p role=note>Two</p></main></div><p>Three</p>"
    assert words([selector], page=page)[:2] == ["One", "Two"]
    assert words([selector], page=page).count("One") == 1


def test_a_main_element_with_the_role_main_is_read_once():
    assert words(page=b"<main role=main><p>One</p></main>") == ["One"]
