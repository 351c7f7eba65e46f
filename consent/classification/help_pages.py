"""Help and settings pages: short lines whose meaning depends on what is around them.

"Untick it" speaks of training if the heading does. So on these pages each sentence is a candidate
that names learning or AI itself, or that is near one, or under a heading that does. What the
sentence, its heading and the sentence before speak of is noted as ideas (see english_concepts).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from consent.classification import lexicon as patterns
from consent.classification.candidates import Candidate, candidate_in
from consent.classification.languages import BY_LANGUAGE
from consent.classification.lexicon import Lexicon
from consent.classification.sentence_answers import answered, in_columns, is_header, is_separator
from consent.classification.sentences import HEADING, MARKER, Page, Sentence, is_row, plain

# Chosen: help pages are shorter than policies, and so are their paragraphs.
LONGEST_PAGE = 20_000  # characters
LONG_LINE = 500  # characters
LONG_SHARE = 0.3  # of the text that may be in long lines
LONGEST_SECTION = 25  # sentences below a heading on training that are looked at
LONGEST_REACH = 6  # sentences after one on training that are looked at
LABEL_WORDS = 7  # a line of so few words without a full stop is a heading
RUN_IN_WORDS = 4  # a first sentence of so few words is the heading of its line
IDEAS_LENGTH = 600  # characters of a sentence that are searched for ideas

BEGINNING = 600  # characters in which the title of a page is looked for
LONGEST_TITLE = 90  # characters
LEGAL = patterns.words(
    r"(?:policy|terms|agreement|conditions|guidelines|addendum|licen[sc]e)",
    r"(?:privacy|legal|cookie|data protection) (?:notice|statement)",
    r"(?:code of conduct|community (?:rules|standards)|acceptable use|eula)",
    r"\w*(?:bedingungen|erklärung|richtlinien?|vereinbarung|hinweise zum datenschutz)|agb",
    r"(?:politique|conditions|mentions|charte|contrat|règlement)",
)
# "This policy" is said by the policy; a help page says "our policy". Of 41 short changes in the
# labelled ones, nearly all of legal documents, 34 say so; of 157 written help pages none.
ITSELF = patterns.words(
    r"(?:this|these) (?:[\w’'-]+ ){0,3}?(?:polic(?:y|ies)|terms|agreement|addendum|guidelines)",
    r"this (?:privacy |cookies? |legal )?(?:notice|statement)",
    r"(?:hereby|herein|hereunder|hereto|set forth|pursuant to)",
    r"diese[rsnm]? (?:\w+ ){0,2}?\w*(?:bedingungen|erklärung|richtlinien?|vereinbarung)",
    r"(?:la présente|les présentes|cette) (?:\w+ )?(?:politique|conditions|charte|déclaration)",
)

Ideas = frozenset[str]


def is_help_page(text: str, lexicon: Lexicon) -> bool:
    """Return whether a page is short, of short lines, and no legal document by title or words."""
    if not lexicon.concepts or len(text) > LONGEST_PAGE or _is_legal(text):
        return False
    lines = text.split("\n")
    long = sum(len(line) for line in lines if len(line) > LONG_LINE and line[:1] != "|")
    return long <= LONG_SHARE * len(text)


def _is_legal(text: str) -> bool:
    """Return whether the first short line of a page, its heading or its words are a policy's."""
    if ITSELF.search(text):
        return True
    beginning = [line for line in text[:BEGINNING].split("\n") if line.strip("=- \t")]
    titles = [line for line in beginning if line.startswith("# ")][:1] + beginning[:1]
    return any(len(title) <= LONGEST_TITLE and LEGAL.search(title) for title in titles)


@lru_cache(maxsize=4096)
def ideas_in(words: str, language: str) -> Ideas:
    """Return the names of the ideas that some words speak of."""
    words = words[:IDEAS_LENGTH]
    concepts = BY_LANGUAGE[language].concepts
    return frozenset(name for name, pattern in concepts.items() if pattern.search(words))


