"""Names are found in the words of a question, and what is no name is not taken for one."""

import pytest
from django.utils.translation import override

from consent.search.asked_authorities import asks_for_acts, authorities_named
from consent.search.asked_names import AskedName, may_be_name, read_names
from consent.search.asked_works import asked_works
from consent.search.plain_words import words
from platforms.models import Platform

LISTED = [
    Platform(pk=number, slug=slug, name=name, operator=operator, category=category, aliases=aliases)
    for number, (slug, name, operator, category, aliases) in enumerate(
        (
            ("uber", "Uber", "Uber", "travel", []),
            ("bolt", "Bolt", "Bolt Operations", "travel", []),
            ("bolt-new", "Bolt.new", "StackBlitz", "developer", ["Bolt"]),
            ("honkai", "Honkai: Star Rail", "HoYoverse", "games", []),
            ("pokemon-go", "Pokémon GO", "Niantic", "games", []),
            ("zoom", "Zoom", "Zoom Communications", "workplace", []),
            ("mail", "Gmail", "Google", "workplace", []),
            ("line", "LINE", "LY Corporation", "social", []),
            ("facebook", "Facebook", "Meta Platforms", "social", ["Meta"]),
            ("meta-ai", "Meta AI", "Meta", "assistant", ["Meta"]),
            ("otter", "Otter.ai", "Otter.ai", "workplace", []),
            ("copilot", "Copilot", "Microsoft", "assistant", []),
            ("hub", "GitHub", "GitHub", "developer", ["Copilot"]),
            ("office", "Office apps", "Microsoft", "workplace", ["Word", "Excel"]),
            ("le-chat", "Le Chat (Vibe)", "Mistral", "assistant", ["Le Chat", "Mistral"]),
            ("discord", "Discord", "Discord", "social", []),
            ("glasses", "AI glasses", "Meta", "device", ["Ray-Ban Meta"]),
        )
    )
]

next(each for each in LISTED if each.slug == "hub").owners = [{"name": "Microsoft"}]


def named(typed):
    return [
        each.product or [platform.slug for platform in each.platforms] or each.typed
        for each in read_names(typed, LISTED)
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("pokemon go honkai", [["pokemon-go", "honkai"]]),
        ("jeux genshin honkai de mon ado", [["honkai"], "Genshin"]),
        ("honkai impact", ["Honkai Impact"]),
        ("uber and bolt", [["uber", "bolt"]]),
        ("bolt taxi app", [["bolt"]]),
        ("bolt coding tool", [["bolt-new"]]),
        ("bolt", [["bolt", "bolt-new"]]),
        ("meta or line", [["facebook", "meta-ai", "glasses", "line"]]),
        ("uber + zoom", [["uber"], ["zoom"]]),
        ("uber / zoom", [["uber"], ["zoom"]]),
        ("zoom, processors, uber", [["zoom"], ["uber"]]),
        ("zoom: need the contract wording, uber", [["zoom"], ["uber"]]),
        ("zoom, wobbl", [["zoom"], "wobbl"]),
        ("Wir berichten über Discord und Zoom", [["discord", "zoom"]]),
        ("clause so that zoom can't train", [["zoom"]]),
        ("teams and skype content", ["Skype"]),
        ("work in teams on skype", ["Skype"]),
        ("line of business", ["line of business"]),
        ("otter ai and zoom in our meetings", [["otter", "zoom"]]),
        ("rayban meta", [["glasses"]]),
        ("meta ray ban", [["glasses"]]),
        ("excel and zoom", [["office", "zoom"]]),
        ("zoom and word my letters", [["zoom"]]),
        ("the word and zoom", [["zoom"]]),
        ("word in my house", ["word in my house"]),
        ("copilot in word", [["copilot", "office"]]),
        ("copilot", [["copilot", "hub"]]),
        ("zoom and wobbl", [["zoom"], "wobbl"]),
        ("toys that talk with us (wobbl, zoom)", ["wobbl", ["zoom"]]),
        ("vw bmw mercedes zoom", [["zoom"], "VW", "BMW", "Mercedes"]),
    ],
)
def test_each_service_is_named_and_nothing_else(typed, expected):
    assert named(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("le chat vocal de discord", [["discord"]]),
        ("le chat de ma fille sur discord", [["discord"]]),
        ("sur fortnite ils prennent le chat vocal", ["Fortnite"]),
        ("le chat", [["le-chat"]]),
        ("Le Chat de Mistral ou discord", [["le-chat", "discord"]]),
        ("le chat et copilot", [["le-chat", "copilot"]]),
        ("le chat entraîne-t-il", [["le-chat"]]),
        ("discord de mon fils", [["discord"]]),
    ],
)
def test_in_french_the_chat_of_a_service_is_not_the_assistant(typed, expected):
    with override("fr"):
        assert named(typed) == expected


@pytest.mark.parametrize("typed", ["processors", "the contract wording", "Klauseln", "le contrat"])
def test_words_of_contracts_are_no_names(typed):
    assert not may_be_name(AskedName(typed), ())


@pytest.mark.parametrize(
    ("typed", "works"),
    [
        ("which one feeds my tracks to ai", ["music"]),
        ("are our beats used", ["music"]),
        ("nutzen sie meine Stücke", ["music"]),
        ("entraînent-ils avec mes morceaux", ["music"]),
        ("is my son safe on it", []),
        ("it tracks me", []),
        ("a song of mine", ["music"]),
    ],
)
def test_music_is_named_by_its_musician(typed, works):
    assert asked_works(words(typed)) == works


AP = "autoriteit-persoonsgegevens"


@pytest.mark.parametrize(
    ("typed", "authorities", "asks"),
    [
        ("AP fine", {AP}, True),
        ("hat die AP schon ein Bußgeld verhängt", {AP}, True),
        ("l'AP a-t-elle mis une amende", {AP}, True),
        ("AP news about AI", set(), False),
        ("the AP licensed its archive", set(), False),
        ("does the ICO use ChatGPT", {"ico"}, False),
        ("nutzt die CNIL ChatGPT", {"cnil"}, False),
        ("what did the ICO decide about the use of ChatGPT", {"ico"}, True),
    ],
)
def test_an_authority_is_told_from_others_of_its_name_and_from_who_uses_a_service(
    typed, authorities, asks
):
    assert (authorities_named(words(typed)), asks_for_acts(words(typed))) == (authorities, asks)
