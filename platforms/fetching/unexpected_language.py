"""Recognises texts in another language than expected, at low cost. Pure."""

import re
from collections import Counter

# The most common small words of each language, without those shared with a similar language.
_SMALL_WORDS = {
    "en": "the and of to that is you your or for with this our are we may not by as be it",
    "de": "der und das ist nicht mit sie wir für auf ein eine werden oder ihre von dem den zu im",
    "fr": "les et des vous est nous pour dans une vos sur votre avec sont ou ces cette aux du le",
    "es": "los las y del que el tu para con una su por sus puede como más nuestros usted o es",
    "it": "il di che della per gli con sono dei delle nel i le alla questo tuoi nostri e anche è",
    "pt": "os e do da para com que você não uma seus em nossos pode ao dos das suas são seu",
    "nl": "het een en van wij niet voor zijn met op dat onze deze kunnen u uw je worden aan",
    "pl": "i w nie na się z do jest oraz lub dla które przez może są od",
    "sv": "och att det som för är på inte med du vi av har kan eller din den till ditt",
    "da": "og at det som for er på ikke med du vi af har kan eller din den til dit jeg",
    "tr": "ve bir bu için ile veya olarak da daha gibi olan size kişisel",
    "id": "dan yang untuk anda dengan kami ini tidak dari dapat atau pada akan di",
    "vi": "và của các bạn chúng tôi cho không được trong có với này là",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
_OTHER_SCRIPTS = re.compile(r"[\u0370-\u1dff\u3040-\ud7af]")
#: Languages with the same script, which the script alone cannot distinguish.
_SAME_SCRIPT = ({"zh", "ja"}, {"ru", "uk", "bg", "sr", "be", "mk", "kk"}, {"ar", "fa", "ur"})
_READ = 5_000  # characters
_ENOUGH_WORDS = 60
_CLEAR = 0.12  # minimum share of small words to recognise a language; chosen
_WORD = re.compile(r"[^\W\d_]+")


def primary(tag: str) -> str:
    """Return the language of a tag such as "de-AT" or "en_US"; "" for none."""
    return re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]


def language_of(text: str) -> str:
    """Return the language that a text clearly is in; "" for short, mixed and unknown ones."""
    sample = text[:_READ]
    if script := _script_of(sample):
        return script
    shares = _shares(sample)
    likeliest = max(shares, key=lambda name: shares[name], default="")
    return likeliest if shares.get(likeliest, 0) >= _CLEAR else ""


def looks_foreign(text: str, expected: str) -> str:
    """Return the language a text is in if that clearly is not `expected`, else "".

    Short texts, mixed texts and unknown languages count as expected.
    """
    expected = primary(expected)
    sample = text[:_READ]
    script = _script_of(sample)
    if script:
        same = any({script, expected} <= family for family in _SAME_SCRIPT)
        return "" if script == expected or same else script
    return _foreign_by_words(sample, expected)


def confirms(text: str, expected: str) -> bool:
    """True if a text clearly is in the expected language."""
    expected = primary(expected)
    if script := _script_of(text[:_READ]):
        return script == expected
    shares = _shares(text[:_READ])
    return shares.get(expected, 0) >= _CLEAR and expected == max(shares, key=lambda n: shares[n])


def _foreign_by_words(sample: str, expected: str) -> str:
    shares = _shares(sample)
    if not shares:
        return ""
    likeliest = max(shares, key=lambda name: shares[name])
    known = shares.get(expected)
    if known is None:
        # There is no word list for the expected language; only its script can be recognised.
        return likeliest if expected in {name for name, _ in _SCRIPTS} else ""
    if likeliest != expected and shares[likeliest] >= _CLEAR and known < shares[likeliest] * 0.4:
        return likeliest
    return ""


def _script_of(sample: str) -> str:
    """Return the language whose script makes up at least a third of the letters, or ""."""
    if len(_OTHER_SCRIPTS.findall(sample)) < len(sample) / 10:
        return ""
    letters = sum(character.isalpha() for character in sample)
    if letters < _ENOUGH_WORDS:
        return ""
    for language, pattern in _SCRIPTS:
        share = len(pattern.findall(sample)) / letters
        # Japanese mixes kana with the characters it shares with Chinese.
        if share >= (0.15 if language == "ja" else 1 / 3):
            return language
    return ""


def _shares(sample: str) -> dict[str, float]:
    words = Counter(_WORD.findall(sample.lower()))
    total = words.total()
    if total < _ENOUGH_WORDS:
        return {}
    return {
        language: sum(words[word] for word in small) / total for language, small in _WORDS.items()
    }
