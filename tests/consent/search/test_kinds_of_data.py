"""A question about recordings is about sound, or about pictures if a camera made them."""

import pytest
from django.utils import translation

from consent.search.plain_words import words
from consent.search.questions import read_subject
from consent.vocabulary import DataKind

SOUND, PICTURES = DataKind.VOICE, DataKind.IMAGES_AND_VIDEO


@pytest.mark.parametrize(
    ("language", "typed", "kinds"),
    [
        ("en", "are my recordings used", (SOUND,)),
        ("en", "camera recordings", (PICTURES,)),
        ("en", "recordings of the cabin camera", (PICTURES,)),
        ("en", "video recordings", (PICTURES,)),
        ("en", "camera and voice recordings", (PICTURES, SOUND)),
        ("de", "meine Aufnahmen", (SOUND,)),
        ("de", "Kamera Aufnahmen", (PICTURES,)),
        ("de", "Aufnahmen der Innenraumkamera", (PICTURES,)),
        ("de", "Kameraaufnahmen und Videoaufnahmen", (PICTURES,)),
        ("de", "Aufnahmen der Außenkameras", (PICTURES,)),
        ("fr", "mes enregistrements", (SOUND,)),
        ("fr", "les enregistrements des caméras", (PICTURES,)),
    ],
)
def test_recordings_of_cameras_are_pictures(language, typed, kinds):
    with translation.override(language):
        assert set(read_subject(words(typed)).kinds) == set(kinds)
