"""Train the models that read sentences and weigh changes: python -m benchmarks.train_meaning

With --rulings FILE, on the decisions of a site's curators too (`manage.py export_decisions
--as-cases`): then the weights are written into a folder named after their version, to be copied
into VAR_DIR/meaning of the site and put to use with `manage.py accept_meaning`.

Everything that is learned is fitted here, once for the whole and once for each fold of operators
left out (benchmarks.evaluate_detection --cross-validate). Rules written by hand are not refitted.
They were written while reading some of the cases, so their votes are better on these than others.
For the models that weigh votes, votes are therefore blurred as far as they erred on operators
that the rules had not seen. Needs scikit-learn (requirements-dev.txt) and the shared data. Writes
consent/classification/weights/*.json. Sentences of all languages are learned together: what the
rules saw counts alike in each, words count in the languages that have labelled sentences.
"""

import argparse
import hashlib
import json
import math
import os
import random
import shutil
import tempfile
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from benchmarks.evaluate_detection import read_cases
from benchmarks.evaluation import Judged, Rates, is_true, score
from benchmarks.help_sentences import HELP, help_pairs, help_sentences
from benchmarks.meaning_data import (
    ORIGIN,
    Case,
    company,
    in_folds,
    shared_changes,
    shared_sentences,
)
from benchmarks.practice_pairs import practice_pairs
from benchmarks.practice_sentences import practice_sentences
from consent.classification import suggest
from consent.classification.candidates import FAINT, Candidate, candidate_in
from consent.classification.change_features import features_of_change
from consent.classification.classifier import is_replacement, suggestion_for
from consent.classification.confidence import (
    EFFECT,
    HEADLINE,
    LOG_ODDS,
    features_of,
    features_of_silence,
    on_help_page,
)
from consent.classification.delta import Delta, compare, without_doubtful
from consent.classification.effect_choice import DIRECTIONS, votes_as_features
from consent.classification.effect_rules import effects_of
from consent.classification.effects import EFFECTS, in_order, named
from consent.classification.help_pages import (
    Section,
    after_features,
    candidate_at,
    help_candidates,
    ideas_in,
    is_on_training,
)
from consent.classification.languages import BY_LANGUAGE, LEXICONS, lexicon_for
from consent.classification.learned import (
    Features,
    Logistic,
    Weights,
    log_odds_of,
    probability_of,
    read_folder,
    shipped,
    words_of,
)
from consent.classification.lexicon import Lexicon
from consent.classification.page_statements import (
    STATED,
    both_help_pages,
    candidates,
    model_name,
    statements_of,
    together,
)
from consent.classification.scope import Context
from consent.classification.sentence_models import QUESTIONS, LearnedSentenceModel, shipped_model
from consent.classification.sentences import Page, Sentence
from consent.classification.suggestion import CLASSIFIER_VERSION, Suggestion

WEIGHTS = Path(__file__).resolve().parent.parent / "consent/classification/weights"


@dataclass(frozen=True, slots=True)
class Row:
    """One example: what is seen, the answer, how much it counts, and whose text it is."""

    features: Features
    answer: bool
    weight: float
    company: str
    language: str = "en"


_INDEX_OF: dict[str, int] = {}  # of each feature met so far
_NAMES: list[str] = []


class Seen(dict[str, float]):
    """Features that many models learn from: their numbers are looked up once."""

    @cached_property
    def cells(self) -> tuple[Any, Any]:
        return _cells(self)

    @cached_property
    def signals(self) -> "Seen":
        """What counts alike in every language."""
        return Seen(_signals(dict(self)))


def _cells(features: Features) -> tuple[Any, Any]:
    """Return the numbers of features, and their values."""
    for name in features:
        if name not in _INDEX_OF:
            _INDEX_OF[name] = len(_NAMES)
            _NAMES.append(name)
    numbers = np.fromiter((_INDEX_OF[name] for name in features), np.int32, len(features))
    return numbers, np.fromiter(features.values(), np.float64, len(features))


FAINTEST = 0.02  # weights below it are left out; chosen to keep the files below 2 MB


