"""What a page states about the use of people's data for models, sentence by sentence."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from re import Match, Pattern

from consent.classification.english import ENGLISH
from consent.classification.french import FRENCH
from consent.classification.german import GERMAN
from consent.classification.lexicon import Lexicon, Rule
from consent.classification.sentences import Page, Sentence, plain
from consent.classification.spanish import SPANISH

LEXICONS = (ENGLISH, GERMAN, FRENCH, SPANISH)
LONGEST_SENTENCE = 3000
LONGEST_NEIGHBOUR = 500
DENIAL_REACH = 320
FAINT = 0.3  # strength below which a rule says too little, even with all around it
NUMBERING = re.compile(
    r"\W*(?:(?:\d{1,3}|[a-z]|[ivx]{1,5})(?:\.\d{1,3}){0,3}[.)]\s+\W*){0,3}", re.IGNORECASE
)
ASIDE = re.compile(r"\([^()]*\)")
WORD = re.compile(r"\w+")
LANGUAGE_SAMPLE = 6000  # characters
FIRST_WORD = re.compile(r"[\w-]+")
KEY = re.compile(r"[^\w@/]+")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, with the words that make it.

    kind: "use" (data is, may be or is not used), "control" (how to say no or yes) or "pointer"
    (where more is said about a use).
    actor: service, affiliates, partners or third-parties. model: its name, where one is given.
    named: the words that name data, regions and audience.
    stance: does, may, does-not or will-not.
    control: none, opt-out, opt-in, consent, objection or admin; route as in the vocabulary.
    default: on, off or unstated. since, retention: the words that say from when, how long.
    quote: the text from start to end; words: the same without Markdown.
    rule and evidence: which rule fired on which words; strength: how much the rule alone says.
    row, row_data: all cells of its row, if it is a purpose ("To train our models") in a table.
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

    @property
    def denies(self) -> bool:
        return self.stance in ("does-not", "will-not")

    @property
    def uses(self) -> bool:
        return self.kind == "use" and not self.denies

    @property
    def key(self) -> str:
        """The statement's words alone: equal keys mean nothing was reworded."""
        return KEY.sub(" ", NUMBERING.sub("", self.words, count=1).casefold()).strip()


def read_statements(text: str) -> tuple[Statement, ...]:
    """Return what a page states about training, in page order.

    text: Markdown. Rules for users, features without training and staff training are left out.
    """
    lexicon = lexicon_for(text)
    page = Page(text)
    found: list[Statement] = []
    for line in _lines_with_triggers(page, lexicon):
        for sentence in page.sentences(line):
            if statement := read_sentence(sentence, lexicon):
                found.append(statement)
    return tuple(_with_neighbours(page, found, lexicon))


