"""A question about a kind of platform is read by what people call that kind."""

from pathlib import Path

import pytest
import yaml
from django.utils import translation

from consent.search.plain_words import words
from consent.search.questions import read_subject
from consent.vocabulary import DataKind
from platforms.vocabulary import Category

CALLED = yaml.safe_load(
    Path(__file__).with_name("kinds_of_platforms.yaml").read_text(encoding="utf-8")
)
ASKED = {
    "en": "which {} train ai",
    "de": "welche {} trainieren ki",
    "fr": "quels {} entraînent une ia",
}


def read(language, typed):
    with translation.override(language):
        return read_subject(words(typed))


@pytest.mark.parametrize("language", ASKED)
def test_each_category_is_found_by_its_everyday_names(language):
    assert CALLED.keys() == set(Category.values)
    wrong = {}
    for category, called in CALLED.items():
        for name in called[language]:
            subject = read(language, ASKED[language].format(name))
            if subject.category != category or subject.other:
                wrong[name] = (subject.category, subject.other)
    assert wrong == {}


@pytest.mark.parametrize(
    ("language", "typed", "categories", "kinds"),
    [
        ("en", "photo apps", [Category.CREATIVE], [DataKind.IMAGES_AND_VIDEO]),
        ("en", "my photos", [], [DataKind.IMAGES_AND_VIDEO]),
        ("en", "music services", [Category.MEDIA], []),
        ("fr", "quelle ia pour les devoirs", [Category.ASSISTANT, Category.EDUCATION], []),
        ("de", "welche KI für Hausaufgaben", [Category.ASSISTANT, Category.EDUCATION], []),
        ("de", "Fotos an KI-Firmen verkauft", [], [DataKind.IMAGES_AND_VIDEO]),
        ("en", "in the phone app", [], []),
    ],
)
def test_a_kind_of_platform_is_told_from_data(language, typed, categories, kinds):
    subject = read(language, typed)
    assert (list(subject.categories), list(subject.kinds)) == (categories, kinds)
