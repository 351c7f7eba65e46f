"""What and whom a statement covers: parts of the product, people, plans and places.

Each aspect is read from the sentence; one that it leaves open is taken from the beginning of its
list, its headings and the title of the document. What is still empty is not said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from consent.classification.place_mentions import where_in
from consent.classification.statements import Statement
from platforms.places import WORLDWIDE, Where

ORGANISATION, MINORS, PERSONAL = "organisation", "minors", "personal"
CREATORS, NO_ACCOUNT = "creators", "no-account"
LONGEST_TITLE_OF_DOCUMENT = 200  # characters; a longer first line is no title

#: Where a sentence says for whom, or where, it does not hold.
_EXCEPTION = re.compile(
    r"\b(?:except(?:ions?)?|exclud(?:e|es|ed|ing)|other than|apart from|not (?:apply|includ(?:e|ing))"
    r"|unless|but not|outside|sauf|hors|à l[’']exception|ausgenommen|außer|es sei denn"
    r"|mit Ausnahme)\b",
    re.IGNORECASE,
)
#: An exception that a sentence begins with ends where the service begins to act.
_FIRST_CLAUSE = re.compile(
    r",\s+(?=(?:we|our|your|you|no|none|all|[A-Z]\w+ (?:uses|may|will|does))\b)"
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|„[^“]*“|«[^»]*»|[>›→]\s*[\w’ &-]+")

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_TOKEN = rf"(?:{_CAPITAL}[\w+]*(?:[&.-]\w+)*)"
_NAME = re.compile(
    rf"(?<![\w@.-]){_TOKEN}(?: (?:(?:for|fürs?|pour) (?={_CAPITAL}))?(?:{_TOKEN}|\d[\w.]*))*"
)
#: Words that terms write with a capital letter, or that begin a sentence. No names of products.
_USUAL_WORDS = """
    a about additional affiliates after agreement ai all also an and any api apis app apps
    article artificial as assistant at because before below beta business by can certain chat
    chats children company consent content contents controller controllers conversations country
    customer customers data deep developer developers do does during each effective eligible end
    enterprise everything example except exhibit experience features feedback file files first
    following for free from generative google’s group how however if images in information input
    inputs instead intelligence it its january february march april may june july august
    september october november december language large learning legal licence license licensed
    licensee llm llms machine material materials meeting messages ml model models most my
    neither never no none nor not note notes notice on once online only or order other our
    outputs output part parties party people person personal photos please plus policy posts
    prior privacy process processed processing processor product products program programs
    prompt prompts provided provider providers public purpose questions recordings regardless
    responses right rights safety section seller service services settings site so software some
    starting statement statistics subject submission submissions subprocessor subprocessors
    subscriber subscription such suggestions supplier suppliers technology terms text than that
    the their these they third this those through to tool tools training transaction under
    unless until usage use user users using video videos voice voluntarily we website what
    whatever when where whether while who with within without work you your yours der die das
    den dem des ein eine einen einer eines wenn wir ihre ihr ihren sie ihnen was wer wo im bei
    mit von zu auf aus für und oder nicht nach dieser diese daten inhalte eingaben ki modelle
    nutzung dienste dienst nutzer kunden kundinnen ausgaben le la les l un une nous vous vos
    votre ce ces cette si lorsque pour par dans de du et ou en données contenus ia
