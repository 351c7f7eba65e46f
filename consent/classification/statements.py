"""Finds the statements of a page about the use of people's data for models."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from re import Match, Pattern
from typing import Protocol
from weakref import WeakKeyDictionary

from consent.classification.english import ENGLISH
from consent.classification.french import FRENCH
from consent.classification.german import GERMAN
from consent.classification.italian import ITALIAN
from consent.classification.learned import (
    Features,
    Weights,
    marked,
    shipped,
    word_features,
    words_of,
)
from consent.classification.lexicon import NEVER, Lexicon, Rule
from consent.classification.portuguese import PORTUGUESE
from consent.classification.sentences import Page, Sentence, plain
from consent.classification.spanish import SPANISH

LEXICONS = (ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, PORTUGUESE)
BY_LANGUAGE = {lexicon.language: lexicon for lexicon in LEXICONS}
STATED = 0.5  # certainty from which a sentence counts as a statement
QUESTIONS = ("denies", "may", "off", "on", "control", "others")
LIKELY = 0.35  # probability from which an answer is yes; below 0.5 because most answers are no
NO_DENIAL = 0.1  # probability below which a denial that rules found is discarded; chosen
LONGEST_PREVIOUS = 200  # characters of the sentence before
READER = Rule("reader", "train", NEVER, 0.0)  # no rule fired; the reader judges by the words

# Lengths in characters. Chosen: they bound the work on hostile pages, and real sentences of
# policies are shorter.
LONGEST_SENTENCE = 3000
LONGEST_NEIGHBOUR = 500
DENIAL_REACH = 320  # how far before a use a denial may be
FAINT = 0.3  # strength below which a rule states nothing, even with support nearby; chosen
NUMBERING = re.compile(
    r"\W*(?:(?:\d{1,3}|[a-z]|[ivx]{1,5})(?:\.\d{1,3}){0,3}[.)]\s+\W*){0,3}", re.IGNORECASE
)
ASIDE = re.compile(r"\([^()]*\)")
WORD = re.compile(r"\w+")
LANGUAGE_SAMPLE = 6000  # characters
ADDRESS = re.compile(r"\]\([^()\s]{0,500}|(?:https?:)?//[^\s()]{1,500}|\bwww\.[^\s()]{1,500}")
FIRST_WORD = re.compile(r"[\w-]+")
KEY = re.compile(r"[^\w@/]+")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, and the words that make it.

    kind: "use" (data is, may be or is not used), "control" (how to refuse or agree) or "pointer"
    (where a use is explained).
    actor: service, affiliates, partners or third-parties. model: its name, where one is given.
    named: the words that name data, regions and audience.
    stance: does, may, does-not or will-not.
    control: none, opt-out, opt-in, consent, objection or admin; route as in the vocabulary.
    default: on, off or unstated. since, retention: the words that say from when, how long.
    quote: the text from start to end; words: the same without Markdown.
    rule and evidence: which rule fired on which words; strength: how much the rule alone says.
    row, row_data: all cells of its row, if it is a purpose ("To train our models") in a table.
    certainty: probability that it is a statement, by rules and reader together. seen: the candidate
    that they judged.
    """

    kind: str
    actor: str
    action: str
    data: tuple[str, ...]
    named: tuple[str, ...]
    model: str
    stance: str
    control: str
    route: str
    default: str
    regions: tuple[str, ...]
    audience: tuple[str, ...]
    since: str
    retention: str
    quote: str
    words: str
    start: int
    end: int
    place: str
    language: str
    rule: str
    evidence: str
    strength: float
    row: str = ""
    row_data: tuple[str, ...] = ()
    certainty: float = 1.0
    seen: Candidate | None = field(default=None, compare=False, repr=False)

    @property
    def denies(self) -> bool:
        return self.stance in ("does-not", "will-not")

    @property
    def uses(self) -> bool:
        return self.kind == "use" and not self.denies

    @property
    def key(self) -> str:
        """The words of the statement, normalised: statements with equal keys are the same."""
        return KEY.sub(" ", NUMBERING.sub("", self.words, count=1).casefold()).strip()


