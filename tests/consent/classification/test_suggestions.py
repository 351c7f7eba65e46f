import json
from dataclasses import replace

import pytest

from consent.classification import suggest
from consent.classification.catalog_match import Catalog, CatalogControl
from consent.classification.effects import EFFECTS
from consent.diffing import MovedLink
from consent.vocabulary import Direction, Effect
from tests.consent.classification.help_pages import (
    INTRODUCED,
    NO_MENTION,
    OFF_IN_THE_EU,
    OPT_OUT_MOVED,
    REWORDED,
)

ERROR_PAGE = "This page isn’t available right now. Please try again later."


def test_a_training_setting_that_is_on_by_default_is_introduced():
    suggestion = suggest(NO_MENTION, INTRODUCED, subject="X")

    assert suggestion.relevant
    assert suggestion.effects == ("use-introduced", "default-on", "opt-out-added")
    assert suggestion.direction == "less-control"
    assert suggestion.title == "X now uses public posts to train Grok unless people opt out"


def test_other_words_for_the_same_are_wording_only():
    suggestion = suggest(INTRODUCED, REWORDED, subject="X")

    assert suggestion.relevant
    assert (suggestion.effects, suggestion.direction) == (("wording-only",), "neutral")
    assert suggestion.title == "X rewords what it says about AI training"


def test_an_opt_out_that_moves_changes_the_opt_out():
    suggestion = suggest(REWORDED, OPT_OUT_MOVED, subject="X")

    assert (suggestion.effects, suggestion.direction) == (("opt-out-changed",), "neutral")
    assert suggestion.title == "X changes how people opt out of AI training"


def test_a_default_that_goes_off_in_one_region_gives_more_control():
    suggestion = suggest(OPT_OUT_MOVED, OFF_IN_THE_EU, subject="X")

    assert (suggestion.effects, suggestion.direction) == (("default-off",), "more-control")
    assert suggestion.title == "X turns training on public posts in the EU off by default"


def test_equal_texts_suggest_nothing():
    suggestion = suggest(INTRODUCED, INTRODUCED)

    assert not suggestion.relevant
    assert (suggestion.effects, suggestion.direction) == ((), "neutral")


def test_a_change_elsewhere_on_a_page_about_training_is_not_relevant():
    assert not suggest(INTRODUCED, INTRODUCED.replace("Questions?", "Any questions?")).relevant


def test_dates_numbering_and_link_targets_are_not_news():
    before = "1. We use [your posts](https://a.example) to train AI.\n"
    after = "2. We use [your posts](https://b.example/?utm=1) to **train AI**.\n"

    assert not suggest(before, after).relevant


def test_a_page_that_gives_way_to_an_error_page_is_not_relevant():
    page = INTRODUCED * 8

    assert not suggest(page, ERROR_PAGE).relevant
    assert not suggest(ERROR_PAGE, page).relevant


def test_a_page_that_gives_way_to_another_document_is_not_relevant():
    policy = "".join(
        f"Clause {n} governs orders, refunds, deliveries and warranties.\n" for n in range(50)
    )
    document = "We use your chats to train our models.\n" + "".join(
        f"Chapter {n}: painting landscapes with watercolours, brushes, paper.\n" for n in range(50)
    )

    assert not suggest(policy, document).relevant
    assert suggest(policy, policy + document).relevant


def test_rules_for_users_that_appear_are_not_relevant():
    before = "Terms of use. Be kind to others."
    after = before + "\n\nYou may not use our services to train AI models."

    assert not suggest(before, after).relevant


