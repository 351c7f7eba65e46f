"""Finds the statements of a page about the use of people's data for models."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from consent.classification.attributes import control_of, default_of
from consent.classification.candidates import Candidate, candidate_in, row_of
from consent.classification.help_pages import Trail, help_candidates, is_help_page, place_of
from consent.classification.languages import BY_LANGUAGE, lexicon_for
from consent.classification.lexicon import Lexicon
from consent.classification.neighbours import with_items, with_neighbours, with_paths
from consent.classification.sentence_answers import answered, in_columns, is_header
from consent.classification.sentence_models import ModelOfLanguage, SentenceModel, shipped_model
from consent.classification.sentences import Page, Sentence
from consent.classification.statements import Statement

STATED = 0.5  # certainty from which a sentence counts as a statement
# The same on help pages: chosen for the best F1 on styles of pages left out.
STATED_ON_HELP_PAGES = 0.4
LIKELY = 0.35  # probability from which an answer is yes; below 0.5 because most answers are no
CONTROLS = 0.5  # probability from which a statement of a help page is a control, not a use
AGREES = 0.5  # probability from which a control of a help page is one to agree with
NO_DENIAL = 0.1  # probability below which a denial that rules found is discarded; chosen


def read_statements(
    text: str, models: ModelOfLanguage | None = None, *, as_help_page: bool | None = None
) -> tuple[Statement, ...]:
    """Return the statements of a page about training, in page order.

    text: Markdown. Rules for users, features without training and staff training are left out.
    models: returns the learned models by name, "en" or "en-help". as_help_page: None to see from
    the text whether it is one.
    """
    lexicon = lexicon_for(text)
    page = Page(text)
    if as_help_page is None:
        as_help_page = is_help_page(text, lexicon)
    models = models or shipped_model
    found = statements_of(page, candidates(page, lexicon), lexicon, models(model_name(lexicon)))
    if not as_help_page:
        return found
    model = models(model_name(lexicon, as_help_page=True))
    on_help_page = statements_of(page, help_candidates(page, lexicon), lexicon, model)
    return together(on_help_page, found)


def together(
    on_help_page: Sequence[Statement], found: Sequence[Statement]
) -> tuple[Statement, ...]:
    """Return what the model of help pages found, and what only the usual one did."""
    known = [(statement.start, statement.end) for statement in on_help_page]
    more = [
        statement
        for statement in found
        if not any(start < statement.end and statement.start < end for start, end in known)
    ]
    return tuple(sorted((*on_help_page, *more), key=lambda statement: statement.start))


def both_help_pages(before: str, after: str) -> bool:
    """Return whether two texts are read as help pages: only if both are, so that they compare."""
    return all(is_help_page(text, lexicon_for(text)) for text in (before, after))


def model_name(lexicon: Lexicon, as_help_page: bool = False) -> str:
    """Return the name of the model of a page."""
    return f"{lexicon.language}-help" if as_help_page else lexicon.language


def terms_in(words: str, language: str) -> tuple[str, str]:
    """Return the control and the default that words around a use name, as in `Statement`."""
    lexicon = BY_LANGUAGE[language]
    return control_of("control", words, lexicon), default_of(words, lexicon)


def statements_of(
    page: Page,
    sentences: Iterable[tuple[Sentence, Candidate]],
    lexicon: Lexicon,
    model: SentenceModel,
) -> tuple[Statement, ...]:
    """Return the statements among a page's candidates, with the controls next to them."""
    statements: list[Statement] = []
    trail = Trail()
    for sentence, candidate in sentences:
        after = trail.place_of(sentence) if candidate.manner else ""
        if statement := statement_of(sentence, candidate, model, after):
            statements.append(statement)
            trail.last = sentence
    statements = with_items(page, statements, lexicon)
    if any(statement.seen and statement.seen.manner for statement in statements):
        return tuple(with_paths(page, statements))
    return tuple(with_neighbours(page, statements, lexicon))


def candidates(page: Page, lexicon: Lexicon) -> Iterator[tuple[Sentence, Candidate]]:
    """Yield the sentences of a page that may be statements, in page order."""
    positions = _triggers(page, lexicon)
    for line in sorted({page.line_at(position) for position in positions}):
        cells = list(in_columns(page, line, lexicon)) if is_header(page, line) else []
        for sentence, previous in (
            ((cell, "") for cell in cells) if cells else page.sentences_at(line, positions)
        ):
            sentence = sentence if cells else answered(page, sentence, lexicon)
            if candidate := candidate_in(sentence, previous, lexicon):
                yield sentence, candidate


