"""Links that lead elsewhere are told apart from wording."""

import pytest

from consent.diffing import MovedLink, diff, link_changes, moved_links

BEFORE = """\
# Choices

Use the [**opt-out** form](https://a.example/form) or [write](mailto:a@a.example).
"""


def test_a_link_that_leads_elsewhere_is_found_though_nothing_reads_differently():
    found = diff(BEFORE, BEFORE.replace("/form", "/new-form"))
    assert not found.changed
    (change,) = link_changes(found)
    assert (change.text, change.before, change.after, change.place) == (
        "opt-out form",
        "https://a.example/form",
        "https://a.example/new-form",
        ("Choices",),
    )


def test_a_link_that_leads_elsewhere_is_found_in_an_edited_sentence():
    found = diff(BEFORE, BEFORE.replace("/form", "/new-form").replace("Use", "Fill in"))
    (change,) = link_changes(found)
    assert change.hunk.kind == "replace"


def test_links_of_other_words_are_wording():
    assert link_changes(diff(BEFORE, BEFORE.replace("[write](mailto:a@", "[ask](mailto:b@"))) == ()


def test_the_same_link_twice_is_told_once():
    twice = "[form](/a) and [form](/a)"
    assert len(link_changes(diff(twice, twice.replace("/a", "/b")))) == 1


def test_images_are_no_links():
    assert link_changes(diff("![form](/a.gif) x", "![form](/b.gif) x")) == ()


def beside(**links):
    return [{"text": text.replace("_", " "), "url": url} for text, url in links.items()]


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ({"Opt_out": "https://a.example/f/1"}, {"Opt_out": "https://a.example/f/2"}, True),
        ({"Opt_out": "https://a.example/f/1"}, {"Opt_out": "https://a.example/f/1?ref=x"}, False),
        ({"Opt_out": "https://a.example/f/1"}, {}, True),
        ({}, {"Opt_out": "https://a.example/f/1"}, True),
        ({"Opt_out": "https://a.example/f"}, {"Say_no": "https://a.example/f"}, False),
    ],
)
def test_a_link_beside_the_words_has_moved_when_its_place_is_new_or_gone(before, after, moved):
    found = moved_links(beside(**before), beside(**after))
    expected = MovedLink("Opt out", before.get("Opt_out", ""), after.get("Opt_out", ""))
    assert found == ((expected,) if moved else ())
