"""The hunks of an edit: kind, place and marked words."""

from consent.diffing import diff

POLICY = """\
# Privacy

## How we use data

We use your posts to show them to others.

We keep your messages for as long as your account exists.

## Your choices

You can download a copy of your data at any time.

* Open the settings
* Choose the privacy tab
"""


def outline(result):
    return [
        (hunk.kind, hunk.place, hunk.before.strip(), hunk.after.strip()) for hunk in result.hunks
    ]


def marked(result):
    """The hunks as text, [-removed-] and {+added+}."""
    lines = []
    for hunk in result.changes:
        line = ""
        for span in hunk.spans:
            removed = result.before[span.before_start : span.before_end]
            added = result.after[span.after_start : span.after_end]
            if span.op == "equal":
                line += added
            else:
                line += f"[-{removed}-]" * bool(removed) + f"{{+{added}+}}" * bool(added)
        lines.append(line.strip())
    return lines


def test_an_inserted_paragraph_is_found_under_its_headings():
    after = POLICY.replace("We keep", "We train our models on your posts.\n\nWe keep")
    assert outline(diff(POLICY, after)) == [
        ("insert", ("Privacy", "How we use data"), "", "We train our models on your posts.")
    ]


def test_a_removed_paragraph_is_found_under_the_headings_it_had():
    after = POLICY.replace("You can download a copy of your data at any time.\n\n", "")
    assert outline(diff(POLICY, after)) == [
        (
            "delete",
            ("Privacy", "Your choices"),
            "You can download a copy of your data at any time.",
            "",
        )
    ]


def test_an_edited_paragraph_marks_only_the_words_that_changed():
    after = POLICY.replace("to show them to others", "to show them to others and train our models")
    assert marked(diff(POLICY, after)) == [
        "We use your posts to show them to others {+and train our models+}."
    ]


def test_an_added_sentence_is_marked_from_its_beginning():
    result = diff("We ask. We share.", "We ask. We collect. We share.")
    assert marked(result) == ["We ask. {+We collect. +}We share."]


def test_words_left_over_between_rewritten_ones_are_not_kept_apart():
    result = diff(
        "You may at any time withdraw the consent you gave us by writing a letter.",
        "You may turn off training for the account in use by writing a letter.",
    )
    assert marked(result) == [
        "You may [-at any time withdraw the consent you gave us -]"
        "{+turn off training for the account in use +}by writing a letter."
    ]


def test_an_edited_item_leaves_its_neighbours_alone():
    after = POLICY.replace("Choose the privacy tab", "Choose the data tab")
    assert marked(diff(POLICY, after)) == ["* Choose the [-privacy -]{+data +}tab"]


def test_a_row_of_a_table_is_compared_by_itself():
    before = "| Plan | Training |\n| --- | --- |\n| Free | Off |\n| Pro | Off |\n"
    after = before.replace("| Free | Off |", "| Free | On |")
    assert outline(diff(before, after)) == [("replace", (), "| Free | Off |", "| Free | On |")]


def test_a_block_replaced_by_another_of_its_kind_is_one_hunk():
    assert marked(diff("# A\n\nYes.\n\n# B", "# A\n\nCertainly not!\n\n# B")) == [
        "[-Yes.\n\n-]{+Certainly not!\n\n+}"
    ]


def test_a_paragraph_under_another_heading_has_moved():
    paragraph = "We keep your messages for as long as your account exists.\n\n"
    after = POLICY.replace(paragraph, "").replace("* Open", paragraph + "* Open")
    (hunk,) = diff(POLICY, after).hunks
    assert (hunk.kind, hunk.origin, hunk.place) == (
        "move",
        ("Privacy", "How we use data"),
        ("Privacy", "Your choices"),
    )
    assert [span.op for span in hunk.spans] == ["equal"]


def test_a_moved_and_edited_paragraph_is_a_move_with_the_words_marked():
    paragraph = "We keep your messages for as long as your account exists.\n\n"
    edited = "We keep your messages and chats for as long as your account exists.\n\n"
    after = POLICY.replace(paragraph, "").replace("* Open", edited + "* Open")
    result = diff(POLICY, after)
    assert [hunk.kind for hunk in result.hunks] == ["move"]
    assert marked(result) == [
        "We keep your messages {+and chats +}for as long as your account exists."
    ]