def statement_of(
    sentence: Sentence, candidate: Candidate, model: SentenceModel, after: str = ""
) -> Statement | None:
    """Return the statement that a sentence makes, by rules and model together, or None.

    after: on a help page, where the sentence is, seen from the last statement.
    """
    certainty = model.certainty(candidate, after)
    least = STATED_ON_HELP_PAGES if candidate.manner else STATED
    is_pointer = bool(candidate.manner and candidate.signals["r:pointer"])
    kind = candidate.kind
    answers: Mapping[str, float] | None = None
    if certainty >= least and not is_pointer:
        answers = model.answers(candidate)
        if "controls" in answers:
            kind = "control" if answers["controls"] >= CONTROLS else "use"
    elif candidate.signals["r:pointer"]:
        certainty = model.pointing(candidate)
    if certainty < least:
        return None
    # Drafts are expensive, so they are made last and for few candidates.
    draft = candidate.draft if kind == candidate.kind else candidate.draft_as(kind)
    if answers is None:
        learned = {"kind": "pointer", "control": "none", "default": "unstated"}
    else:
        learned = _learned(draft, answers)
    draft = replace(draft, **learned)  # type: ignore[arg-type]
    return replace(
        _kept_by_an_act(_without_a_choice(_not_denied(_decided(draft, sentence)))),
        words=sentence.text,
        start=sentence.start,
        end=sentence.end,
        quote=sentence.quote,
        place=place_of(sentence) if candidate.manner else draft.place,
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


def _not_denied(draft: Statement) -> Statement:
    """Return a sentence that only denies a denial as the use that it leaves open."""
    denied = BY_LANGUAGE[draft.language].denied_denial
    if draft.kind != "use" or not draft.denies or not denied.search(draft.words):
        return draft
    return replace(draft, stance="may", control="none", route="none", default="unstated")


def _without_a_choice(draft: Statement) -> Statement:
    """Return a sentence that names a way out but gives none as the use or denial that it is."""
    lexicon = BY_LANGUAGE[draft.language]
    if draft.control == "none" and draft.kind != "control":
        return draft
    if lexicon.opted_out_for_people.search(draft.words):
        change = {"stance": "does-not", "actor": "third-parties", "default": "unstated"}
    elif lexicon.no_way_out.search(draft.words):
        change = {"stance": "may" if draft.stance == "may" else "does"}
    else:
        return draft
    return replace(draft, kind="use", control="none", route="none", **change)  # type: ignore[arg-type]


def _kept_by_an_act(draft: Statement) -> Statement:
    """Return a promise that depends on what people do as a control, such a use as off till then."""
    lexicon = BY_LANGUAGE[draft.language]
    acts = lexicon.refusing_act
    if draft.uses and lexicon.agreeing_act.search(draft.words):
        return replace(draft, control="opt-in", default="off")
    if (
        not (draft.kind == "use" and draft.denies)
        or draft.only_if_agreed
        or not acts.search(draft.words)
    ):
        return draft
    control = draft.control if draft.control != "none" else "opt-out"
    return replace(draft, kind="control", stance="does", control=control)


def _learned(draft: Statement, answers: Mapping[str, float]) -> dict[str, str]:
    """Return the fields that the model corrects: kind, stance, control, default and actor."""
    learned: dict[str, str] = {}
    if not answers:
        return learned
    if draft.kind == "use":
        # Rules miss denials more often than they invent them: the model adds one easily and
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
    if "agrees" in answers:
        learned |= _control_on_a_help_page(replace(draft, **learned), answers)  # type: ignore[arg-type]
    return learned


def _control_on_a_help_page(draft: Statement, answers: Mapping[str, float]) -> dict[str, str]:
    """Return the control of a statement: help pages have many words for it, so it is learned."""
    agrees = answers["agrees"] >= AGREES
    if draft.control == "none":
        is_bare = draft.kind == "control" and draft.default == "unstated"
        return {"control": "opt-in" if agrees else "opt-out"} if is_bare else {}
    if agrees != (draft.control in ("opt-in", "consent")):
        return {"control": "opt-in" if agrees else "opt-out"}
    return {}


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