def fitted(rows: Sequence[Row], strength: float) -> Logistic:
    """Fit one logistic model. strength: inverse of the ridge penalty (C of scikit-learn)."""
    answers = np.array([row.answer for row in rows])
    if answers.all() or not answers.any():
        return Logistic(5.0 if answers.all() else -5.0, {})
    seen, names = _frequent(rows)
    model = LogisticRegression(C=strength, solver="liblinear", max_iter=300, random_state=0)
    model.fit(seen, answers, sample_weight=np.array([row.weight for row in rows]))
    weights = model.coef_[0]
    return Logistic(
        round(float(model.intercept_[0]), 4),
        {
            name: round(float(weights[index]), 3)
            for index, name in enumerate(names)
            if abs(weights[index]) >= FAINTEST
        },
    )


def _frequent(rows: Sequence[Row]) -> tuple[csr_matrix, list[str]]:
    """Return the features that more than one row has as a matrix, with their names in order."""
    cells = [
        row.features.cells if isinstance(row.features, Seen) else _cells(row.features)
        for row in rows
    ]
    numbers = np.concatenate([one for one, _ in cells])
    values = np.concatenate([one for _, one in cells])
    kept = sorted(np.flatnonzero(np.bincount(numbers) > 1), key=lambda number: _NAMES[number])
    columns = np.full(len(_NAMES), -1, np.int32)
    columns[kept] = np.arange(len(kept), dtype=np.int32)
    lines = np.repeat(np.arange(len(rows)), [len(one) for one, _ in cells])
    chosen = columns[numbers] >= 0
    matrix = csr_matrix(
        (values[chosen], (lines[chosen], columns[numbers[chosen]])), shape=(len(rows), len(kept))
    )
    matrix.eliminate_zeros()
    return matrix, [_NAMES[number] for number in kept]


def _matrix(rows: Iterable[Features], columns: Mapping[str, int]) -> csr_matrix:
    data, indices, starts = array("d"), array("i"), [0]
    for features in rows:
        for name, value in features.items():
            index = columns.get(name)
            if index is not None and value:
                indices.append(index)
                data.append(value)
        starts.append(len(indices))
    return csr_matrix(
        (
            np.frombuffer(data, dtype=np.float64),
            np.frombuffer(indices, dtype=np.int32),
            np.array(starts, dtype=np.int32),
        ),
        shape=(len(starts) - 1, len(columns)),
    )


# What the model is asked about a sentence: which sentences teach it, and the answer.
READER_MODELS: dict[str, tuple[float, Callable[[Case], bool]]] = {
    "statement": (0.5, lambda case: case["kind"] in ("use", "both", "control")),
    "pointer": (0.5, lambda case: case["kind"] == "pointer"),
    "denies": (1.0, lambda case: case["stance"] == "does-not"),
    "may": (1.0, lambda case: case["stance"] == "may"),
    "off": (1.0, lambda case: case["default"] == "off" or case["stance"] == "only-if"),
    "on": (1.0, lambda case: case["default"] == "on"),
    "control": (1.0, lambda case: case["control"] != "none"),
    "others": (1.0, lambda case: case["actor"] in ("third-party", "affiliate")),
}
# Asked on help pages only. Elsewhere rules tell these apart.
HELP_MODELS: dict[str, tuple[float, Callable[[Case], bool]]] = {
    **READER_MODELS,
    "controls": (1.0, lambda case: case["kind"] == "control"),
    "agrees": (1.0, lambda case: case["control"] in ("opt-in", "consent")),
}


ABOUT_ALL = ("statement", "pointer")  # asked of every sentence, not only of statements


def candidate_of(case: Case) -> tuple[Candidate | None, Candidate | None, str]:
    """Return what rules and words show of a labelled sentence, and its language.

    The second candidate is what they show if the sentence is read as one of a help page.
    """
    heading, bar, previous = case["context"].rpartition(" | ")
    if not bar:
        previous = case["context"]
    leads_in = previous.rstrip().endswith(":")
    known = case.get("language")
    lexicon = BY_LANGUAGE[known] if known else lexicon_for(f"{case['context']} {case['text']}")
    sentence = Sentence(
        text=case["text"],
        start=0,
        end=len(case["text"]),
        line=0,
        lead_ins=(previous,) if leads_in else (),
        headings=(heading,) if heading else (),
        is_item=leads_in,
        paragraph=f"{previous} {case['text']}",
        paragraph_start=0,
    )
    return (
        candidate_in(sentence, previous, lexicon),
        _as_on_a_help_page(sentence, previous, lexicon),
        lexicon.language,
    )


