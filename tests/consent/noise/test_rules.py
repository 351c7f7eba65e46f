"""The noise budget of a page, and the rules that remove noise without hiding true changes."""

import pytest

from consent.noise.rules import Budget, Capture, Case, back_test, count_moves, propose

POLICY = "".join(f"<p>Paragraph {word} of a policy about posts.</p>" for word in "abcdefghijklmnop")


def page(*, related="", training="We do not train on posts.", nonce=""):
    """A policy with a rotating box of related articles inside the main content."""
    return Capture(
        f'<html lang="en"><body><main id="main-content"><h1>Policy</h1>{POLICY}'
        f"<p>{training}</p>"
        f'<div class="related-box css-1a2b{nonce}"><p>People also ask: {related}</p></div>'
        f'<p class="footer-note">Written by us.</p></main></body></html>'.encode(),
        "https://chirp.example/policy",
    )


def case(key, before, after, truth="false"):
    return Case(key, before, after, truth)


ROTATES = [
    case(1, page(related="how to mute"), page(related="how to block")),
    case(2, page(related="how to block"), page(related="how to report", nonce="9")),
]
REAL = case(3, page(), page(training="We train on posts."), "true")
BOTH = case(
    4,
    page(related="how to mute"),
    page(related="how to block", training="We train on posts."),
    "true",
)


@pytest.mark.parametrize(
    ("states", "moves"),
    [
        ([], (0, 0)),
        ([1], (0, 0)),
        ([1, 1, 1], (0, 0)),
        ([1, 2, 3], (2, 0)),
        ([1, 2, 1, 1, 2], (3, 2)),
    ],
)
def test_a_flip_is_a_move_to_a_state_known_already(states, moves):
    assert count_moves(states) == moves


def test_a_page_with_more_false_alarms_than_news_is_over_its_budget():
    false = frozenset({"noise"})
    assert Budget(90, 4, 3, 1, {}, false).is_over
    assert Budget(90, 4, 0, 0, {"noise": 3}, false).is_over
    assert not Budget(90, 4, 0, 0, {"wording": 3}, false).is_over
    assert not Budget(90, 2, 2, 0, {}, false).is_over
    assert not Budget(90, 9, 4, 5, {}, false).is_over


def test_the_flap_rate_is_the_share_of_returns():
    assert Budget(90, 4, 3, 0).flap_rate == 0.75
    assert Budget(0, 0, 0, 0).flap_rate == 0.0


def test_the_part_that_rotates_is_proposed_for_removal():
    (proposal,) = propose([*ROTATES, REAL, BOTH])
    assert proposal.selector == "div.related-box"
    assert (proposal.spared, proposal.lost, proposal.undecided) == ((1, 2), (), ())


def test_the_content_itself_is_never_proposed():
    rewritten = case(1, page(training="We train."), page(training="We do train, yes."))
    assert propose([rewritten], select=["#main-content"]) == ()


def test_names_that_a_build_tool_makes_are_never_proposed():
    before = Capture(b'<main id=main-content><div class="css-1a2b"><p>One</p></div></main>', "u")
    after = Capture(b'<main id=main-content><div class="css-1a2b"><p>Two</p></div></main>', "u")
    assert propose([case(1, before, after)]) == ()


def test_a_back_test_names_the_true_changes_that_a_rule_would_have_hidden():
    tested = back_test("p", [*ROTATES, REAL])
    assert (tested.spared, tested.lost) == ((1, 2), (3,))


def test_a_rule_that_hides_something_true_comes_after_one_that_does_not():
    def with_note(related, note):
        body = page(related=related).body.replace(b"Written by us.", note)
        body = body.replace(b'<p class="footer-note">', b'<p class="related-box footer-note">')
        return Capture(body, "https://chirp.example/policy")

    rotates = case(1, with_note("how to mute", b"A"), with_note("how to block", b"A"))
    moved = case(2, with_note("how to mute", b"A"), with_note("how to mute", b"B"), "true")
    best = propose([rotates, moved])[0]
    assert (best.selector, best.lost) == ("div.related-box", ())


def test_a_page_without_false_changes_needs_no_rule():
    assert propose([REAL]) == ()


def test_bytes_that_are_no_page_are_no_trouble():
    assert propose([case(1, Capture(b"\x00\xff", "u"), Capture(b"", "u"))]) == ()
