"""Steps of guides in the language of the page, as far as their sentences are made of known parts.

The parts are in step_words.yaml. Names of menus and switches stay as the product shows them, marked
as English. A sentence with any other part stays in English as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_PARTS = Path(__file__).with_suffix(".yaml")
_LANGUAGES = ("de", "fr")
#: Up to six words, the first with a capital letter; with one of these it is more than a name, and
#: so it is if it begins with a word that begins a sentence.
_NO_NAME = (
    "a|after|an|again|all|any|are|as|at|before|behind|below|beside|both|by|confirm|each|every|from|if|in"
    "|into|is|it|its|near|next|not|on|once|outside|over|through"
    "|one|or|see|signed|so|that|then|there|this|under|until|when|where|which|with|without|you|your"
)
_NAME = re.compile(
    r"(?!(?:A|An|Both|It|Its|No|Some|The|These|They|This|You|Your)\b)"
    rf'[A-Z][^\s".,:;()]*(?: (?!(?:{_NO_NAME})\b)[^\s".,:;()]+){{0,5}}|"[^"]+"|“[^”]+”'
)
#: The words of a switch may be a sentence: they go on to the end of the clause.
_LABEL = re.compile(r'[A-Z][^".,:;]*|"[^"]+"|“[^”]+”')
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w|[\w-]+(?:\.[\w-]+)+(?:/[\w./-]*\w)?")
_EARLIER = re.compile(r"(.+) \(earlier: (.+)\)")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class _Words:
    """Words that join parts in a language."""

    then: str
    both: str
    earlier: str
    where: str
    begins_anew: bool  # after a colon, with a capital letter


_JOINING = {
    "de": _Words(", dann ", " und ", "{} (früher: {})", "{}: {}", True),
    "fr": _Words(", puis ", " et ", "{} (auparavant : {})", "{} : {}", False),
}


def step_in_words(sentence: str) -> SafeString | None:
    """Return what a step says, with its names marked as English; None if a part is not known."""
    language = get_language()
    return _in_words(sentence, language) if language in _LANGUAGES else None


@lru_cache(maxsize=4096)
def _in_words(sentence: str, language: str) -> SafeString | None:
    return _reader(language).step(sentence)


@cache
def _reader(language: str) -> _Reader:
    number = _LANGUAGES.index(language)
    parts = yaml.safe_load(_PARTS.read_text(encoding="utf-8"))
    return _Reader(
        _JOINING[language],
        **{
            kind: {english: words.split(" | ")[number] for english, words in of_kind.items()}
            for kind, of_kind in parts.items()
        },
    )


class _Reader:
    """Reads English steps in a language. Each part: its words there, by the English ones."""

    def __init__(
        self,
        joining: _Words,
        *,
        acts: Mapping[str, str],
        things: Mapping[str, str],
        places: Mapping[str, str],
        beginnings: Mapping[str, str],
        sentences: Mapping[str, str],
    ) -> None:
        self._joining = joining
        self._things = things
        self._acts = _patterns(acts)
        self._places = [(re.compile(rf"(.+) {p.pattern}"), words) for p, words in _patterns(places)]
        self._beginnings = _patterns(beginnings)
        self._sentences = _patterns(sentences)
        verbs = "|".join(sorted({act.split()[0] for act in acts}))
        self._further = re.compile(rf"(, then |,? and |, )(?=(?:{verbs})\b)")
        self._slots: Mapping[str, Callable[[str, str], SafeString | None]] = {
            "o": self._objects,
            "n": self._name,
            "address": self._address,
            "label": self._label,
            "label2": self._label,
        }

    def step(self, text: str) -> SafeString | None:
        """Several sentences are read one by one."""
        if found := self._filled(self._sentences, text):
            return found
        read = [self._sentence(each) for each in re.split(r"(?<=\.) (?=[A-Z])", text)]
        return SafeString(" ".join(each for each in read if each)) if all(read) else None

    def _sentence(self, text: str) -> SafeString | None:
        if found := self._filled(self._sentences, text):
            return found
        clause = self._beginning(text[:-1]) if text.endswith(".") else None
        return format_html("{}.", _upper(clause)) if clause else None

    def _beginning(self, text: str) -> SafeString | None:
        """Read a clause, perhaps with a place before it."""
        if found := self._clause(text):
            return found
        for split in re.finditer(r",? (?=[a-z])", text):
            place = self._filled(self._beginnings, _lower(text[: split.start()]))
            if place and (act := self._clause(text[split.end() :])):
                act = _upper(act) if self._joining.begins_anew else act
                return format_html(self._joining.where, place, act)
        return None

    def _clause(self, text: str) -> SafeString | None:
        for split in self._further.finditer(text):
            first, rest = self._clause(text[: split.start()]), self._clause(text[split.end() :])
            if first and rest:
                then = self._joining.then if "then" in split[1] else self._joining.both
                return format_html("{}{}{}", first, then, rest)
        return self._filled(self._acts, _lower(text))

    def _filled(self, patterns: list[tuple[re.Pattern[str], str]], text: str) -> SafeString | None:
        """Return the words of the first pattern that a text has, if all in its slots is known."""
        for pattern, words in patterns:
            if not (found := pattern.fullmatch(text)):
                continue
            slots = _SLOT.finditer(words)
            read = {
                slot[1]: self._slots[slot[1]](found[slot[1]], _preposition(words, slot))
                for slot in slots
            }
            if all(read.values()):
                return format_html(words, **read) if read else SafeString(words)
        return None

    def _objects(self, text: str, preposition: str) -> SafeString | None:
        read = [self._object(each) for each in text.split(", then ")]
        if not all(read):
            return None
        return SafeString(f"{self._joining.then}{preposition}".join(each for each in read if each))

    def _object(self, text: str) -> SafeString | None:
        if text in self._things:
            return SafeString(escape(self._things[text]))
        if found := self._address(text) or self._name(text):
            return found
        if earlier := _EARLIER.fullmatch(text):
            now, before = self._object(earlier[1]), self._name(earlier[2])
            return format_html(self._joining.earlier, now, before) if now and before else None
        for pattern, words in self._places:
            if parts := pattern.fullmatch(text):
                thing = self._object(parts[1])
                name = self._name(parts["n"]) if "n" in pattern.groupindex else SafeString()
                if thing and name is not None:
                    return format_html("{} {}", thing, format_html(words, n=name))
        return None

    def _address(self, text: str, _preposition: str = "") -> SafeString | None:
        return SafeString(escape(text)) if _ADDRESS.fullmatch(text) else None

    def _name(self, text: str, _preposition: str = "") -> SafeString | None:
        return self._marked(_NAME, text)

    def _label(self, text: str, _preposition: str = "") -> SafeString | None:
        return self._marked(_LABEL, text)

    def _marked(self, kind: re.Pattern[str], text: str) -> SafeString | None:
        if not kind.fullmatch(text) or self._further.search(text) or re.search(r"['’]s ", text):
            return None
        return format_html('<span lang="en">{}</span>', text)


def _patterns(parts: Mapping[str, str]) -> list[tuple[re.Pattern[str], str]]:
    """Return the patterns of parts, those without slots first."""
    found = []
    for english, words in sorted(parts.items(), key=lambda part: "{" in part[0]):
        escaped = re.escape(english).replace(r"\{", "{").replace(r"\}", "}")
        found.append((re.compile(_SLOT.sub(r"(?P<\1>.+)", escaped)), words))
    return found


def _preposition(words: str, slot: re.Match[str]) -> str:
    """Return the word before a slot that is said again before each further object."""
    found = re.search(r"(?:^| )((?:auf|sur) )$", words[: slot.start()])
    return found[1] if found else ""


def _upper(text: SafeString) -> SafeString:
    return SafeString(text[:1].upper() + text[1:])


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