def _as_on_a_help_page(sentence: Sentence, previous: str, lexicon: Lexicon) -> Candidate | None:
    if not lexicon.concepts:
        return None
    heading = sentence.headings[-1] if sentence.headings else ""
    section = Section(heading, is_on_training(ideas_in(heading, lexicon.language)), False)
    section.before = previous
    if previous:
        section.sentences = 1
        section.since = 1 if is_on_training(ideas_in(previous, lexicon.language)) else 99
    return candidate_at(sentence, section, lexicon)


@dataclass(frozen=True, eq=False)
class LabelledSentence:
    """A sentence with what is seen of it: on usual pages, and as if it were on a help page."""

    case: Case
    candidate: Candidate | None
    on_help_page: Candidate | None
    company: str
    language: str

    @cached_property
    def seen(self) -> Seen:
        return Seen(self.candidate.features if self.candidate else {})

    @cached_property
    def seen_on_help_page(self) -> Seen:
        return Seen(self.on_help_page.features if self.on_help_page else {})

    @cached_property
    def seen_after_others(self) -> Seen:
        """The same with where it is, seen from the last statement."""
        after = self.case.get("after", "")
        more = after_features(self.on_help_page, after) if self.on_help_page else {}
        return Seen({**self.seen_on_help_page, **more})

    @property
    def is_of_a_help_page(self) -> bool:
        return self.case.get("stratum") == HELP


@cache
def labelled_sentences() -> list[LabelledSentence]:
    """Return the shared sentences, and those written for training, which no fold leaves out."""
    found = []
    for case in (*shared_sentences(), *practice_sentences()):
        candidate, on_help_page, language = candidate_of(case)
        found.append(
            LabelledSentence(case, candidate, on_help_page, company(case["platform"]), language)
        )
    for one in help_sentences():
        case = {**one.case, "stratum": HELP}
        found.append(
            LabelledSentence(case, None, one.candidate, case["platform"], one.candidate.language)
        )
    return found


def help_rows(name: str, sentences: Iterable[LabelledSentence]) -> list[Row]:
    """Return what teaches one model of the model of help pages."""
    answer = HELP_MODELS[name][1]
    rows = []
    for one in sentences:
        if one.on_help_page is None:
            continue
        if name not in ABOUT_ALL and one.case["kind"] in ("none", "pointer"):
            continue
        if name == "agrees" and one.case["control"] == "none":
            continue
        if name == "on" and one.is_of_a_help_page and _implies_on(one.case):
            continue
        weight = 1.0 if one.is_of_a_help_page else ELSEWHERE
        features = one.seen_after_others if name == "statement" else one.seen_on_help_page
        rows.append(Row(features, answer(one.case), weight, one.company, one.language))
    return rows


def _implies_on(case: Case) -> bool:
    """Return whether only a way to refuse says that something is on: labels differ in this."""
    return bool(case["default"] == "unstated" and case["control"] == "opt-out")


ELSEWHERE = 0.4  # weight of a sentence of another page for the model of help pages


def rows_of_model(name: str, sentences: Iterable[LabelledSentence]) -> list[Row]:
    """Return what teaches one model: all sentences, or only statements where it is about them."""
    answer = READER_MODELS[name][1]
    rows = []
    for one in sentences:
        if one.candidate is None:
            continue
        if name not in ABOUT_ALL and one.case["kind"] in ("none", "pointer"):
            continue
        weight = 1.0 if one.case["sure"] and one.company != "Practice" else 0.5
        rows.append(Row(one.seen, answer(one.case), weight, one.company, one.language))
    return rows


@dataclass(frozen=True, eq=False)
class ChangedSentence:
    """A candidate that only one of the two texts of a labelled change has."""

    candidate: Candidate
    in_evidence: bool
    relevant: bool
    sure: bool
    company: str
    language: str

    @cached_property
    def seen(self) -> Seen:
        return Seen(self.candidate.features)


def changed_sentences(cases: Iterable[Case]) -> list[ChangedSentence]:
    """Return the candidates that came or went in changes, for what their labels teach.

    A change that is not relevant holds no statement that came or went. One that is has its
    evidence in words. Pages that gave way to others teach nothing.
    """
    found = []
    for case in cases:
        if is_replacement(case["before"], case["after"]):
            continue
        evidence = set(words_of(case["evidence"] or ""))
        if both_help_pages(case["before"], case["after"]):
            continue  # help pages have labelled sentences of their own
        sides = [dict(_keyed(case[side])) for side in ("before", "after")]
        for here, there in (sides, sides[::-1]):
            for key, (candidate, language) in here.items():
                if key not in there:
                    words = set(candidate.words)
                    common = len(words & evidence) / max(1, min(len(words), len(evidence)))
                    found.append(
                        ChangedSentence(
                            candidate=candidate,
                            in_evidence=len(evidence) > 3 and len(words) > 3 and common > 0.85,
                            relevant=case["relevant"],
                            sure=case["sure"],
                            company=company(case["platform"]),
                            language=language,
                        )
                    )
    return found


