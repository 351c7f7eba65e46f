"""What and whom a statement covers: parts of the product, people, plans and places.

Each aspect is read from the sentence; one that it leaves open is taken from the beginning of its
list, its headings and the title of the document. What is still empty is not said.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from consent.classification.effect_rules import differences
from consent.classification.place_mentions import where_in
from consent.classification.statements import Statement
from platforms.places import WORLDWIDE, Where

ORGANISATION, MINORS, PERSONAL = "organisation", "minors", "personal"
CREATORS, NO_ACCOUNT = "creators", "no-account"
LONGEST_TITLE_OF_DOCUMENT = 200  # characters; a longer first line is no title

#: Where a sentence says for whom, or where, it does not hold.
_EXCEPTION = re.compile(
    r"\b(?:except(?:ions?)?|exclud(?:e|es|ed|ing)|other than|apart from|not apply"
    r"|not includ(?:e|ing)|unless|but not|sauf|hors|à l[’']exception|ausgenommen|außer"
    r"|es sei denn|mit Ausnahme)\b",
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
#: With these words, the platform's own name is of a document.
_DOCUMENTS = frozenset(
    {"privacy", "policy", "terms", "notice", "statement", "agreement", "service", "services", "use"}
    | {"help", "center", "centre", "faq", "data", "content", "account", "settings", "conditions"}
    | {"customer", "customers", "user", "users", "commitments", "products"}
)
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
_ACTS = re.compile(r" (?:does|do|will|may|can|shall|never|uses?|trains?)\b")
#: A few words with one of these are one more item beside others.
_ITEM = re.compile(
    r"^(?:and|or|nor|as well as|und|oder|sowie|et|ou|ni)\b|\b(?:and|or|und|oder|et|ou)$|,$",
    re.IGNORECASE,
)
#: A clause of its own is no item.
_CLAUSE = re.compile(r"\b(?:we|it|they|who|which|wir|die|nous|ils?|elles?|qui)\b", re.IGNORECASE)
MOST_LIMITING = 3  # words by which a thing is limited; more words may explain it
_CONTRAST = re.compile(
    r"\b(?:but|however|although|though|without (?:our|your|their|prior)|aber|jedoch|mais"
    r"|toutefois)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|when|where|while|after|once|as long as|provided|wenn|falls|sofern|sobald|solange"
    r"|nachdem|si|lorsqu\w+|quand|après|tant que)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:(?:some|certain|select(?:ed)?|several|many|most|einigen|manchen|bestimmten)"
    r" (?:countries|markets|regions|jurisdictions|Ländern|Märkten|Regionen)"
    r"|until|some of|parts? of|most of|not all|sensitive|identif\w+|special categories"
    r"|(?:third[- ]party|other (?:companies[’']?|providers[’']?)) (?:AI )?models"
    r"|models of (?:others?|third)|bis (?:zum|Ende)|teilweise|einige|sensible[nr]?"
    r"|Modellen? Dritter|jusqu\w+|certaines?|certains|sensibles"
    r"|modèles (?:tiers|de tiers|d[’']autres))\b",
    re.IGNORECASE,
)
#: What models are for, where that leaves others out: "models for advertising", "ad models".
_MODELS_FOR_SOME = re.compile(
    r"\b(?:(?:ads?|advertis\w+|marketing|ranking|recommend\w+|personali[sz]ation|targeting"
    r"|fraud\w*|spam|security|safety|moderation|translation|transcription|speech|voice|image"
    r"|video|music|search)(?: (?:detection|recognition|generation|ranking|prediction))? models?"
    r"|models? (?:used )?(?:only |solely )?for (?!you\b|your|our|us\b|any|all|every|other|general)"
    r"|models? (?:in order )?to (?:copy|imitate|target|rank|show|detect|recommend|personali[sz]e)"
    r"|Modellen? (?:für|zur) (?:Werbung|Reklame|Marketing|Ranking|Empfehlung\w*|Personalisierung"
    r"|Sprach\w+|Bild\w+|Betrugs\w+|Sicherheit)|Werbemodellen?"
    r"|modèles? (?:publicitaires?|(?:pour|de) (?:la |des )?(?:publicités?|marketing|classement"
    r"|recommandations?|personnalisation|reconnaissance|fraude|sécurité|traduction)))\b",
    re.IGNORECASE,
)
_STRENGTHENS = re.compile(r"\b(?:any\w*|ever|irgend\w+|quelque\w*)\b", re.IGNORECASE)
#: Words that limit nothing, and those that stand before any model.
_LIMITS_NOTHING = """
    a an the our own your its their this that these all such and or nor also of to for in on
    with by we you may can might will not never no do does is are be been ai ml ki ia
    artificial intelligence machine learning language large please today der die das den dem
    des unser unsere unserer unseren ihr ihre ihrer ihren alle und oder auch nicht nie niemals
    können kann dürfen von zu zum zur wir sie le la les l un une nos notre vos votre ce ces
    cette tous toutes et ou aussi de du d ne n pas jamais pouvons peuvent nous vous model
    models modell modelle modellen modèle modèles