def test_a_use_that_goes_is_removed_and_a_promise_in_its_place_added():
    suggestion = suggest(
        "We use your calls to train our AI models.",
        "We do not use your calls to train our AI models.",
        subject="Zoomy",
    )

    assert suggestion.effects == ("use-removed", "pledge-added")
    assert suggestion.direction == "more-control"
    assert suggestion.title == "Zoomy now says it does not use calls to train AI"


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (
            "We do not use your chats to train our models for advertising.",
            "Zoomy now says it does not use chats to train some AI models",
        ),
        (
            "We do not use your chats to train our ad ranking models.",
            "Zoomy now says it does not use chats to train some AI models",
        ),
        (
            "We use your chats to train our spam detection models.",
            "Zoomy now uses chats to train some AI models",
        ),
        (
            "We use your chats to train our speech recognition models.",
            "Zoomy now uses chats to train some AI models",
        ),
        (
            "Wir verwenden Ihre Chats nicht, um Modelle für Werbung zu trainieren.",
            "Zoomy now says it does not use chats to train some AI models",
        ),
        (
            "Nous n’utilisons pas vos messages pour entraîner nos modèles publicitaires.",
            "Zoomy now says it does not use private messages to train some AI models",
        ),
        (
            "We do not use your chats to train our models for any purpose.",
            "Zoomy now says it does not use chats to train AI",
        ),
    ],
)
def test_a_title_about_models_for_one_purpose_is_not_about_all(words: str, title: str):
    assert suggest("Hello.", f"Hello.\n\n{words}", subject="Zoomy").title == title


def test_a_promise_that_goes_is_dropped():
    suggestion = suggest(
        "We never use your files to train our models. Hello.", "Hello.", subject="Boxed"
    )

    assert (suggestion.effects, suggestion.direction) == (("pledge-dropped",), "less-control")
    assert suggestion.title == "Boxed no longer promises not to train AI on files"


def test_a_promise_that_becomes_a_default_is_weakened():
    suggestion = suggest(
        "We do not train our models on business data of your company.",
        "By default, we do not train our models on business data of your company.",
    )

    assert suggestion.effects == ("pledge-dropped", "default-off")


def test_more_kinds_of_data_widen_the_scope():
    suggestion = suggest(
        "We use your public posts to train our models.",
        "We use your public posts, photos and voice recordings to train our models.",
    )

    assert (suggestion.effects, suggestion.direction) == (("scope-widened",), "less-control")


def test_people_own_data_beside_public_data_is_a_new_use():
    before = "We use publicly available information to train our models.\n"

    suggestion = suggest(before, before + "\nWe use your chats to train our models.\n")

    assert suggestion.effects == ("use-introduced",)


def test_others_who_may_train_widen_the_sharing():
    before = "We use your posts to train our models.\n"
    after = before + "\nOur partners may use your posts to train their AI models.\n"

    assert suggest(before, after).effects == ("sharing-widened",)


def test_a_changed_cell_beside_a_training_purpose_counts():
    row = "| To train our AI models | {data} | Legitimate interests |\n"

    suggestion = suggest(row.format(data="Chats"), row.format(data="Chats, photos"))

    assert suggestion.effects == ("scope-widened",)


def test_passages_carry_both_sides_with_their_place_and_spans():
    before = "# Privacy\n\nWe use your chats to train our models.\n"
    after = "# Privacy\n\nWe may use your chats to train and test our models.\n"

    (passage,) = suggest(before, after).passages

    assert passage.place == "Privacy"
    assert passage.before_span is not None
    assert passage.after_span is not None
    assert before[slice(*passage.before_span)].strip() == passage.before
    assert after[slice(*passage.after_span)].strip() == passage.after


def test_what_a_page_repeats_in_one_place_is_one_passage():
    sentence = "We use your posts to train our AI models."
    after = (
        f"# Terms\n\nHello world. {sentence}\n\nBye for now. {sentence}\n\n# Pro\n\n{sentence}\n"
    )

    passages = suggest("# Terms\n\nHello world.\n\nBye for now.\n\n# Pro\n", after).passages

    assert [(passage.place, passage.after) for passage in passages] == [
        ("Terms", sentence),
        ("Pro", sentence),
    ]


def test_the_trace_names_the_rule_and_its_words():
    suggestion = suggest("Hello.", "Hello.\n\nWe use your chats to train our models.")

    (fired,) = [rule for rule in suggestion.trace if rule.rule == "use-where-none-was"]
    assert fired.effect == "use-introduced"
    assert "train our models" in fired.words


def test_controls_of_the_catalog_are_recognised_by_their_label():
    catalog = Catalog(
        controls=(
            CatalogControl("grok-training", ("Allow your posts to be used for training",)),
            CatalogControl("ads", ("Personalised ads", "Ad settings")),
        )
    )

    assert suggest(NO_MENTION, INTRODUCED, catalog=catalog).settings == ("grok-training",)


def test_a_suggestion_becomes_plain_data():
    data = suggest(NO_MENTION, INTRODUCED, subject="X").as_json()

    assert json.loads(json.dumps(data)) == data
    assert data["effects"] == ["use-introduced", "default-on", "opt-out-added"]