def _keyed(text: str) -> Iterator[tuple[str, tuple[Candidate, str]]]:
    lexicon = lexicon_for(text)
    for _, candidate in candidates(Page(text), lexicon):
        yield candidate.draft.key, (candidate, lexicon.language)


def weak_rows(sentences: Iterable[ChangedSentence]) -> list[Row]:
    """Return what changes teach about "is it a statement": less surely than labelled sentences."""
    rows = []
    for one in sentences:
        if one.relevant == one.in_evidence and (one.relevant or one.sure):
            weight = WEAK * (1.0 if one.sure else 0.5)
            rows.append(Row(one.seen, one.relevant, weight, one.company, one.language))
    return rows


WEAK = 0.4


def fit_sentence_models(
    sentences: Sequence[LabelledSentence], extra: Sequence[Row] = ()
) -> dict[str, Weights]:
    """Fit the models that read sentences, by language.

    extra: more rows for "is it a statement". English is learned from all sentences. Another
    language has few of its own: they teach its words, and all others what rules saw is worth.
    """
    models: dict[str, dict[str, Logistic]] = {lexicon.language: {} for lexicon in LEXICONS}
    for name, (strength, _) in READER_MODELS.items():
        rows = rows_of_model(name, sentences)
        if name == "statement":
            rows += extra
        for language, own in models.items():
            own_rows = sum(row.language == language for row in rows)
            if name not in ABOUT_ALL and own_rows < ENOUGH:
                continue
            own[name] = fitted(
                rows if language == "en" else [_foreign(row, language) for row in rows], strength
            )
    for lexicon in LEXICONS:
        if lexicon.concepts:
            own = models[f"{lexicon.language}-help"] = {}
            for name, (strength, _) in HELP_MODELS.items():
                own[name] = fitted(_spoken(help_rows(name, sentences), lexicon.language), strength)
    return {name: Weights("unsaved", own) for name, own in models.items()}


def _spoken(rows: Iterable[Row], language: str) -> list[Row]:
    """Return what teaches the model of help pages in a language.

    Ideas mean the same in every language, so others learn from English pages what they are worth.
    """
    if language == "en":
        return [row for row in rows if row.language == "en"]
    return [_foreign(row, language) for row in rows]


def _foreign(row: Row, language: str) -> Row:
    if row.language == language:
        return replace(row, weight=row.weight * FEW)
    return replace(row, features=_signals(row.features))


def _signals(features: Features) -> Features:
    if isinstance(features, Seen):
        return features.signals
    return {name: value for name, value in features.items() if name[:2] in ("r:", "c:", "d:")}


ENOUGH = 50  # labelled statements from which stance, control and default are learned
FEW = 3.0  # weight of a sentence in a language that has few

# Rules for effects as measured on operators they were not written on: F1 0.52. So many votes are
# dropped and so many made up that they err as much while weights are learned.
VOTES_DROPPED = 0.35
VOTES_MADE_UP = 0.5
BLURRED_COPIES = 4
PRACTICE = 0.3  # weight of a written pair
MIRRORED = 0.2  # weight of a change read backwards

EFFECT_STRENGTH = 0.25  # chosen among 0.12, 0.25, 0.5 and 1 on operators left out
# Of effects with so few labelled changes that written pairs must teach them.
RARE_STRENGTH = 0.5
RARE = ("scope-narrowed", "sharing-narrowed", "retention-changed")
RELEVANCE_STRENGTH = 1.0
QUIET_STRENGTH = 1.0
CALIBRATION_STRENGTH = 1.0

BACKWARDS = {
    "use-introduced": "use-removed",
    "pledge-added": "pledge-dropped",
    "opt-out-added": "opt-out-removed",
    "scope-widened": "scope-narrowed",
    "sharing-widened": "sharing-narrowed",
    "less-control": "more-control",
}
BACKWARDS |= {new: old for old, new in BACKWARDS.items()}
ONE_WAY = ("default-on", "default-off")  # backwards, these need not become each other


