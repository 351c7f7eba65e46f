"""Sentences that may be statements about training, and what the rules find in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from re import Match

from consent.classification.attributes import (
    actor_of,
    all_of,
    control_of,
    default_of,
    first,
    last,
    named_in,
    stance_of,
)
from consent.classification.languages import BY_LANGUAGE
from consent.classification.learned import Features, marked, word_features, words_of
from consent.classification.lexicon import NEVER, Lexicon, Rule
from consent.classification.sentences import Sentence, is_row, plain
from consent.classification.speakers import speaker_of
from consent.classification.statements import KEY, Statement

READER = Rule("reader", "train", NEVER, 0.0)  # no rule fired; the model judges by the words

# Lengths in characters. Chosen: they bound the work on hostile pages, and real sentences of
# policies are shorter.
LONGEST_SENTENCE = 3000
LONGEST_PREVIOUS = 200  # of the sentence before
FAINT = 0.3  # strength below which a rule states nothing, even with support nearby; chosen


@dataclass(frozen=True, eq=False)
class Candidate:
    """A sentence that may be a statement.

    match: the match of the strongest rule, or of the trigger if no rule fired. words, heading,
    previous: in lower case, for the model. signals: what the rules found, by name. manner: which
    model judges it, "help" for help pages.
    """

    sentence: Sentence
    language: str
    rule: Rule
    match: Match[str]
    kind: str
    strength: float
    words: tuple[str, ...]
    heading: tuple[str, ...]
    previous: tuple[str, ...]
    signals: Features
    manner: str = ""

    @property
    def model(self) -> str:
        """Return the name of the model that judges it: "en", or "en-help" on help pages."""
        return f"{self.language}-{self.manner}" if self.manner else self.language

    @cached_property
    def draft(self) -> Statement:
        """The statement as rules read it. Expensive, and needed for few candidates only."""
        return self.draft_as(self.kind)

    def draft_as(self, kind: str) -> Statement:
        """Return the statement as rules read it, if it is of this kind."""
        lexicon = BY_LANGUAGE[self.language]
        words = self.sentence.text
        return statement_in(
            kind, self.sentence, words, self.rule, self.match, self.strength, lexicon
        )

    @property
    def features(self) -> dict[str, float]:
        features = word_features(self.words)
        features.update(marked("h", self.heading))
        features.update(marked("p", self.previous, 0.5))
        features.update(self.signals)
        return features


def candidate_in(
    sentence: Sentence, previous: str, lexicon: Lexicon, around: tuple[str, ...] = ()
) -> Candidate | None:
    """Return the candidate of a sentence, or None if it cannot be a statement.

    around: on a help page, the names of what the sentence and its surroundings speak of.
    """
    words = (sentence.read_as or sentence.text)[:LONGEST_SENTENCE]
    if not around and not lexicon.mentions(words):
        return None
    return _candidate(
        words,
        sentence.lead_ins,
        sentence.headings,
        sentence.paragraph,
        previous[-LONGEST_PREVIOUS:],
        lexicon.language,
        around,
    )


@lru_cache(maxsize=4096)
def _candidate(
    words: str,
    lead_ins: tuple[str, ...],
    headings: tuple[str, ...],
    paragraph: str,
    previous: str,
    language: str,
    around: tuple[str, ...] = (),
) -> Candidate:
    """Examine a sentence at any place. Cached: most of a page is the same before and after."""
    lexicon = BY_LANGUAGE[language]
    sentence = Sentence(words, 0, 0, 0, lead_ins, headings, False, paragraph, 0)
    blanked = lexicon.not_training.sub(_blank, words)
    hit = _strongest_use(blanked, lexicon)
    rule, match = hit or (READER, lexicon.trigger_in(words))
    kind = _kind(words, match, lexicon)
    tokens = words_of(words)
    signals = {**_shape(words, tokens, lexicon), f"r:rule {rule.name}": 1.0}
    strength = 0.0
    if hit:
        speaker = speaker_of(sentence, words, match, lexicon)
        if not _left_out(sentence, words, speaker, lexicon):
            strength = rule.weight * _support(sentence, blanked, rule, match, speaker, lexicon)
        signals[f"r:speaker {speaker}"] = 1.0
        signals.update(_attributes(sentence, words, kind, match, lexicon))
    if strength >= FAINT:
        signals.update({f"r:kind {kind}": 1.0, "r:stated": 1.0, "r:strength": strength})
    if around:
        signals.update(marked("c", around))
        signals[f"r:says {control_of('control', words, lexicon)}"] = 1.0
        signals[f"r:says default {default_of(words, lexicon)}"] = 1.0
    return Candidate(
        sentence,
        language,
        rule,
        match,
        kind,
        strength,
        tuple(tokens),
        tuple(words_of(" ".join(headings[-1:]))),
        tuple(words_of(previous)),
        signals,
        "help" if around else "",
    )


def _shape(words: str, tokens: Sequence[str], lexicon: Lexicon) -> dict[str, float]:
    """Return what a sentence looks like: a pointer, a question, short or long."""
    return {
        "r:pointer": float(bool(lexicon.pointer.match(words))),
        "r:question": float(words.endswith("?")),
        "r:short": float(len(tokens) < 8),
        "r:long": float(len(tokens) > 50),
        "r:no full stop": float(words[-1:] not in ".;:!?)"),
    }


def _attributes(
    sentence: Sentence, words: str, kind: str, match: Match[str], lexicon: Lexicon
) -> dict[str, float]:
    """Return what rules find about a use."""
    return {
        f"r:stance {stance_of(kind, words, match, lexicon)}": 1.0,
        f"r:control {control_of(kind, words, lexicon)}": 1.0,
        f"r:default {default_of(words, lexicon)}": 1.0,
        f"r:actor {actor_of(words, match, lexicon)}": 1.0,
        "r:to users": float(_told_to_users(sentence, words, lexicon)),
        "r:purpose": float(_is_purpose(sentence, words, lexicon)),
        "r:people's data": float(bool(lexicon.people_data.search(words))),
    }


def _left_out(sentence: Sentence, words: str, speaker: str, lexicon: Lexicon) -> bool:
    """Return whether a sentence is left out: a general question, or a rule for users."""
    if words.endswith("?") and not lexicon.asks_about_people.search(words):
        return True
    return speaker == "user" or (speaker == "" and _told_to_users(sentence, words, lexicon))


def _told_to_users(sentence: Sentence, words: str, lexicon: Lexicon) -> bool:
    """Return whether a sentence without a subject is a prohibition for users."""
    if any(lexicon.user_headings.search(heading) for heading in sentence.headings[-2:]):
        return True
    return bool(lexicon.user_objects.search(words)) and not _is_purpose(sentence, words, lexicon)


def _is_purpose(sentence: Sentence, words: str, lexicon: Lexicon) -> bool:
    """Return whether a sentence is one of the purposes in a list or table."""
    led_in_by = " ".join((*sentence.headings[-1:], *sentence.lead_ins))
    return bool(lexicon.purpose_lead_in.search(led_in_by) or lexicon.purpose_start.match(words))


def _support(
    sentence: Sentence,
    words: str,
    rule: Rule,
    use: Match[str],
    speaker: str,
    lexicon: Lexicon,
) -> float:
    """Return how well the context supports that the use is of people's data, 0 to 1."""
    purpose = _is_purpose(sentence, words, lexicon)
    known_speaker = 1.0 if speaker or purpose else 0.6
    if (
        purpose
        or lexicon.asks_about_people.search(words)
        or lexicon.people_data.search(f"{words[: use.start()]} {words[use.end() :]}")
        or lexicon.people_data.search(" ".join(sentence.lead_ins))
        or default_of(words, lexicon) != "unstated"
    ):
        return known_speaker
    if rule.name in lexicon.needs_paragraph and lexicon.use_nearby.search(
        sentence.paragraph[: 2 * LONGEST_SENTENCE]
    ):
        return known_speaker
    return 0.5 if rule.weight >= 1 and speaker else 0.0