def matched(idea: str, words: str, language: str) -> str:
    """Return the words that speak of an idea, or "" if none do or there is no such idea."""
    pattern = BY_LANGUAGE[language].concepts.get(idea)
    match = pattern.search(words[:IDEAS_LENGTH]) if pattern else None
    return match[0] if match else ""


def is_on_training(ideas: Ideas) -> bool:
    """Return whether ideas together may speak of training: what is near them may too."""
    if "learn" in ideas:
        return bool(ideas & {"ai", "data", "name", "people", "company"})
    return "improve" in ideas and ("ai" in ideas or "name" in ideas)


def is_on_column(ideas: Ideas) -> bool:
    """Return whether the few words of a cell or of the heading of a column speak of training."""
    return "learn" in ideas or is_on_training(ideas)


def is_candidate(ideas: Ideas) -> bool:
    """Return whether a sentence may be on training by its own ideas."""
    return "learn" in ideas or "ai" in ideas or ("improve" in ideas and bool(ideas & ABOUT))


ABOUT = {"data", "name", "people", "company"}


@dataclass(slots=True)
class Section:
    """What is known at a point of a page about the section it is in.

    heading: its words. on_refusing: whether it asks how to refuse or agree, below other sentences
    on training. since: sentences since the last one on training, or a large number.
    """

    heading: str
    on_training: bool
    parents_on_training: bool
    on_refusing: bool = False
    sentences: int = 0
    since: int = 99
    before: str = ""


def help_candidates(page: Page, lexicon: Lexicon) -> Iterator[tuple[Sentence, Candidate]]:
    """Yield the sentences of a help page that may be statements, in page order."""
    section = Section("", False, False)
    read_to = 0
    named = False  # whether training was named above
    for line, words in enumerate(page.lines):
        if not words.strip() or is_separator(words):
            continue
        if is_header(page, line):
            for cell in in_columns(page, line, lexicon, _names_training(lexicon)):
                yield cell, candidate_at(cell, section, lexicon)
            continue
        sentences = list(page.sentences(line))
        if heading := _heading_at(page, line, sentences):
            section = _section_under(page, line, heading, named, lexicon)
        for sentence in sentences:
            if sentence.start < read_to:
                continue  # it was read as the answer to the question before
            whole = answered(page, sentence, lexicon, on_help_page=True)
            read_to = whole.end
            whole = replace(whole, headings=(*whole.headings, section.heading))
            ideas = ideas_in(whole.read_as or whole.text, lexicon.language)
            may_state = is_candidate(ideas) or _is_near(section, words)
            if may_state and not _only_introduces(whole):
                yield whole, candidate_at(whole, section, lexicon)
            _pass(section, whole, ideas)
            named = named or not section.since


def _names_training(lexicon: Lexicon) -> Callable[[str], bool]:
    return lambda words: is_on_column(ideas_in(words, lexicon.language))


def _only_introduces(sentence: Sentence) -> bool:
    """Return whether a sentence is a heading or question without an answer: it states nothing."""
    if sentence.answer or sentence.read_as:
        return False
    return sentence.text.endswith("?") or bool(HEADING.match(sentence.paragraph))


def place_of(sentence: Sentence) -> str:
    """Return the headings of a page above a sentence in one line, without those made of text."""
    return " › ".join(sentence.headings[:-1])


def _is_near(section: Section, line: str) -> bool:
    """Return whether a sentence at this point belongs to others on training."""
    if is_row(line):
        return False
    if section.on_training or section.parents_on_training or section.on_refusing:
        return section.sentences <= LONGEST_SECTION
    return section.since <= LONGEST_REACH


def _pass(section: Section, sentence: Sentence, ideas: Ideas) -> None:
    section.sentences += 1
    section.since = 0 if is_on_training(ideas) else section.since + 1
    section.before = sentence.text