@dataclass(frozen=True, eq=False)
class Changed:
    """A labelled change with what its two texts state, by a model that did not learn from it."""

    case: Case
    delta: Delta
    replaced: bool

    @property
    def weight(self) -> float:
        share = PRACTICE if self.case["platform"] == "Practice" else 1.0
        return share if self.case["sure"] else share / 2

    @property
    def is_written(self) -> bool:
        return self.case["platform"] == "Practice" or self.case.get("stratum") == HELP

    @cached_property
    def of_relevance(self) -> Features:
        return features_of(self.delta)

    @cached_property
    def of_silence(self) -> Features:
        return features_of_silence(self.case["before"], self.case["after"])

    @cached_property
    def of_effects(self) -> tuple[tuple[Features, tuple[str, ...]], ...]:
        """Features and votes of rules: of the change, and of the change read backwards."""
        delta = without_doubtful(self.delta) if on_help_page(self.delta) else self.delta
        return tuple(
            (features_of_change(each), named(effects_of(each)))
            for each in (delta, compare(delta.after, delta.before))
        )


def fit_changes(changes: Sequence[Changed], *, by_rules: bool = True) -> Weights:
    """Fit the models that say whether a change is relevant, what it does and which way it goes.

    by_rules: whether votes of the rules are weighed too.
    """
    rows = list(_relevance_rows(changes))
    models = {
        "relevant": fitted(
            [row for row in rows if not row.features["help page"]], RELEVANCE_STRENGTH
        ),
        "relevant on help pages": fitted(
            [row for row in rows if row.features["help page"]], RELEVANCE_STRENGTH
        ),
    }
    for name, stated in (("unchanged", True), ("silent", False)):
        models[name] = fitted(list(_quiet_rows(changes, stated)), QUIET_STRENGTH)
    examples = list(_examples([one for one in changes if one.case["relevant"]], by_rules))
    for name in (*EFFECTS, *DIRECTIONS):
        rows = []
        for features, case, weight, backwards in examples:
            if backwards and name in ONE_WAY:
                continue
            label = BACKWARDS.get(name, name) if backwards else name
            answer = label in case["effects"] or label == case["direction"]
            rows.append(Row(features, answer, weight, company(case["platform"])))
        models[name] = fitted(rows, RARE_STRENGTH if name in RARE else EFFECT_STRENGTH)
    return Weights("unsaved", models)


def _relevance_rows(changes: Iterable[Changed]) -> Iterator[Row]:
    for one in changes:
        if one.delta.changed and not one.replaced and one.case["platform"] != "Practice":
            yield Row(one.of_relevance, one.case["relevant"], one.weight, "")


def _quiet_rows(changes: Iterable[Changed], stated: bool) -> Iterator[Row]:
    """Yield what teaches how likely it is that a change without changed statements is no news."""
    for one in changes:
        if one.is_written or one.delta.changed:
            continue
        if bool(one.delta.before or one.delta.after) == stated:
            yield Row(one.of_silence, not one.case["relevant"], 1.0, "")


Example = tuple[Seen, Case, float, bool]


def _examples(changes: Sequence[Changed], by_rules: bool) -> Iterator[Example]:
    """Yield what the models of effects learn from: each change forwards and backwards."""
    randomly = random.Random(18)
    changes = [one for one in changes if one.delta.changed and not one.replaced]
    cast = [vote for one in changes for vote in one.of_effects[0][1]]
    for one in changes:
        for backwards, (features, votes) in enumerate(one.of_effects):
            weight = one.weight * (MIRRORED if backwards else 1.0)
            if not by_rules:
                yield Seen(features), one.case, weight, bool(backwards)
                continue
            for _ in range(BLURRED_COPIES):
                blurred = {vote for vote in votes if randomly.random() >= VOTES_DROPPED}
                if randomly.random() < VOTES_MADE_UP:
                    blurred.add(randomly.choice(cast))
                seen = Seen({**features, **votes_as_features(in_order(blurred))})
                yield seen, one.case, weight / BLURRED_COPIES, bool(backwards)


def _key(candidate: Candidate) -> tuple[object, ...]:
    sentence, signals = candidate.sentence, tuple(candidate.signals.items())
    place = sentence.text, sentence.headings, sentence.lead_ins, sentence.paragraph
    return *place, candidate.previous, signals, candidate.model


