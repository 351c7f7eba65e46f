"""Finds the statements of a page about the use of people's data for models."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from consent.classification.answers import answered, in_columns, is_header
from consent.classification.attributes import control_of, default_of
from consent.classification.candidates import Candidate, candidate_in, row_of
from consent.classification.languages import BY_LANGUAGE, lexicon_for
from consent.classification.lexicon import Lexicon
from consent.classification.neighbours import with_neighbours
from consent.classification.readers import Reader, Readers, shipped_reader
from consent.classification.sentences import Page, Sentence
from consent.classification.statements import Statement

STATED = 0.5  # certainty from which a sentence counts as a statement
LIKELY = 0.35  # probability from which an answer is yes; below 0.5 because most answers are no
NO_DENIAL = 0.1  # probability below which a denial that rules found is discarded; chosen


def read_statements(text: str, readers: Readers | None = None) -> tuple[Statement, ...]:
    """Return the statements of a page about training, in page order.

    text: Markdown. Rules for users, features without training and staff training are left out.
    readers: returns the learned models of a language, given its code.
    """
    lexicon = lexicon_for(text)
    page = Page(text)
    reader = (readers or shipped_reader)(lexicon.language)
    return statements_of(page, candidates(page, lexicon), lexicon, reader)


def terms_in(words: str, language: str) -> tuple[str, str]:
    """Return the control and the default that words around a use name, as in `Statement`."""
    lexicon = BY_LANGUAGE[language]
    return control_of("control", words, lexicon), default_of(words, lexicon)


def statements_of(
    page: Page,
    sentences: Iterable[tuple[Sentence, Candidate]],
    lexicon: Lexicon,
    reader: Reader,
) -> tuple[Statement, ...]:
    """Return the statements among a page's candidates, with the controls next to them."""
    statements = [
        statement
        for sentence, candidate in sentences
        if (statement := statement_of(sentence, candidate, reader))
    ]
    return tuple(with_neighbours(page, statements, lexicon))


def candidates(page: Page, lexicon: Lexicon) -> Iterator[tuple[Sentence, Candidate]]:
    positions = _triggers(page, lexicon)
    for line in sorted({page.line_at(position) for position in positions}):
        cells = list(in_columns(page, line, lexicon)) if is_header(page, line) else []
        for sentence, previous in (
            ((cell, "") for cell in cells) if cells else page.sentences_at(line, positions)
        ):
            sentence = sentence if cells else answered(page, sentence, lexicon)
            if candidate := candidate_in(sentence, previous, lexicon):
                yield sentence, candidate


def statement_of(sentence: Sentence, candidate: Candidate, reader: Reader) -> Statement | None:
    """Return the statement that a sentence makes, by rules and reader together, or None."""
    certainty = reader.certainty(candidate)
    learned: dict[str, str] = {}
    if certainty >= STATED:
        learned = _learned(candidate.draft, reader.answers(candidate))
    elif candidate.signals["r:pointer"]:
        certainty = reader.pointing(candidate)
        learned = {"kind": "pointer", "control": "none", "default": "unstated"}
    if certainty < STATED:
        return None
    draft = replace(candidate.draft, **learned)  # type: ignore[arg-type]
    return replace(
        _decided(draft, sentence),
        words=sentence.text,
        start=sentence.start,
        end=sentence.end,
        quote=sentence.quote,
        certainty=round(certainty, 3),
        seen=candidate,
    )


def _decided(draft: Statement, sentence: Sentence) -> Statement:
    """Return a statement with what the answer beside its sentence decides."""
    if sentence.states:
        draft = replace(draft, states=sentence.states, row=row_of(sentence))
    if not sentence.answer or draft.kind != "use":
        return draft
    if sentence.answer in ("on", "off"):
        # "Do not use my chats", switched on, means that they are not used.
        is_used = (sentence.answer == "on") != draft.denies
        default = "on" if is_used else "off"
        return replace(draft, default=default, stance="does" if is_used else "does-not")
    return replace(draft, stance="does-not") if sentence.answer == "no" else draft


def _learned(draft: Statement, answers: Mapping[str, float]) -> dict[str, str]:
    """Return the fields that the reader corrects: kind, stance, control, default and actor."""
    learned: dict[str, str] = {}
    if not answers:
        return learned
    if draft.kind == "use":
        # Rules miss denials more often than they invent them: the reader adds one easily and
        # removes one rarely.
        if not draft.denies and answers["denies"] >= LIKELY:
            learned["stance"] = "does-not"
        elif not draft.denies or answers["denies"] < NO_DENIAL:
            learned["stance"] = "may" if answers["may"] >= LIKELY else "does"
    if draft.default == "unstated":
        if answers["off"] >= LIKELY:
            learned["default"] = "off"
        elif answers["on"] >= LIKELY:
            learned["default"] = "on"
    if draft.control == "none" and answers["control"] >= LIKELY:
        default = learned.get("default", draft.default)
        learned["control"] = "consent" if default == "off" else "opt-out"
    if draft.actor == "service" and answers["others"] >= LIKELY:
        learned["actor"] = "third-parties"
    return learned


def _lowered(text: str) -> str:
    """Return the text in lower case and of the same length: a few letters grow when lowered."""
    lowered = text.replace("İ", "i").lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def _triggers(page: Page, lexicon: Lexicon) -> list[int]:
    """Return the offsets of triggers. Plain searches: no pattern runs over a whole page."""
    positions: set[int] = set()
    lowered = _lowered(page.text)
    for text, triggers in ((lowered, lexicon.triggers), (page.text, lexicon.exact_triggers)):
        for trigger in triggers:
            position = text.find(trigger)
            while position >= 0:
                positions.add(position)
                position = text.find(trigger, position + len(trigger))
    return sorted(positions)
