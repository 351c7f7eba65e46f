"""The languages that are read, and which one a text is in."""

import re
from collections import Counter
from functools import lru_cache

from consent.classification.english import ENGLISH
from consent.classification.french import FRENCH
from consent.classification.german import GERMAN
from consent.classification.lexicon import Lexicon

LEXICONS = (ENGLISH, GERMAN, FRENCH)
BY_LANGUAGE = {lexicon.language: lexicon for lexicon in LEXICONS}
_COMMON_WORDS = {lexicon.language: lexicon.common_words.split() for lexicon in LEXICONS}
WORD = re.compile(r"\w+")
LANGUAGE_SAMPLE = 6000  # characters
ADDRESS = re.compile(r"\]\([^()\s]{0,500}|(?:https?:)?//[^\s()]{1,500}|\bwww\.[^\s()]{1,500}")


def lexicon_for(text: str) -> Lexicon:
    """Return the lexicon whose common words are most frequent in the beginning of the text."""
    return _lexicon_of(text[: 3 * LANGUAGE_SAMPLE])


@lru_cache(maxsize=8)  # the two texts of a change nearly always begin alike
def _lexicon_of(beginning: str) -> Lexicon:
    text = ADDRESS.sub(" ", beginning)[:LANGUAGE_SAMPLE]
    sample = Counter(WORD.findall(text.lower()))
    counts = {
        language: sum(sample[word] for word in words) for language, words in _COMMON_WORDS.items()
    }
    return BY_LANGUAGE[max(counts, key=counts.__getitem__)]