class Table:
    """Reads as the models of a fold do, with all sentences scored at once."""

    def __init__(self, scores: Mapping[int, dict[str, float]], statement: Logistic | None) -> None:
        self.scores = scores
        self.statement = statement

    def certainty(self, candidate: Candidate, after: str = "") -> float:
        known = self.scores[id(candidate)]["statement"]
        if not after or self.statement is None:
            return known
        more = self.statement.sum_of(after_features(candidate, after)) - self.statement.intercept
        return probability_of(math.log(known / (1 - known)) + more)

    def pointing(self, candidate: Candidate) -> float:
        return self.scores[id(candidate)]["pointer"]

    def answers(self, candidate: Candidate) -> Mapping[str, float]:
        scores = self.scores[id(candidate)]
        return {name: scores[name] for name in QUESTIONS if name in scores}

    def reasons(self, candidate: Candidate) -> tuple[tuple[str, float], ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Text:
    """A page with its candidates; those of a help page too, if it is read as one."""

    page: Page
    lexicon: Lexicon
    candidates: tuple[tuple[Sentence, Candidate], ...]
    on_help_page: tuple[tuple[Sentence, Candidate], ...] | None


class Corpus:
    """All texts of the cases, examined once; each fold's models then read them quickly."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = cases
        self.same: dict[Any, Candidate] = {}
        self.texts = {
            (one["id"], side): self._text(one[side], both_help_pages(one["before"], one["after"]))
            for one in cases
            for side in SIDES
        }
        self.by_model: dict[str, list[Candidate]] = {}
        for candidate in self.same.values():
            self.by_model.setdefault(candidate.model, []).append(candidate)
        names = {name for one in self.same.values() for name in one.features}
        self.columns = {name: index for index, name in enumerate(sorted(names))}
        self.matrices = {
            name_of_model: _matrix((one.features for one in members), self.columns)
            for name_of_model, members in self.by_model.items()
        }

    def _text(self, text: str, as_help_page: bool) -> Text:
        lexicon, page = lexicon_for(text), Page(text)
        near = self._kept(help_candidates(page, lexicon)) if as_help_page else None
        return Text(page, lexicon, self._kept(candidates(page, lexicon)), near)

    def _kept(
        self, found: Iterable[tuple[Sentence, Candidate]]
    ) -> tuple[tuple[Sentence, Candidate], ...]:
        """Keep one of equal candidates."""
        return tuple(
            (sentence, self.same.setdefault(_key(candidate), candidate))
            for sentence, candidate in found
        )

    def read_by(self, sentence_models: Mapping[str, Weights]) -> Callable[[str], Table]:
        """Return sentence models that look up what the models of each language say."""
        tables = {name: Table({}, None) for name in sentence_models}
        for name_of_model, members in self.by_model.items():
            answers = {
                name: self._probabilities(model, name_of_model)
                for name, model in sentence_models[name_of_model].models.items()
            }
            tables[name_of_model] = Table(
                {
                    id(one): {name: float(values[row]) for name, values in answers.items()}
                    for row, one in enumerate(members)
                },
                sentence_models[name_of_model].models["statement"],
            )
        return lambda name: tables[name]

    def _probabilities(self, model: Logistic, name_of_model: str) -> Any:
        weights = np.zeros(len(self.columns))
        for name, weight in model.weights.items():
            if name in self.columns:
                weights[self.columns[name]] = weight
        sums = self.matrices[name_of_model] @ weights + model.intercept
        return 1 / (1 + np.exp(-np.clip(sums, -30, 30)))

    def changed(self, case: Case, sentence_models: Callable[[str], Table]) -> Changed:
        stated = []
        for side in SIDES:
            text = self.texts[case["id"], side]
            page, lexicon = text.page, text.lexicon
            found = statements_of(
                page, text.candidates, lexicon, sentence_models(model_name(lexicon))
            )
            if text.on_help_page is not None:
                model = sentence_models(model_name(lexicon, as_help_page=True))
                found = together(statements_of(page, text.on_help_page, lexicon, model), found)
            stated.append(found)
        replaced = is_replacement(case["before"], case["after"])
        return Changed(case, compare(*stated), replaced)


SIDES = ("before", "after")

FOLDS = 10
Judge = Callable[[Case], Any]


@dataclass(frozen=True, slots=True)
class ReadOut:
    """A change as read by sentence models that left its operator out, and in which fold it is.

    fold: -1 for written pairs, which no fold leaves out.
    """

    changed: Changed
    fold: int
    models: Callable[[str], Table]


def read_left_out(cases: Sequence[Case]) -> tuple[list[ReadOut], dict[str, Weights]]:
    """Return each change as models read it that left its operator out, and the final models.

    The models of changes learn from these readings: so will they meet texts that are new to the
    sentence models. A fold of theirs leaves out the same operators.
    """
    practice = list(practice_pairs())
    cases = [*cases, *help_pairs()]
    corpus = Corpus([*cases, *practice])
    sentences, weak = labelled_sentences(), changed_sentences(cases)
    fold_of = in_folds([*cases, *(one.case for one in sentences)], FOLDS)
    fold_of.pop("Practice")
    read = []
    for fold in range(FOLDS):
        models = corpus.read_by(
            fit_sentence_models(
                [one for one in sentences if fold_of.get(one.company) != fold],
                weak_rows(one for one in weak if fold_of[one.company] != fold),
            )
        )
        read += [
            ReadOut(corpus.changed(case, models), fold, models)
            for case in cases
            if fold_of[company(case["platform"])] == fold
        ]
    final = fit_sentence_models(sentences, weak_rows(weak))
    models = corpus.read_by(final)
    read += [ReadOut(corpus.changed(case, models), -1, models) for case in practice]
    return read, final


def cross_validated(cases: Sequence[Case]) -> Iterator[tuple[Case, Suggestion, Suggestion]]:
    """Yield each case with what models say of it that learned nothing from its operator.

    The second suggestion is made without the votes of the rules on effects.
    """
    yield from judged_left_out(read_left_out(cases)[0])


def judged_left_out(
    read: Sequence[ReadOut],
) -> Iterator[tuple[Case, Suggestion, Suggestion]]:
    weights = {fold: _without(fold, read) for fold in range(FOLDS)}
    plain = _said_left_out(read, weights)
    for fold in range(FOLDS):
        others = [pair for number, said in plain.items() if number != fold for pair in said]
        by_votes = with_calibration(weights[fold], others)
        alone = _without(fold, read, by_rules=False)
        for one in read:
            if one.fold == fold:
                yield one.changed.case, _suggested(one, by_votes), _suggested(one, alone)


def _without(fold: int, read: Sequence[ReadOut], *, by_rules: bool = True) -> Weights:
    return fit_changes([one.changed for one in read if one.fold != fold], by_rules=by_rules)


Said = tuple[Case, Suggestion]


def _said_left_out(
    read: Sequence[ReadOut], weights: Mapping[int, Weights]
) -> dict[int, list[Said]]:
    """Return what weights that left a fold out say of its changes, by fold."""
    return {
        fold: [(one.changed.case, _suggested(one, left)) for one in read if one.fold == fold]
        for fold, left in weights.items()
    }


def _suggested(one: ReadOut, weights: Weights) -> Suggestion:
    case = one.changed.case
    return suggestion_for(
        one.changed.delta,
        case["before"],
        case["after"],
        weights,
        context=Context(case.get("platform", "")),
        models=one.models,
    )


def with_calibration(weights: Weights, said: Iterable[Said]) -> Weights:
    """Return weights that also know how often headlines and effects of a probability were true.

    said: of operators left out, by weights without this. The logistic curve over the log odds was
    chosen, among it, one over the probability, a step function and none, by the Brier score within
    the training folds: all ten chose it. For relevance and direction all ten chose none.
    """
    rows: dict[str, list[Row]] = {HEADLINE: [], EFFECT: []}

    def learn(name: str, probability: float, answer: bool) -> None:
        rows[name].append(Row({LOG_ODDS: log_odds_of(probability)}, answer, 1.0, ""))

    for case, suggestion in said:
        if not suggestion.relevant or not case["sure"] or case.get("stratum") == HELP:
            continue
        learn(HEADLINE, suggestion.confidence, is_true(suggestion, case))
        for effect in suggestion.effects if case["relevant"] else ():
            learn(EFFECT, (suggestion.likely or {})[effect], effect in case["effects"])
    fits = {name: fitted(members, CALIBRATION_STRENGTH) for name, members in rows.items()}
    return replace(weights, models={**weights.models, **fits})


def sentences_left_out() -> dict[str, Rates]:
    """Return how well statements are found among the sure sentences, by rules and by both.

    Companies are left out in ten folds. Rules were written on some of the same companies' texts.
    """
    sentences = labelled_sentences()
    fold_of = in_folds((one.case for one in sentences), FOLDS)
    fold_of.pop("Practice")
    counts = {name: Counter[str]() for name in ("rules alone", "rules and model")}
    for fold in range(FOLDS):
        learning = [one for one in sentences if fold_of.get(one.company) != fold]
        sentence_models = fit_sentence_models(learning)
        for one in sentences:
            if fold_of.get(one.company) != fold or not one.case["sure"]:
                continue
            if one.is_of_a_help_page:
                continue
            true = READER_MODELS["statement"][1](one.case)
            by_rules = by_both = False
            if one.candidate is not None:
                by_rules = one.candidate.strength >= FAINT and one.candidate.kind != "pointer"
                model = sentence_models[one.language].models["statement"]
                by_both = model.probability(one.candidate.features) >= STATED
            for found, count in zip((by_rules, by_both), counts.values(), strict=True):
                count["hit" if true and found else "extra" if found else "missed"] += true or found
    return {
        name: Rates(count["hit"], count["extra"], count["missed"]) for name, count in counts.items()
    }


def train(cases: Sequence[Case]) -> tuple[dict[str, Weights], Weights]:
    """Return the sentence models of all languages, and those of changes, learned from all cases."""
    read, final = read_left_out(cases)
    left_out = _said_left_out(read, {fold: _without(fold, read) for fold in range(FOLDS)})
    said = [pair for pairs in left_out.values() for pair in pairs]
    return final, with_calibration(fit_changes([one.changed for one in read]), said)


def as_data(weights: Weights, version: str, examples: int) -> dict[str, Any]:
    return {
        "version": version,
        "classifier_version": CLASSIFIER_VERSION,
        "origin": ORIGIN,
        "trained_by": "benchmarks/train_meaning.py",
        "examples": examples,
        "models": {
            name: {"intercept": model.intercept, "weights": dict(sorted(model.weights.items()))}
            for name, model in weights.models.items()
        },
    }


def write(
    folder: Path, sentence_models: Mapping[str, Weights], changes: Weights, cases: int
) -> int:
    """Write one file a language and one for changes; return their size in bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"reader-{language}": weights for language, weights in sentence_models.items()}
    files["changes"] = changes
    models = {name: as_data(weights, "", cases) for name, weights in files.items()}
    digest = hashlib.sha256(json.dumps(models, sort_keys=True).encode()).hexdigest()[:12]
    size = 0
    for name, data in models.items():
        data["version"] = digest
        packed = json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"
        size += len(packed.encode())
        (folder / f"{name}.json").write_text(packed, "utf-8")
    return size


