"""Drafts the title of a change in the words that readers of the site see.

A title asserts one effect, of one statement: it is as narrow as that statement.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from consent.classification.delta import Delta
from consent.classification.scope import (
    CREATORS,
    MINORS,
    NO_ACCOUNT,
    ORGANISATION,
    Context,
    Reach,
    Scope,
    names_some_models,
    scope_of,
)
from consent.classification.statements import Statement
from platforms.places import Where, english_name

LONGEST_TITLE = 140  # characters; the same limit as the title of an Entry
KINDS = {
    "chats": "chats",
    "files": "files",
    "voice": "voice recordings",
    "images-and-video": "images and video",
    "public-posts": "public posts",
    "private-messages": "private messages",
    "mail-and-documents": "mail and documents",
    "code": "code",
    "usage-and-feedback": "usage data and feedback",
    "profile": "personal data",
}
REGIONS = {"EU": "the EU", "UK": "the UK", "US": "the US", "CH": "Switzerland", "FR": "France"}
PEOPLE = {
    ORGANISATION: "organisations",
    MINORS: "minors",
    CREATORS: "creators",
    NO_ACCOUNT: "people without an account",
}
PEOPLES_DATA = "people’s data"
SOME_DATA = "some data"

POSTS = re.compile(
    r"\b(?:posts?|tweets?|comments?|reviews?|beiträge|publications?|publicaciones)\b", re.I
)
#: Words that mean whatever people give.
ALL_DATA = re.compile(
    r"\b(?:(?:your|users?|customers?|user’s|personal|people[’']s|any|all|such|this|the)[’']?"
    r" (?:personal )?(?:data|content|information|materials?|inputs?)"
    r"|(?:ihre|deine|personenbezogenen?) (?:daten|inhalte|eingaben)"
    r"|(?:vos|les) (?:données|contenus?))\b",
    re.IGNORECASE,
)
#: Things that people give and no kind of data names: "your drawings".
OWN_WORDS = re.compile(
    r"\b[Yy]our (?!accounts|settings|rights|interests|products|services)([a-z]{3,}s)\b"
)
FROM = re.compile(
    r"^(?:from|starting|as of|effective|beginning|since|after|on)(?: on| from)? ", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Deciding:
    """The effect that a headline asserts, and the statement that decided it.

    is_gone: the statement is one of the text before. other: what it was, or became, if reworded.
    """

    effect: str
    statement: Statement
    is_gone: bool
    other: Statement | None = None


def deciding(delta: Delta, effects: Collection[str]) -> Deciding | None:
    """Return what decided the effect that matters most to readers; None without a statement.

    An effect that no single statement shows decides nothing.
    """
    for effect, (is_gone, fits) in DECIDE.items():
        if effect not in effects or (effect == "use-removed" and "pledge-added" in effects):
            continue
        pairs = [
            (old, new) if is_gone else (new, old) for old, new in (*delta.reworded, *delta.rows)
        ]
        alone = [
            (one, None) for one in (delta.removed if is_gone else (*delta.added, *delta.repeated))
        ]
        fitting = [pair for pair in (*pairs, *alone) if fits(pair[0])]
        if effect in NEWLY:  # what was so before decides nothing, where something else did
            fitting = [one for one in fitting if one[1] is None or not fits(one[1])] or fitting
        if not fitting:
            continue
        statement, other = max(fitting, key=lambda pair: _plain(pair[0], effect))
        return Deciding(effect, statement, is_gone, other)
    return None


def _plain(statement: Statement, effect: str) -> tuple[bool, float, float, bool]:
    """Return how plainly a statement shows an effect: of controls and defaults, a use the most."""
    is_use = statement.kind == "use" and not effect.startswith("opt-out")
    sure = round(statement.strength, 1), round(statement.certainty, 1)
    return is_use, *sure, bool(statement.data)


def _refuses(statement: Statement) -> bool:
    return statement.control in ("opt-out", "objection", "admin") or statement.kind == "control"


def _promises(statement: Statement) -> bool:
    return statement.kind == "use" and (statement.denies or statement.only_if_agreed)


def _uses(statement: Statement) -> bool:
    return statement.uses


def _by_others(statement: Statement) -> bool:
    return statement.uses and statement.actor != "service"


def _any(statement: Statement) -> bool:
    return True


#: The most important effect for a reader first: whether the text before decides it, and how.
DECIDE: dict[str, tuple[bool, Callable[[Statement], bool]]] = {
    "use-introduced": (False, _uses),
    "sharing-widened": (False, _by_others),
    "use-removed": (True, _uses),
    "pledge-dropped": (True, _promises),
    "scope-widened": (False, _any),
    "default-on": (False, lambda statement: statement.uses or statement.default == "on"),
    "pledge-added": (False, _promises),
    "default-off": (False, lambda statement: statement.default == "off"),
    "opt-out-removed": (True, _refuses),
    "opt-out-added": (False, _refuses),
    "scope-narrowed": (False, _any),
    "sharing-narrowed": (True, _by_others),
    "opt-out-changed": (False, _refuses),
    "retention-changed": (False, lambda statement: bool(statement.retention)),
    "wording-only": (False, _any),
}
NEWLY = {
    "use-introduced",
    "pledge-added",
    "default-on",
    "default-off",
    "opt-out-added",
    "pledge-dropped",
}


def draft_title(
    decided: Deciding | None, effects: Collection[str], context: Context, moved: Reach | None = None
) -> str:
    """Return one sentence that is no wider than what decided it; "" without effects.

    moved: how the names in the deciding statement changed. Where no statement says it, or where it
    takes more than 140 characters, the title says only that something changed.
    """
    who = context.subject.strip() or "The service"
    if not effects:
        return ""
    if decided is None:
        return f"{who} changes what it says about AI training"
    of = of_scope(scope_of(decided.statement, context))
    drafts = (
        _sentence(decided, effects, who, data, moved, of)
        for data in (_data(decided.statement), _data_in_short(decided.statement))
    )
    return fitting(drafts) or f"{who} changes what it says about AI training"


def fitting(drafts: Iterable[str]) -> str:
    """Return the first draft that is short enough for a title, or ""."""
    return next((draft for draft in drafts if len(draft) <= LONGEST_TITLE), "")


def _sentence(
    decided: Deciding, effects: Collection[str], who: str, data: str, moved: Reach | None, of: str
) -> str:
    """Return the headline of an effect, as narrow as `data` and `of`."""
    statement, effect = decided.statement, decided.effect
    if effect in ("scope-widened", "scope-narrowed") and moved is not None and moved.names:
        return _moved(statement, who, data, moved)
    data = data.replace(PEOPLES_DATA, "data") if of.startswith(" of ") else data
    what = f"{data}{of}"
    ai = "some AI models" if names_some_models(statement.words) else "AI"
    unless = ""
    if "default-on" in effects or ("opt-out-added" in effects and "default-off" not in effects):
        unless = " unless people opt out"
    if _promises(statement) and effect in ("pledge-added", "default-off", "pledge-dropped"):
        doer = "it does not use" if statement.actor == "service" else "others may not use"
        only = " without consent" if statement.only_if_agreed else ""
        if effect != "pledge-dropped":
            return f"{who} now says {doer} {what} to train {ai}{only}{_start(statement)}"
        if decided.other is not None and _promises(decided.other):
            return f"{who} weakens its promise not to train {ai} on {what}{only}"
        return f"{who} no longer promises not to train {ai} on {what}{only}"
    if statement.uses and effect in ("use-introduced", "scope-widened", "sharing-widened"):
        also = "" if effect == "use-introduced" else " also"
        if statement.actor != "service":
            return f"{who} may now{also} let others train {ai} on {what}{unless}{_start(statement)}"
        verb = f"may now{also} use" if statement.stance == "may" else f"now{also} uses"
        return f"{who} {verb} {what} to train {statement.model or ai}{unless}{_start(statement)}"
    if effect in ("default-on", "default-off"):
        return f"{who} turns training on {what} {effect[8:]} by default{_start(statement)}"
    if effect in ("use-removed", "sharing-narrowed"):
        doer = "it trains" if statement.actor == "service" else "others may train"
        return f"{who} no longer says that {doer} {ai} on {what}"
    return f"{who} {FIXED[effect]}{of}"


def _moved(statement: Statement, who: str, data: str, moved: Reach) -> str:
    """Return the headline for names that came or went."""
    names = _listed([_place(name) for name in moved.names])
    if moved.sense is None:
        return f"{who} changes whom its words on AI training cover: {names}"
    if statement.kind != "use":
        return f"{who} changes for whom it describes a choice about AI training: {names}"
    is_promise, more = _promises(statement), moved.sense > 0
    told = {
        ("listed", True): f"it now covers {names}",
        ("listed", False): f"it no longer covers {names}",
        ("limited", True): f"it is no longer limited to {names}",
        ("limited", False): f"it is now limited to {names}",
        ("exempt", True): f"it no longer exempts {names}",
        ("exempt", False): f"it now exempts {names}",
    }[moved.how, more]
    what = "promise not to train AI on" if is_promise else "use for AI training of"
    return f"{who} {'widens' if more else 'narrows'} its {what} {data}: {told}"


FIXED = {
    "use-introduced": "changes what it says about AI training",
    "sharing-widened": "changes what it says about AI training by others",
    "pledge-added": "changes what it says about AI training",
    "pledge-dropped": "changes what it promises about AI training",
    "scope-widened": "widens what it says about AI training",
    "scope-narrowed": "narrows what it uses to train AI",
    "opt-out-removed": "no longer describes a way to opt out of AI training",
    "opt-out-added": "adds a way to opt out of AI training",
    "opt-out-changed": "changes how people opt out of AI training",
    "retention-changed": "changes how long it keeps data for AI training",
    "wording-only": "rewords what it says about AI training",
}


def of_scope(scope: Scope) -> str:
    """Return what a statement is limited to: " in Lumo Health of organisations in the EU"."""
    words = f" in {_listed(sorted(scope.parts))}" if scope.parts else ""
    if scope.plans:
        words += f" of {_listed([PLANS.get(plan, plan) for plan in sorted(scope.plans)])}"
    elif people := [PEOPLE[kind] for kind in sorted(scope.people) if kind in PEOPLE]:
        words += f" of {_listed(people)}"
    where: Where = scope.where
    if where.places:
        words += f" in {_listed([_place(code) for code in where.places])}"
    elif where.except_places:
        words += f" outside {_listed([_place(code) for code in where.except_places])}"
    return words


PLANS = {
    "free": "free accounts",
    "paid": "paid accounts",
    "unpaid": "free accounts",
    "API": "the API",
}
WITH_ARTICLE = re.compile(r"^(?:EU|EEA|United|Netherlands|Philippines|UK$|US$|UAE)")


def _place(code: str) -> str:
    name = {**PEOPLE, **PLANS}.get(code) or english_name(code)
    return f"the {name}" if WITH_ARTICLE.match(name) else name


def _start(statement: Statement) -> str:
    return f", from {FROM.sub('', statement.since)}" if statement.since else ""


def _kinds(statement: Statement) -> list[str]:
    kinds = [KINDS[kind] for kind in statement.data]
    if "public-posts" in statement.data and not POSTS.search(statement.words):
        kinds[statement.data.index("public-posts")] = "public information"
    return kinds


def _data_in_short(statement: Statement) -> str:
    kinds = _kinds(statement)
    return f"{kinds[0]} and more" if len(kinds) > 1 else _data(statement)


def _data(statement: Statement) -> str:
    kinds = _kinds(statement)
    if not kinds:
        if statement.kind != "use" or ALL_DATA.search(statement.words):
            return PEOPLES_DATA
        return named[1] if (named := OWN_WORDS.search(statement.words)) else SOME_DATA
    if len(kinds) > 2:
        return f"{kinds[0]}, {kinds[1]} and more"
    return " and ".join(kinds)


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