def _kind(words: str, use: Match[str], lexicon: Lexicon) -> str:
    if _controls(words, use, lexicon):
        return "control"
    return "pointer" if lexicon.pointer.match(words) else "use"


def _controls(words: str, use: Match[str], lexicon: Lexicon) -> bool:
    """Return whether the use is only named as the object of a control."""
    before = words[: None if lexicon.verbs_last else use.start() + 1]
    over = last(lexicon.control_over, before)
    if over is None or lexicon.default_on.search(words) or not first(lexicon.controls, words):
        return False
    acts = last(lexicon.service_acts, before)
    return acts is None or acts[0] <= over[1]


def _strongest_use(words: str, lexicon: Lexicon) -> tuple[Rule, Match[str]] | None:
    best: tuple[Rule, Match[str]] | None = None
    for rule in lexicon.uses:
        if (best is None or rule.weight > best[0].weight) and (match := rule.pattern.search(words)):
            best = rule, match
    return best


def _blank(match: Match[str]) -> str:
    return "\x00" * len(match[0])


def statement_in(
    kind: str,
    sentence: Sentence,
    words: str,
    rule: Rule,
    match: Match[str],
    strength: float,
    lexicon: Lexicon,
) -> Statement:
    around = " ".join((*sentence.lead_ins, words))
    control = control_of(kind, words, lexicon)
    since = lexicon.since.search(words)
    row = row_of(sentence) if lexicon.purpose_start.match(words) else ""
    return Statement(
        kind=kind,
        actor=actor_of(words, match, lexicon),
        action=rule.action,
        data=all_of(lexicon.data_kinds, words),
        named=named_in(words, lexicon),
        model=named[0] if (named := lexicon.model_names.search(match[0])) else "",
        stance=stance_of(kind, words, match, lexicon),
        control=control,
        route=(first(lexicon.routes, words) or "none") if control != "none" else "none",
        default=default_of(words, lexicon),
        regions=all_of(lexicon.regions, around),
        audience=all_of(lexicon.audiences, around),
        since=since[0] if since else "",
        retention=period[0] if (period := lexicon.retention.search(words)) else "",
        quote=sentence.quote,
        words=words,
        start=sentence.start,
        end=sentence.end,
        place=sentence.place,
        language=lexicon.language,
        rule=rule.name,
        evidence=words[match.start() : match.end()],
        strength=round(strength, 2),
        row=row,
        row_data=all_of(lexicon.data_kinds, row) if row else (),
        lead_ins=sentence.lead_ins,
    )


def row_of(sentence: Sentence) -> str:
    """Return the words of all cells of the table row that a sentence is in, or ""."""
    line = sentence.paragraph
    if len(line) > LONGEST_SENTENCE or not is_row(line):
        return ""
    return KEY.sub(" ", plain(line.replace("<br>", " "))).strip()