"""
_LIMIT_NOTHING = frozenset(_LIMITS_NOTHING.split())
_PLAIN_PLAN = re.compile(
    r"\b(free|paid|unpaid|premium)(?: and (free|paid|premium))?"
    r" (?:plans?|tiers?|versions?|subscri\w+|accounts?|users?|customers?|APIs?)\b"
)
_API = re.compile(
    r"\b(?:our|the|paid|via|through|developer) APIs?\b"
    r"|\bAPI (?:inputs?|users?|customers?|data|terms)\b"
)
#: A name after one of these words is where something happens, or whose it is.
_BEFORE_PART = re.compile(
    r"\b(?:in|within|using|via|with|im|bei|mit|dans|avec)(?: the| our| der| dem| die)?\s*$",
    re.IGNORECASE,
)
#: The same for names with a word of the platform's own; or they act, or begin a line.
_BEFORE_OWN = re.compile(
    r"(?:^\W*|\b(?:in|on|of|with|within|from|to|into|us(?:e|es|ed|ing)|via|through|for|by|when|if"
    r"|tell|give|show|ask"
    r"|im|bei|mit|von|dans|de|avec|sur)(?: the| our| der| dem| die| your)?\s*)$",
    re.IGNORECASE,
)
#: A name that ends so is of people: "with End-Users".
_GROUP = re.compile(
    r"\b(?:users?|customers?|clients?|members?|visitors?|subscribers?|nutzer\w*|kund\w+"
    r"|mitglieder\w*|utilisat\w+|membres?)$",
    re.IGNORECASE,
)
_TRAINS = re.compile(
    r"\b(?:train(?:s|ed|ing)?|improv(?:e|es|ing)|develop(?:s|ing)?|enhanc(?:e|es|ing)|power|build"
    r"|fine-tun(?:e|ing)|models? (?:in|of|for|behind)|teach)(?: [\w-]+){0,3}\s*$",
    re.IGNORECASE,
)
_PEOPLE = {
    ORGANISATION: re.compile(
        r"\b(?:business(?:es)?|enterprises?|commercial|corporate|company|work(?:place)?"
        r"|institution(?:s|al)|organi[sz]ation(?:s|al)?|team|workspace) (?:customers?|users?"
        r"|accounts?|clients?|plans?|subscri\w+|tenants?|editions?|products?|offerings?)\b"
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
        r"\b(?:enterprises?|(?:business(?:es)?|commercial|organi[sz]ations?|companies)"
        r"(?! (?:purpose|transfer|transaction|interest|reason|operation|partner|day)s?)|workspace"
        r"|schools?|education|institutions?|data process(?:ing|or)|processors?"
        r"|customer agreement|Unternehmen|Geschäftskund\w+|Auftragsverarbeit\w+|entreprises?"
        r"|professionnels|sous-traitan\w+)\b",
        re.IGNORECASE,
    ),
    MINORS: _PEOPLE[MINORS],
    CREATORS: _PEOPLE[CREATORS],
    NO_ACCOUNT: _PEOPLE[NO_ACCOUNT],
}
_AGE = re.compile(
    r"\b(?:(?P<under>under|below|younger than|unter|moins de)|over|at least|older than|über|ab"
    r"|mindestens|plus de|au moins) (?:the age of |ages? |age )?(?P<age>1\d|2[01])\b"
    r"|\b(?P<least>1\d|2[01]) (?:years(?: of age| old)? )?(?:and|or) (?:over|older|above)\b",
    re.IGNORECASE,
)
_ORGANISATION_PLAN = re.compile(r"team|business|busines|enterprise|edu|education|entreprise")


@dataclass(frozen=True, slots=True)
class Scope:
    """What is covered. parts, plans: names in the words of the page. people: as in the vocabulary.

    Empty is "not said".
    """

    parts: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    plans: frozenset[str] = frozenset()
    where: Where = WORLDWIDE

    def or_else(self, wider: Scope) -> Scope:
        """Return this scope, with what it leaves open as a wider one says it."""
        return Scope(
            parts=self.parts or wider.parts,
            people=self.people or wider.people,
            plans=self.plans or wider.plans,
            where=wider.where if self.where.is_worldwide else self.where,
        )

    def named(self, context: Context) -> dict[str, str]:
        """Return everything that it is surely limited to: as names that compare, and as written.

        A name without a word of the platform's own may be another company's.
        """
        outside = {f"not {code}": code for code in self.where.except_places}
        plans = {plan_word(plan): plan for plan in self.plans}
        people = {kind: kind for kind in self.people}
        if any(_ORGANISATION_PLAN.fullmatch(plan) for plan in plans):
            people.pop(ORGANISATION, None)  # that is said by the plan
        parts = {part.casefold(): part for part in self.parts if context.owns(part)}
        return {**{code: code for code in self.where.places}, **outside, **people, **parts, **plans}


@dataclass(frozen=True)
class Context:
    """What is known of the page beside its sentences.

    subject: the name of the platform. document: the title of the page. parts: names of parts of the
    product that are on record.
    """

    subject: str = ""
    document: str = ""
    parts: tuple[str, ...] = ()

    @cached_property
    def own(self) -> frozenset[str]:
        """The words of the platform's name."""
        return frozenset(re.findall(r"[\w+]{2,}", self.subject.casefold()))

    def owns(self, name: str) -> bool:
        """Return whether a name has a word of the platform's own, or is of a part on record."""
        folded = name.casefold()
        return not self.own.isdisjoint(folded.split()) or folded in map(str.casefold, self.parts)

    def heads(self, name: str) -> bool:
        """Return whether a name begins with the platform's own, as in "Lumo Tutor"."""
        return name.casefold().split()[0] in self.own or name in self.parts