def test_the_effects_are_the_closed_list_of_the_vocabulary():
    assert set(EFFECTS) <= set(Effect.values)
    assert EFFECTS[-1] == Effect.WORDING_ONLY
    assert suggest(NO_MENTION, INTRODUCED).direction in Direction.values


def test_a_title_that_would_take_over_140_characters_says_only_that_something_changed():
    name = "The Extraordinarily Long Name of a Platform That Goes On and On"

    told, cut = (suggest(NO_MENTION, INTRODUCED, subject=each).title for each in (name, name * 2))

    assert told == f"{name} now uses public posts to train Grok unless people opt out"
    assert cut == f"{name * 2} changes what it says about AI training"


def test_confidence_is_a_share():
    for before, after in ((NO_MENTION, INTRODUCED), (INTRODUCED, REWORDED), ("a", "b")):
        assert 0 < suggest(before, after).confidence <= 1


def test_an_exception_narrows_the_scope_of_a_use():
    suggestion = suggest(
        "We use your public posts to train our AI models.",
        "We use your public posts to train our AI models, except for people in the EU.",
    )

    assert (suggestion.effects, suggestion.direction) == (("scope-narrowed",), "more-control")


def test_more_regions_and_plans_widen_the_scope():
    uses = "We use the chats of {} to train our models."

    for old, new in (
        ("people in the US", "people in the US and the UK"),
        ("free users", "free and paid users"),
    ):
        assert suggest(uses.format(old), uses.format(new)).effects == ("scope-widened",)


def test_a_kind_of_data_that_is_no_longer_named_narrows_the_scope():
    suggestion = suggest(
        "We use your posts, photos and messages to train our models.",
        "We use your posts and photos to train our models.",
    )

    assert suggestion.effects == ("scope-narrowed",)


def test_a_promise_limited_to_some_is_weakened():
    suggestion = suggest(
        "We do not use customer data to train our models.",
        "We do not use enterprise customer data to train our models.",
    )

    assert (suggestion.effects, suggestion.direction) == (("pledge-dropped",), "less-control")


def test_keeping_data_for_training_longer_changes_the_retention():
    suggestion = suggest(
        "Chats used for training our models are kept for 30 days.",
        "Chats used for training our models are kept for five years.",
    )

    assert (suggestion.effects, suggestion.direction) == (("retention-changed",), "neutral")


def test_a_default_that_goes_on_is_not_a_broken_promise():
    suggestion = suggest(
        "Training our models on your chats is off by default.",
        "Training our models on your chats is on by default.",
    )

    assert (suggestion.effects, suggestion.direction) == (("default-on",), "less-control")


def test_a_use_that_comes_until_people_object_is_on_by_default():
    suggestion = suggest(
        "We do not use your chats to train our models.",
        "We may use your chats to train our models unless you opt out.",
    )

    assert suggestion.effects == (
        "use-introduced",
        "pledge-dropped",
        "default-on",
        "opt-out-added",
    )
    assert suggestion.direction == "less-control"


@pytest.mark.parametrize(
    "promise",
    [
        "If you turn on Private Mode, your chats are not used to train our AI models.",
        "With Temporary Chat turned on, your chats are not used to train our AI models.",
        "In Incognito mode, your chats are not used to train our AI models.",
        "Temporary conversations are never used to train our AI models.",
        "Your chats are not used to train our AI models while your history is off.",
        "Chats that you mark as private are never used to train our AI models.",
        "You can ask us not to use your chats to train our AI models.",
        "Users can choose that their chats are not used to train our AI models.",
        "Im privaten Modus werden Ihre Chats nicht zum Training unserer KI-Modelle verwendet.",
        "Chats, die Sie als privat markieren, werden nicht zum Training unserer KI-Modelle"
        " verwendet.",
    ],
)
def test_a_promise_for_who_acts_is_a_way_to_refuse_and_no_pledge(promise):
    suggestion = suggest("We write to you.", f"We write to you.\n\n{promise}", subject="Lumo")

    assert "pledge-added" not in suggestion.effects
    assert "not use" not in suggestion.title