"""
_NO_NAMES = frozenset(_USUAL_WORDS.split())
_PLANS = (
    "free|pro|plus|teams?|business|enterprise|edu|education|max|ultra|premium|basic|starter|standard"
    "|student|students|individual|unlimited|entreprise|équipe"
)
_PLAN_NAME = re.compile(rf"(?:.* )?(?:{_PLANS})", re.IGNORECASE)
_PLAN_NOUN = re.compile(
    r"\W*(?:plans?|tiers?|versions?|editions?|subscri\w+|accounts?|users?|customers?|workspaces?)\b",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s*(?:,|/|and|or|&|und|oder|et|ou|,\s*(?:and|or))\s*$")
_ALSO = re.compile(r",? (?:and|as well as|und|et)\b")
_PLAIN_PLAN = re.compile(
    r"\b(free|paid|unpaid|premium)(?: and (free|paid|premium))?"
    r" (?:plans?|tiers?|versions?|subscri\w+|accounts?|users?|customers?|APIs?)\b"
)
_API = re.compile(
    r"\b(?:our|the|paid|via|through|of our|developer) APIs?\b|\bAPI (?:inputs?|users?|customers?|data|terms)\b"
)
#: A name after one of these words is where something happens; or it acts itself.
_BEFORE_PART = re.compile(
    r"\b(?:in|on|of|with|within|from|to|into|use|uses|used|using|via|through|for|by|im|in|bei|mit|von"
    r"|dans|de|avec|sur)(?: the| our| der| dem| die| your)?\s*$",
    re.IGNORECASE,
)
_TRAINS = re.compile(
    r"\b(?:train(?:s|ed|ing)?|improv(?:e|es|ing)|develop(?:s|ing)?|enhanc(?:e|es|ing)|fine-tun(?:e|ing)"
    r"|power|models? (?:in|of|for|behind)|build|teach)(?: [\w-]+){0,3}\s*$",
    re.IGNORECASE,
)
_PEOPLE = {
    ORGANISATION: re.compile(
        r"\b(?:business(?:es)?|enterprises?|commercial|corporate|company|work(?:place)?"
        r"|institution(?:s|al)|organi[sz]ation(?:s|al)?|team|workspace) (?:customers?|users?"
        r"|accounts?|clients?|plans?|subscri\w+|tenants?|editions?|products?|offerings?|data)\b"
        r"|\b(?:for|of|to|by) (?:our )?(?:enterprises?|business(?:es)?|organi[sz]ations|companies"
        r"|schools|institutions)\b|\b(?:schools?|universit(?:y|ies)|districts?|educators)\b"
        r"|\bGeschäftskund\w+|\bUnternehmenskund\w+|\bclients professionnels\b",
        re.IGNORECASE,
    ),
    MINORS: re.compile(
        r"\b(?:minors?|children|kids|teens?|teenagers?|under (?:the age of )?1[3-8]"
        r"|Minderjährig\w+|mineurs?)\b",
        re.IGNORECASE,
    ),
    CREATORS: re.compile(r"\bcreators?\b", re.IGNORECASE),
    NO_ACCOUNT: re.compile(
        r"\b(?:signed out|logged out|not (?:signed|logged) in|without an account|guests?)\b",
        re.IGNORECASE,
    ),
    PERSONAL: re.compile(r"\b(?:consumers?|individual users?|personal accounts?)\b", re.IGNORECASE),
}
#: The same in a title or heading, where one word is enough.
_PEOPLE_OF_DOCUMENT = {
    ORGANISATION: re.compile(
        r"\b(?:enterprises?|business(?:es)?|commercial|organi[sz]ations?|companies|workspace|schools?"
        r"|education|institutions?|data process(?:ing|or)\b|processors?\b|controllers?\b"
        r"|customer agreement|Unternehmen|Geschäftskund\w+|Auftragsverarbeit\w+|entreprises?|professionnels|sous-traitan\w+)",
        re.IGNORECASE,
    ),
    MINORS: _PEOPLE[MINORS],
    CREATORS: _PEOPLE[CREATORS],
    NO_ACCOUNT: _PEOPLE[NO_ACCOUNT],
}
_ORGANISATION_PLAN = re.compile(
    r"(?:^| )(?:teams?|business|enterprise|edu|education|entreprise)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is covered. parts, plans: names in the words of the page. people: as in the vocabulary.

    Empty is "not said".
    """

    parts: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    plans: frozenset[str] = frozenset()
    where: Where = WORLDWIDE

    @property
    def names(self) -> frozenset[str]:
        """Everything that it is limited to, as names that compare."""
        places = (*self.where.places, *(f"not {code}" for code in self.where.except_places))
        return frozenset({*self.parts, *self.people, *self.plans, *places})

    def or_else(self, wider: Scope) -> Scope:
        """Return this scope, with what it leaves open as a wider one says it."""
        return Scope(
            parts=self.parts or wider.parts,
            people=self.people or wider.people,
            plans=self.plans or wider.plans,
            where=wider.where if self.where.is_worldwide else self.where,
        )


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the page beside its sentences.

    subject: the name of the platform. document: the title of the page.
    """

    subject: str = ""
    document: str = ""


def scope_of(statement: Statement, context: Context) -> Scope:
    """Return what a statement covers."""
    main, _ = clauses_of(statement.words)
    scope = scope_in(main, context.subject)
    for words in reversed(statement.lead_ins):
        scope = scope.or_else(scope_in(clauses_of(words)[0], context.subject))
    for heading in (*reversed(statement.place.split(" › ")), context.document):
        scope = scope.or_else(scope_of_heading(heading, context.subject))
    return scope


def exceptions_of(statement: Statement, context: Context) -> Scope:
    """Return whom a statement exempts."""
    return scope_in(clauses_of(statement.words)[1], context.subject)


@lru_cache(maxsize=512)
def clauses_of(words: str) -> tuple[str, str]:
    """Return what a sentence says, and the exception that it makes."""
    match = _EXCEPTION.search(words)
    if match is None:
        return words, ""
    rest = words[match.end() :]
    if match.start() < 4 and (end := _FIRST_CLAUSE.search(rest)):
        return rest[end.end() :], rest[: end.start()]
    stop = rest.find(";")
    exception = rest if stop < 0 else rest[:stop]
    # "Outside" is the word by which places are read, so it stays.
    kept = match[0] if match[0].casefold() == "outside" else ""
    return f"{words[: match.start()]}{rest[len(exception) :]}", f"{kept}{exception}"


@lru_cache(maxsize=2048)
def scope_in(words: str, subject: str) -> Scope:
    """Return what some words of a sentence name."""
    if not words:
        return Scope()
    parts, plans = _parts_and_plans(words, subject)
    plans |= {plan for match in _PLAIN_PLAN.finditer(words) for plan in match.groups() if plan}
    if _API.search(words):
        plans |= {"API"}
    people = {kind for kind, pattern in _PEOPLE.items() if pattern.search(words)}
    people |= {ORGANISATION for plan in plans if _ORGANISATION_PLAN.search(plan)}
    return Scope(frozenset(parts), frozenset(people), frozenset(plans), where_in(words))


@lru_cache(maxsize=512)
def scope_of_heading(words: str, subject: str) -> Scope:
    """Return what a heading or the title of a document names. Titles have capitals everywhere.

    A name counts as a part only with words of the platform's own name.
    """
    words = words[:LONGEST_TITLE_OF_DOCUMENT]
    if not words:
        return Scope()
    own = _own(subject)
    scope = scope_in(words, subject)
    parts = frozenset(part for part in scope.parts if own & set(part.casefold().split()))
    plans = frozenset(
        plan for plan in scope.plans if own & set(plan.casefold().split()) or plan == "API"
    )
    people = {kind for kind, pattern in _PEOPLE_OF_DOCUMENT.items() if pattern.search(words)}
    where = where_in(words)
    return Scope(parts - _as_people(parts), frozenset(people), plans, where)


def _as_people(parts: Iterable[str]) -> frozenset[str]:
    """Return names that only name people: "Osprey for Business"."""
    return frozenset(part for part in parts if _PEOPLE_OF_DOCUMENT[ORGANISATION].search(part))


def _parts_and_plans(words: str, subject: str) -> tuple[set[str], set[str]]:
    parts: set[str] = set()
    plans: set[str] = set()
    own = _own(subject)
    previous_end, previous_list = 0, None
    text = _QUOTED.sub(lambda match: " " * len(match[0]), words)
    for match, name in _names(text, own):
        before = text[: match.start()]
        tokens = name.casefold().split()
        is_own = bool(own & set(tokens))
        goes_on = _JOINED.fullmatch(text[previous_end : match.start()]) is not None
        named: set[str] | None = None
        if _PLAN_NAME.fullmatch(name) and (
            is_own or _PLAN_NOUN.match(text, match.end()) or (before.strip() and len(tokens) == 1)
        ):
            named = plans
        elif set(tokens) <= own:
            named = None
        elif goes_on and previous_list is not None:
            named = previous_list
        elif _TRAINS.search(before[-60:]):
            named = None  # the model that is trained
        elif is_own or _BEFORE_PART.search(before[-20:]):
            named = parts
        if named is not None:
            named.add(name)
        previous_end, previous_list = match.end(), named
    return parts, plans


def _names(text: str, own: frozenset[str]) -> Iterator[tuple[re.Match[str], str]]:
    """Yield the capitalised names of a text that are no places and no usual words."""
    for match in _NAME.finditer(text):
        tokens = match[0].rstrip(".").split()
        while (
            tokens
            and tokens[0].casefold().rstrip("’s") in _NO_NAMES - own
            and not (len(tokens) == 1 and _PLAN_NAME.fullmatch(tokens[0]))
        ):
            tokens.pop(0)
        while (
            tokens and tokens[-1].casefold() in _NO_NAMES and not _PLAN_NAME.fullmatch(tokens[-1])
        ):
            tokens.pop()
        name = " ".join(tokens)
        is_usual = len(tokens) == 1 and _begins(text, match) and name.casefold() not in own
        if not tokens or is_usual:
            continue
        if not where_in(f"in {name}").is_worldwide or where_in(f"outside {name}").except_places:
            continue
        yield match, name


def _begins(text: str, match: re.Match[str]) -> bool:
    return not text[: match.start()].strip(' \t*_#•-–()"“|0123456789.')


@lru_cache(maxsize=64)
def _own(subject: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[\w+]+", subject.casefold()) if len(word) > 1)


@dataclass(frozen=True, slots=True)
class Reach:
    """How much more or less a wording covers than the old one, by the names in it.

    sense: 1 more, -1 less, 0 as much, None in doubt. names: what came or went. exempt: it came or
    went in the exception, which counts against what is covered.
    """

    sense: int | None
    names: tuple[str, ...] = ()
    exempt: bool = False


def compared(old: Statement, new: Statement, context: Context) -> Reach:
    """Compare whom two wordings of one statement cover."""
    (was, exempt), (now, exempted) = clauses_of(old.words), clauses_of(new.words)
    first, second = scope_in(was, context.subject), scope_in(now, context.subject)
    main = _more(first, second, old.words, new.words)
    before, after = scope_in(exempt, context.subject), scope_in(exempted, context.subject)
    if bool(exempt) == bool(exempted):
        exception = _more(before, after, old.words, new.words)
    else:
        exception = (1 if exempted else -1) if (before.names or after.names) else 0
    names = _differing(first, second) or _differing(before, after)
    if main is None or exception is None or (main and main == exception):
        return Reach(None, names)
    return Reach(main or -exception, names, exempt=not main)


def _differing(old: Scope, new: Scope) -> tuple[str, ...]:
    """Return the names that only one of two scopes has, as the page writes them."""
    was, now = _folded(old.names), _folded(new.names)
    return tuple(sorted(name for name in old.names | new.names if _folded([name]) <= was ^ now))


def _more(old: Scope, new: Scope, before: str, after: str) -> int | None:
    was, now = _folded(old.names), _folded(new.names)
    if was == now:
        return 0
    if not was or not now:
        # "… and in X too" adds to what is said; a name alone limits it.
        longer, shorter, sense = (after, before, -1) if now else (before, after, 1)
        return -sense if _adds(longer, shorter) else sense
    if was < now:
        return 1
    return -1 if now < was else None


def _adds(longer: str, shorter: str) -> bool:
    """Return whether words only add a clause with "and": "…, and your files in X"."""
    if not longer.startswith(shorter.rstrip(" .")):
        return False
    return (
        re.match(r",? (?:and|as well as|und|et)\b", longer[len(shorter.rstrip(" .")) :]) is not None
    )


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(re.sub(r"s$", "", name.casefold()) for name in names)
