"""Which uses and controls of the catalog a change is about."""

import pytest

from consent.classification import suggest
from consent.classification.catalog_match import Catalog, CatalogControl, CatalogUse

CATALOG = Catalog(
    uses=(
        CatalogUse("chats", "training", "Your chats train Perch's models", data_kinds=("chats",)),
        CatalogUse(
            "voice", "training", "Your voice recordings train Perch's models", data_kinds=("voice",)
        ),
        CatalogUse(
            "partners",
            "sharing-for-training",
            "Companies that Perch shares posts with train their AI",
            data_kinds=("public-posts",),
        ),
        CatalogUse("ads", "ads", "Perch chooses ads by your chats", data_kinds=("chats",)),
    ),
    controls=(
        CatalogControl("chat-switch", ("Improve Perch for everyone",), ("chats",), "switch"),
        CatalogControl("voice-form", ("Voice objection",), ("voice",), "form"),
        CatalogControl("chat-mail", ("A letter",), ("chats",), "email"),
    ),
)


@pytest.mark.parametrize(
    ("added", "concerned"),
    [
        ("We use your chats to train our AI models.", ("chats",)),
        ("Voice recordings are used to train our AI models.", ("voice",)),
        ("Our partners may use your posts to train their own AI models.", ("partners",)),
        (
            "We use your chats to train our AI models. You can turn this off in your settings.",
            ("chats", "chat-switch"),
        ),
        (
            "We use your chats to train our AI models. To opt out of this use, write to "
            "privacy@perch.example.",
            ("chats", "chat-mail"),
        ),
    ],
)
def test_a_change_is_about_the_use_that_shares_its_purpose_and_data(added, concerned):
    before = "We take your privacy seriously."

    assert suggest(before, f"{before}\n\n{added}", catalog=CATALOG).settings == concerned


def test_a_platform_without_uses_gets_none():
    use = "We use your chats to train our AI models."

    assert suggest("Hello.", f"Hello.\n\n{use}", catalog=Catalog()).settings == ()