def candidate_at(sentence: Sentence, section: Section, lexicon: Lexicon) -> Candidate:
    around = {
        "heading on training": section.on_training,
        "parent on training": section.parents_on_training,
        "heading on refusing": section.on_refusing,
        "just before": section.since <= 1,
        "shortly before": 1 < section.since <= LONGEST_REACH,
        "earlier in section": section.since <= section.sentences,
        "first in section": not section.sentences,
        "step": bool(STEP.match(sentence.paragraph)),
        "cell": is_row(sentence.paragraph),
        "heading": bool(sentence.paragraph.startswith("#")),
        f"answer {sentence.answer}": bool(sentence.answer),
        "states": bool(sentence.states),
    }
    language = lexicon.language
    ideas = ideas_in(sentence.read_as or sentence.text, language)
    names = ["help page", *(name for name, holds in around.items() if holds)]
    names += [f"idea {name}" for name in sorted(ideas)]
    names += [f"heading: {name}" for name in sorted(ideas_in(section.heading, language))]
    names += [f"before: {name}" for name in sorted(ideas_in(section.before, language))]
    names += list(_pairs(sorted(ideas), names))
    headings = ideas_in(section.heading, language) & TOPICS
    names += [f"{name} under {above}" for name in sorted(ideas) for above in sorted(headings)]
    candidate = candidate_in(sentence, section.before, lexicon, around=tuple(names))
    assert candidate is not None
    return candidate


@dataclass(slots=True)
class Trail:
    """The statements of a page found so far: what follows one may refer to it."""

    last: Sentence | None = None

    def place_of(self, sentence: Sentence) -> str:
        """Return where a sentence is, seen from the last statement."""
        if self.last is None:
            return "no statement yet"
        if sentence.headings != self.last.headings:
            same_parent = sentence.headings[:-1] == self.last.headings[:-1]
            return "statement under the same parent" if same_parent else "statement on the page"
        near = sentence.start - self.last.end <= NEAR
        return "statement just before" if near else "statement in the section"


NEAR = 160  # characters between a statement and one that refers to it


def after_features(candidate: Candidate, after: str) -> dict[str, float]:
    """Return what the model sees of where a candidate is, alone and with its ideas."""
    if not after:
        return {}
    ideas = [name[7:] for name in candidate.signals if name.startswith("c:idea ")]
    return dict.fromkeys([f"d:{after}", *(f"d:{after} + {idea}" for idea in ideas)], 1.0)


STEP = re.compile(r"\s*\d{1,2}[.)]\s")
TOPICS = {"learn", "improve", "ai", "refuse", "agree", "keep", "others"}
PLACES = (
    "heading on training",
    "heading on refusing",
    "just before",
    "earlier in section",
    "parent on training",
)


def _pairs(ideas: list[str], names: list[str]) -> Iterator[str]:
    """Yield ideas that a sentence has together, and with what is around it."""
    for index, first in enumerate(ideas):
        for second in ideas[index + 1 :]:
            yield f"{first} + {second}"
        for place in PLACES:
            if place in names:
                yield f"{first} + {place}"


def _section_under(page: Page, line: int, heading: str, named: bool, lexicon: Lexicon) -> Section:
    ideas = ideas_in(heading, lexicon.language)
    parents = [above for above in page.headings(page.starts[line]) if above != heading]
    return Section(
        heading,
        is_on_training(ideas),
        any(is_on_training(ideas_in(above, lexicon.language)) for above in parents),
        bool(ideas & {"refuse", "agree"}) and (named or "ai" in ideas),
    )


def _heading_at(page: Page, line: int, sentences: Sequence[Sentence]) -> str:
    """Return the heading that a line is or begins with, or "".

    It is marked as one, a question, or a short label: "Sharing", "Voice · Off", "Location. …".
    """
    words = page.lines[line]
    if HEADING.match(words):
        return plain(words).strip("# :")
    if is_row(words) or ((marker := MARKER.match(words)) and marker["marker"]):
        return ""
    text = plain(words)
    if text.endswith("?") and text.count(".") == 0:
        return text
    if len(sentences) > 1 and len(sentences[0].text.split()) <= RUN_IN_WORDS:
        return sentences[0].text.strip(". ")
    if len(text.split()) > LABEL_WORDS or text[-1:] in ".!:;,?" or text[:1] in "([":
        return ""
    return text if text[:1].isupper() and not page.lines[line][:1].isspace() else ""