def test_a_section_that_changed_places_moves_with_its_heading():
    first = "## First\n\nWe use what you post to train models.\n\n"
    second = (
        "## Second\n\nWe share data with partners as described.\n\nPartners keep it for a year.\n\n"
    )
    assert {hunk.kind for hunk in diff(first + second, second + first).hunks} == {"move"}


def test_what_repeats_on_a_page_does_not_count_as_moved():
    before = "Learn more\n\n# A\n\nText of the first part.\n\n# B\n\nText of the second part.\n"
    after = "# A\n\nText of the first part.\n\n# B\n\nText of the second part.\n\nLearn more\n"
    assert sorted(hunk.kind for hunk in diff(before, after).changes) == ["delete", "insert"]


def test_a_paragraph_edited_in_its_place_has_not_moved_where_its_words_come_up_as_well():
    rule = "You may not include content that is misleading or out of place on your card"
    before = f"# Cards\n\nIn brief.\n\n{rule}.\n\nThe end.\n\n# Stories\n\nIn brief.\n\nThe rest.\n"
    edited = before.replace(f"{rule}.", f"{rule}, or on that of others.")
    after = edited.replace("The rest.", f"{rule}!\n\nThe rest.")
    assert [(kind, place) for kind, place, _, _ in outline(diff(before, after))] == [
        ("replace", ("Cards",)),
        ("insert", ("Stories",)),
    ]


def test_a_joined_paragraph_is_an_edit_of_both():
    before = (
        "We use your posts and chats to train our models.\n\n"
        "You can opt out of this use in the settings at any time.\n"
    )
    after = (
        "We use your posts and chats to train our models. "
        "You can opt out of this use in the account settings at any time.\n"
    )
    result = diff(before, after)
    assert marked(result) == [after.strip().replace("account ", "{+account +}")]
    assert result.hunks[0].before == before


def test_a_paragraph_cut_into_items_is_an_edit_of_the_whole():
    before = (
        "We may use your content to show it to others, to recommend posts to other people, "
        "and to train the models of our partners.\n"
    )
    after = (
        "We may use your content\n\n* to show it to others,\n"
        "* to recommend posts to other people,\n"
        "* and to train the models of our partners and advertisers.\n"
    )
    (hunk,) = diff(before, after).hunks
    assert hunk.after == after
    assert [span.op for span in hunk.spans] == ["equal", "insert", "equal"]


def test_a_heading_belongs_to_the_place_it_opens():
    after = POLICY.replace("* Open", "### Training\n\nWe train on it.\n\n* Open")
    assert [hunk.place for hunk in diff(POLICY, after).hunks] == [
        ("Privacy", "Your choices", "Training"),
        ("Privacy", "Your choices", "Training"),
    ]


def test_bold_lines_and_underlined_titles_serve_as_headings():
    before = "Privacy\n=======\n\nData\n----\n\n**Training:**\n\nWe do not train on it.\n"
    (hunk,) = diff(before, before.replace("do not", "may")).hunks
    assert hunk.place == ("Privacy", "Data", "Training:")


def test_a_date_in_bold_heads_nothing():
    before = "# Terms\n\n**Last updated: 2 May 2024**\n\nWe do not train on it.\n"
    (hunk,) = diff(before, before.replace("do not", "may")).hunks
    assert hunk.place == ("Terms",)


def test_a_title_is_given_without_its_markup():
    before = "## [Your **data**](/data) &amp; [you](/you)\n\nYes.\n"
    (hunk,) = diff(before, before.replace("Yes", "No")).hunks
    assert hunk.place == ("Your data &amp; you",)


def test_nothing_has_moved_on_a_page_that_was_replaced_altogether():
    result = diff(POLICY, "Error 404\n\nThis page is not available.")
    assert "move" not in {hunk.kind for hunk in result.hunks}


def test_a_text_that_appears_is_inserted_and_one_that_goes_is_deleted():
    assert {hunk.kind for hunk in diff("", POLICY).hunks} == {"insert"}
    assert {hunk.kind for hunk in diff(POLICY, "").hunks} == {"delete"}


def test_long_texts_without_paragraphs_are_still_compared_by_words():
    words = [f"word{number}" for number in range(9000)]
    before = " ".join(words)
    after = " ".join([*words[:4000], "added", *words[4000:]])
    assert marked(diff(before, after)) == [after.replace("added ", "{+added +}")]