def compare_on_rulings(
    rulings: Sequence[Case], sentence_models: Mapping[str, Weights], changes: Weights
) -> Iterator[str]:
    """Yield a line on the shipped weights and one on the new ones, judged by curators' rulings."""
    models = {name: LearnedSentenceModel(weights) for name, weights in sentence_models.items()}
    for name, learned, of_language in (
        ("shipped", shipped("changes"), shipped_model),
        ("new", changes, models.__getitem__),
    ):
        judged = [
            Judged(
                case,
                suggest(case["before"], case["after"], weights=learned, models=of_language),
                0.0,
            )
            for case in rulings
        ]
        scores = score(judged)
        wrong = scores.relevance.extra + scores.relevance.missed
        yield (
            f"{name}: right on {len(judged) - wrong} of {len(judged)} rulings whether they are "
            f"about training; direction {scores.direction:.0%} and effects F1 "
            f"{scores.effects.f1:.2f} over the {scores.relevance.hits} relevant ones found"
        )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--rulings", type=Path, help="cases of export_decisions --as-cases")
    parser.add_argument("--folder", type=Path, help="where the weights go")
    options = parser.parse_args(arguments)
    if options.rulings is None:
        cases = list(shared_changes())
        folder = options.folder or WEIGHTS
        size = write(folder, *train(cases), len(cases))
        print(f"{len(cases)} changes, {size / 1000:.0f} kB in {folder}")
        return
    rulings = list(read_cases(options.rulings))
    if not rulings:
        raise SystemExit(f"no rulings in {options.rulings}")
    cases = [*shared_changes(), *rulings]
    trained = train(cases)
    home = options.folder or Path()
    with tempfile.TemporaryDirectory(dir=home) as made:
        write(Path(made), *trained, len(cases))
        version = read_folder(Path(made))["changes"].version
        shutil.copytree(made, home / version, dirs_exist_ok=True)
    print("\n".join(compare_on_rulings(rulings, *trained)))
    print("The new weights learned from these rulings, so expect them to agree.")
    print(f"Copy {home / version} into VAR_DIR/meaning, then: manage.py accept_meaning {version}")


if __name__ == "__main__":
    main()