def plan_word(plan: str) -> str:
    """Return the word that tells a plan from others, in any brand: "Le Chat Teams" is "team"."""
    return plan.casefold().split()[-1].removesuffix("s")


def scope_of(statement: Statement, context: Context) -> Scope:
    """Return what a statement covers."""
    main, exception = clauses_of(statement.words)
    scope = scope_in(main, context)
    left_out = scope_in(exception, context).where.places
    if scope.where.is_worldwide and left_out:
        scope = replace(scope, where=Where((), left_out))
    for words in reversed(statement.lead_ins):
        scope = scope.or_else(scope_in(clauses_of(words)[0], context))
    for heading in (*reversed(statement.place.split(" › ")), context.document):
        scope = scope.or_else(scope_of_heading(heading, context))
    return scope


def is_partial(statement: Statement, scope: Scope, context: Context) -> bool:
    """Return whether a statement covers less than its scope says.

    A condition that only names whom it covers, as "if you are in Germany" does, is in its scope.
    """
    if statement.regions and scope.where.is_worldwide:
        return True
    for words in (statement.words, *statement.lead_ins):
        conditions = [words[match.end() :].split(",")[0] for match in _CONDITION.finditer(words)]
        if not (statement.uses and statement.control in ("opt-out", "objection")):
            conditions += filter(None, [clauses_of(words)[1]])  # else the way out is the exception
        if (
            _PART.search(words)
            or names_some_models(words)
            or not all(_names_whom(one, context) for one in conditions)
        ):
            return True
    return False


def names_some_models(words: str) -> bool:
    """Return whether words say what models are for, so that other models are left open."""
    return _MODELS_FOR_SOME.search(words) is not None


def _names_whom(condition: str, context: Context) -> bool:
    last = condition.casefold().split()[-1:]
    return not context.own.isdisjoint(last) or bool(scope_in(condition, context).named(context))


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
    return f"{words[: match.start()]}{rest[len(exception) :]}", exception