@dataclass(frozen=True, eq=False)
class Candidate:
    """A sentence that may be a statement.

    match: the match of the strongest rule, or of the trigger if no rule fired. words, heading,
    previous: in lower case, for the reader. signals: what the rules found, by name.
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

    @cached_property
    def draft(self) -> Statement:
        """The statement as rules read it. Expensive, and needed for few candidates only."""
        lexicon = BY_LANGUAGE[self.language]
        words = self.sentence.text
        return _statement(
            self.kind, self.sentence, words, self.rule, self.match, self.strength, lexicon
        )

    @property
    def features(self) -> dict[str, float]:
        features = word_features(self.words)
        features.update(marked("h", self.heading))
        features.update(marked("p", self.previous, 0.5))
        features.update(self.signals)
        return features


class Reader(Protocol):
    """Judges whether a candidate is a statement, and of what kind, where rules are not enough."""

    def certainty(self, candidate: Candidate) -> float: ...

    def pointing(self, candidate: Candidate) -> float: ...

    def answers(self, candidate: Candidate) -> Mapping[str, float]: ...

    def reasons(self, candidate: Candidate) -> tuple[tuple[str, float], ...]: ...


@dataclass(frozen=True, slots=True)
class LearnedReader:
    weights: Weights
    # Most sentences are in both texts of a change; each is scored once.
    _known: WeakKeyDictionary[Candidate, float] = field(
        default_factory=WeakKeyDictionary, compare=False, repr=False
    )

    def certainty(self, candidate: Candidate) -> float:
        """Return the probability that the sentence is a statement."""
        known = self._known.get(candidate)
        if known is None:
            model = self.weights.models["statement"]
            known = self._known[candidate] = model.probability(candidate.features)
        return known

    def pointing(self, candidate: Candidate) -> float:
        """Return the probability that the sentence only links to an explanation of a use."""
        return self.weights.models["pointer"].probability(candidate.features)

    def answers(self, candidate: Candidate) -> Mapping[str, float]:
        """Return the probability of a yes to each of the QUESTIONS.

        Empty for a language with too few labelled statements to learn from.
        """
        features, models = candidate.features, self.weights.models
        return {name: models[name].probability(features) for name in QUESTIONS if name in models}

    def reasons(self, candidate: Candidate) -> tuple[tuple[str, float], ...]:
        return self.weights.models["statement"].reasons(candidate.features)


Readers = Callable[[str], Reader]


@lru_cache(maxsize=16)
def shipped_reader(language: str) -> LearnedReader:
    """Return the reader of a language that came with this version."""
    return LearnedReader(shipped(f"reader-{language}"))


def read_statements(text: str, readers: Readers | None = None) -> tuple[Statement, ...]:
    """Return the statements of a page about training, in page order.

    text: Markdown. Rules for users, features without training and staff training are left out.
    readers: returns the learned models of a language, given its code.
    """
    lexicon = lexicon_for(text)
    page = Page(text)
    reader = (readers or shipped_reader)(lexicon.language)
    return statements_of(page, candidates(page, lexicon), lexicon, reader)


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
    return tuple(_with_neighbours(page, statements, lexicon))


def candidates(page: Page, lexicon: Lexicon) -> Iterator[tuple[Sentence, Candidate]]:
    positions = _triggers(page, lexicon)
    for line in sorted({page.line_at(position) for position in positions}):
        for sentence, previous in page.sentences_at(line, positions):
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
        draft,
        start=sentence.start,
        end=sentence.end,
        quote=sentence.quote,
        certainty=round(certainty, 3),
        seen=candidate,
    )


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


def lexicon_for(text: str) -> Lexicon:
    """Return the lexicon whose common words are most frequent in the beginning of the text."""
    words = ADDRESS.sub(" ", text[: 3 * LANGUAGE_SAMPLE])[:LANGUAGE_SAMPLE]
    sample = Counter(WORD.findall(words.lower()))
    return max(LEXICONS, key=lambda lexicon: sum(sample[word] for word in lexicon.common_words))


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


def candidate_in(sentence: Sentence, previous: str, lexicon: Lexicon) -> Candidate | None:
    """Return the candidate of a sentence, or None if it cannot be a statement."""
    if not lexicon.mentions(sentence.text[:LONGEST_SENTENCE]):
        return None
    return _candidate(
        sentence.text[:LONGEST_SENTENCE],
        sentence.lead_ins,
        sentence.headings,
        sentence.paragraph,
        previous[-LONGEST_PREVIOUS:],
        lexicon.language,
    )


@lru_cache(maxsize=4096)
def _candidate(
    words: str,
    lead_ins: tuple[str, ...],
    headings: tuple[str, ...],
    paragraph: str,
    previous: str,
    language: str,
) -> Candidate:
    """Examine a sentence at any place. Cached: most of a page is the same before and after."""
    lexicon = BY_LANGUAGE[language]
    sentence = Sentence(
        text=words,
        start=0,
        end=0,
        line=0,
        lead_ins=lead_ins,
        headings=headings,
        is_item=False,
        paragraph=paragraph,
        paragraph_start=0,
    )
    tokens = words_of(words)
    signals = {
        "r:pointer": float(bool(lexicon.pointer.match(words))),
        "r:question": float(words.endswith("?")),
        "r:short": float(len(tokens) < 8),
        "r:long": float(len(tokens) > 50),
        "r:no full stop": float(words[-1:] not in ".;:!?)"),
    }
    blanked = lexicon.not_training.sub(_blank, words)
    hit = _strongest_use(blanked, lexicon)
    rule, match = hit or (READER, lexicon.trigger_in(words))
    signals[f"r:rule {rule.name}"] = 1.0
    kind = _kind(words, match, lexicon)
    strength = 0.0
    if hit:
        speaker = _speaker(sentence, words, match, lexicon)
        if not _left_out(sentence, words, speaker, lexicon):
            strength = rule.weight * _support(sentence, blanked, rule, match, speaker, lexicon)
        signals[f"r:speaker {speaker}"] = 1.0
        signals.update(_attributes(sentence, words, kind, match, lexicon))
    if strength >= FAINT:
        signals[f"r:kind {kind}"] = 1.0
        signals["r:stated"] = 1.0
        signals["r:strength"] = strength
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
    )


def _attributes(
    sentence: Sentence, words: str, kind: str, match: Match[str], lexicon: Lexicon
) -> dict[str, float]:
    """Return what rules find about a use."""
    return {
        f"r:stance {_stance_of(kind, words, match, lexicon)}": 1.0,
        f"r:control {_control(kind, words, lexicon)}": 1.0,
        f"r:default {_default(words, lexicon)}": 1.0,
        f"r:actor {_actor(words, match, lexicon)}": 1.0,
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
        or _default(words, lexicon) != "unstated"
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
    over = _last(lexicon.control_over, before)
    if over is None or lexicon.default_on.search(words) or not _first(lexicon.controls, words):
        return False
    acts = _last(lexicon.service_acts, before)
    return acts is None or acts[0] <= over[1]


def _strongest_use(words: str, lexicon: Lexicon) -> tuple[Rule, Match[str]] | None:
    best: tuple[Rule, Match[str]] | None = None
    for rule in lexicon.uses:
        if (best is None or rule.weight > best[0].weight) and (match := rule.pattern.search(words)):
            best = rule, match
    return best


def _blank(match: Match[str]) -> str:
    return "\x00" * len(match[0])


def _speaker(sentence: Sentence, words: str, use: Match[str], lexicon: Lexicon) -> str:
    """Return whose act it is, by the nearest subject before the use: "user", "service" or ""."""
    implied_found = False
    verb = FIRST_WORD.match(words, use.start())
    for clause in _inside_out(sentence, words[: verb.end() if verb else use.start()]):
        bound, acts = _last(lexicon.user_bound, clause), _last(lexicon.service_acts, clause)
        if bound and acts:
            # A service inside the words that bind the user ("Your Accessory may not") does not
            # count. Where both begin together, the service is meant ("they do not use your input").
            covers = acts[0] <= bound[0] and acts[1] >= bound[1]
            return "service" if acts[0] >= bound[1] or acts[0] == bound[0] or covers else "user"
        if bound or acts:
            return "user" if bound else "service"
        user, implied = _last(lexicon.user_acts, clause), _last(lexicon.service_implied, clause)
        if user and (not implied or user[0] > implied[0]):
            return "user"
        implied_found = implied_found or implied is not None
    if implied_found:
        return "service"
    after = words[use.start() :]
    if lexicon.user_bound.search(after):
        return "user"
    if lexicon.service_acts.search(after) or lexicon.service_implied.search(after):
        return "service"
    return "user" if lexicon.user_acts.search(after) else ""


def _inside_out(sentence: Sentence, before: str) -> Iterator[str]:
    """Yield the text before a use: its own clause, earlier clauses, then the lead-ins."""
    start = before.rfind(";") + 1
    yield before[start:]
    if start:
        yield before[:start]
    yield from reversed(sentence.lead_ins)


def _last(pattern: Pattern[str], words: str) -> tuple[int, int] | None:
    span = None
    for match in pattern.finditer(words):
        span = match.span()
    return span


def terms_in(words: str, language: str) -> tuple[str, str]:
    """Return the control and the default that words around a use name, as in `Statement`."""
    lexicon = BY_LANGUAGE[language]
    return _control("control", words, lexicon), _default(words, lexicon)


def _statement(
    kind: str,
    sentence: Sentence,
    words: str,
    rule: Rule,
    match: Match[str],
    strength: float,
    lexicon: Lexicon,
) -> Statement:
    around = " ".join((*sentence.lead_ins, words))
    control = _control(kind, words, lexicon)
    since = lexicon.since.search(words)
    row = _row(sentence) if lexicon.purpose_start.match(words) else ""
    return Statement(
        kind=kind,
        actor=_actor(words, match, lexicon),
        action=rule.action,
        data=_all(lexicon.data_kinds, words),
        named=_named(words, lexicon),
        model=named[0] if (named := lexicon.model_names.search(match[0])) else "",
        stance=_stance_of(kind, words, match, lexicon),
        control=control,
        route=(_first(lexicon.routes, words) or "none") if control != "none" else "none",
        default=_default(words, lexicon),
        regions=_all(lexicon.regions, around),
        audience=_all(lexicon.audiences, around),
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
        row_data=_all(lexicon.data_kinds, row) if row else (),
    )


def _control(kind: str, words: str, lexicon: Lexicon) -> str:
    # A setting next to a use is a control only if the words say how to refuse.
    controls = lexicon.controls if kind == "control" else lexicon.controls_beside_use
    return _first(controls, words) or "none"


def _stance_of(kind: str, words: str, match: Match[str], lexicon: Lexicon) -> str:
    if kind == "control":
        return "may" if lexicon.hedge.search(words) else "does"
    stance = _stance(words, match, lexicon)
    if stance in ("does", "may") and lexicon.default_off.search(words):
        return "does-not"  # "training is off by default" denies the use as long as it is
    return stance


def _default(words: str, lexicon: Lexicon) -> str:
    if lexicon.default_off.search(words):
        return "off"
    if lexicon.default_on.search(words):
        return "on"
    return "off" if lexicon.consent_needed.search(words) else "unstated"


def _actor(words: str, use: Match[str], lexicon: Lexicon) -> str:
    start = words.rfind(";", 0, use.start()) + 1
    end = words.find(";", use.end())
    clause = ASIDE.sub(" ", words[start : end if end > 0 else len(words)])
    return _first(lexicon.actors, clause) or "service"


def _row(sentence: Sentence) -> str:
    line = sentence.paragraph
    if len(line) > LONGEST_SENTENCE or not line.lstrip().startswith("|"):
        return ""
    return KEY.sub(" ", plain(line.replace("<br>", " "))).strip()


def _stance(words: str, match: Match[str], lexicon: Lexicon) -> str:
    start = 0
    for end in lexicon.clause_end.finditer(words, 0, match.start()):
        start = end.end()
    clause = words[start : match.start()][-DENIAL_REACH:]
    window = clause + words[match.start() : match.end()]
    if lexicon.verbs_last:
        stop = lexicon.clause_end.search(words, match.end())
        window = clause + words[match.start() : stop.start() if stop else len(words)]
    denial = None
    for negation in lexicon.denial.finditer(window):
        if not lexicon.not_denial.match(window, negation.end()):
            denial = negation
    if denial is not None:
        return "will-not" if lexicon.promise.search(denial[0]) else "does-not"
    if lexicon.denial_after.match(words[match.end() : match.end() + 40].lstrip()):
        return "does-not"
    return "may" if lexicon.may.search(clause[-200:]) else "does"


def _named(words: str, lexicon: Lexicon) -> tuple[str, ...]:
    groups = (lexicon.data_kinds, lexicon.regions, lexicon.audiences)
    patterns = [pattern for group in groups for pattern in group.values()]
    return tuple(match[0] for pattern in patterns if (match := pattern.search(words)))


def _first(patterns: Mapping[str, Pattern[str]], words: str) -> str:
    for name, pattern in patterns.items():
        if pattern.search(words):
            return name
    return ""


def _all(patterns: Mapping[str, Pattern[str]], words: str) -> tuple[str, ...]:
    """Return the names of what is mentioned, in the order of its first mention."""
    matches = [
        (match.start(), name)
        for name, pattern in patterns.items()
        if (match := pattern.search(words))
    ]
    return tuple(name for _, name in sorted(matches))


def _with_neighbours(page: Page, statements: list[Statement], lexicon: Lexicon) -> list[Statement]:
    """Add the controls and the exceptions in the lines next to a use."""
    known = {statement.start for statement in statements}
    added: list[Statement] = []
    seen_lines: set[int] = set()
    for statement in statements:
        if statement.denies and statement.control == "none":
            continue
        here = page.line_at(statement.start)
        for line in _lines_around(page, here):
            if line in seen_lines:
                continue
            seen_lines.add(line)
            for sentence in page.sentences(line):
                if sentence.start not in known and (neighbour := _neighbour(sentence, lexicon)):
                    added.append(neighbour)
    return sorted([*statements, *added], key=lambda statement: statement.start)


def _lines_around(page: Page, line: int) -> Iterator[int]:
    yield line
    for step, most in ((1, 3), (-1, 2)):
        yielded = 0
        at = line + step
        while yielded < most and 0 <= at < len(page.lines) and abs(at - line) < 8:
            if page.lines[at].strip():
                yield at
                yielded += 1
            at += step


def _neighbour(sentence: Sentence, lexicon: Lexicon) -> Statement | None:
    words = sentence.text
    if (
        len(words) > LONGEST_NEIGHBOUR
        or lexicon.control_elsewhere.search(words)
        or lexicon.user_bound.search(words)
    ):
        return None
    topic = lexicon.control_topic.search(words)
    if topic is None:
        return None
    for default in (lexicon.default_off, lexicon.default_on):
        if (match := default.search(words)) and lexicon.by_default.search(match[0]):
            rule = Rule("default-nearby", "control", default, 0.6)
            return _statement("control", sentence, words, rule, match, 0.6, lexicon)
    for name, pattern in lexicon.control_beside.items():
        if match := pattern.search(words):
            rule = Rule(f"{name}-nearby", "control", pattern, 0.5)
            return _statement("control", sentence, words, rule, match, 0.5, lexicon)
    if match := lexicon.exception_nearby.search(words):
        rule = Rule("exception-nearby", "collect", lexicon.exception_nearby, 0.5)
        exception = _statement("use", sentence, words, rule, match, 0.5, lexicon)
        return replace(exception, stance="will-not" if "will" in match[0] else "does-not")
    return None