def test_a_promise_for_everybody_is_a_pledge_whatever_else_the_sentence_says():
    promise = "With our focus on privacy, we do not use your chats to train our AI models."

    suggestion = suggest("We write to you.", f"We write to you.\n\n{promise}", subject="Lumo")

    assert suggestion.effects == ("pledge-added",)


@pytest.mark.parametrize(
    "promise",
    [
        "We do not use your chats to train our AI models unless you turn on the setting.",
        "Your chats are used to train our AI models only if you turn on the setting.",
        "We do not use your chats to train our AI models, except when you turn on the setting.",
        "Wir verwenden Ihre Chats nicht zum Training unserer KI-Modelle, außer wenn Sie die"
        " Einstellung aktivieren.",
    ],
)
def test_a_promise_until_people_agree_is_no_way_to_refuse(promise):
    suggestion = suggest("We write to you.", f"We write to you.\n\n{promise}", subject="Lumo")

    assert "opt-out-added" not in suggestion.effects


def test_an_opt_out_that_goes_while_the_use_stays_is_removed():
    use = "We use your chats to train our models."

    suggestion = suggest(use + " You can opt out of training in settings.", use)

    assert (suggestion.effects, suggestion.direction) == (("opt-out-removed",), "less-control")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We use your chats to train our models unless you opt out.", "We use your chats"),
        ("Unless you opt out, we use your chats to train our AI models.", "We may use your chats"),
        ("We use your chats to train our models, but you can opt out.", "We use your chats"),
    ],
)
def test_an_opt_out_that_goes_from_a_sentence_is_no_other_wording(before, after):
    suggestion = suggest(before, f"{after} to train our models.", subject="Lumo")

    assert (suggestion.effects, suggestion.direction) == (("opt-out-removed",), "less-control")


def test_a_consent_that_goes_from_a_sentence_is_no_other_wording():
    before = "We only use your chats to train our AI models if you agree."

    suggestion = suggest(before, "We use your chats to train our AI models.", subject="Lumo")

    assert (suggestion.effects, suggestion.direction) == (("use-introduced",), "less-control")


def test_an_opt_out_that_moves_to_another_sentence_is_not_removed():
    use = "We use your chats to train our models"

    suggestion = suggest(f"{use} unless you opt out.", f"{use}. You can opt out in settings.")

    assert "opt-out-removed" not in suggestion.effects


def test_a_pointer_to_more_about_training_is_wording_and_no_new_use():
    use = "We use your chats to train our models."

    suggestion = suggest(
        use, use + "\n\nLearn more about how your data is used to train our models."
    )

    assert (suggestion.effects, suggestion.direction) == (("wording-only",), "neutral")


FORM = MovedLink("Opt out of training", "https://chirp.example/a", "https://chirp.example/b")
PRESS = MovedLink("Contact form", "https://chirp.example/c", "https://chirp.example/d")


def test_a_way_out_that_moved_is_relevant_though_no_word_changed():
    suggestion = suggest("Same words.", "Same words.", subject="Chirp", moved_links=[PRESS, FORM])
    assert (suggestion.relevant, suggestion.effects, suggestion.direction) == (
        True,
        ("opt-out-changed",),
        "neutral",
    )
    assert suggestion.title == "Chirp moves “Opt out of training” to a new address"
    assert [passage.after for passage in suggestion.passages] == [
        "“Opt out of training” leads to https://chirp.example/b"
    ]


def test_a_way_out_that_is_no_link_any_more_takes_control_away():
    suggestion = suggest("Same words.", "Same words.", moved_links=[replace(FORM, after="")])
    assert (suggestion.effects, suggestion.direction) == (("opt-out-removed",), "less-control")


def test_a_contact_form_that_moved_is_not_relevant():
    suggestion = suggest("Same words.", "Same words.", moved_links=[PRESS])
    assert not suggestion.relevant
    assert suggestion.confidence < 1


@pytest.mark.parametrize("host", ["chirp.ai", "ai.chirp.example"])
def test_a_contact_form_is_no_way_out_because_of_the_name_of_its_host(host):
    form = MovedLink("Contact", "", f"https://{host}/contact/")
    assert not suggest("Same words.", "Same words.", moved_links=[form]).relevant


def test_links_that_came_with_new_words_are_judged_by_the_words():
    added = MovedLink("Opt out of marketing", "", "https://chirp.example/m")
    assert not suggest("Same words.", "Other words.", moved_links=[added]).relevant