@lru_cache(maxsize=2048)
def scope_in(words: str, context: Context) -> Scope:
    """Return what some words of a sentence name."""
    if not words:
        return Scope()
    parts, plans = _parts_and_plans(words, context)
    plans |= {plan for match in _PLAIN_PLAN.finditer(words) for plan in match.groups() if plan}
    if _API.search(words):
        plans |= {"API"}
    people = {kind for kind, pattern in _PEOPLE.items() if pattern.search(words)}
    people |= {ORGANISATION for plan in plans if _ORGANISATION_PLAN.fullmatch(plan_word(plan))}
    return Scope(frozenset(parts), frozenset(people), frozenset(plans), where_in(words))


@lru_cache(maxsize=512)
def scope_of_heading(words: str, context: Context) -> Scope:
    """Return what a heading or the title of a document names.

    Titles have capitals everywhere: a name counts only with a word of the platform's own.
    """
    words = words[:LONGEST_TITLE_OF_DOCUMENT]
    if not words:
        return Scope()
    named = scope_in(words, context)
    people = {kind for kind, pattern in _PEOPLE_OF_DOCUMENT.items() if pattern.search(words)}
    of_people = _PEOPLE_OF_DOCUMENT[ORGANISATION].search  # "Osprey for Business" is no part
    parts = frozenset(part for part in named.parts if context.heads(part) and not of_people(part))
    plans = frozenset(plan for plan in named.plans if plan == "API" or context.owns(plan))
    return Scope(parts, frozenset(people), plans, named.where)


def _parts_and_plans(words: str, context: Context) -> tuple[set[str], set[str]]:
    parts: set[str] = {part for part in context.parts if part in words}
    plans: set[str] = set()
    end, kind = 0, None
    text = _QUOTED.sub(lambda match: " " * len(match[0]), words)
    for match, name in _names(text, context):
        before, tokens = text[: match.start()], name.casefold().split()
        goes_on = kind is not None and _JOINED.fullmatch(text[end : match.start()]) is not None
        if _is_plan(name, text, match):
            kind = plans
        elif set(tokens) <= context.own:
            kind = None
        elif not goes_on:
            # After "to train" stands the model that is trained.
            where = _BEFORE_OWN if context.owns(name) else _BEFORE_PART
            is_part = where.search(before) or (
                context.owns(name) and _ACTS.match(text, match.end())
            )
            is_other = _GROUP.search(name) or _TRAINS.search(before[-60:])
            kind = parts if is_part and not is_other else None
        if kind is not None:
            kind.add(name)
        end = match.end()
    return parts, plans


def _is_plan(name: str, text: str, match: re.Match[str]) -> bool:
    """Return whether a name is of a plan: "Quill Pro", "Pro users", "for Enterprise"."""
    if not _PLAN_NAME.fullmatch(name) or " for " in name:
        return False
    return " " in name or not _begins(text, match) or bool(_PLAN_NOUN.match(text, match.end()))


def _names(text: str, context: Context) -> Iterator[tuple[re.Match[str], str]]:
    """Yield the capitalised names of a text that are no places and no usual words."""
    for match in _NAME.finditer(text):
        tokens = match[0].rstrip(".").split()
        while tokens and _is_usual(tokens[0], context) and not _is_plan_word(tokens):
            tokens.pop(0)
        usual = _DOCUMENTS if tokens and context.owns(tokens[0]) else _NO_NAMES
        while tokens and tokens[-1].casefold() in usual and not _is_plan_word(tokens[-1:]):
            tokens.pop()
        name = " ".join(tokens)
        if not tokens or (len(tokens) == 1 and _begins(text, match) and not context.owns(name)):
            continue
        if where_in(f"in {name}").is_worldwide:
            yield match, name


def _is_usual(token: str, context: Context) -> bool:
    word = token.casefold().removesuffix("’s").removesuffix("'s")
    return (word in _NO_NAMES and word not in context.own) or not word[0].isalpha()


def _is_plan_word(tokens: list[str]) -> bool:
    return len(tokens) == 1 and _PLAN_NAME.fullmatch(tokens[0]) is not None


def _begins(text: str, match: re.Match[str]) -> bool:
    return not text[: match.start()].strip(' \t*_#•-–()"“|0123456789.')