def _lowered(text: str) -> str:
    """Lower the case without moving an offset: a few letters grow when lowered."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def lexicon_for(text: str) -> Lexicon:
    """Return the lexicon whose commonest words the beginning of the text uses most."""
    sample = Counter(WORD.findall(text[:LANGUAGE_SAMPLE].lower()))
    return max(LEXICONS, key=lambda one: sum(sample[word] for word in one.common_words))


def _lines_with_triggers(page: Page, lexicon: Lexicon) -> list[int]:
    """Return the lines that hold a trigger. Plain searches: no pattern runs over a whole page."""
    lines: set[int] = set()
    lowered = _lowered(page.text)
    for text, triggers in ((lowered, lexicon.triggers), (page.text, lexicon.exact_triggers)):
        for trigger in triggers:
            position = text.find(trigger)
            while position >= 0:
                line = page.line_at(position)
                lines.add(line)
                position = text.find(trigger, page.starts[line] + len(page.lines[line]))
    return sorted(lines)


def read_sentence(sentence: Sentence, lexicon: Lexicon) -> Statement | None:
    """Return the statement of one sentence, or None if it makes none."""
    words = sentence.text[:LONGEST_SENTENCE]
    if not lexicon.mentions(words):
        return None
    blanked = lexicon.not_training.sub(_blank, words)
    hit = _strongest_use(blanked, lexicon)
    if hit is None:
        return None
    rule, match = hit
    if words.endswith("?") and not lexicon.asks_about_people.search(words):
        return None
    speaker = _speaker(sentence, words, match, lexicon)
    if speaker == "user" or (speaker == "" and _told_to_users(sentence, words, lexicon)):
        return None
    strength = rule.weight * _support(sentence, blanked, rule, match, speaker, lexicon)
    if strength < FAINT:
        return None
    return _statement(_kind(words, match, lexicon), sentence, words, rule, match, strength, lexicon)


def _told_to_users(sentence: Sentence, words: str, lexicon: Lexicon) -> bool:
    """Tell, where no subject is named, whether users are told what not to do."""
    if any(lexicon.user_headings.search(heading) for heading in sentence.headings[-2:]):
        return True
    return bool(lexicon.user_objects.search(words)) and not _is_purpose(sentence, words, lexicon)


def _is_purpose(sentence: Sentence, words: str, lexicon: Lexicon) -> bool:
    """Tell whether a sentence is one of the purposes that a list or table gives."""
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
    """Return how far what stands around a use bears out that it is of people's data, 0 to 1."""
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
    """Tell whether the use is only named as what a control is over."""
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
    """Return who is bound, by the nearest subject before the use: "user", "service" or ""."""
    implied_found = False
    verb = FIRST_WORD.match(words, use.start())
    for said in _inside_out(sentence, words[: verb.end() if verb else use.start()]):
        bound, acts = _last(lexicon.user_bound, said), _last(lexicon.service_acts, said)
        if bound and acts:
            # A service named within what binds the user ("Your Accessory may not") is not one;
            # where both begin together the service is meant ("they do not use your input").
            covers = acts[0] <= bound[0] and acts[1] >= bound[1]
            return "service" if acts[0] >= bound[1] or acts[0] == bound[0] or covers else "user"
        if bound or acts:
            return "user" if bound else "service"
        user, implied = _last(lexicon.user_acts, said), _last(lexicon.service_implied, said)
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
    """Yield what stands before a use: its own clause, earlier clauses, then what leads in."""
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
    # A setting named beside a use is a control over it only where it says how to say no.
    controls = lexicon.controls if kind == "control" else lexicon.controls_beside_use
    control = _first(controls, words) or "none"
    stance = _stance(words, match, lexicon)
    if kind == "control":
        stance = "may" if lexicon.hedge.search(words) else "does"
    elif stance in ("does", "may") and lexicon.default_off.search(words):
        stance = "does-not"  # "training is off by default" denies the use as long as it is
    since = lexicon.since.search(words)
    row = _row(sentence) if lexicon.purpose_start.match(words) else ""
    return Statement(
        kind=kind,
        actor=_actor(words, match, lexicon),
        action=rule.action,
        data=_all(lexicon.data_kinds, words),
        named=_named(words, lexicon),
        model=named[0] if (named := lexicon.model_names.search(match[0])) else "",
        stance=stance,
        control=control,
        route=(_first(lexicon.routes, words) or "none") if control != "none" else "none",
        default=_default(words, lexicon),
        regions=_all(lexicon.regions, around),
        audience=_all(lexicon.audiences, around),
        since=since[0] if since else "",
        retention=kept[0] if (kept := lexicon.retention.search(words)) else "",
        quote=sentence.quote,
        words=words,
        start=sentence.start,
        end=sentence.end,
        place=" › ".join(sentence.headings),
        language=lexicon.language,
        rule=rule.name,
        evidence=words[match.start() : match.end()],
        strength=round(strength, 2),
        row=row,
        row_data=_all(lexicon.data_kinds, row) if row else (),
    )


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
    for found in lexicon.denial.finditer(window):
        if not lexicon.not_denial.match(window, found.end()):
            denial = found
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
    found = [
        (match.start(), name)
        for name, pattern in patterns.items()
        if (match := pattern.search(words))
    ]
    return tuple(name for _, name in sorted(found))


def _with_neighbours(page: Page, found: list[Statement], lexicon: Lexicon) -> list[Statement]:
    """Add the controls over, and the exceptions from, the uses beside which they stand."""
    known = {statement.start for statement in found}
    added: list[Statement] = []
    seen: set[int] = set()
    for statement in found:
        if statement.denies and statement.control == "none":
            continue
        here = page.line_at(statement.start)
        for line in _lines_around(page, here):
            if line in seen:
                continue
            seen.add(line)
            for sentence in page.sentences(line):
                if sentence.start not in known and (one := _neighbour(sentence, lexicon)):
                    added.append(one)
    return sorted([*found, *added], key=lambda statement: statement.start)


def _lines_around(page: Page, line: int) -> Iterator[int]:
    yield line
    for step, most in ((1, 3), (-1, 2)):
        taken = 0
        at = line + step
        while taken < most and 0 <= at < len(page.lines) and abs(at - line) < 8:
            if page.lines[at].strip():
                yield at
                taken += 1
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
