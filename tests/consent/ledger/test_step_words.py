"""Steps of guides that are made of known parts are in the language of the page, as a whole."""

from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.utils.translation import override

from consent.ledger import step_words
from consent.ledger.step_words import step_in_words

#: Chosen by hand: services that most people have heard of, and that have guides.
MOST_USED = (
    *("facebook", "instagram", "whatsapp", "threads", "x", "tiktok", "youtube", "linkedin"),
    *("pinterest", "reddit", "snapchat", "discord", "tumblr", "quora", "bereal", "chatgpt"),
    *("claude", "gemini", "microsoft-copilot", "meta-ai", "perplexity", "deepseek", "xai-grok"),
    *("le-chat", "character-ai", "poe", "qwen-chat", "kimi", "doubao", "gmail-workspace"),
    *("google-photos", "google-search", "microsoft-365", "slack", "zoom", "dropbox", "adobe"),
    *("canva", "figma", "grammarly", "github-copilot", "cursor", "apple-siri", "amazon-alexa"),
    *("ring", "samsung", "twitch", "medium", "substack", "wordpress-com", "evernote"),
    *("deviantart", "ebay", "airbnb", "booking-com", "roblox", "tesla", "squarespace", "upwork"),
    "starlink",
)


@pytest.mark.parametrize(
    ("sentence", "german"),
    [
        ("Open Data privacy.", 'Öffnen Sie <span lang="en">Data privacy</span>.'),
        (
            "Click Me, then Settings & Privacy.",
            'Klicken Sie auf <span lang="en">Me</span>, dann auf'
            ' <span lang="en">Settings &amp; Privacy</span>.',
        ),
        ('Choose "A <b>".', 'Wählen Sie <span lang="en">&quot;A &lt;b&gt;&quot;</span>.'),
        ("The switch is off.", "Der Schalter ist aus."),
        (
            "Tap your photo at the top right, then Settings.",
            'Tippen Sie auf Ihr Foto oben rechts, dann auf <span lang="en">Settings</span>.',
        ),
        (
            "Sign in and open example.com/settings.",
            "Melden Sie sich an und öffnen Sie example.com/settings.",
        ),
        (
            "Under Privacy, tap Memory and turn Keep it for me off.",
            'Unter <span lang="en">Privacy</span>: Tippen Sie auf <span lang="en">Memory</span>'
            ' und schalten Sie <span lang="en">Keep it for me</span> aus.',
        ),
        (
            "Open Data (earlier: Privacy).",
            'Öffnen Sie <span lang="en">Data</span> (früher: <span lang="en">Privacy</span>).',
        ),
        (
            "A confirmation arrives by e-mail. Keep it.",
            "Eine Bestätigung kommt per E-Mail. Heben Sie sie auf.",
        ),
        ("Tracks is off.", '<span lang="en">Tracks</span> ist ausgeschaltet.'),
    ],
)
def test_known_parts_are_translated_and_names_are_marked(sentence, german):
    with override("de"):
        assert step_in_words(sentence) == german


def test_a_page_in_french_has_french_steps():
    with override("fr"):
        assert step_in_words("Under Privacy, tap Memory.") == (
            'Sous <span lang="en">Privacy</span> : touchez <span lang="en">Memory</span>.'
        )


@pytest.mark.parametrize(
    "sentence",
    [
        "Open Settings behind the tree.",
        "Tap your goldfish, then Settings.",
        "Open the page that the mail names.",
        "Turn off each giraffe that you do not want.",
        "Open Settings. Feed the cat.",
        "Open Grok and look behind it.",
        "Open Granola's settings.",
        "It is off.",
        "Choose Turn off to confirm.",
        "Open Settings and choose what you like.",
    ],
)
def test_a_sentence_with_any_other_part_stays_in_english_as_a_whole(sentence):
    with override("de"):
        assert step_in_words(sentence) is None


def test_each_part_is_in_both_languages_with_the_same_slots():
    parts = yaml.safe_load(Path(step_words.__file__).with_suffix(".yaml").read_text())
    for of_kind in parts.values():
        for english, words in of_kind.items():
            slots = sorted(step_words._SLOT.findall(english))
            translations = words.split(" | ")
            assert len(translations) == 2, english
            for translation in translations:
                assert sorted(step_words._SLOT.findall(translation)) == slots, english


def test_most_steps_of_well_known_services_are_in_german_and_french():
    steps = []
    for slug in MOST_USED:
        text = (settings.CATALOG_DIR / f"{slug}.yaml").read_text()
        guides = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)).get("guides", ())
        for guide in guides:
            for surface in guide.get("surfaces", ()):
                for step in surface.get("steps", ()):
                    steps += [step[field] for field in ("act", "expect") if field in step]
    for language in ("de", "fr"):
        with override(language):
            translated = sum(step_in_words(each) is not None for each in steps)
        assert translated / len(steps) > 0.75, language