@dataclass(frozen=True, slots=True)
class Reach:
    """How much more or less a wording covers than the old one, by the names in it.

    sense: 1 more, -1 less, 0 as much, None in doubt. names: what came or went. how: "listed" among
    others, "limited" to them now or no longer, or "exempt" now or no longer.
    """

    sense: int | None
    names: tuple[str, ...] = ()
    how: str = "listed"


def compared(old: Statement, new: Statement, context: Context) -> Reach:
    """Compare whom two wordings of one statement cover."""
    was, now = (scope_in(clauses_of(one.words)[0], context).named(context) for one in (old, new))
    if was.keys() != now.keys():
        was, now = (scope_of(one, context).named(context) for one in (old, new))
    exempt, exempted = (clauses_of(one.words)[1] for one in (old, new))
    before, after = (scope_in(words, context).named(context) for words in (exempt, exempted))
    main = _more(was.keys(), now.keys())
    is_limit = bool(main) and not (was and now)
    if main and is_limit and growth(old.words, new.words)[0] == -main:
        main, is_limit = -main, False
    if bool(exempt) == bool(exempted):
        exception = _more(before.keys(), after.keys())
    else:
        exception = (1 if exempted else -1) if before or after else 0
    told = {**was, **now} if was.keys() != now.keys() else {**before, **after}
    differing = (was.keys() ^ now.keys()) or (before.keys() ^ after.keys())
    names = tuple(sorted(told[key] for key in differing))
    if main is None or exception is None or (main and main == exception):
        return Reach(None, names)
    return Reach(
        main or -exception, names, "limited" if is_limit else "listed" if main else "exempt"
    )


def _more(old: Collection[str], new: Collection[str]) -> int | None:
    """Return 1 if names cover more than others, -1 if less; no name at all covers everything."""
    was, now = set(old), set(new)
    if was == now:
        return 0
    if not was or not now:
        return 1 if was else -1
    return 1 if was < now else -1 if now < was else None


def growth(old: str, new: str) -> tuple[int, bool]:
    """Return 1 if a wording covers more by its words, -1 if less, 0 in doubt; and if that is sure.

    Sure are exceptions. Else it covers more by an item that joins others, less by a word that
    limits one; words that take the place of others tell nothing.
    """
    changed = [pair for pair in differences(old, new) if any(map(_limiting, pair))]
    sides = [side for side in zip(*changed, strict=True) if any(map(_limiting, side))]
    if len(sides) != 1:
        return 0, False
    is_longer = sides[0] == tuple(come for _gone, come in changed)
    longer = new if is_longer else old
    senses, sure = zip(*(_sense_of(words, longer) for words in sides[0]), strict=True)
    if len(set(senses)) > 1:
        return 0, False
    return (senses[0] if is_longer else -senses[0]), any(sure)


def growth_by_age(old: str, new: str) -> int:
    """Return 1 if a wording covers more people because of another age, -1 if fewer, else 0.

    Only where each names one age, both as the least or both as the most: "under 18".
    """
    (was, is_most), (age, is_still_most) = map(_age_in, (old, new))
    if not was or not age or was == age or is_most != is_still_most:
        return 0
    return 1 if (age > was) == is_most else -1


def _age_in(words: str) -> tuple[int, bool]:
    """Return the only age that words name, or 0, and whether people are younger than it."""
    found = {
        (int(match["age"] or match["least"]), bool(match["under"]))
        for match in _AGE.finditer(words)
    }
    return found.pop() if len(found) == 1 else (0, False)


def _sense_of(words: str, sentence: str) -> tuple[int, bool]:
    """Return whether words of a sentence widen it, or limit it, and if that is sure."""
    before = sentence[: sentence.find(words)].rstrip()
    if _EXCEPTION.search(words) or _CONTRAST.search(words):
        return -1, True
    if _CONDITION.search(words):
        return -1, False
    if _STRENGTHENS.search(words) or (not before and words.endswith(",")):
        return 0, False
    if before and (_ITEM.search(words) or before.endswith(",")):
        return (0 if _CLAUSE.search(words) else 1), False
    return (-1 if len(_limiting(words)) <= MOST_LIMITING else 0), False


def _limiting(words: str) -> list[str]:
    """Return the words that may limit something: not articles, and not those that any model has."""
    return [word for word in re.findall(r"[\w-]+", words.casefold()) if word not in _LIMIT_NOTHING]
