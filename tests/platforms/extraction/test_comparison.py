"""Which differences between two visits are folded, and which always count."""

import pytest

from platforms.extraction import comparison_text, digest_of


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Your “data” isn’t sold – ever…", 'Your "data" isn\'t sold - ever...'),
        ("opt\u200b-out of\u00a0training\u2060 \u202ahere\u202c", "opt-out of training here"),
        ("soft\u00adhyphen", "softhyphen"),
        ("cafe\u0301", "caf\u00e9"),
        ("One\n\nTwo   three\n", "One Two three"),
        ("**Bold** and _slanted_ `code`", "Bold and slanted 'code'"),
        ("# Title\n\n## Part", "Title\n=====\n\nPart\n----"),
        ("- One\n- Two", "* One\n* Two"),
        ("1. One\n2. Two", "- One\n- Two"),
        ("> Said", "Said"),
        ("Term\n: Meaning", "Term\n\nMeaning"),
        ("| A | B |\n| --- | --- |\n| C | D |", "A B C D"),
        ("See [the form](https://example.org/f?id=1).", "See [the form](https://example.org/g)."),
        ("![chart](/a.png)Words", "Words"),
        (r"Opt\-out \(all\) \[1\]", "Opt-out (all) [1]"),
        ("```\nDisallow: /\n```", "Disallow: /"),
    ],
)
def test_typesetting_and_markup_are_folded(before, after):
    assert comparison_text(before) == comparison_text(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Updated 3 months ago", "Updated over a year ago"),
        ("Last updated: 2 days ago", "Last updated: yesterday"),
        ("Written by Ana · 5 hours ago", "Written by Ana · just now"),
        ("3 weeks ago", "4 weeks ago"),
        ("Updated this week", "Updated last month"),
        ("Edited by Ana Example 2 days ago", "Edited by Ana Example 3 days ago"),
        ("Mis à jour il y a 3 mois", "Mis à jour il y a plus d'un an"),
        ("Aktualisiert vor 2 Wochen", "Aktualisiert vor einem Monat"),
        ("Actualizado hace 2 días", "Actualizado hace más de un mes"),
        ("Aggiornato 2 mesi fa", "Aggiornato un anno fa"),
        ("Bijgewerkt 2 dagen geleden", "Bijgewerkt een week geleden"),
        ("Edited 3d ago", "Edited 5h ago"),
        ("3日前に更新", "5日前に更新"),
        ("最終更新日：3日前", "最終更新日：8日前"),
        ("Comments (12)", "Comments (13)"),
        ("3 people found this useful", "4 people found this useful"),
        ("Read in 5 minutes", "Read in 6 minutes"),
        ("Page generated in 0.123 s", "Page generated in 0.2 s"),
        ("Generated at 2026-11-24 12:33:01 UTC", "Generated at 2026-11-25 01:02:03 UTC"),
        ("Your IP: 203.0.113.5", "Your IP: 2001:db8::7"),
        ("Today is Tuesday, November 24, 2026", "Today is Friday, November 27, 2026"),
        ("5 min read", "6 min read"),
        ("Reading time: 5 minutes", "Reading time: 12 minutes"),
        ("Lesezeit: 5 Minuten", "Lesezeit: 7 Minuten"),
        ("4 min de lecture", "5 min de lecture"),
        ("123 out of 456 found this helpful", "124 out of 458 found this helpful"),
        ("1,234 views", "1.3K views"),
        ("Comments: 12", "Comments: 13"),
        ("Viewed 12 times", "Viewed 13 times"),
        ("© 2024 Example Ltd.", "© 2025 Example Ltd."),
        ("Copyright 2019-2024 Example", "Copyright 2019-2025 Example"),
        ("Press Ctrl+I to ask", "Press ⌘I to ask"),
        ("Press Cmd + K or Option+K", "Press Ctrl+K or ⌥K"),
        ("Request ID: 8f3aZ9-11", "Request ID: 77bbQ0-22"),
        (
            "Visit 1b4e28ba-2fa1-11d2-883f-0016d3cca427 now",
            "Visit 9c858901-8a57-4791-81fe-4c455b099bc9 now",
        ),
        ("Ref 5f2b9c77aa01de43 here", "Ref 0f9b1c77aa01de44 here"),
        ("nonce aB3dE6gH9jK2mN5pQ8sT ok", "nonce zY8xW5vU2tS9rQ6pO3nM ok"),
    ],
)
def test_words_that_change_by_themselves_are_folded(before, after):
    assert digest_of(before) == digest_of(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("You must be 13 years old.", "You must be 16 years old."),
        ("We keep it for 30 days.", "We keep it for 90 days."),
        (
            "We delete what was collected more than 18 months ago.",
            "We delete what was collected more than 24 months ago.",
        ),
        ("Data older than 3 years ago is removed", "Data older than 5 years ago is removed"),
        ("You will be asked today about it.", "You will be asked yesterday about it."),
        ("It takes 5 minutes to reset.", "It takes 6 minutes to reset."),
        ("Today is the last day to object", "Today is the first day to object"),
        ("Your IP is used for training", "Your IP is used for security"),
        ("Generated images are kept", "Generated images are deleted"),
        ("Images generated: 12 are kept", "Images generated: 13 are kept"),
        ("Rendered in 3 countries", "Rendered in 4 countries"),
        ("It is off by default", "It is on by default"),
        ("(on) Improve the model", "(off) Improve the model"),
        ("[x] Allow training", "[ ] Allow training"),
        ("(x) Everyone ( ) Nobody", "( ) Everyone (x) Nobody"),
        ("We may share it", "We may not share it"),
        ("Effective 1 May 2024", "Effective 1 May 2025"),
        ("Last updated: 1 May 2024", "Last updated: 2 May 2024"),
        ("Write to a-b@example.org", "Write to a_b@example.org"),
        ("snake_case_setting", "snake case setting"),
        ("Section 2.1 applies", "Section 2.2 applies"),
        ("A fee of 1,234 euros", "A fee of 1,235 euros"),
        ("Written by Ana · 5 hours ago", "Written by Bob · 5 hours ago"),
        ("12 comments", "12 downloads"),
        ("Likes: 12", "Shares: 12"),
        ("5 people found this helpful", "5 people did not find this helpful"),
    ],
)
def test_differences_in_meaning_are_never_folded(before, after):
    assert digest_of(before) != digest_of(after)


def test_the_comparison_form_is_one_line_with_single_spaces():
    assert (
        comparison_text("# A  title\n\n- one\n\n  more\n\n[x] Box\n") == "a title one more [x] box"
    )


def test_folding_twice_changes_nothing_more():
    text = "Updated 3 months ago\n\n“Quoted” © 2024 A\n\nPress ⌘I\n\n* [link](x)"
    assert comparison_text(comparison_text(text)) == comparison_text(text)
